package simulator.adyen;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import simulator.Authorization;
import simulator.BankRefund;
import simulator.Caller.Reply;
import simulator.Receiver;
import simulator.SimulatorExtension;
import simulator.SimulatorOptions;
import simulator.webhooks.WebhookOptions;

/** Captures, cancels, reversals and refunds: received at once, and ended by a webhook. */
class ModificationsTest {
  @RegisterExtension
  static final SimulatorExtension SIMULATOR =
      new SimulatorExtension(
          SimulatorOptions.defaults().withWebhooks(WebhookOptions.defaults().withConcurrency(1)));

  private final Receiver receiver = new Receiver();
  private final Shop shop = new Shop(SIMULATOR);

  @BeforeEach
  void connect() {
    SIMULATOR.simulator().webhooks().sendTo(Shop.KEY, receiver.url(), Notified.KEY);
  }

  @AfterEach
  void disconnect() throws Exception {
    receiver.close();
  }

  private Notified last() throws Exception {
    return Notified.all(SIMULATOR.simulator(), receiver).getLast();
  }

  private static Authorization charge() {
    return SIMULATOR.simulator().truth().account(Shop.KEY).charges().getLast();
  }

  private static JsonObject received(Reply answer) {
    assertThat(answer.status()).isEqualTo(201);
    JsonObject json = answer.json();
    assertThat(json.getString("status")).isEqualTo("received");
    assertThat(json.getString("pspReference")).hasSize(16);
    assertThat(json.getString("merchantAccount")).isEqualTo(Shop.MERCHANT);
    assertThat(json.getString("reference")).isEqualTo("modification-1");
    return json;
  }

  private void assertEnded(JsonObject answer, String payment, String eventCode, boolean success)
      throws Exception {
    Notified item = last();
    assertThat(item.eventCode()).isEqualTo(eventCode);
    assertThat(item.success()).isEqualTo(success);
    assertThat(item.pspReference()).isEqualTo(answer.getString("pspReference"));
    assertThat(item.text("originalReference")).isEqualTo(payment);
    assertThat(item.text("merchantReference")).isEqualTo("modification-1");
    assertThat(item.text("merchantAccountCode")).isEqualTo(Shop.MERCHANT);
    assertThat(item.text("reason").isEmpty()).isEqualTo(success);
    assertThat(item.signed()).isTrue();
  }

  @Test
  void capturesPart() throws Exception {
    String payment = shop.authorised(Shop.payment());

    JsonObject answer = received(shop.modify(payment, "captures", Shop.modification(600)));

    assertThat(answer.getString("paymentPspReference")).isEqualTo(payment);
    assertThat(answer.getJsonObject("amount")).isEqualTo(Shop.amount(600));
    assertEnded(answer, payment, "CAPTURE", true);
    assertThat(last().json().getJsonObject("amount")).isEqualTo(Shop.amount(600));
    assertThat(charge().capturedMinor()).isEqualTo(600);
  }

  @ParameterizedTest
  @ValueSource(longs = {1001, 1000})
  void aCaptureOfTooMuchEndsBadly(long minor) throws Exception {
    String payment = shop.captured(Shop.payment());

    JsonObject answer = received(shop.modify(payment, "captures", Shop.modification(minor)));

    assertEnded(answer, payment, "CAPTURE", false);
    assertThat(charge().capturedMinor()).isEqualTo(1000);
  }

  @Test
  void cancels() throws Exception {
    String payment = shop.authorised(Shop.payment());

    JsonObject answer = received(shop.modify(payment, "cancels", Shop.modification()));

    assertEnded(answer, payment, "CANCELLATION", true);
    assertThat(charge().voided()).isTrue();
  }

  @Test
  void aCancelOfWhatIsCapturedEndsBadly() throws Exception {
    String payment = shop.captured(Shop.payment());

    JsonObject answer = received(shop.modify(payment, "cancels", Shop.modification()));

    assertEnded(answer, payment, "CANCELLATION", false);
    assertThat(charge().capturedMinor()).isEqualTo(1000);
  }

  @Test
  void cancelsByTheMerchantsReference() throws Exception {
    String payment = shop.authorised(Shop.payment());

    JsonObject answer =
        received(shop.post("/v71/cancels", Shop.modification().put("paymentReference", "order-1")));

    assertThat(answer.getString("paymentReference")).isEqualTo("order-1");
    assertEnded(answer, payment, "TECHNICAL_CANCEL", true);
    assertThat(charge().voided()).isTrue();
  }

  @Test
  void aCancelOfAnUnknownReferenceEndsBadly() throws Exception {
    received(shop.post("/v71/cancels", Shop.modification().put("paymentReference", "order-9")));

    assertThat(last().eventCode()).isEqualTo("TECHNICAL_CANCEL");
    assertThat(last().success()).isFalse();
    assertThat(last().signed()).isTrue();
  }

