package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.WebhookEndpointCreateParams;
import com.stripe.param.WebhookEndpointCreateParams.EnabledEvent;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import support.Await;
import support.Receiver;
import support.TestGateway;

/** Endpoints that fail share few places, and each gets its turn. */
final class DeliveryTurnsIT {
  private static final int PAYMENTS = 10;

  private final Semaphore answers = new Semaphore(0);

  @Test
  void triesEachEndpointInItsTurnThoughOthersHangWithABacklog() throws StripeException {
    try (var gateway =
            TestGateway.start("--deliveries.schedule=1h", "--deliveries.max-concurrent=4");
        var first = new Receiver();
        var second = new Receiver();
        var last = new Receiver()) {
      first.answers(request -> refusedWhenAllowed());
      second.answers(request -> refusedWhenAllowed());
      for (Receiver receiver : List.of(first, second, last)) {
        gateway
            .stripe()
            .v1()
            .webhookEndpoints()
            .create(
                WebhookEndpointCreateParams.builder()
                    .setUrl(receiver.url())
                    .addEnabledEvent(EnabledEvent.PAYMENT_INTENT__SUCCEEDED)
                    .build());
      }
      gateway.database().execute("UPDATE webhook_endpoint SET failing_since = now()");
      for (int i = 0; i < PAYMENTS; i++) {
        pay(gateway);
      }
      Await.until(
          "all have a backlog",
          () -> gateway.number("SELECT count(*) FROM delivery") == 3 * PAYMENTS);
      Await.until("places are taken", () -> first.open() + second.open() > 0);

      answers.release(3);
      Await.until("it is the last one's turn", () -> !last.received().isEmpty());
      assertThat(first.received().size() + second.received().size())
          .as("the others have more waiting")
          .isLessThan(2 * PAYMENTS);
      answers.release(10 * PAYMENTS);
    }
  }

  private int refusedWhenAllowed() {
    answers.acquireUninterruptibly();
    return 500;
  }

  private static void pay(TestGateway gateway) throws StripeException {
    gateway
        .stripe()
        .v1()
        .paymentIntents()
        .create(
            PaymentIntentCreateParams.builder()
                .setAmount(1099L)
                .setCurrency("usd")
                .setPaymentMethod("pm_card_visa")
                .setConfirm(true)
                .build());
  }
}
