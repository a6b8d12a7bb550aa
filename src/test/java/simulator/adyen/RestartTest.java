package simulator.adyen;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simulator.Caller.Reply;
import simulator.Receiver;
import simulator.Simulator;
import simulator.SimulatorOptions;
import simulator.Truth;

/** A simulator that was stopped and started again over its journal. */
class RestartTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(30, TimeUnit.SECONDS);
  }

  private Simulator start(Path journal) throws Exception {
    return Simulator.start(vertx, SimulatorOptions.defaults().withJournal(journal))
        .await(30, TimeUnit.SECONDS);
  }

  @Test
  void keepsEverything(@TempDir Path folder) throws Exception {
    Path journal = folder.resolve("journal");
    Simulator first = start(journal);
    first.adyen().modifications(AdyenControls.CarriedOut.AT_SETTLEMENT);
    Shop shop = new Shop(first.baseUrl(), Shop.KEY);
    Reply paid =
        shop.post(
            Shop.PAYMENTS,
            "k",
            Shop.payment().put("storePaymentMethod", true).put("shopperReference", "jenny"));
    String payment = paid.json().getString("pspReference");
    shop.modify(payment, "captures", Shop.modification(600));
    JsonObject waiting = shop.post(Shop.PAYMENTS, Shop.payment(Shop.card(Shop.CHALLENGED))).json();
    Truth before = first.truth();
    first.close().await(30, TimeUnit.SECONDS);

    Simulator second = start(journal);
    Shop again = new Shop(second.baseUrl(), Shop.KEY);

    assertThat(second.truth()).isEqualTo(before);
    assertThat(
            again
                .post(
                    Shop.PAYMENTS,
                    "k",
                    Shop.payment().put("storePaymentMethod", true).put("shopperReference", "jenny"))
                .body())
        .isEqualTo(paid.body());
    assertThat(second.adyen().completeChallenge(waiting.getString("pspReference"), true))
        .isPresent();
    String token =
        paid.json().getJsonObject("additionalData").getString("tokenization.storedPaymentMethodId");
    assertThat(
            again.authorised(
                Shop.payment(new JsonObject().put("storedPaymentMethodId", token))
                    .put("shopperReference", "jenny")))
        .hasSize(16);
    try (Receiver receiver = new Receiver()) {
      second.webhooks().sendTo(Shop.KEY, receiver.url(), Notified.KEY);
      assertThat(second.settlePending()).isEqualTo(1);
      assertThat(Notified.all(second, receiver))
          .extracting(Notified::eventCode)
          .containsExactly("CAPTURE");
    }
    assertThat(second.truth().capturedMinor()).containsEntry("eur", 600L);
  }
}
