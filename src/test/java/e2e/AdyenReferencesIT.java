package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import config.PspKind;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import simulator.adyen.AdyenControls.DetailsAnswers;
import simulator.webhooks.EventMatch;
import simulator.webhooks.WebhookFault;
import support.Await;
import support.TestGateway;

/**
 * Authentications that Adyen ends as its published example shows: under another reference than the
 * challenge's, and without a word on whose payment it is or of how much. The webhook tells that by
 * our key.
 */
final class AdyenReferencesIT {
  private static TestGateway gateway;
  private static Till till;
  private static Cardholder cardholder;

  @BeforeAll
  static void start() {
    gateway =
        TestGateway.startAt(
                PspKind.ADYEN,
                "--recovery.schedule=1h",
                "--recovery.accepted-delay=1h",
                "--inbox.schedule=100ms,200ms,500ms")
            .takeWebhooks();
    till = new Till(gateway);
    cardholder = new Cardholder();
  }

  @AfterAll
  static void close() {
    cardholder.close();
    till.close();
    gateway.close();
  }

  @BeforeEach
  void detailsAreAnsweredAsInTheExample() {
    gateway.simulator().adyen().detailsAnswers(DetailsAnswers.BARE);
  }

  @AfterEach
  void theBooksBalance() {
    Behind.ADYEN.balance(gateway);
  }

  private static JsonObject challenged(String captureMethod) {
    return till.post(
            "/v1/payment_intents",
            Till.form(
                1_099,
                Shop.CHALLENGED,
                "return_url=https://shop.test/back&capture_method=" + captureMethod))
        .in("requires_action")
        .body();
  }

  private static void comesBack(JsonObject payment, boolean passed) {
    cardholder.visits(Cardholder.sentBack(gateway, Cardholder.page(payment), passed));
  }

  private static String reference(String id) {
    return till.operation(id, "authorize", "psp_reference").orElseThrow();
  }

  @Test
  void theWebhookSettlesWhatTheAnswerDoesNotTell() {
    JsonObject payment = challenged("automatic");
    String id = payment.getString("id");
    String challenge = reference(id);
    comesBack(payment, true);
    till.settles(id, "succeeded");
    assertThat(reference(id))
        .as("the success's reference is the authorization's")
        .isNotEqualTo(challenge)
        .isEqualTo(till.charges(id).getFirst().id());

    till.refundSettles(till.refund(id, 400).expect(200).id(), "succeeded");
    assertThat(till.charges(id).getFirst().refundedMinor()).isEqualTo(400);
  }

  @Test
  void whatIsHeldUnderTheNewReferenceIsCaptured() {
    JsonObject payment = challenged("manual");
    String id = payment.getString("id");
    comesBack(payment, true);
    till.settles(id, "requires_capture");
    till.post("/v1/payment_intents/" + id + "/capture", "").expect(200);
    till.settles(id, "succeeded");
    assertThat(till.charges(id).getFirst().capturedMinor()).isEqualTo(1_099);
  }

  @Test
  void aFailureIsTheChargesToo() {
    JsonObject payment = challenged("automatic");
    String id = payment.getString("id");
    comesBack(payment, false);
    till.settles(id, "requires_payment_method");
    assertThat(till.operationStatus(id, "authorize")).isEqualTo("failed");
    assertThat(till.charges(id)).isEmpty();
  }

  /** A hold, too: nobody can ask Adyen whether it stands. */
  @ParameterizedTest
  @ValueSource(strings = {"automatic", "manual"})
  void aSuccessThatIsToldTooLateIsGivenBack(String captureMethod) {
    JsonObject payment = challenged(captureMethod);
    String id = payment.getString("id");
    gateway.simulator().faults().webhooks().next(EventMatch.any(), WebhookFault.drop());
    comesBack(payment, true);
    till.age(id, "complete_authentication", Duration.ofMinutes(11));
    gateway.simulator().faults().clear();
    gateway.simulator().webhooks().resendDropped();
    till.settles(id, "canceled");
    isGivenBack(id);
  }

  /** The charge was closed in the meantime, and keeps the challenge's reference. */
  @ParameterizedTest
  @CsvSource({"automatic, refund", "manual, void"})
  void aSuccessThatIsToldAfterTheEndIsGivenBack(String captureMethod, String by) {
    JsonObject payment = challenged(captureMethod);
    String id = payment.getString("id");
    gateway.simulator().faults().webhooks().next(EventMatch.any(), WebhookFault.drop());
    comesBack(payment, true);
    closed(id);
    gateway.simulator().faults().clear();
    gateway.simulator().webhooks().resendDropped();
    isGivenBack(id);
    assertThat(till.operationStatus(id, by)).isEqualTo("succeeded");
    assertThat(reference(id)).isEqualTo(till.charges(id).getFirst().id());
  }

  /** As an operator closes what cannot be settled. */
  private static void closed(String id) {
    gateway
        .database()
        .execute(
            ("UPDATE operation SET status = 'failed', recover_at = NULL, held_reason = NULL WHERE"
                    + " payment_id = '%1$s'; UPDATE payment SET status = 'requires_payment_method',"
                    + " next_action_url = NULL, version = version + 1 WHERE payment_id = '%1$s'")
                .formatted(Till.uuid(id)));
  }

  private static void isGivenBack(String id) {
    Await.until("the anomaly is raised", () -> till.anomaly(id, true).isPresent());
    Await.until("the anomaly is resolved", () -> till.anomaly(id, false).isEmpty());
    assertThat(till.anomaly(id, true).orElseThrow().getString("kind")).isEqualTo("late_success");
    assertThat(till.balance(id, "suspense")).isZero();
    var charge = till.charges(id).getFirst();
    assertThat(charge.capturedMinor()).isEqualTo(charge.refundedMinor());
  }
}
