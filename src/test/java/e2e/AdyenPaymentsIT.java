package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulator.CallMatch;
import simulator.Fault;
import simulator.Operation;
import simulator.TestCard.RefundBehaviour;
import simulator.webhooks.EventMatch;
import simulator.webhooks.WebhookFault;
import support.Await;
import support.TestGateway;

/** The same API with Adyen behind it, whose captures, cancels and refunds end by webhook. */
final class AdyenPaymentsIT {
  private static final CallMatch AUTHORIZE = CallMatch.of(Operation.AUTHORIZE);

  private static TestGateway gateway;
  private static Till till;

  @BeforeAll
  static void start() {
    gateway = Behind.ADYEN.start();
    till = new Till(gateway);
  }

  @AfterAll
  static void close() {
    till.close();
    gateway.close();
  }

  @AfterEach
  void theBooksBalance() {
    Behind.ADYEN.balance(gateway);
  }

  private static String pay(String token, String more) {
    return till.post("/v1/payment_intents", Till.form(1_099, token, more)).in("succeeded").id();
  }

  private static String reference(String payment) {
    return till.operation(payment, "authorize", "psp_reference").orElseThrow();
  }

  private static String hold() {
    return till.hold(1_099).in("requires_capture").id();
  }

  private static String capture(String payment, long amount) {
    till.post("/v1/payment_intents/" + payment + "/capture", "amount_to_capture=" + amount)
        .expect(200);
    till.settles(payment, "succeeded");
    return payment;
  }

  // ---- what merchants do

  @Test
  void takesMoneyAtOnce() {
    String id = pay("pm_card_visa", "");
    JsonObject charge =
        till.get("/v1/payment_intents/" + id + "?expand[]=latest_charge")
            .expect(200)
            .body()
            .getJsonObject("latest_charge");
    JsonObject card = charge.getJsonObject("payment_method_details").getJsonObject("card");
    assertThat(card.getString("brand")).isEqualTo("visa");
    assertThat(card.getString("last4")).isEqualTo("1111");
    assertThat(card.getJsonObject("checks").getString("cvc_check")).isEqualTo("pass");
    assertThat(charge.getJsonObject("outcome").getString("network_status"))
        .isEqualTo("approved_by_network");
    assertThat(till.charges(id)).hasSize(1);
  }

  @Test
  void capturesAPartOfAHold() {
    String id = capture(hold(), 700);
    assertThat(till.payment(id).getLong("amount_received")).isEqualTo(700);
  }

  @Test
  void letsGoOfAHold() {
    String id = hold();
    till.post("/v1/payment_intents/" + id + "/cancel", "").expect(200);
    till.settles(id, "canceled");
  }

  @Test
  void refundsInParts() {
    String id = pay("pm_card_visa", "");
    for (long amount : new long[] {300, 799}) {
      till.refundSettles(till.refund(id, amount).expect(200).id(), "succeeded");
    }
    assertThat(till.refund(id, 1).status()).isEqualTo(400);
  }

  @Test
  void aRefundMayFailAfterItSucceeded() {
    String id = pay("pm_card_refundFail", "");
    String refund = till.refund(id, 500).expect(200).id();
    till.refundSettles(refund, "succeeded");
    gateway.simulator().settlePending();
    till.refundSettles(refund, "failed");
  }

  @ParameterizedTest
  @CsvSource({
    "pm_card_visa_chargeDeclined, card_declined, generic_decline",
    "pm_card_visa_chargeDeclinedInsufficientFunds, card_declined, insufficient_funds",
    "pm_card_chargeDeclinedExpiredCard, expired_card, expired_card",
    "pm_card_chargeDeclinedIncorrectCvc, incorrect_cvc, incorrect_cvc",
    "pm_card_chargeDeclinedProcessingError, processing_error, processing_error",
    "pm_card_chargeDeclinedFraudulent, card_declined, fraudulent",
  })
  void declinesInStripesWords(String token, String code, String declineCode) {
    Till.Reply reply = till.post("/v1/payment_intents", Till.form(1_099, token, "")).expect(402);
    assertThat(reply.error().getString("code")).isEqualTo(code);
    assertThat(reply.error().getString("decline_code")).isEqualTo(declineCode);
    assertThat(reply.payment().getString("status")).isEqualTo("requires_payment_method");
  }

  @Test
  void anAuthenticationThatNobodyCanGiveIsADecline() {
    Till.Reply reply =
        till.post(
                "/v1/payment_intents",
                Till.form(1_099, "pm_card_authenticationRequired", "off_session=true"))
            .expect(402);
    assertThat(reply.error().getString("code")).isEqualTo("authentication_required");
  }

