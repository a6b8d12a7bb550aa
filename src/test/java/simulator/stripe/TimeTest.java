package simulator.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import simulator.Await;
import simulator.BankRefund;
import simulator.SimulatorExtension;
import simulator.SimulatorOptions;

/** What the provider does only after a while. */
class TimeTest {
  private static final AtomicReference<Instant> NOW =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));

  @RegisterExtension
  static final SimulatorExtension SIMULATOR =
      new SimulatorExtension(
          SimulatorOptions.defaults()
              .withClock(NOW::get)
              .withSearchLag(Duration.ofMinutes(1))
              .withSettlementEvery(Duration.ofMillis(20)));

  private static String paidWith(String token) {
    return SIMULATOR
        .caller()
        .post(
            "/v1/payment_intents",
            "amount",
            "1000",
            "currency",
            "usd",
            "confirm",
            "true",
            "payment_method",
            token,
            "metadata[operation_id]",
            "op-1")
        .json()
        .getString("id");
  }

  private static JsonArray found() {
    return SIMULATOR
        .caller()
        .get("/v1/payment_intents/search?query=metadata%5B%27operation_id%27%5D%3A%27op-1%27")
        .json()
        .getJsonArray("data");
  }

  @Test
  void searchesSeeAPaymentOnlyAfterTheirLag() {
    String intent = paidWith("pm_card_visa");
    assertThat(found()).isEmpty();
    assertThat(SIMULATOR.caller().get("/v1/payment_intents/" + intent).status()).isEqualTo(200);

    NOW.updateAndGet(now -> now.plus(Duration.ofMinutes(1)));

    assertThat(found()).hasSize(1);
  }

  @Test
  void openRefundsSettleByThemselves() {
    String intent = paidWith("pm_card_pendingRefund");
    SIMULATOR.caller().post("/v1/refunds", "payment_intent", intent);

    Await.until(
        () ->
            SIMULATOR.simulator().truth().refunds().getFirst().status()
                == BankRefund.Status.SUCCEEDED);
  }
}
