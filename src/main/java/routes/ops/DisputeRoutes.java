package routes.ops;

import flows.OperatorQueue;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import payments.Dispute;
import payments.DisputeStatus;
import payments.PublicId;

/** What customers' banks took back, or ask about. */
final class DisputeRoutes {
  private static final Map<String, DisputeStatus> STATUSES =
      OperatorCall.words(DisputeStatus.values(), DisputeStatus::wire);

  private final OperatorQueue queue;

  private DisputeRoutes(OperatorQueue queue) {
    this.queue = queue;
  }

  /** Mounts the routes below {@code /ops}. */
  static void mount(Router router, OperatorQueue queue) {
    var routes = new DisputeRoutes(queue);
    router.get("/disputes").handler(OpsReply.reading(routes::list));
  }

  private Future<JsonObject> list(RoutingContext context) {
    var call = OperatorCall.query(context, "merchant", "payment", "status", "from", "to");
    var status = call.word("status", STATUSES);
    return queue
        .disputes(
            call.text("merchant"),
            call.id("payment", PublicId.PAYMENT),
            status == null ? null : status.wire(),
            call.span(),
            call.page())
        .map(rows -> OpsReply.page(rows, DisputeRoutes::json));
  }

  private static JsonObject json(Dispute dispute) {
    return new JsonObject()
        .put("merchant", dispute.merchantId())
        .put("dispute", dispute.publicId())
        .put("payment", PublicId.PAYMENT.of(dispute.paymentId()))
        .put("charge", PublicId.CHARGE.of(dispute.chargeId()))
        .put("psp_account", dispute.pspAccountId())
        .put("psp_reference", dispute.pspReference())
        .put("amount", dispute.amount().minor())
        .put("currency", dispute.amount().currency().code())
        .put("status", dispute.status().wire())
        .put("reason", dispute.reason())
        .put("created", dispute.createdAt().toString());
  }
}
