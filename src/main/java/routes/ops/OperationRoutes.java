package routes.ops;

import flows.OperatorQueue;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;
import payments.Operation;
import payments.PublicId;

/**
 * What operators have to look at: the queue of operations that nothing settles by itself, and the
 * anomalies.
 */
public final class OperationRoutes {
  private static final int LIMIT = 200;

  private final OperatorQueue queue;

  private OperationRoutes(OperatorQueue queue) {
    this.queue = queue;
  }

  /** Mounts the routes. */
  public static void mount(Router router, OperatorQueue queue) {
    var routes = new OperationRoutes(queue);
    router.get("/ops/operations/held").handler(routes::held);
    router.get("/ops/anomalies").handler(routes::anomalies);
  }

  private void held(RoutingContext context) {
    answer(
        context,
        queue
            .held(LIMIT)
            .map(operations -> operations.stream().map(OperationRoutes::json).toList()));
  }

  private void anomalies(RoutingContext context) {
    boolean all = "true".equals(context.request().getParam("resolved"));
    answer(
        context,
        queue.anomalies(all, LIMIT).map(rows -> rows.stream().map(OperationRoutes::json).toList()));
  }

  private static void answer(RoutingContext context, Future<List<JsonObject>> rows) {
    rows.onSuccess(list -> context.json(new JsonObject().put("data", new JsonArray(list))))
        .onFailure(
            cause ->
                context
                    .response()
                    .setStatusCode(503)
                    .putHeader("Content-Type", "application/json")
                    .end(
                        new JsonObject()
                            .put("error", String.valueOf(cause.getMessage()))
                            .toBuffer()));
  }

  private static JsonObject json(Operation operation) {
    return new JsonObject()
        .put("merchant", operation.merchantId())
        .put("payment", PublicId.PAYMENT.of(operation.paymentId()))
        .put("operation", PublicId.digits(operation.id()))
        .put("kind", operation.kind().wire())
        .put("status", operation.status().wire())
        .put("amount", operation.amount().minor())
        .put("currency", operation.amount().currency().code())
        .put("psp_account", operation.pspAccountId())
        .put("psp_reference", operation.pspReference())
        .put("psp_idempotency_key", operation.pspIdempotencyKey())
        .put("attempts", operation.attempts())
        .put("held_reason", operation.heldReason())
        .put("created", operation.createdAt().toString())
        .put("updated", operation.updatedAt().toString());
  }

  private static JsonObject json(OperatorQueue.Anomaly anomaly) {
    return new JsonObject()
        .put("merchant", anomaly.merchantId())
        .put("payment", PublicId.PAYMENT.of(anomaly.paymentId()))
        .put("operation", PublicId.digits(anomaly.operationId()))
        .put("kind", anomaly.kind())
        .put("detail", anomaly.detail())
        .put("created", anomaly.createdAt().toString())
        .put("resolved", text(anomaly.resolvedAt()))
        .put("resolution", anomaly.resolution());
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }
}
