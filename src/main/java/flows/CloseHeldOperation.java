package flows;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.AnomalyKind;
import payments.Decline;
import payments.DeclineCode;
import payments.HeldReason;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.OperatorOutcome;
import payments.OperatorOutcome.Why;
import payments.OperatorRequest;
import payments.Parameters;
import payments.Payment;
import payments.PaymentEvent;
import payments.PublicId;
import payments.Transitions;
import psp.PspResult.Declined;
import psp.PspResult.Details;
import store.Finish.PaymentChange;
import store.HeldOperations;
import store.HeldOperations.Found;
import store.OperatorActions;
import store.Write;

/**
 * An operator ends a held operation that did not happen at the PSP. Only as not done: that money
 * moved is the PSP's to say. It is written as every other end is, so a success that the PSP tells
 * of later finds a closed operation and is given back.
 */
public final class CloseHeldOperation {
  /**
   * Held without a word of the PSP that it did something. With any other reason it may have moved
   * money, and closing would call that undone.
   */
  private static final Set<String> NOTHING_SAID =
      Set.of(HeldReason.UNSETTLED, AnomalyKind.UNEXPECTED_CHALLENGE.wire());

  /** Held because the PSP says nothing, or nothing more. */
  private static final Set<String> SILENT = Set.of(HeldReason.UNSETTLED, HeldReason.NO_RESULT);

  private static final Decline NOT_DONE =
      new Decline(DeclineCode.PROCESSING_ERROR, null, null, "try_again_later", null);

  /** Held although the PSP says that it gave back nothing, or less than was asked. */
  private static final Set<String> NOT_ALL_GIVEN =
      Set.of(AnomalyKind.GIVE_BACK_REFUSED.wire(), AnomalyKind.AMOUNT_MISMATCH.wire());

  private final Services services;
  private final HeldOperations held;
  private final OperatorActions actions;
  private final RecoverOperation recovery;
  private final SettleOperation settling;
  private final OperationRunner runner;
  private final Outcomes outcomes;

  public CloseHeldOperation(Services services, HeldOperations held, OperatorActions actions) {
    this.services = services;
    this.held = held;
    this.actions = actions;
    this.recovery = new RecoverOperation(services);
    this.settling = new SettleOperation(services);
    this.runner = new OperationRunner(services);
    this.outcomes = new Outcomes(services.ids()::next);
  }

  /** As what it is closed. */
  public enum As {
    /** It did not happen: its payment is again where it was before. */
    FAILED,
    /** An authorization that did not happen: its payment ends. */
    CANCELED
  }

  /** Closes one. */
  public Future<OperatorOutcome> run(
      OperatorRequest request, String merchantId, UUID operationId, As as) {
    return actions
        .earlier(request)
        .compose(
            known ->
                known
                    .map(Future::succeededFuture)
                    .orElseGet(() -> close(request, merchantId, operationId, as)));
  }

  private Future<OperatorOutcome> close(
      OperatorRequest request, String merchantId, UUID operationId, As as) {
    return held.find(merchantId, operationId)
        .compose(
            found ->
                found
                    .map(it -> close(request, it, as))
                    .orElseGet(
                        () ->
                            Future.succeededFuture(
                                OperatorOutcome.refused(
                                    Why.NOT_FOUND, "there is no such operation"))))
        .compose(
            outcome ->
                // The same request may have done it since its key was looked for.
                outcome instanceof OperatorOutcome.Refused
                    ? actions.earlier(request).map(known -> known.orElse(outcome))
                    : Future.succeededFuture(outcome));
  }

  private Future<OperatorOutcome> close(OperatorRequest request, Found found, As as) {
    Operation operation = found.operation();
    Optional<String> unsafe = unsafe(found);
    if (unsafe.isPresent()) {
      return refused(unsafe.get());
    }
    return settling
        .running(operation, "closed", request.actor(), null)
        .compose(
            running ->
                switch (meaning(running.payment(), operation, as)) {
                  case Meaning.Closed closed ->
                      held.close(
                          request,
                          operation,
                          action -> runner.finish(by(running, action), closed),
                          result(running.payment(), closed));
                  case Meaning.Wrong wrong -> refused(wrong.detail());
                  case Meaning.Open open -> refused(open.detail());
                  case Meaning.Stuck stuck -> refused(stuck.detail());
                  case Meaning.Waiting waiting -> refused("it waits: " + waiting.event());
                });
  }

  /** The action is the cause, and says why: an operator's own words go to no merchant. */
  private static OperationRunner.Running by(OperationRunner.Running running, UUID action) {
    return new OperationRunner.Running(
        running.context(),
        running.view(),
        running.operation(),
        new Write.Cause(
            running.cause().event(),
            "operator_action:" + PublicId.digits(action),
            running.cause().actor()),
        running.startedNanos());
  }

  private static Parameters result(Payment payment, Meaning.Closed closed) {
    var to = closed.change().to();
    return new Parameters(
        Map.of(
            "status",
            closed.status().wire(),
            "payment_status",
            (to == null ? payment.status() : to).wire()));
  }

