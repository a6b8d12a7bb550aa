package app;

import flows.AccountDesk;
import flows.CloseHeldOperation;
import flows.DeliveryDesk;
import flows.InboxDesk;
import flows.OperatorQueue;
import flows.PaymentDesk;
import io.vertx.core.Context;
import routes.ops.OperatorApi;
import routes.ops.OperatorResources;
import store.Anomalies;
import store.Database;
import store.Deliveries;
import store.DeliveryActions;
import store.Disputes;
import store.ForcedBreakers;
import store.HeldOperations;
import store.InboxReplays;
import store.InboxReview;
import store.OperatorActions;
import store.PaymentStories;
import store.WebhookEndpoints;
import verticles.Wake;

/** The operator API's objects, built for the context of the management port. */
final class OperatorAssembly {
  /** Apart from the pool of readiness, which a long replay must not keep waiting. */
  private static final int CONNECTIONS = 4;

  private final Assembly assembly;

  OperatorAssembly(Assembly assembly) {
    this.assembly = assembly;
  }

  OperatorApi resources(Context context) {
    var services = assembly.services(context, "operators", CONNECTIONS);
    var database = assembly.database("operator-actions", CONNECTIONS);
    var actions = new OperatorActions(database, assembly.ids()::next);
    var held = new HeldOperations(database, actions);
    return new OperatorResources(
        new OperatorQueue(held, new Anomalies(database, actions), new Disputes(database), actions),
        new CloseHeldOperation(services, held, actions),
        inbox(database, actions, context),
        deliveries(database, actions, context),
        new PaymentDesk(new PaymentStories(database), assembly.merchants()),
        new AccountDesk(assembly.accounts()::seen, new ForcedBreakers(database), actions));
  }

  private static InboxDesk inbox(Database database, OperatorActions actions, Context context) {
    var review = new InboxReview(database);
    return new InboxDesk(
        review,
        new InboxReplays(review, actions),
        () -> Wake.INBOX.send(context.owner().eventBus()));
  }

  private static DeliveryDesk deliveries(
      Database database, OperatorActions actions, Context context) {
    return new DeliveryDesk(
        new Deliveries(database),
        new WebhookEndpoints(database),
        new DeliveryActions(actions),
        () -> Wake.DELIVERIES.send(context.owner().eventBus()));
  }
}
