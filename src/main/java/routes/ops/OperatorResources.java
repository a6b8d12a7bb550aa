package routes.ops;

import flows.CloseHeldOperation;
import flows.InboxDesk;
import flows.OperatorQueue;
import io.vertx.ext.web.Router;

/** Everything an operator can look at and do. */
public record OperatorResources(OperatorQueue queue, CloseHeldOperation close, InboxDesk inbox)
    implements OperatorApi {
  @Override
  public void mount(Router router) {
    HeldOperationRoutes.mount(router, queue, close);
    AnomalyRoutes.mount(router, queue);
    ActionRoutes.mount(router, queue);
    InboxRoutes.mount(router, inbox);
  }
}
