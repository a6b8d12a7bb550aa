package routes.ops;

import flows.DeliveryDesk;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import payments.OperatorOutcome;
import payments.PublicId;
import payments.WebhookEndpoint;

/** Merchants' webhook endpoints with their state, never with their secrets. */
final class EndpointRoutes {
  private static final Map<String, String> STATUSES =
      Map.of("enabled", "enabled", "disabled", "disabled");

  private final DeliveryDesk desk;

  private EndpointRoutes(DeliveryDesk desk) {
    this.desk = desk;
  }

  /** Mounts the routes below {@code /ops}. */
  static void mount(Router router, DeliveryDesk desk) {
    var routes = new EndpointRoutes(desk);
    router.get("/webhook-endpoints").handler(OpsReply.reading(routes::list));
    router
        .post("/webhook-endpoints/:merchant/:endpoint/enable")
        .handler(OpsReply.changing(routes::enable));
    router
        .post("/webhook-endpoints/:merchant/:endpoint/disable")
        .handler(OpsReply.changing(routes::disable));
  }

  private Future<JsonObject> list(RoutingContext context) {
    var call = OperatorCall.query(context, "merchant", "status");
    return desk.endpoints(call.text("merchant"), call.word("status", STATUSES), call.page())
        .map(rows -> OpsReply.page(rows, EndpointRoutes::json));
  }

  private Future<OperatorOutcome> enable(RoutingContext context) {
    var call = OperatorCall.body(context);
    return desk.enable(
        call.change("webhook_endpoints.enable"),
        call.path("merchant"),
        call.pathId("endpoint", PublicId.WEBHOOK_ENDPOINT));
  }

  private Future<OperatorOutcome> disable(RoutingContext context) {
    var call = OperatorCall.body(context);
    return desk.disable(
        call.change("webhook_endpoints.disable"),
        call.path("merchant"),
        call.pathId("endpoint", PublicId.WEBHOOK_ENDPOINT));
  }

  private static JsonObject json(WebhookEndpoint endpoint) {
    return new JsonObject()
        .put("merchant", endpoint.merchantId())
        .put("endpoint", endpoint.publicId())
        .put("livemode", endpoint.livemode())
        .put("url", endpoint.url())
        .put("status", endpoint.enabled() ? "enabled" : "disabled")
        .put("disabled_reason", endpoint.disabledReason())
        .put("enabled_events", new JsonArray(endpoint.enabledEvents()))
        .put("failing_since", OpsReply.time(endpoint.failingSince()));
  }
}
