package flows;

import io.vertx.core.Future;
import java.util.Optional;
import payments.Answer;
import payments.Command;
import payments.Operation;
import payments.OperationKind;
import payments.PublicId;
import payments.RequestContext;
import store.Write;

/** Changes the metadata of a refund. */
final class UpdateRefund {
  private final Services services;
  private final KeyedChange change;
  private final ReadPayments reads;

  UpdateRefund(Services services) {
    this.services = services;
    this.change = new KeyedChange(services);
    this.reads = new ReadPayments(services);
  }

  Future<Answer> run(Command.UpdateRefund command) {
    return change.run(
        command.context(),
        "Refund " + PublicId.REFUND.of(command.refundId()),
        () ->
            reads
                .operation(command.context(), command.refundId(), OperationKind.REFUND, "refund")
                .compose(refund -> update(command, refund)));
  }

  private Future<Optional<Answer>> update(Command.UpdateRefund command, Operation refund) {
    RequestContext context = command.context();
    Operation updated = After.described(refund, refund.parameters().with(command.parameters()));
    return reads
        .refundView(context, updated)
        .compose(
            view -> {
              Answer answer = services.renderer().refund(context, view);
              return services
                  .log()
                  .describe(refund, updated.parameters(), Write.KeyClaim.of(context, null, answer))
                  .map(written -> written ? Optional.of(answer) : Optional.empty());
            });
  }
}
