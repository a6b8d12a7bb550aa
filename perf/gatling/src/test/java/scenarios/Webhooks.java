package scenarios;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.util.UUID;

/**
 * What Stripe tells after a checkout, signed as it signs: half of the events are about a payment
 * that is known, half are of a type that is stored and left alone. Each is new: none is told twice.
 */
final class Webhooks {
  private Webhooks() {}

  static ScenarioBuilder about(TakenPayments payments) {
    return scenario("webhooks")
        .feed(payments.feeder())
        .exec(exec(session -> sign(session, true)))
        .exec(send("payment_intent.succeeded"))
        .exec(exec(session -> sign(session, false)))
        .exec(send("charge.succeeded"));
  }

  private static Session sign(Session session, boolean aboutPayment) {
    String id = "evt_load_" + UUID.randomUUID().toString().replace("-", "");
    String intent = String.valueOf(session.getString("intent"));
    String body =
        aboutPayment
            ? StripeEvent.succeeded(
                id, intent, String.valueOf(session.getString("key")), Api.AMOUNT)
            : StripeEvent.leftAlone(id, intent);
    return session
        .set("event", body)
        .set("signature", StripeEvent.signature(Parameters.webhookSecret(), body));
  }

  private static HttpRequestActionBuilder send(String type) {
    return http("webhook " + type)
        .post(Parameters.webhookUrl().toString())
        .header("Content-Type", "application/json")
        .header("Stripe-Signature", "#{signature}")
        .body(StringBody(session -> String.valueOf(session.getString("event"))))
        .check(status().is(200))
        .check(jsonPath("$.received").ofBoolean().is(true));
  }
}
