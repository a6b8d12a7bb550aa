package flows;

import io.vertx.core.Future;
import payments.Answer;
import payments.Command;

/** Changes the metadata of a refund. */
final class UpdateRefund {
  private final Services services;

  UpdateRefund(Services services) {
    this.services = services;
  }

  Future<Answer> run(Command command) {
    return Future.failedFuture("not served: " + command.getClass() + services.node());
  }
}
