package routes.ops;

import flows.OperatorQueue;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import payments.Listing;

/** What operators did. */
final class ActionRoutes {
  private final OperatorQueue queue;

  private ActionRoutes(OperatorQueue queue) {
    this.queue = queue;
  }

  /** Mounts the routes below {@code /ops}. */
  static void mount(Router router, OperatorQueue queue) {
    var routes = new ActionRoutes(queue);
    router.get("/actions").handler(OpsReply.reading(routes::list));
  }

  private Future<JsonObject> list(RoutingContext context) {
    var call = OperatorCall.query(context, "operator", "action", "from", "to");
    var filter = new Listing.ActionFilter(call.text("operator"), call.text("action"), call.span());
    return queue.actions(filter, call.page()).map(rows -> OpsReply.page(rows, OpsReply::action));
  }
}
