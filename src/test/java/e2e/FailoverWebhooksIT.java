package e2e;

import static e2e.TwoAccounts.authorizations;
import static org.assertj.core.api.Assertions.assertThat;

import config.PspKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import simulator.CallMatch;
import simulator.Fault;
import simulator.Operation;
import simulator.webhooks.EventMatch;
import simulator.webhooks.WebhookFault;
import support.Await;
import support.TestGateway;

/**
 * What comes between a decline at the first PSP and the payment at the second: of what the first
 * tells by webhook, all that is before the answer ends the payment and nothing after it; a change
 * of what the payment says stops nothing.
 */
final class FailoverWebhooksIT {
  private static final String DECLINED = "pm_card_chargeDeclinedProcessingError";

  private static TestGateway gateway;

  @BeforeAll
  static void start() {
    gateway =
        TestGateway.startWith(
            TwoPsps::merchants,
            "--inbox.schedule=50ms,100ms,200ms,1s,1s,1s,1s",
            // A second call has to fit into the request's time, also on a slow machine.
            "--timeouts.psp-call=9s",
            "--timeouts.breaker=10s");
    gateway.takeWebhooks();
  }

  @AfterAll
  static void close() {
    settled();
    TwoPsps.books(gateway).balance();
    TwoPsps.books(gateway).chargedOnce();
    gateway.close();
  }

  private static void settled() {
    gateway.simulator().webhooks().idle().await();
    gateway.awaitWorkedInbox();
  }

  /** What the first PSP tells of a decline; the second's events are others. */
  private static EventMatch declines(TwoPsps pair) {
    String type =
        pair.first().psp() == PspKind.ADYEN ? "AUTHORISATION" : "payment_intent.payment_failed";
    return EventMatch.type(type).account(pair.first().key());
  }

  @ParameterizedTest
  @EnumSource(names = {"ADYEN_THEN_STRIPE", "STRIPE_THEN_ADYEN"})
  void endAPaymentOnceHoweverTheyMeetTheFailover(TwoPsps pair) {
    try (var till = new Till(gateway, pair.secretKey())) {
      var faults = gateway.simulator().faults().webhooks();
      faults.atRate(0.3, declines(pair), WebhookFault.beforeAnswer());
      faults.always(EventMatch.any(), WebhookFault.duplicate(2));
      List<CompletableFuture<Till.Reply>> replies = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        // One that nobody has saved is for one payment: the next one with it is refused.
        String method = pair.method(gateway, "hooks_" + i, DECLINED, Till.VISA);
        replies.add(
            till.posting("/v1/payment_intents", Till.form(3_000 + i, method, ""), Till.newKey()));
      }
      for (var reply : replies) {
        assertThat(reply.join().status()).as(reply.join().text()).isIn(200, 402);
      }
      settled();
      faults.clear();

      int approved = 0;
      for (var reply : replies) {
        String id = reply.join().payment().getString("id");
        boolean paid = reply.join().status() == 200;
        assertThat(till.status(id)).isEqualTo(paid ? "succeeded" : "requires_payment_method");
        assertThat(authorizations(gateway, id))
            .isEqualTo(
                paid
                    ? List.of(pair.first().id() + " failed", pair.second().id() + " succeeded")
                    : List.of(pair.first().id() + " failed"));
        approved += paid ? 1 : 0;
      }
      assertThat(approved).isPositive();
      assertThat(till.anomalies(true)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ADYEN_THEN_STRIPE", "STRIPE_THEN_ADYEN"})
  void changeNothingWhenTheyComeAfterIt(TwoPsps pair) {
    try (var till = new Till(gateway, pair.secretKey())) {
      gateway
          .simulator()
          .faults()
          .webhooks()
          .always(declines(pair), WebhookFault.delay(Duration.ofMillis(300)));
      String method = pair.method(gateway, "after", DECLINED, Till.VISA);
      String id =
          till.post("/v1/payment_intents", Till.form(4_000, method, "capture_method=manual"))
              .in("requires_capture")
              .id();
      settled();
      gateway.simulator().faults().webhooks().clear();
      assertThat(till.status(id)).isEqualTo("requires_capture");
      till.post("/v1/payment_intents/" + id + "/capture", "").expect(200);
      till.settles(id, "succeeded");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ADYEN_THEN_STRIPE", "STRIPE_THEN_ADYEN"})
  void aChangeOfItsMetadataMeanwhileStopsNothing(TwoPsps pair) {
    try (var till = new Till(gateway, pair.secretKey())) {
      var faults = gateway.simulator().faults();
      String method = pair.method(gateway, "said", DECLINED, Till.VISA);
      String id = till.post("/v1/payment_intents", "amount=5000&currency=usd").expect(200).id();
      faults.next(CallMatch.of(Operation.AUTHORIZE).account(pair.first().key()), Fault.hang());
      var confirmed =
          till.posting(
              "/v1/payment_intents/" + id + "/confirm", "payment_method=" + method, Till.newKey());
      Await.until("the first PSP is asked", () -> faults.hanging() == 1);

      till.post("/v1/payment_intents/" + id, "metadata[order]=7").expect(200);
      faults.release();

      confirmed.join().in("succeeded");
      assertThat(authorizations(gateway, id))
          .containsExactly(pair.first().id() + " failed", pair.second().id() + " succeeded");
      assertThat(till.get("/v1/payment_intents/" + id).text()).contains("\"order\":\"7\"");
    }
  }
}
