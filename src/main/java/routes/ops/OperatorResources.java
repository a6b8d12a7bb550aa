package routes.ops;

import flows.AccountDesk;
import flows.CloseHeldOperation;
import flows.DeliveryDesk;
import flows.InboxDesk;
import flows.OperatorQueue;
import flows.PaymentDesk;
import io.vertx.ext.web.Router;

/** Everything an operator can look at and do. */
public record OperatorResources(
    OperatorQueue queue,
    CloseHeldOperation close,
    InboxDesk inbox,
    DeliveryDesk deliveries,
    PaymentDesk payments,
    AccountDesk accounts)
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
    PaymentRoutes.mount(router, payments);
    AccountRoutes.mount(router, accounts);
  }
}
