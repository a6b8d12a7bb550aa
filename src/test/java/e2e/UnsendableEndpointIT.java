package e2e;

import com.stripe.exception.StripeException;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.WebhookEndpointCreateParams;
import com.stripe.param.WebhookEndpointCreateParams.EnabledEvent;
import org.junit.jupiter.api.Test;
import support.Await;
import support.Receiver;
import support.TestGateway;

/** An endpoint that breaks the sending itself keeps neither its place nor the others' events. */
final class UnsendableEndpointIT {
  @Test
  void givesItsPlaceBackAndIsTriedAgain() throws StripeException {
    try (var gateway =
            TestGateway.start(
                "--deliveries.schedule=50ms",
                "--deliveries.poll-interval=50ms",
                "--deliveries.max-concurrent=1",
                "--deliveries.max-per-endpoint=1");
        var receiver = new Receiver()) {
      String broken = endpoint(gateway, receiver);
      endpoint(gateway, receiver);
      gateway
          .database()
          .execute(
              "UPDATE webhook_endpoint SET url = 'no url' WHERE endpoint_id = (SELECT"
                  + " min(endpoint_id::text)::uuid FROM webhook_endpoint)");
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
      Await.until(
          broken + " is tried again and again",
          () ->
              gateway.number(
                      "SELECT count(*) FROM delivery WHERE attempts > 2 AND status = 'pending' AND"
                          + " last_error LIKE 'sending failed%'")
                  > 0);
      Await.until("the other one is told", () -> !receiver.received().isEmpty());
    }
  }

  private static String endpoint(TestGateway gateway, Receiver receiver) throws StripeException {
    return gateway
        .stripe()
        .v1()
        .webhookEndpoints()
        .create(
            WebhookEndpointCreateParams.builder()
                .setUrl(receiver.url())
                .addEnabledEvent(EnabledEvent.PAYMENT_INTENT__SUCCEEDED)
                .build())
        .getId();
  }
}
