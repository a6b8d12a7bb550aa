package flows;

import io.vertx.core.Future;
import payments.Answer;
import payments.Command;

/** Customers: create, retrieve, update, delete, list. */
final class CustomerFlows {
  private final Services services;

  CustomerFlows(Services services) {
    this.services = services;
  }

  Future<Answer> run(Command command) {
    return Future.failedFuture("not served: " + command.getClass() + services.node());
  }
}
