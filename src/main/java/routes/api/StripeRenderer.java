package routes.api;

import flows.EventView;
import flows.Renderer;
import flows.Views.ChargeView;
import flows.Views.PaymentMethodView;
import flows.Views.PaymentView;
import flows.Views.RefundView;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.Answer;
import payments.Command.Paged;
import payments.Customer;
import payments.Refusal;
import payments.RequestContext;
import payments.WebhookEndpoint;

/**
 * Renders records in Stripe's shapes, at the API version {@link ApiVersion#PINNED}. Without state,
 * so one instance serves all threads.
 */
public final class StripeRenderer implements Renderer {

  /** Writes one object. */
  private interface ObjectWriter<T> {
    void write(JsonWriter json, T view, Expansion expansion);
  }

  @Override
  public Answer payment(RequestContext context, PaymentView view) {
    return context.publishable()
        ? one(context, view, PaymentIntentJson::writePublic)
        : one(context, view, PaymentIntentJson::write);
  }

  @Override
  public Answer payments(RequestContext context, Paged<PaymentView> page) {
    return list(context, page, "/v1/payment_intents", PaymentIntentJson::write);
  }

  @Override
  public Answer charge(RequestContext context, ChargeView view) {
    return one(context, view, ChargeJson::write);
  }

  @Override
  public Answer charges(RequestContext context, Paged<ChargeView> page) {
    return list(context, page, "/v1/charges", ChargeJson::write);
  }

  @Override
  public Answer refund(RequestContext context, RefundView view) {
    return one(context, view, RefundJson::write);
  }

  @Override
  public Answer refunds(RequestContext context, Paged<RefundView> page) {
    return list(context, page, "/v1/refunds", RefundJson::write);
  }

  @Override
  public Answer customer(RequestContext context, Customer customer) {
    return one(context, customer, (json, it, none) -> CustomerJson.write(json, it));
  }

  @Override
  public Answer customerDeleted(RequestContext context, Customer customer) {
    return one(context, customer, (json, it, none) -> CustomerJson.writeDeleted(json, it));
  }

  @Override
  public Answer customers(RequestContext context, Paged<Customer> page) {
    return list(context, page, "/v1/customers", (json, it, none) -> CustomerJson.write(json, it));
  }

  @Override
  public Answer paymentMethod(RequestContext context, PaymentMethodView view) {
    return one(context, view, StripeRenderer::write);
  }

  @Override
  public Answer paymentMethods(RequestContext context, Paged<PaymentMethodView> page, String url) {
    return list(context, page, url, StripeRenderer::write);
  }

  @Override
  public Answer webhookEndpoint(
      RequestContext context, WebhookEndpoint endpoint, @Nullable String secret) {
    return one(context, endpoint, (json, it, none) -> WebhookEndpointJson.write(json, it, secret));
  }

  @Override
  public Answer webhookEndpointDeleted(RequestContext context, UUID endpointId) {
    return one(context, endpointId, (json, it, none) -> WebhookEndpointJson.writeDeleted(json, it));
  }

  @Override
  public Answer webhookEndpoints(RequestContext context, Paged<WebhookEndpoint> page) {
    return list(
        context,
        page,
        "/v1/webhook_endpoints",
        (json, it, none) -> WebhookEndpointJson.write(json, it, null));
  }

  @Override
  public Answer event(RequestContext context, EventView view) {
    return one(context, view, (json, it, none) -> EventJson.write(json, it));
  }

  @Override
  public Answer events(RequestContext context, Paged<EventView> page) {
    return list(context, page, "/v1/events", (json, it, none) -> EventJson.write(json, it));
  }

  @Override
  public Answer refusal(RequestContext context, Refusal refusal, @Nullable PaymentView payment) {
    return ErrorJson.answer(refusal, payment, context.publishable());
  }

  private static void write(JsonWriter json, PaymentMethodView view, Expansion expansion) {
    PaymentMethodJson.write(json, view.method(), view.customer(), expansion);
  }

  private static <T> Answer one(RequestContext context, T view, ObjectWriter<T> writer) {
    var json = new JsonWriter();
    writer.write(json, view, Expansion.of(context.expand()));
    return new Answer(200, json.toString(), false);
  }

  private static <T> Answer list(
      RequestContext context, Paged<T> page, String url, ObjectWriter<T> writer) {
    var json = new JsonWriter();
    Expansion each = Expansion.of(context.expand()).within("data");
    json.beginObject().field("object", "list").name("data").beginArray();
    for (T item : page.items()) {
      writer.write(json, item, each);
    }
    json.endArray().field("has_more", page.hasMore()).field("url", url).endObject();
    return new Answer(200, json.toString(), false);
  }
}
