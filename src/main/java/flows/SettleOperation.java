package flows;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import payments.Answer;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Payment;
import payments.RequestContext;
import psp.PspResult;
import psp.PspResult.Approved;
import psp.PspResult.Details;
import store.Write;

/**
 * Ends an operation outside of the request that began it, for whoever learns what became of it:
 * recovery, or a webhook. The request gets its answer stored as if it had ended it itself.
 */
final class SettleOperation {
  private final Services services;
  private final OperationRunner runner;
  private final LateSuccess lateSuccess;
  private final Answers answers;

  SettleOperation(Services services) {
    this.services = services;
    this.runner = new OperationRunner(services);
    this.lateSuccess = new LateSuccess(services);
    this.answers = new Answers(services.renderer());
  }

  /**
   * The operation with its payment and, where the merchant brought a key, the request it has to be
   * answered to.
   *
   * @param event what the history calls the end, where the end has no name of its own
   * @param actor who ends it
   * @param reference what ends it; null for the request that began it
   */
  Future<OperationRunner.Running> running(
      Operation operation, String event, String actor, @Nullable String reference) {
    return context(operation)
        .compose(
            context ->
                services
                    .reads()
                    .find(operation.merchantId(), operation.livemode(), operation.paymentId())
                    .map(
                        found ->
                            found.orElseThrow(
                                () -> new IllegalStateException("an operation has a payment")))
                    .compose(
                        payment -> {
                          var reading = context.orElseGet(() -> reading(operation, actor));
                          var cause =
                              new Write.Cause(
                                  event,
                                  reference == null ? reading.requestId() : reference,
                                  actor);
                          return running(operation, context, reading, payment, cause);
                        }));
  }

  private Future<OperationRunner.Running> running(
      Operation operation,
      Optional<RequestContext> context,
      RequestContext reading,
      Payment payment,
      Write.Cause cause) {
    return new ViewLoader(services)
        .loadForOutcome(reading, payment)
        .map(
            view ->
                new OperationRunner.Running(context.orElse(null), view, operation, cause, null));
  }

  private static RequestContext reading(Operation operation, String actor) {
    return new RequestContext(
        operation.merchantId(), operation.livemode(), actor, actor, false, null, List.of());
  }

  private Future<Optional<RequestContext>> context(Operation operation) {
    String key = operation.idempotencyKey();
    if (key == null) {
      return Future.succeededFuture(Optional.empty());
    }
    return services
        .keys()
        .find(operation.merchantId(), operation.livemode(), key)
        .map(found -> found.map(stored -> stored.context()));
  }

  /** Whether a success of it would come too late to be kept. */
  boolean isLate(Operation operation) {
    return (operation.kind() == OperationKind.AUTHORIZE
            || operation.kind() == OperationKind.COMPLETE_AUTHENTICATION)
        && operation.status() != OperationStatus.AWAITING_CUSTOMER
        && operation.status() != OperationStatus.ACCEPTED
        && services
            .clock()
            .instant()
            .isAfter(operation.createdAt().plus(services.recovery().authorizationDeadline()));
  }

  /** Writes what the PSP's word means; the operation's status afterwards. */
  Future<OperationStatus> settle(OperationRunner.Running running, PspResult sent) {
    PspResult result = Outcomes.asAsked(running.payment(), running.operation(), sent);
    if (result instanceof Approved approved && isLate(running.operation())) {
      return giveBack(running, approved, LateSuccess.Taken.BY_ITSELF);
    }
    return runner.settle(running, result).map(OperationRunner.Ended::status);
  }

  /**
   * The same for whoever looks again afterwards: where someone else has closed the operation
   * meanwhile, nothing is done.
   *
   * @param late whether a success comes too late to be kept, as it was decided with the result
   * @param taken how a success took its money, as it is told
   */
  Future<OperationStatus> settleAsTold(
      OperationRunner.Running running, PspResult result, boolean late, LateSuccess.Taken taken) {
    if (late && result instanceof Approved approved) {
      return giveBack(running, approved, taken);
    }
    return runner.written(running, result).map(OperationRunner.Ended::status);
  }

  private Future<OperationStatus> giveBack(
      OperationRunner.Running running, Approved approved, LateSuccess.Taken taken) {
    return running.operation().kind() == OperationKind.COMPLETE_AUTHENTICATION
        ? runner.charge(running).compose(charge -> giveBackCharge(charge, approved, taken))
        : giveBackCharge(running, approved, taken);
  }

  private Future<OperationStatus> giveBackCharge(
      OperationRunner.Running running, Approved approved, LateSuccess.Taken taken) {
    Instant now = services.clock().instant();
    return lateSuccess
        .closeOpen(running, approved, taken, lateAnswer(running, approved, now), now)
        .map(ignored -> OperationStatus.CANCELED);
  }

  private @Nullable Answer lateAnswer(
      OperationRunner.Running running, Approved approved, Instant now) {
    RequestContext context = running.context();
    if (context == null) {
      return null;
    }
    Payment payment =
        After.payment(running.payment(), LateSuccess.canceled(running.payment()), now);
    Operation operation =
        After.operation(
            running.operation(),
            OperationStatus.CANCELED,
            null,
            approved.reference(),
            approved.chargeReference(),
            Details.NONE,
            now);
    return answers.of(context, running.view(), payment, operation);
  }
}
