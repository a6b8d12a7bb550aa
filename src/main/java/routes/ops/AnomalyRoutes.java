package routes.ops;

import flows.OperatorQueue;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import payments.Anomaly;
import payments.Listing;
import payments.OperatorOutcome;
import payments.PublicId;

/** What should not be. */
final class AnomalyRoutes {
  private final OperatorQueue queue;

  private AnomalyRoutes(OperatorQueue queue) {
    this.queue = queue;
  }

  /** Mounts the routes below {@code /ops}. */
  static void mount(Router router, OperatorQueue queue) {
    var routes = new AnomalyRoutes(queue);
    router.get("/anomalies").handler(OpsReply.reading(routes::list));
    router
        .post("/anomalies/:merchant/:anomaly/resolve")
        .handler(OpsReply.changing(routes::resolve));
  }

  private Future<JsonObject> list(RoutingContext context) {
    var call = OperatorCall.query(context, "resolved", "merchant", "kind", "payment", "from", "to");
    var filter =
        new Listing.AnomalyFilter(
            call.flag("resolved"),
            call.text("merchant"),
            call.text("kind"),
            call.id("payment", PublicId.PAYMENT),
            call.span());
    return queue
        .anomalies(filter, call.page())
        .map(rows -> OpsReply.page(rows, AnomalyRoutes::json));
  }

  private Future<OperatorOutcome> resolve(RoutingContext context) {
    var call = OperatorCall.body(context);
    return queue.resolve(
        call.change("anomalies.resolve"), call.path("merchant"), call.pathId("anomaly"));
  }

  static JsonObject json(Anomaly anomaly) {
    return new JsonObject()
        .put("merchant", anomaly.merchantId())
        .put("anomaly", PublicId.digits(anomaly.id()))
        .put("payment", PublicId.PAYMENT.of(anomaly.paymentId()))
        .put("operation", PublicId.digits(anomaly.operationId()))
        .put("kind", anomaly.kind())
        .put("detail", anomaly.detail())
        .put("created", anomaly.createdAt().toString())
        .put("resolved", OpsReply.time(anomaly.resolvedAt()))
        .put("resolution", anomaly.resolution());
  }
}
