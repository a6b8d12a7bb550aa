package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import simulator.Authorization;
import simulator.Call;
import simulator.adyen.AdyenControls.CarriedOut;
import simulator.webhooks.EventMatch;
import support.Await;
import support.TestGateway;

/**
 * Authentications that a restored database has forgotten: the merchant's retry is the same request
 * to the PSP, to the byte, and the customer who is away can finish it.
 */
final class ForgottenChallengeIT {
  private static final String BACK = "https://shop.test/back";

  @ParameterizedTest
  @EnumSource
  void isFinishedOnceTheMerchantHasAskedAgain(Behind psp) throws Exception {
    try (TestGateway gateway = psp.start();
        var till = new Till(gateway);
        var cardholder = new Cardholder()) {
      String key = Till.newKey();
      JsonObject lost = challenged(till, key);
      String pspKey = till.pspKey(lost.getString("id"), "authorize");
      forget(gateway, lost.getString("id"), key);
      URI back = Cardholder.sentBack(gateway, Cardholder.page(lost), true);
      assertThat(cardholder.visits(back).statusCode()).as("nothing is known of it").isEqualTo(404);

      JsonObject again = challenged(till, key);
      String id = again.getString("id");
      assertThat(id).isNotEqualTo(lost.getString("id"));
      assertThat(till.pspKey(id, "authorize")).isEqualTo(pspKey);
      assertThat(till.calls(id, "authorize")).hasSize(2);
      assertThat(till.calls(id, "authorize").stream().map(Call::body).distinct()).hasSize(1);
      assertThat(Cardholder.page(again)).isEqualTo(Cardholder.page(lost));

      assertThat(Cardholder.location(cardholder.visits(back)))
          .startsWith(BACK + "?payment_intent=" + id + "&")
          .endsWith("&redirect_status=succeeded");
      till.settles(id, "succeeded");
      assertThat(till.charges(id)).hasSize(1);
      psp.balance(gateway);
    }
  }

  /**
   * Nobody comes back once more, so that our word never follows: what was authorized in the
   * forgotten life is let go of when the authentication ends here.
   */
  @Test
  void isLetGoOfWhereItWasFinishedBeforeTheRestore() throws Exception {
    try (TestGateway gateway = Behind.ADYEN.start();
        var till = new Till(gateway)) {
      gateway.simulator().adyen().automaticCaptures(CarriedOut.AT_SETTLEMENT);
      String id = finishedBeforeTheRestore(gateway, till);
      till.post("/v1/payment_intents/" + id + "/cancel", "").in("canceled");
      Await.until("it is let go of", () -> till.operationStatus(id, "void").equals("succeeded"));
      assertThat(till.charges(id))
          .singleElement()
          .extracting(Authorization::status)
          .isEqualTo(Authorization.Status.VOIDED);
      // Told again, it is known to be let go of.
      assertThat(toldAgain(gateway)).isPositive();
      Behind.ADYEN.balance(gateway);
      assertThat(till.anomaly(id, true)).isEmpty();
    }
  }

  /** What is taken already cannot be let go of: its webhook, told again, has it given back. */
  @Test
  void isGivenBackWhereItWasTakenBeforeTheRestore() throws Exception {
    try (TestGateway gateway = Behind.ADYEN.start();
        var till = new Till(gateway)) {
      String id = finishedBeforeTheRestore(gateway, till);
      till.post("/v1/payment_intents/" + id + "/cancel", "").in("canceled");
      Await.until("it is not let go of", () -> till.operationStatus(id, "void").equals("failed"));
      Await.until(
          "it is told to a person",
          () ->
              till.anomaly(id, false)
                  .filter(it -> it.getString("kind").equals("let_go_refused"))
                  .isPresent());
      assertThat(toldAgain(gateway)).isPositive();
      Await.until("it is given back", () -> till.charges(id).getFirst().refundedMinor() == 1_099);
      Await.until("the anomaly is resolved", () -> till.anomaly(id, false).isEmpty());
      assertThat(till.anomaly(id, true).orElseThrow().getString("kind"))
          .as("the newest")
          .isEqualTo("late_success");
      Behind.ADYEN.balance(gateway);
    }
  }

  /** A payment of which the restored database knows the challenge only; its id there. */
  private static String finishedBeforeTheRestore(TestGateway gateway, Till till) {
    try (var cardholder = new Cardholder()) {
      String key = Till.newKey();
      JsonObject lost = challenged(till, key);
      String id = lost.getString("id");
      URI back = Cardholder.sentBack(gateway, Cardholder.page(lost), true);
      assertThat(cardholder.visits(back).statusCode()).isEqualTo(302);
      till.settles(id, "succeeded");
      gateway.simulator().webhooks().idle().await();
      gateway.awaitWorkedInbox();
      forget(gateway, id, key);
      return challenged(till, key).getString("id");
    }
  }

  private static int toldAgain(TestGateway gateway) {
    int sent = gateway.simulator().webhooks().resend(EventMatch.type("AUTHORISATION"), false);
    gateway.simulator().webhooks().idle().await();
    gateway.awaitWorkedInbox();
    return sent;
  }

  private static JsonObject challenged(Till till, String key) {
    return till.post(
            "/v1/payment_intents", Till.form(1_099, Shop.CHALLENGED, "return_url=" + BACK), key)
        .in("requires_action")
        .body();
  }

  /** A backup from before that payment. */
  private static void forget(TestGateway gateway, String payment, String key) {
    gateway
        .database()
        .execute(
            ("DELETE FROM ledger_transfer WHERE payment_id = '%2$s'; DELETE FROM inbox_event;"
                 + " DELETE FROM inbox_work; DELETE FROM inbox_outcome; DELETE FROM idempotency_key"
                 + " WHERE key = '%1$s'; DELETE FROM payment_event WHERE payment_id = '%2$s';"
                 + " DELETE FROM operation WHERE payment_id = '%2$s'; DELETE FROM payment WHERE"
                 + " payment_id = '%2$s'")
                .formatted(key, Till.uuid(payment)));
  }
}
