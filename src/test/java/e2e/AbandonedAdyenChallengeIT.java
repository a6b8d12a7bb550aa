package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import config.PspKind;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import simulator.Operation;
import support.Await;
import support.TestGateway;

/** Customers who leave an authentication at Adyen, which authorizes by our word only. */
final class AbandonedAdyenChallengeIT {
  @Test
  void endsWithNothingTakenAndAdyenHasNothingToLetGoOf() throws Exception {
    try (TestGateway gateway =
            TestGateway.startAt(
                    PspKind.ADYEN,
                    "--recovery.schedule=50ms,100ms",
                    "--recovery.challenge-delay=100ms",
                    "--recovery.challenge-deadline=2s",
                    "--inbox.schedule=100ms,200ms,500ms")
                .takeWebhooks();
        var till = new Till(gateway);
        var cardholder = new Cardholder()) {
      JsonObject payment =
          till.post(
                  "/v1/payment_intents",
                  Till.form(1_099, Shop.CHALLENGED, "return_url=https://shop.test/back"))
              .in("requires_action")
              .body();
      String id = payment.getString("id");
      till.settles(id, "requires_payment_method");
      assertThat(till.payment(id).getJsonObject("last_payment_error").getString("code"))
          .isEqualTo("payment_intent_authentication_failure");
      Await.until("Adyen has said so", () -> till.operationStatus(id, "void").equals("failed"));

      cardholder.visits(Cardholder.sentBack(gateway, Cardholder.page(payment), true));
      assertThat(till.count(Operation.COMPLETE_AUTHENTICATION)).isZero();
      assertThat(till.charges(id)).isEmpty();
      assertThat(till.status(id)).isEqualTo("requires_payment_method");
      assertThat(till.anomaly(id, true)).isEmpty();
      Behind.ADYEN.balance(gateway);
    }
  }
}
