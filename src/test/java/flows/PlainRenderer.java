package flows;

import flows.Views.ChargeView;
import flows.Views.PaymentMethodView;
import flows.Views.PaymentView;
import flows.Views.RefundView;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import payments.Answer;
import payments.Command.Paged;
import payments.Customer;
import payments.PaymentMethod;
import payments.PublicId;
import payments.Refusal;
import payments.RequestContext;
import payments.WebhookEndpoint;

/** Renders just what the tests of flows look at. */
final class PlainRenderer implements Renderer {
  @Override
  public Answer payment(RequestContext context, PaymentView view) {
    return ok(new JsonObject().put("id", PublicId.PAYMENT.of(view.payment().id())));
  }

  @Override
  public Answer payments(RequestContext context, Paged<PaymentView> page) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Answer charge(RequestContext context, ChargeView view) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Answer charges(RequestContext context, Paged<ChargeView> page) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Answer refund(RequestContext context, RefundView view) {
    return ok(
        new JsonObject()
            .put("id", PublicId.REFUND.of(view.refund().id()))
            .put("metadata", new JsonObject(view.refund().parameters().metadata()))
            .put("reason", view.refund().parameters().text("reason")));
  }

  @Override
  public Answer refunds(RequestContext context, Paged<RefundView> page) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Answer customer(RequestContext context, Customer customer) {
    return ok(json(customer));
  }

  @Override
  public Answer customerDeleted(RequestContext context, Customer customer) {
    return ok(new JsonObject().put("id", customer.publicId()).put("deleted", true));
  }

  @Override
  public Answer customers(RequestContext context, Paged<Customer> page) {
    return ok(list(page.items(), PlainRenderer::json, page.hasMore()));
  }

  @Override
  public Answer paymentMethod(RequestContext context, PaymentMethodView view) {
    return ok(json(view));
  }

  @Override
  public Answer paymentMethods(RequestContext context, Paged<PaymentMethodView> page, String url) {
    return ok(list(page.items(), PlainRenderer::json, page.hasMore()).put("url", url));
  }

  @Override
  public Answer webhookEndpoint(
      RequestContext context, WebhookEndpoint endpoint, @Nullable String secret) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Answer webhookEndpointDeleted(RequestContext context, UUID endpointId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Answer webhookEndpoints(RequestContext context, Paged<WebhookEndpoint> page) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Answer event(RequestContext context, EventView view) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Answer events(RequestContext context, Paged<EventView> page) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Answer refusal(RequestContext context, Refusal refusal, @Nullable PaymentView payment) {
    int status =
        switch (refusal.code().category()) {
          case CARD -> 402;
          case NOT_FOUND -> 404;
          case CONFLICT -> 409;
          case UNAVAILABLE -> 503;
          case INTERNAL -> 500;
          default -> 400;
        };
    var json =
        new JsonObject()
            .put("code", refusal.code().name())
            .put("message", refusal.message())
            .put("param", refusal.param());
    return new Answer(status, json.encode(), false);
  }

  private static JsonObject json(Customer customer) {
    return new JsonObject()
        .put("id", customer.publicId())
        .put("email", customer.parameters().text("email"))
        .put("metadata", new JsonObject(customer.parameters().metadata()));
  }

  private static JsonObject json(PaymentMethodView view) {
    PaymentMethod method = view.method();
    var json = new JsonObject().put("id", method.id());
    if (method.card() != null) {
      json.put("last4", method.card().last4());
    }
    if (view.customer() != null) {
      json.put("customer", json(view.customer()));
    } else if (method.customerId() != null) {
      json.put("customer", PublicId.CUSTOMER.of(method.customerId()));
    }
    return json.put("name", method.parameters().map("billing_details").get("name"));
  }

  private static <T> JsonObject list(List<T> items, Function<T, JsonObject> each, boolean hasMore) {
    var data = new JsonArray();
    items.forEach(item -> data.add(each.apply(item)));
    return new JsonObject().put("data", data).put("has_more", hasMore);
  }

  private static Answer ok(JsonObject json) {
    return new Answer(200, json.encode(), false);
  }
}
