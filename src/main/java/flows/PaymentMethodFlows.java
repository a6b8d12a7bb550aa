package flows;

import io.vertx.core.Future;
import payments.Answer;
import payments.Command;

/** Payment methods: retrieve, list, attach, detach. */
final class PaymentMethodFlows {
  private final Services services;

  PaymentMethodFlows(Services services) {
    this.services = services;
  }

  Future<Answer> run(Command command) {
    return Future.failedFuture("not served: " + command.getClass() + services.node());
  }
}
