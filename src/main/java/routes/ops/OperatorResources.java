package routes.ops;

import flows.CloseHeldOperation;
import flows.DeliveryDesk;
import flows.InboxDesk;
import flows.OperatorQueue;
import io.vertx.ext.web.Router;

/** Everything an operator can look at and do. */
public record OperatorResources(
    OperatorQueue queue, CloseHeldOperation close, InboxDesk inbox, DeliveryDesk deliveries)
    implements OperatorApi {
  @Override
  public void mount(Router router) {
    HeldOperationRoutes.mount(router, queue, close);
    AnomalyRoutes.mount(router, queue);
    DisputeRoutes.mount(router, queue);
    ActionRoutes.mount(router, queue);
    InboxRoutes.mount(router, inbox);
    DeliveryRoutes.mount(router, deliveries);
    EndpointRoutes.mount(router, deliveries);
  }
}
