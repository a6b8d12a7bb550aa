package routes.ops;

import flows.CloseHeldOperation;
import flows.CloseHeldOperation.As;
import flows.OperatorQueue;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Map;
import payments.Listing;
import payments.Operation;
import payments.OperationKind;
import payments.OperatorOutcome;
import payments.PublicId;

/** Operations that nothing settles by itself. */
final class HeldOperationRoutes {
  private static final Map<String, OperationKind> KINDS =
      OperatorCall.words(OperationKind.values(), OperationKind::wire);
  private static final Map<String, As> ENDS =
      OperatorCall.words(As.values(), as -> as.name().toLowerCase(Locale.ROOT));

  private final OperatorQueue queue;
  private final CloseHeldOperation close;

  private HeldOperationRoutes(OperatorQueue queue, CloseHeldOperation close) {
    this.queue = queue;
    this.close = close;
  }

  /** Mounts the routes below {@code /ops}. */
  static void mount(Router router, OperatorQueue queue, CloseHeldOperation close) {
    var routes = new HeldOperationRoutes(queue, close);
    router.get("/operations/held").handler(OpsReply.reading(routes::list));
    router
        .post("/operations/:merchant/:operation/look-again")
        .handler(OpsReply.changing(routes::lookAgain));
    router.post("/operations/:merchant/:operation/close").handler(OpsReply.changing(routes::close));
  }

  private Future<JsonObject> list(RoutingContext context) {
    var call =
        OperatorCall.query(
            context, "merchant", "psp_account", "kind", "held_reason", "payment", "from", "to");
    var kind = call.word("kind", KINDS);
    var filter =
        new Listing.HeldFilter(
            call.text("merchant"),
            call.text("psp_account"),
            kind == null ? null : kind.wire(),
            call.text("held_reason"),
            call.id("payment", PublicId.PAYMENT),
            call.span());
    return queue
        .held(filter, call.page())
        .map(rows -> OpsReply.page(rows, HeldOperationRoutes::json));
  }

  private Future<OperatorOutcome> lookAgain(RoutingContext context) {
    var call = OperatorCall.body(context);
    return queue.lookAgain(
        call.change("operations.look_again"), call.path("merchant"), call.pathId("operation"));
  }

  private Future<OperatorOutcome> close(RoutingContext context) {
    var call = OperatorCall.body(context, "as", "evidence");
    // What the PSP's side showed is part of the action's target, and so of the audit log.
    call.required("evidence");
    As as = call.word("as", ENDS);
    if (as == null) {
      throw InvalidCall.of("as", "must be one of " + String.join(", ", ENDS.keySet()));
    }
    return close.run(
        call.change("operations.close"), call.path("merchant"), call.pathId("operation"), as);
  }

  private static JsonObject json(Operation operation) {
    return new JsonObject()
        .put("merchant", operation.merchantId())
        .put("payment", PublicId.PAYMENT.of(operation.paymentId()))
        .mergeIn(OperationJson.of(operation));
  }
}
