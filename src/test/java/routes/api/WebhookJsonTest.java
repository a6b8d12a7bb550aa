package routes.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.model.Charge;
import com.stripe.model.Dispute;
import com.stripe.model.Event;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.net.ApiResource;
import com.stripe.param.WebhookEndpointCreateParams;
import flows.EventView;
import flows.EventView.OfCharge;
import flows.EventView.OfDispute;
import flows.EventView.OfEndpoint;
import flows.EventView.OfPayment;
import flows.EventView.OfRefund;
import flows.Views.ChargeView;
import flows.Views.RefundView;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import money.Money;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import payments.Command.Paged;
import payments.MerchantEvent;
import payments.OperationStatus;
import payments.Parameters;
import payments.WebhookEndpoint;

/** Events and webhook endpoints in Stripe's shapes, as stripe-java reads them. */
class WebhookJsonTest {
  private static final Path FIXTURES = Path.of("../shared/specs/stripe/fixtures3.json");
  private static final UUID EVENT_ID = UUID.fromString("01980000-0000-7000-8000-000000000009");

  private final StripeRenderer renderer = new StripeRenderer();

  private static EventView view(String type, EventView.Shown shown) {
    return new EventView(
        new MerchantEvent(
            "m1", false, EVENT_ID, type, Samples.PAYMENT_ID, 4L, Instant.ofEpochSecond(1_700)),
        shown,
        "req_1",
        "order-7",
        2);
  }

  private static payments.Dispute dispute(payments.DisputeStatus status) {
    return new payments.Dispute(
        "m1",
        false,
        EVENT_ID,
        Samples.PAYMENT_ID,
        Samples.CHARGE_ID,
        "stripe_demo",
        "du_psp",
        Money.of(1099, "usd"),
        status,
        "fraudulent",
        Instant.ofEpochSecond(1_800));
  }

  private static WebhookEndpoint endpoint() {
    return new WebhookEndpoint(
        "m1",
        false,
        EVENT_ID,
        "https://example.com/hook",
        false,
        "Everything failed.",
        List.of("charge.failed", "charge.succeeded"),
        new Parameters(Map.of("description", "ours", "metadata", Map.of("a", "b"))),
        "sealed.v1.secret",
        "sealed.v1.old",
        Instant.EPOCH,
        3,
        null);
  }

  private Event read(EventView view) {
    return ApiResource.GSON.fromJson(renderer.event(Samples.context(), view).body(), Event.class);
  }

  private static <T> T object(Event event, Class<T> type) {
    return type.cast(event.getDataObjectDeserializer().getObject().orElseThrow());
  }

  @Test
  void showsAnEventThatTheSdkReadsWhole() {
    Event event = read(view("payment_intent.succeeded", new OfPayment(Samples.succeeded())));
    assertThat(event.getId()).startsWith("evt_");
    assertThat(event.getType()).isEqualTo("payment_intent.succeeded");
    assertThat(event.getApiVersion()).isEqualTo(ApiVersion.PINNED);
    assertThat(event.getCreated()).isEqualTo(1_700);
    assertThat(event.getPendingWebhooks()).isEqualTo(2);
    assertThat(event.getRequest().getId()).isEqualTo("req_1");
    assertThat(event.getRequest().getIdempotencyKey()).isEqualTo("order-7");
    // With another API version the deserializer would not give an object at all.
    assertThat(object(event, PaymentIntent.class).getAmountReceived()).isEqualTo(1099);
  }

  @Test
  void tellsWhichOfThePaymentsChangesItIs() {
    var body =
        renderer
            .event(
                Samples.context(),
                view("payment_intent.succeeded", new OfPayment(Samples.succeeded())))
            .body();
    assertThat(new JsonObject(body).getLong("sequence")).isEqualTo(4);
  }

