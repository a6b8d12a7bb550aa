package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import com.stripe.net.Webhook;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.WebhookEndpointCreateParams;
import com.stripe.param.WebhookEndpointCreateParams.EnabledEvent;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import support.Await;
import support.Receiver;
import support.TestGateway;

/** An endpoint where everything fails until Sluice gives up. */
final class DeadReceiverIT {
  @Test
  void isDisabledWithAnEventToTheOthersAndItsEventsAreGivenUp() throws StripeException {
    try (var gateway =
            TestGateway.start(
                "--deliveries.schedule=50ms",
                "--deliveries.poll-interval=50ms",
                "--deliveries.give-up-after=2s");
        var dead = new Receiver();
        var other = new Receiver()) {
      dead.answers(request -> 302);
      var stripe = gateway.stripe().v1();
      var disabled =
          stripe
              .webhookEndpoints()
              .create(
                  WebhookEndpointCreateParams.builder()
                      .setUrl(dead.url())
                      .addEnabledEvent(EnabledEvent.PAYMENT_INTENT__SUCCEEDED)
                      .build());
      var told =
          stripe
              .webhookEndpoints()
              .create(
                  WebhookEndpointCreateParams.builder()
                      .setUrl(other.url())
                      .addEnabledEvent(EnabledEvent.INVOICE__PAID)
                      .putExtraParam("enabled_events[1]", "webhook_endpoint.disabled")
                      .build());
      stripe
          .paymentIntents()
          .create(
              PaymentIntentCreateParams.builder()
                  .setAmount(1099L)
                  .setCurrency("usd")
                  .setPaymentMethod("pm_card_visa")
                  .setConfirm(true)
                  .build());
      Await.until("the other one is told", () -> !other.received().isEmpty());

      var request = other.received().getFirst();
      var event = constructed(request.body(), request.header("Stripe-signature"), told.getSecret());
      assertThat(event.getString("type")).isEqualTo("webhook_endpoint.disabled");
      JsonObject shown = event.getJsonObject("data").getJsonObject("object");
      assertThat(shown.getString("id")).isEqualTo(disabled.getId());
      assertThat(shown.getString("status")).isEqualTo("disabled");
      assertThat(shown.getString("disabled_reason")).contains("failed since");
      assertThat(event.containsKey("sequence")).isFalse();
      assertThat(stripe.webhookEndpoints().retrieve(disabled.getId()).getStatus())
          .isEqualTo("disabled");
      assertThat(dead.received()).hasSizeGreaterThan(1);
      assertThat(
              gateway.number(
                  "SELECT count(*) FROM delivery WHERE last_error LIKE '%redirects are not"
                      + " followed%'"))
          .isEqualTo(1);
    }
  }

  private static JsonObject constructed(String body, String signature, String secret) {
    try {
      Webhook.constructEvent(body, signature, secret);
      return new JsonObject(body);
    } catch (com.stripe.exception.SignatureVerificationException e) {
      throw new AssertionError(e);
    }
  }
}
