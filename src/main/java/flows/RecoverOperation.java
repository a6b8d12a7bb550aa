package flows;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import payments.Answer;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Payment;
import payments.PublicId;
import payments.RequestContext;
import psp.PspResult;
import psp.PspResult.Approved;
import psp.PspResult.Details;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;
import store.Write;

/**
 * Settles an operation whose outcome nobody knows: after a crash, a timeout, a lost answer. On the
 * same account and with the same bytes, while the PSP still remembers the key; by looking it up
 * otherwise. Only the PSP's own statement closes it.
 */
public final class RecoverOperation {
  private static final Logger LOG = LoggerFactory.getLogger(RecoverOperation.class);
  private static final String ACTOR = "recovery";

  private final Services services;
  private final OperationRunner runner;
  private final LateSuccess lateSuccess;
  private final Answers answers;

  public RecoverOperation(Services services) {
    this.services = services;
    this.runner = new OperationRunner(services);
    this.lateSuccess = new LateSuccess(services);
    this.answers = new Answers(services.renderer());
  }

  /** Looks at a claimed operation once; its status afterwards. */
  public Future<OperationStatus> run(Operation operation) {
    return running(operation)
        .compose(running -> ask(operation).compose(result -> settle(running, result)))
        .onSuccess(
            status ->
                LOG.info(
                    "operation={} payment={} kind={} attempt={} recovery: {}",
                    operation.publicId(),
                    PublicId.PAYMENT.of(operation.paymentId()),
                    operation.kind().wire(),
                    operation.attempts(),
                    status.wire()));
  }

  /** Repeats while that is safe and useful, else looks it up. */
  private Future<PspResult> ask(Operation operation) {
    var sending = OperationRunner.sending(operation);
    if (services.clock().instant().isAfter(sentUntil(operation))) {
      return services.sender().lookup(sending);
    }
    return services
        .sender()
        .send(sending)
        .compose(
            result ->
                // A PSP replays a stored 5xx for as long as it knows the key, so only a look-up can
                // tell.
                result instanceof Unknown unknown
                        && (unknown.reason() == UnknownReason.PSP_ERROR
                            || unknown.reason() == UnknownReason.UNREADABLE)
                    ? services
                        .sender()
                        .lookup(sending)
                        .map(found -> found instanceof Unknown ? result : found)
                    : Future.succeededFuture(result));
  }

  /** Until when it is sent again; what waits for the PSP or the customer never is. */
  Instant sentUntil(Operation operation) {
    if (operation.status() == OperationStatus.ACCEPTED
        || operation.status() == OperationStatus.AWAITING_CUSTOMER) {
      return Instant.MIN;
    }
    var remembered =
        services
            .psps()
            .psp(operation.pspAccountId())
            .idempotencyLifetime()
            .minus(services.recovery().keyMargin());
    Instant forgotten = operation.createdAt().plus(remembered);
    Instant late = operation.createdAt().plus(services.recovery().authorizationDeadline());
    return operation.kind() == OperationKind.AUTHORIZE && late.isBefore(forgotten)
        ? late
        : forgotten;
  }

  private boolean isLate(Operation operation, Instant now) {
    return operation.kind() == OperationKind.AUTHORIZE
        && operation.status() != OperationStatus.AWAITING_CUSTOMER
        && operation.status() != OperationStatus.ACCEPTED
        && now.isAfter(operation.createdAt().plus(services.recovery().authorizationDeadline()));
  }

  private Future<OperationStatus> settle(OperationRunner.Running running, PspResult result) {
    Operation operation = running.operation();
    Instant now = services.clock().instant();
    if (result instanceof Approved approved && isLate(operation, now)) {
      return lateSuccess
          .closeOpen(running, approved, lateAnswer(running, approved, now), now)
          .map(ignored -> OperationStatus.CANCELED);
    }
    return runner.settle(running, result).map(OperationRunner.Ended::status);
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

  /**
   * The operation with its payment and, where the merchant brought a key, the request it has to be
   * answered to.
   */
  Future<OperationRunner.Running> running(Operation operation) {
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
                    .compose(payment -> view(operation, context, payment)));
  }

  private Future<OperationRunner.Running> view(
      Operation operation, Optional<RequestContext> context, Payment payment) {
    var reading =
        context.orElseGet(
            () ->
                new RequestContext(
                    operation.merchantId(),
                    operation.livemode(),
                    ACTOR,
                    ACTOR,
                    false,
                    null,
                    List.of()));
    var cause = new Write.Cause("recovered", reading.requestId(), ACTOR);
    return new ViewLoader(services)
        .loadForOutcome(reading, payment)
        .map(
            view ->
                new OperationRunner.Running(context.orElse(null), view, operation, cause, null));
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
}