  @Test
  void refundsInParts() throws Exception {
    String payment = shop.captured(Shop.payment());

    received(shop.modify(payment, "refunds", Shop.modification(300)));
    JsonObject second = received(shop.modify(payment, "refunds", Shop.modification(700)));

    assertEnded(second, payment, "REFUND", true);
    assertThat(SIMULATOR.simulator().truth().refunds())
        .extracting(BankRefund::amountMinor)
        .containsExactly(300L, 700L);
    assertThat(SIMULATOR.simulator().truth().refunds().getLast().metadata())
        .containsEntry("operation_id", "op-1")
        .containsEntry("reference", "modification-1");
    JsonObject third = received(shop.modify(payment, "refunds", Shop.modification(1)));
    assertEnded(third, payment, "REFUND", false);
  }

  @Test
  void aRefundOfWhatIsNotCapturedEndsBadly() throws Exception {
    String payment = shop.authorised(Shop.payment());

    JsonObject answer = received(shop.modify(payment, "refunds", Shop.modification(100)));

    assertEnded(answer, payment, "REFUND", false);
    assertThat(last().text("reason"))
        .isEqualTo("Transaction hasn't been captured, refund not possible");
  }

  @Test
  void reversesWhatIsHeldAndWhatIsCaptured() throws Exception {
    String held = shop.authorised(Shop.payment());
    JsonObject cancel = received(shop.modify(held, "reversals", Shop.modification()));
    assertEnded(cancel, held, "CANCEL_OR_REFUND", true);
    assertThat(last().additional("modification.action")).isEqualTo("cancel");

    String captured = shop.captured(Shop.payment());
    JsonObject refund = received(shop.modify(captured, "reversals", Shop.modification()));
    assertEnded(refund, captured, "CANCEL_OR_REFUND", true);
    assertThat(last().additional("modification.action")).isEqualTo("refund");
    assertThat(SIMULATOR.simulator().truth().refundedMinor()).containsEntry("eur", 1000L);

    JsonObject again = received(shop.modify(captured, "reversals", Shop.modification()));
    assertEnded(again, captured, "CANCEL_OR_REFUND", false);
  }

  /** Adyen tells nobody of a capture that it makes by itself, and refunds nothing before it. */
  @Test
  void canBeReversedBeforeAdyenHasCapturedByItselfAndAfterwards() throws Exception {
    SIMULATOR.simulator().adyen().automaticCaptures(AdyenControls.CarriedOut.AT_SETTLEMENT);
    JsonObject automatic = Shop.payment().put("captureDelayHours", 0);
    automatic.remove("additionalData");
    String early = shop.authorised(automatic.copy());
    String late = shop.authorised(automatic.copy());
    JsonObject refund = received(shop.modify(early, "refunds", Shop.modification(1000)));
    assertEnded(refund, early, "REFUND", false);

    JsonObject reversal = received(shop.modify(early, "reversals", Shop.modification()));
    assertEnded(reversal, early, "CANCEL_OR_REFUND", true);
    assertThat(last().additional("modification.action")).isEqualTo("cancel");

    assertThat(SIMULATOR.simulator().settlePending()).isEqualTo(1);
    assertThat(charge().capturedMinor()).isEqualTo(1000);
    received(shop.modify(late, "reversals", Shop.modification()));
    assertThat(last().additional("modification.action")).isEqualTo("refund");
    assertThat(SIMULATOR.simulator().settlePending()).isZero();
  }

  @Test
  void waitForTheSettlementWhenToldSo() throws Exception {
    SIMULATOR.simulator().adyen().modifications(AdyenControls.CarriedOut.AT_SETTLEMENT);
    String payment = shop.authorised(Shop.payment());
    JsonObject capture = received(shop.modify(payment, "captures", Shop.modification(1000)));
    assertThat(last().eventCode()).isEqualTo("AUTHORISATION");
    assertThat(charge().capturedMinor()).isZero();

    assertThat(SIMULATOR.simulator().settlePending()).isEqualTo(1);

    assertEnded(capture, payment, "CAPTURE", true);
    assertThat(charge().capturedMinor()).isEqualTo(1000);
    assertThat(SIMULATOR.simulator().settlePending()).isZero();
  }

  @Test
  void refuseWhatMakesNoSense() {
    String payment = shop.authorised(Shop.payment());
    JsonObject dollars = Shop.modification().put("amount", Shop.amount(100).put("currency", "USD"));

    assertThat(shop.modify(payment, "captures", dollars).status()).isEqualTo(422);
    assertThat(shop.modify(payment, "captures", Shop.modification()).status()).isEqualTo(422);
    assertThat(shop.modify(payment, "captures", Shop.modification(0)).status()).isEqualTo(422);
    assertThat(shop.modify(payment, "cancels", Shop.modification(100)).status()).isEqualTo(400);
    assertThat(shop.modify("ABCDEFGH12345678", "cancels", Shop.modification()).status())
        .isEqualTo(422);
    assertThat(
            List.of(
                shop.post("/v71/cancels", Shop.modification()).status(),
                shop.modify(
                        payment,
                        "refunds",
                        Shop.modification(1).put("merchantRefundReason", "whim"))
                    .status()))
        .containsOnly(422);
  }
}
