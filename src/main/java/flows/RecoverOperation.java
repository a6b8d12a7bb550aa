package flows;

import io.vertx.core.Future;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Payment;
import payments.PaymentStatus;
import payments.PublicId;
import psp.PspResult;
import psp.PspResult.ActionRequired;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;

/**
 * Settles an operation whose outcome nobody knows: after a crash, a timeout, a lost answer. On the
 * same account and with the same bytes, while the PSP still remembers the key; by looking it up
 * otherwise. Only the PSP's own statement closes it.
 */
public final class RecoverOperation {
  private static final Logger LOG = LoggerFactory.getLogger(RecoverOperation.class);
  private static final String ACTOR = "recovery";

  private final Services services;
  private final SettleOperation settling;
  private final EndChallenge challenges;
  private final OwnAnswer own;
  private final SaidBefore said;

  public RecoverOperation(Services services) {
    this.services = services;
    this.settling = new SettleOperation(services);
    this.challenges = new EndChallenge(services);
    this.own = new OwnAnswer(services);
    this.said = new SaidBefore(services, settling);
  }

  /** Looks at a claimed operation once; its status afterwards. */
  public Future<OperationStatus> run(Operation operation) {
    return settling
        .running(operation, "recovered", ACTOR, null)
        .compose(
            running ->
                ask(operation)
                    .compose(result -> own.of(operation, result))
                    .compose(result -> said.or(operation, result))
                    .compose(
                        result ->
                            settling
                                .settle(running, result)
                                .compose(status -> endedIfAbandoned(running, result, status))))
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

  /**
   * An authentication that nobody has finished in time is ended, but not unheard: only where the
   * PSP has just said that it still waits for the customer, or where nothing is authorized without
   * us, and what a restored database may have forgotten is let go of.
   */
  private Future<OperationStatus> endedIfAbandoned(
      OperationRunner.Running running, PspResult result, OperationStatus status) {
    Operation operation = running.operation();
    boolean waits =
        status == OperationStatus.AWAITING_CUSTOMER
            && operation.status() == OperationStatus.AWAITING_CUSTOMER
            && running.payment().status() == PaymentStatus.REQUIRES_ACTION;
    boolean ends = result instanceof ActionRequired || challenges.endsHere(operation);
    if (!waits || !ends || !isOver(operation.createdAt())) {
      return Future.succeededFuture(status);
    }
    return lastAsked(running.payment(), operation)
        .compose(
            asked ->
                isOver(asked)
                    ? challenges.abandon(running.payment(), operation, ACTOR).map(status)
                    : Future.succeededFuture(status));
  }

  private boolean isOver(Instant since) {
    Instant deadline = since.plus(services.recovery().challengeDeadline());
    return !services.clock().instant().isBefore(deadline);
  }

  /** When the customer was sent to the authentication that they are at: there may be several. */
  private Future<Instant> lastAsked(Payment payment, Operation charge) {
    return services
        .reads()
        .operationsOf(payment)
        .map(
            operations ->
                operations.stream()
                    .filter(
                        it ->
                            it.kind() == OperationKind.COMPLETE_AUTHENTICATION
                                && it.status() == OperationStatus.SUCCEEDED
                                && charge.id().equals(it.chargeId()))
                    .map(Operation::createdAt)
                    .reduce(charge.createdAt(), (a, b) -> a.isAfter(b) ? a : b));
  }

  /** Repeats while that is safe and useful, else looks it up. */
  private Future<PspResult> ask(Operation operation) {
    var sending = OperationRunner.sending(operation);
    if (waits(operation) && !services.psps().psp(operation.pspAccountId()).showsState()) {
      return Future.succeededFuture(
          new Unknown(UnknownReason.NOT_ASKED, "the PSP would repeat its first answer"));
    }
    // Where its card data is forgotten it cannot be sent any more.
    if (sending.call().isOver() || services.clock().instant().isAfter(sentUntil(operation))) {
      return services.sender().lookup(sending);
    }
    return services
        .sender()
        .send(sending)
        .compose(
            result ->
                // A PSP replays a stored 5xx for as long as it knows the key, and its first word
                // on how it stood, so only a look-up can tell.
                result instanceof Unknown unknown && lookupTells(unknown)
                    ? services.sender().lookup(sending).map(found -> either(unknown, found))
                    : Future.succeededFuture(result));
  }

  private static boolean lookupTells(Unknown unknown) {
    return switch (unknown.reason()) {
      case PSP_ERROR, GARBLED, UNREADABLE, UNKNOWN_STATUS, REFUSED_AGAIN -> true;
      case TIMEOUT,
          CONNECTION_LOST,
          IN_PROGRESS,
          RATE_LIMITED,
          UNAUTHORIZED,
          NOT_FOUND,
          NOT_ASKED ->
          false;
    };
  }

  /**
   * What the look-up found; where that is nothing, what was said stands, with the wait that the PSP
   * asks for when it is asked once more. The log has both. The PSP's own word for the state goes
   * alone: an operator is told it as the PSP's.
   */
  private static PspResult either(Unknown said, PspResult found) {
    if (!(found instanceof Unknown nothing) || nothing.reason() == UnknownReason.UNKNOWN_STATUS) {
      return found;
    }
    String looked = "; looked up: " + nothing.reason() + ": " + nothing.detail();
    return new Unknown(
        said.reason(),
        said.reason() == UnknownReason.UNKNOWN_STATUS ? said.detail() : said.detail() + looked,
        said.reference(),
        said.operationKey(),
        nothing.retryAfter() == null ? said.retryAfter() : nothing.retryAfter());
  }

  /**
   * Until when it is sent again; what waits for the PSP or the customer never is. The completion of
   * an authentication is sent for as long as the PSP knows its key: it begins no authorization, and
   * the PSP may have no other way to tell what became of it.
   */
  Instant sentUntil(Operation operation) {
    if (waits(operation)) {
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

  /** Whether it has its answer, and the PSP or the customer is to do something about it. */
  static boolean waits(Operation operation) {
    return operation.status() == OperationStatus.ACCEPTED
        || operation.status() == OperationStatus.AWAITING_CUSTOMER;
  }
}