  @Test
  void showsTheObjectThatItIsAbout() {
    var charge =
        new ChargeView(
            Samples.charge(OperationStatus.SUCCEEDED, null), Samples.succeeded(), List.of());
    assertThat(object(read(view("charge.succeeded", new OfCharge(charge))), Charge.class).getPaid())
        .isTrue();
    var refund = new RefundView(Samples.refund(OperationStatus.SUCCEEDED), Samples.succeeded());
    assertThat(object(read(view("refund.updated", new OfRefund(refund))), Refund.class).getAmount())
        .isEqualTo(400);
    var shown =
        object(
            read(
                view(
                    "charge.dispute.created",
                    new OfDispute(
                        dispute(payments.DisputeStatus.OPEN),
                        Samples.charge(OperationStatus.SUCCEEDED, null)))),
            Dispute.class);
    assertThat(shown.getCharge()).startsWith("ch_");
    assertThat(shown.getPaymentIntent()).startsWith("pi_");
    assertThat(shown.getStatus()).isEqualTo("needs_response");
    assertThat(shown.getPaymentMethodDetails().getCard().getBrand()).isEqualTo("visa");
  }

  @Test
  void showsAnEndpointWithoutAnySecretUnlessItIsNew() {
    String shown = renderer.webhookEndpoint(Samples.context(), endpoint(), null).body();
    assertThat(shown).doesNotContain("secret").contains("disabled_reason");
    String made = renderer.webhookEndpoint(Samples.context(), endpoint(), "whsec_1").body();
    assertThat(new JsonObject(made).getString("secret")).isEqualTo("whsec_1");
    String event =
        renderer
            .event(
                Samples.context(), view(WebhookEndpoint.DISABLED_EVENT, new OfEndpoint(endpoint())))
            .body();
    assertThat(event).doesNotContain("secret").contains("we_");
    assertThat(renderer.webhookEndpointDeleted(Samples.context(), EVENT_ID).body())
        .contains("\"deleted\":true");
    assertThat(
            renderer
                .webhookEndpoints(Samples.context(), new Paged<>(List.of(endpoint()), false))
                .body())
        .contains("/v1/webhook_endpoints");
  }

  @ParameterizedTest
  @EnumSource(payments.DisputeStatus.class)
  void givesEveryDisputeOneOfStripesStatuses(payments.DisputeStatus status) {
    assertThat(DisputeJson.status(status))
        .isIn("warning_needs_response", "warning_closed", "needs_response", "won", "lost");
  }

  @ParameterizedTest
  @ValueSource(strings = {"event", "webhook_endpoint", "dispute"})
  void hasEveryKeyOfStripesOwnExample(String object) throws IOException {
    Assumptions.assumeTrue(Files.exists(FIXTURES));
    JsonObject example =
        new JsonObject(Files.readString(FIXTURES)).getJsonObject("resources").getJsonObject(object);
    JsonObject ours = rendered(object);
    assertThat(ours.fieldNames()).containsAll(example.fieldNames());
    for (String hash : List.of("request", "data", "evidence", "evidence_details")) {
      if (example.getValue(hash) instanceof JsonObject fields) {
        assertThat(ours.getJsonObject(hash).fieldNames()).containsAll(fields.fieldNames());
      }
    }
    if (object.equals("dispute")) {
      assertThat(ours.getJsonObject("payment_method_details").getJsonObject("card").fieldNames())
          .containsAll(
              example.getJsonObject("payment_method_details").getJsonObject("card").fieldNames());
    }
  }

  private JsonObject rendered(String object) {
    var context = Samples.context();
    return switch (object) {
      case "event" ->
          new JsonObject(
              renderer
                  .event(
                      context, view("payment_intent.succeeded", new OfPayment(Samples.succeeded())))
                  .body());
      case "webhook_endpoint" ->
          new JsonObject(renderer.webhookEndpoint(context, endpoint(), null).body());
      default ->
          new JsonObject(
                  renderer
                      .event(
                          context,
                          view(
                              "charge.dispute.created",
                              new OfDispute(dispute(payments.DisputeStatus.INQUIRY), null)))
                      .body())
              .getJsonObject("data")
              .getJsonObject("object");
    };
  }

  @Test
  void knowsEveryEventTypeOfStripes() {
    assertThat(EventTypes.STRIPES)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(WebhookEndpointCreateParams.EnabledEvent.values())
                .map(WebhookEndpointCreateParams.EnabledEvent::getValue)
                .filter(type -> !type.equals(WebhookEndpoint.ALL_EVENTS))
                .toList());
    assertThat(EventTypes.known("*")).isTrue();
    assertThat(EventTypes.known(WebhookEndpoint.DISABLED_EVENT)).isTrue();
    assertThat(EventTypes.known("charge.suceeded")).isFalse();
  }
}