  /** Why closing it could be untrue whatever its payment says; empty where it is not. */
  private Optional<String> unsafe(Found found) {
    Operation operation = found.operation();
    return Optional.ofNullable(unsafe(operation)).or(() -> stillSent(found));
  }

  private static @Nullable String unsafe(Operation operation) {
    String reason = operation.heldReason();
    if (reason == null) {
      return "it is not held: it is " + operation.status().wire();
    }
    if (operation.status() == OperationStatus.PENDING) {
      return "it is being sent";
    }
    if (operation.givesBack()
        && operation.kind() != OperationKind.REFUND
        && !Outcomes.isInCase(operation)) {
      return "it lets go of a late hold, which is owed until the PSP says it is done: put it"
          + " right at the PSP, then look again";
    }
    if (operation.givesBack()
        && operation.kind() == OperationKind.REFUND
        && NOT_ALL_GIVEN.contains(reason)) {
      // Whether another way gave it back is what the ledger says, when it is written.
      return null;
    }
    String taken = takenIn(operation);
    if (taken != null) {
      return "the PSP has this "
          + operation.kind().wire()
          + " as "
          + taken
          + ", and its end is the PSP's word: put it right there, then look again";
    }
    if (reason.equals(AnomalyKind.UNKNOWN_STATUS.wire())) {
      return "the PSP says a status of it that is not known here, and it may mean that money moved:"
          + " have the PSP say what it means, then look again";
    }
    if (!NOTHING_SAID.contains(reason)) {
      return "the PSP says that it did something else than was asked ("
          + reason
          + "), so it is not closed as undone: put it right at the PSP, then look again";
    }
    return null;
  }

  /**
   * What the PSP calls an operation of which nothing but that counts: one that it has taken in and
   * may yet do. Of an authorization that is not so: should it succeed after all, it is given back.
   */
  private static @Nullable String takenIn(Operation operation) {
    boolean silent = operation.heldReason() != null && SILENT.contains(operation.heldReason());
    return switch (operation.kind()) {
      case AUTHORIZE, COMPLETE_AUTHENTICATION -> null;
      case CAPTURE, VOID, REFUND -> silent ? operation.pspReference() : null;
    };
  }

  private Optional<String> stillSent(Found found) {
    Operation operation = found.operation();
    if (!found.looksAgain() && operation.kind() != OperationKind.COMPLETE_AUTHENTICATION) {
      return Optional.empty();
    }
    // One that recovery leaves alone was last sent when that was written.
    Instant until = found.looksAgain() ? recovery.sentUntil(operation) : operation.updatedAt();
    // The last sending may be on its way for as long as a request may take.
    boolean over =
        until.equals(Instant.MIN)
            || services.clock().instant().isAfter(until.plus(services.recovery().pendingGrace()));
    return over
        ? Optional.empty()
        : Optional.of(
            (found.looksAgain() ? "recovery may still send it until " : "it was sent until ")
                + until
                + ", so nothing proves that it will not happen: close it after that");
  }

  private Meaning meaning(Payment payment, Operation operation, As as) {
    var notDone = new Declined(NOT_DONE, null, null, Details.NONE);
    return switch (as) {
      case FAILED -> {
        if (Outcomes.isInCase(operation)) {
          yield Outcomes.nothingLetGo(notDone);
        }
        yield operation.givesBack()
            ? givenBackOtherwise()
            : outcomes.of(payment, operation, notDone);
      }
      case CANCELED -> canceled(payment, operation);
    };
  }

  /** It moved nothing: what it was to give back has gone another way, as by a refund at the PSP. */
  private static Meaning givenBackOtherwise() {
    return new Meaning.Closed(
        OperationStatus.FAILED,
        "give_back_closed",
        PaymentChange.NONE,
        null,
        NOT_DONE,
        null,
        null,
        null,
        Details.NONE);
  }

  private static Meaning canceled(Payment payment, Operation operation) {
    if (operation.kind() != OperationKind.AUTHORIZE) {
      return new Meaning.Open(
          "a "
              + operation.kind().wire()
              + " that did not happen is failed: its payment stands as before");
    }
    if (operation.status() == OperationStatus.AWAITING_CUSTOMER) {
      return new Meaning.Open("it waits for the customer: cancel the payment through the API");
    }
    return Transitions.next(payment.status(), PaymentEvent.VOIDED)
        .<Meaning>map(
            to ->
                new Meaning.Closed(
                    OperationStatus.CANCELED,
                    "canceled",
                    PaymentChange.move(payment.status(), to).canceledFor("automatic"),
                    null,
                    null,
                    null,
                    null,
                    null,
                    Details.NONE))
        .orElseGet(() -> new Meaning.Open("its payment is " + payment.status().wire()));
  }

  private static Future<OperatorOutcome> refused(String message) {
    return Future.succeededFuture(OperatorOutcome.refused(Why.STATE, message));
  }
}
