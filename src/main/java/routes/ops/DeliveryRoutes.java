package routes.ops;

import flows.DeliveryDesk;
import flows.DeliveryDesk.Filter;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import payments.Delivery;
import payments.OperatorOutcome;
import payments.PublicId;

/** Events on their way to merchants, and sending them again. */
final class DeliveryRoutes {
  private static final int DEFAULT_RESEND = 1_000;
  private static final int MAX_RESEND = 10_000;

  private static final Map<String, Delivery.Status> STATUSES =
      OperatorCall.words(Delivery.Status.values(), Delivery.Status::wire);

  private final DeliveryDesk desk;

  private DeliveryRoutes(DeliveryDesk desk) {
    this.desk = desk;
  }

  /** Mounts the routes below {@code /ops}. */
  static void mount(Router router, DeliveryDesk desk) {
    var routes = new DeliveryRoutes(desk);
    router.get("/deliveries").handler(OpsReply.reading(routes::list));
    router.post("/deliveries/resend").handler(routes::resend);
    router
        .post("/deliveries/:merchant/:endpoint/:event/resend")
        .handler(OpsReply.changing(routes::resendOne));
  }

  private Future<JsonObject> list(RoutingContext context) {
    var call =
        OperatorCall.query(
            context,
            "merchant",
            "endpoint",
            "event",
            "payment",
            "status",
            "from",
            "to",
            "last_status",
            "error_prefix");
    return desk.list(filter(call), call.word("status", STATUSES), call.page())
        .map(rows -> OpsReply.page(rows, DeliveryRoutes::json));
  }

  private static Filter filter(OperatorCall call) {
    int lastStatus = call.number("last_status", 0, 599);
    return new Filter(
        call.text("merchant"),
        call.id("endpoint", PublicId.WEBHOOK_ENDPOINT),
        call.id("event", PublicId.EVENT),
        call.id("payment", PublicId.PAYMENT),
        call.span(),
        lastStatus == 0 ? null : lastStatus,
        call.text("error_prefix"));
  }

  private Future<OperatorOutcome> resendOne(RoutingContext context) {
    var call = OperatorCall.body(context);
    return desk.resend(
        call.change("deliveries.resend"),
        call.path("merchant"),
        call.pathId("endpoint", PublicId.WEBHOOK_ENDPOINT),
        call.pathId("event", PublicId.EVENT));
  }

  private void resend(RoutingContext context) {
    var call =
        OperatorCall.body(
            context,
            "merchant",
            "endpoint",
            "event",
            "payment",
            "status",
            "from",
            "to",
            "last_status",
            "error_prefix",
            "limit",
            "dry_run");
    if (call.flag("dry_run")) {
      OpsReply.reading(ignored -> count(call)).handle(context);
    } else {
      OpsReply.changing(ignored -> resendMany(call)).handle(context);
    }
  }

  private Future<JsonObject> count(OperatorCall call) {
    return desk.resendable(chosen(call), status(call))
        .map(number -> new JsonObject().put("dry_run", true).put("would_resend", number));
  }

  private Future<OperatorOutcome> resendMany(OperatorCall call) {
    Delivery.Status status = status(call);
    return desk.resendMany(
        call.change("deliveries.resend_" + status.wire()),
        chosen(call),
        status,
        call.number("limit", DEFAULT_RESEND, MAX_RESEND));
  }

  /** What was given up, unless it says otherwise. */
  private static Delivery.Status status(OperatorCall call) {
    Delivery.Status status = call.word("status", STATUSES);
    if (status == Delivery.Status.DELIVERED && call.time("from") == null) {
      throw InvalidCall.of("from", "is required for what was delivered: say since when");
    }
    return status == null ? Delivery.Status.FAILED : status;
  }

  /** Never simply everything. */
  private static Filter chosen(OperatorCall call) {
    Filter filter = filter(call);
    boolean open =
        filter.merchantId() == null
            && filter.endpointId() == null
            && filter.eventId() == null
            && filter.paymentId() == null
            && filter.span().from() == null;
    if (open) {
      throw InvalidCall.of("endpoint", "or another filter is required: say which deliveries");
    }
    return filter;
  }

  private static JsonObject json(Delivery delivery) {
    return new JsonObject()
        .put("merchant", delivery.merchantId())
        .put("endpoint", PublicId.WEBHOOK_ENDPOINT.of(delivery.endpointId()))
        .put("event", PublicId.EVENT.of(delivery.eventId()))
        .put("payment", OpsReply.id(PublicId.PAYMENT, delivery.paymentId()))
        .put("sequence", delivery.sequence())
        .put("status", delivery.status().wire())
        .put("attempts", delivery.attempts())
        .put("last_status", delivery.lastStatus())
        .put("last_error", delivery.lastError())
        .put("due", OpsReply.time(delivery.dueAt()))
        .put("created", delivery.createdAt().toString())
        .put("attempted", OpsReply.time(delivery.attemptedAt()))
        .put("delivered", OpsReply.time(delivery.deliveredAt()));
  }
}
