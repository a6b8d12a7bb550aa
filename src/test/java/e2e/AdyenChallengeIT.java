package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import simulator.CallMatch;
import simulator.Fault;
import simulator.Operation;
import support.Await;
import support.TestGateway;

/**
 * 3-D Secure with Adyen behind: the cardholder comes back through us, and we tell Adyen with what.
 */
final class AdyenChallengeIT {
  private static final String BACK = "https://shop.test/back";

  private static TestGateway gateway;
  private static Till till;
  private static Cardholder cardholder;

  @BeforeAll
  static void start() {
    gateway = Behind.ADYEN.start();
    till = new Till(gateway);
    cardholder = new Cardholder();
  }

  @AfterAll
  static void close() {
    cardholder.close();
    till.close();
    gateway.close();
  }

  @AfterEach
  void theBooksBalance() {
    Behind.ADYEN.balance(gateway);
  }

  private static JsonObject challenged(String more) {
    return till.post(
            "/v1/payment_intents",
            Till.form(
                1_099,
                "pm_card_threeDSecure2Required",
                "return_url=" + BACK + (more.isEmpty() ? "" : "&" + more)))
        .in("requires_action")
        .body();
  }

  private static URI answered(JsonObject payment, boolean passed) {
    return Cardholder.sentBack(gateway, Cardholder.page(payment), passed);
  }

  /** Adyen would only repeat that the customer is to be sent there. */
  @Test
  void whileTheCustomerIsAwayAdyenIsNotAsked() {
    String id = challenged("").getString("id");
    till.looks(id, "authorize", 3);
    assertThat(till.calls(id, "authorize")).hasSize(1);
    assertThat(till.operationStatus(id, "authorize")).isEqualTo("awaiting_customer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"automatic", "manual"})
  void whoPassesHasPaid(String captureMethod) {
    JsonObject payment = challenged("capture_method=" + captureMethod);
    HttpResponse<String> sentOn = cardholder.visits(answered(payment, true));

    assertThat(Cardholder.location(sentOn)).startsWith(BACK);
    String id = payment.getString("id");
    till.settles(id, captureMethod.equals("manual") ? "requires_capture" : "succeeded");
    assertThat(till.charges(id)).hasSize(1);
  }

  @Test
  void whoFailsHasNot() {
    JsonObject payment = challenged("");
    cardholder.visits(answered(payment, false));

    String id = payment.getString("id");
    till.settles(id, "requires_payment_method");
    assertThat(till.charges(id)).isEmpty();
    assertThat(till.payment(id).getJsonObject("last_payment_error").getString("code"))
        .isEqualTo("payment_intent_authentication_failure");
  }

  @Test
  void whoComesBackTwiceHasPaidOnce() {
    JsonObject payment = challenged("");
    URI back = answered(payment, true);
    cardholder.visits(back);
    cardholder.visits(back);
    String id = payment.getString("id");
    till.settles(id, "succeeded");
    assertThat(till.charges(id)).hasSize(1);
  }

  /** What one payment's customer brings pays for that payment only. */
  @Test
  void oneAuthenticationPaysForOneOfTwoPayments() {
    JsonObject cheated = challenged("");
    JsonObject paid = challenged("");
    URI own = answered(cheated, false);
    URI passed = answered(paid, true);
    String address = own.toString().substring(0, own.toString().indexOf('?'));

    cardholder.visits(URI.create(address + "?" + passed.getRawQuery()));
    String id = cheated.getString("id");
    till.settles(id, "requires_action");
    cardholder.visits(passed);
    till.settles(paid.getString("id"), "succeeded");
    assertThat(till.charges(paid.getString("id"))).hasSize(1);
    assertThat(till.charges(id)).isEmpty();
    cardholder.visits(own);
    till.settles(id, "requires_payment_method");
    assertThat(till.charges(id)).isEmpty();
  }

  @Test
  void aLostAnswerToTheDetailsIsSettled() {
    JsonObject payment = challenged("");
    URI back = answered(payment, true);
    gateway
        .simulator()
        .faults()
        .next(CallMatch.of(Operation.COMPLETE_AUTHENTICATION), Fault.answerLost());
    cardholder.visits(back);
    String id = payment.getString("id");
    till.settles(id, "succeeded");
    assertThat(till.charges(id)).hasSize(1);
  }

  @Test
  void whoNeverComesBackCanBeCanceled() {
    JsonObject payment = challenged("");
    answered(payment, true);
    String id = payment.getString("id");
    till.post("/v1/payment_intents/" + id + "/cancel", "").expect(200);
    till.settles(id, "canceled");
    // Nothing was authorized there, and that there is nothing to let go of is told to nobody.
    Await.until("Adyen has said so", () -> till.operationStatus(id, "void").equals("failed"));
    assertThat(till.charges(id)).isEmpty();
    assertThat(till.anomaly(id, true)).isEmpty();
    assertThat(till.held(id)).isEmpty();
  }
}
