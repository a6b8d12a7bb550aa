package e2e;

import static e2e.TwoAccounts.authorizations;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import simulator.webhooks.EventMatch;
import simulator.webhooks.WebhookFault;
import support.TestGateway;

/**
 * What the first account tells by webhook of a decline, while its payment goes on at the second:
 * before the answer it ends the payment, after it nothing.
 */
final class FailoverWebhooksIT {
  private static final String FIRST = TwoAccounts.FIRST;
  private static final String SECOND = TwoAccounts.SECOND;

  private static TestGateway gateway;
  private static Till till;

  @BeforeAll
  static void start() {
    gateway =
        TestGateway.startWith(
            TwoAccounts::withWebhooks, "--inbox.schedule=50ms,100ms,200ms,1s,1s,1s,1s");
    gateway.takeWebhooks();
    till = new Till(gateway);
  }

  @AfterAll
  static void close() {
    settled();
    TwoAccounts.books(gateway).balance();
    TwoAccounts.books(gateway).chargedOnce();
    till.close();
    gateway.close();
  }

  private static void settled() {
    gateway.simulator().webhooks().idle().await();
    gateway.awaitWorkedInbox();
  }

  @Test
  void endAPaymentOnceHoweverTheyMeetTheFailover() {
    var faults = gateway.simulator().faults().webhooks();
    faults.atRate(
        0.3, EventMatch.type("payment_intent.payment_failed"), WebhookFault.beforeAnswer());
    faults.always(EventMatch.any(), WebhookFault.duplicate(2));
    String method =
        TwoAccounts.method(gateway, "pm_hooks", "pm_card_chargeDeclinedProcessingError", Till.VISA);
    List<CompletableFuture<Till.Reply>> replies = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
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
                  ? List.of(FIRST + " failed", SECOND + " succeeded")
                  : List.of(FIRST + " failed"));
      approved += paid ? 1 : 0;
    }
    assertThat(approved).isPositive();
    assertThat(till.anomalies(true)).isEmpty();
  }

  @Test
  void changeNothingWhenTheyComeAfterIt() {
    gateway
        .simulator()
        .faults()
        .webhooks()
        .always(
            EventMatch.type("payment_intent.payment_failed"),
            WebhookFault.delay(Duration.ofMillis(300)));
    String method =
        TwoAccounts.method(gateway, "pm_after", "pm_card_chargeDeclinedProcessingError", Till.VISA);
    String id =
        till.post("/v1/payment_intents", Till.form(4_000, method, "capture_method=manual"))
            .in("requires_capture")
            .id();
    settled();
    gateway.simulator().faults().webhooks().clear();
    assertThat(till.status(id)).isEqualTo("requires_capture");
    till.post("/v1/payment_intents/" + id + "/capture", "").in("succeeded");
  }
}