  @Test
  void savesACardAndTakesMoneyWithItLater() {
    String customer = till.post("/v1/customers", "email=ann@example.com").expect(200).id();
    JsonObject first =
        till.post(
                "/v1/payment_intents",
                Till.form(
                    1_099, "pm_card_visa", "setup_future_usage=off_session&customer=" + customer))
            .in("succeeded")
            .body();
    String method = first.getString("payment_method");
    till.post(
            "/v1/payment_intents",
            Till.form(2_000, method, "off_session=true&customer=" + customer))
        .in("succeeded");
    till.post("/v1/payment_methods/" + method + "/detach", "").expect(200);
  }

  // ---- what Adyen decides later

  /** Adyen would only repeat that it is pending. */
  @Test
  void whatIsPendingIsNotSentAgainAndEndsByWebhook() {
    gateway.simulator().faults().next(AUTHORIZE, Fault.misstateStatus("Received"));
    gateway.simulator().faults().webhooks().next(EventMatch.any(), WebhookFault.drop());
    String id = till.pay(1_099).in("processing").id();
    assertThat(till.operationStatus(id, "authorize")).isEqualTo("accepted");
    till.looks(id, "authorize", 3);
    assertThat(till.calls(id, "authorize")).hasSize(1);
    gateway.simulator().webhooks().resendDropped();
    till.settles(id, "succeeded");
    assertThat(till.calls(id, "authorize")).hasSize(1);
  }

  // ---- what is lost on the way

  @Test
  void aPaymentWhoseAnswerIsLostIsTakenOnce() {
    gateway.simulator().faults().next(AUTHORIZE, Fault.answerLost());
    String id = till.pay(1_099).expect(200).id();
    till.settles(id, "succeeded");
    assertThat(till.charges(id)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"CAPTURE, capture", "CANCEL, cancel"})
  void aModificationWhoseAnswerIsLostIsDoneOnce(Operation operation, String action) {
    String id = hold();
    gateway.simulator().faults().next(CallMatch.of(operation), Fault.answerLost());
    till.post("/v1/payment_intents/" + id + "/" + action, "").expect(200);
    till.settles(id, operation == Operation.CAPTURE ? "succeeded" : "canceled");
  }

  @Test
  void aRefundWhoseAnswerIsLostIsMadeOnce() {
    String id = pay("pm_card_visa", "");
    gateway.simulator().faults().next(CallMatch.of(Operation.REFUND), Fault.answerLost());
    till.refundSettles(till.refund(id, 500).expect(200).id(), "succeeded");
    assertThat(gateway.simulator().truth().payment(reference(id)).refunds()).hasSize(1);
  }

  // ---- what happens in the Customer Area

  @Test
  void knowsACaptureARefundAndACancelFromTheCustomerArea() {
    String captured = hold();
    gateway.simulator().dashboard().capture(reference(captured), 500L);
    till.settles(captured, "succeeded");
    gateway.simulator().dashboard().refund(reference(captured), 200L, RefundBehaviour.SUCCEED);
    Await.until(
        "the refund is known",
        () ->
            !till.get("/v1/refunds?payment_intent=" + captured)
                .body()
                .getJsonArray("data")
                .isEmpty());

    String canceled = hold();
    gateway.simulator().dashboard().cancel(reference(canceled));
    till.settles(canceled, "canceled");

    String expired = hold();
    gateway.simulator().dashboard().expire(reference(expired));
    till.settles(expired, "canceled");
  }

  @Test
  void aCaptureThatFailsAfterwardsIsBookedBack() {
    String inCustomerArea = hold();
    gateway.simulator().dashboard().capture(reference(inCustomerArea), 700L);
    till.settles(inCustomerArea, "succeeded");
    for (String id :
        new String[] {capture(hold(), 1_099), pay("pm_card_visa", ""), inCustomerArea}) {
      gateway.simulator().dashboard().failCapture(reference(id));
      till.settles(id, "requires_capture");
      assertThat(till.anomaly(id, false).orElseThrow().getString("kind"))
          .isEqualTo("capture_contradicted");
    }
  }

  @Test
  void booksADisputeThatIsWonAndLostAfterAll() {
    String id = pay("pm_card_visa", "");
    String dispute =
        gateway.simulator().dashboard().dispute(reference(id), null, "fraudulent").id();
    disputed(id, "open", 1);
    gateway.simulator().dashboard().winDispute(dispute);
    disputed(id, "won", 1);
    gateway.simulator().dashboard().chargeBackAgain(dispute);
    disputed(id, "lost", 1);
  }

  private static void disputed(String id, String status, long number) {
    Await.until(
        "the dispute is " + status,
        () ->
            gateway.number(
                    "SELECT count(*) FROM dispute WHERE payment_id = '"
                        + Till.uuid(id)
                        + "' AND status = '"
                        + status
                        + "'")
                == number);
  }
}
