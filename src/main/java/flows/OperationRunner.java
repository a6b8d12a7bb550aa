package flows;

import flows.Views.PaymentView;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import payments.AnomalyKind;
import payments.Answer;
import payments.CardChecks;
import payments.HeldReason;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Payment;
import payments.PublicId;
import payments.RequestContext;
import psp.PspCall;
import psp.PspResult;
import psp.PspResult.Approved;
import psp.PspResult.Details;
import psp.Sending;
import store.Finish;
import store.Finish.PaymentChange;
import store.OperationLog;
import store.Write;

/**
 * The second half of every operation's story: send what was written, and write what it came to.
 * Requests and recovery both go through here, so an operation ends in one way only, whoever ends
 * it.
 */
final class OperationRunner {
  private static final Logger LOG = LoggerFactory.getLogger(OperationRunner.class);

  private static final int TRIES = 5;

  private final Services services;
  private final Outcomes outcomes;
  private final Answers answers;
  private final Durably durably;
  private final LateSuccess lateSuccess;
  private final ViewLoader views;
  private final EndedElsewhere elsewhere;
  private final OwnAnswer own;
  private final Looks looks;

  OperationRunner(Services services) {
    this.services = services;
    this.outcomes = new Outcomes(services.ids()::next);
    this.answers = new Answers(services.renderer());
    this.durably = new Durably(services);
    this.lateSuccess = new LateSuccess(services);
    this.views = new ViewLoader(services);
    this.elsewhere = new EndedElsewhere(services);
    this.own = new OwnAnswer(services);
    this.looks = new Looks(services);
  }

  /**
   * An operation that is written and may be sent.
   *
   * @param context the request that began it; null where it had no request of its own
   * @param view its payment as it is while the operation is open
   * @param startedNanos when the checkout it belongs to began, on the JVM's clock; null where it is
   *     not a checkout
   * @param endedBy the operation whose result is this one's end, and which ends with it; null where
   *     the result is its own
   */
  record Running(
      @Nullable RequestContext context,
      PaymentView view,
      Operation operation,
      Write.Cause cause,
      @Nullable Long startedNanos,
      @Nullable Operation endedBy) {
    Running(
        @Nullable RequestContext context,
        PaymentView view,
        Operation operation,
        Write.Cause cause,
        @Nullable Long startedNanos) {
      this(context, view, operation, cause, startedNanos, null);
    }

    Payment payment() {
      return view.payment();
    }

    /** The charge that ends by this operation's result; its own request was answered long ago. */
    private Running of(Operation charge) {
      return new Running(null, view, charge, cause, null, operation);
    }

    /** What ends in the same commit when the operation is closed like this. */
    Finish.@Nullable Also also(OperationStatus closed) {
      if (endedBy == null) {
        return null;
      }
      // A void has done what it was to do, whatever that makes of the charge.
      return new Finish.Also(
          endedBy.id(), endedBy.kind() == OperationKind.VOID ? OperationStatus.SUCCEEDED : closed);
    }
  }

  /** What became of it, with the answer to the request where there was one. */
  record Ended(OperationStatus status, Optional<Answer> answer) {}

  /**
   * Sends an operation that a request has just begun, and answers the request. What its answer
   * shows is loaded only now that the operation is written.
   */
  Future<Answer> answer(
      RequestContext context, Payment begun, Operation operation, Write.Cause cause) {
    return Durably.afterwards(
        views
            .load(context, begun)
            .compose(view -> run(new Running(context, view, operation, cause, null))));
  }

  /** Sends it to its PSP and writes what it came to. */
  private Future<Answer> run(Running running) {
    return end(running).map(ended -> ended.answer.orElseThrow());
  }

  /** The same for an operation that no request waits for. */
  Future<Ended> end(Running running) {
    long sent = System.nanoTime();
    return services
        .sender()
        .send(sending(running.operation))
        .compose(
            result -> {
              long answered = System.nanoTime();
              return own.of(running.operation, result)
                  .compose(ours -> settle(running, ours))
                  .onSuccess(
                      ended -> told(running, result, ended, Duration.ofNanos(answered - sent)));
            });
  }

  void told(Running running, PspResult result, Ended ended, Duration psp) {
    Operation operation = running.operation;
    LOG.info(
        "request_id={} payment={} operation={} kind={} account={} status={} psp_ms={} result={}",
        running.cause.reference(),
        PublicId.PAYMENT.of(operation.paymentId()),
        operation.publicId(),
        operation.kind().wire(),
        operation.pspAccountId(),
        ended.status().wire(),
        psp.toMillis(),
        result.why());
    Long started = running.startedNanos;
    if (started != null) {
      services
          .observer()
          .checkout(Duration.ofNanos(System.nanoTime() - started), psp, ended.status());
    }
  }

  static Sending sending(Operation operation) {
    return new Sending(
        operation.pspAccountId(),
        operation.kind(),
        operation.pspIdempotencyKey(),
        operation.amount(),
        PspCall.ofStored(operation.request()),
        operation.pspIdempotencyKey(),
        operation.pspReference(),
        operation.attempts(),
        operation.createdAt());
  }

  /**
   * Writes what a result means. A charge that is told too late to be the end is given back; any
   * other success that meets a closed operation is raised.
   */
  Future<Ended> settle(Running running, PspResult sent) {
    PspResult result = Outcomes.asAsked(running.payment(), running.operation, sent);
    return written(running, result)
        .compose(
            ended ->
                result instanceof Approved approved && ended.status() != OperationStatus.SUCCEEDED
                    ? afterClose(running, approved, ended)
                    : Future.succeededFuture(ended));
  }

  private Future<Ended> afterClose(Running running, Approved approved, Ended ended) {
    Operation operation = running.operation;
    if (operation.kind() == OperationKind.AUTHORIZE) {
      return lateSuccess.afterClose(operation, approved, running.cause).map(ended);
    }
    if (operation.kind() == OperationKind.COMPLETE_AUTHENTICATION) {
      return charge(running)
          .compose(charge -> lateSuccess.afterClose(charge.operation, approved, running.cause))
          .map(ended);
    }
    if (ended.status() != OperationStatus.FAILED) {
      return Future.succeededFuture(ended);
    }
    // An operator closed it while it was looked at. The PSP's webhook books what it did.
    String told = "the PSP did it after all: " + approved.amount() + " as " + approved.reference();
    var anomaly =
        new OperationLog.Anomaly(
            services.ids().next(), operation, AnomalyKind.SUCCESS_AFTER_CLOSE, told);
    return services
        .log()
        .raiseAfterClose(anomaly, approved.reference(), approved.amount().minor())
        .onSuccess(
            raised -> {
              if (raised) {
                EndedElsewhere.logged(anomaly);
              }
            })
        .map(ended);
  }

  /** The same, but a charge that is told too late to be the end is left to the caller. */
  Future<Ended> written(Running running, PspResult result) {
    return Outcomes.endsCharge(running.operation, result)
        ? charge(running).compose(charge -> writtenTo(charge, running, result, 1))
        : meant(running, outcomes.of(running.payment(), running.operation, result));
  }

  /** The charge that an operation is about, to be ended by that one's result. */
  Future<Running> charge(Running running) {
    Operation operation = running.operation;
    UUID charge = operation.chargeId();
    if (charge == null) {
      throw new IllegalStateException("what ends a charge is about one");
    }
    return services
        .reads()
        .operation(operation.merchantId(), operation.livemode(), charge)
        .map(
            found ->
                running.of(
                    found.orElseThrow(
                        () -> new IllegalStateException("the charge is in the log"))));
  }

  /** A look at the charge may have begun meanwhile: then it is read and written over again. */
  private Future<Ended> writtenTo(Running charge, Running running, PspResult result, int attempt) {
    OperationStatus status = charge.operation.status();
    if (status != OperationStatus.AWAITING_CUSTOMER || attempt > TRIES) {
      Finish.Also ended = charge.also(status);
      return Future.succeededFuture(
          new Ended(ended == null ? status : ended.status(), Optional.empty()));
    }
    Meaning meaning =
        outcomes.ofCharge(running.payment(), charge.operation, running.operation, result);
    return meaning instanceof Meaning.Closed closed
        ? close(charge, closed)
            .compose(ignored -> charge(running))
            .compose(again -> writtenTo(again, running, result, attempt + 1))
        : meant(running, meaning);
  }

  private Future<Ended> meant(Running running, Meaning meaning) {
    return switch (meaning) {
      case Meaning.Closed closed -> close(running, closed);
      case Meaning.Waiting waiting -> waitOn(running, waiting);
      case Meaning.Open open -> {
        if (!open.expected()) {
          unknown(running.operation, open.detail());
        }
        yield leaveOpen(running, HeldReason.kept(running.operation), null, true, open.notBefore());
      }
      case Meaning.Stuck stuck -> {
        unknown(running.operation, stuck.detail());
        String still = HeldReason.kept(running.operation);
        yield leaveOpen(running, still == null ? HeldReason.UNSETTLED : still, null, false, null);
      }
      case Meaning.Wrong wrong -> hold(running, wrong);
    };
  }

  private static void unknown(Operation operation, String detail) {
    LOG.warn(
        "operation={} payment={} account={} attempt={} outcome unknown: {}",
        operation.publicId(),
        PublicId.PAYMENT.of(operation.paymentId()),
        operation.pspAccountId(),
        operation.attempts(),
        detail);
  }

  private Future<Ended> close(Running running, Meaning.Closed closed) {
    return write(running, finish(running, closed));
  }

  /** An operation's end as it is written. */
  Finish finish(Running running, Meaning.Closed closed) {
    Instant now = services.clock().instant();
    return new Finish(
        now,
        running.operation,
        closed.status(),
        closed.reference(),
        closed.chargeReference(),
        closed.details().card(),
        closed.details().checks(),
        closed.details().outcome(),
        closed.decline(),
        null,
        null,
        closed.change(),
        closed.transfer(),
        closed.methodToken(),
        SavedCards.owner(running.payment(), running.operation, closed.status()).orElse(null),
        answer(running, closed.status(), closed.change(), closed, now),
        named(running, closed.event()),
        running.also(closed.status()));
  }

  private @Nullable Answer answer(
      Running running,
      OperationStatus status,
      PaymentChange change,
      Meaning.Closed closed,
      Instant now) {
    return rendered(
        running,
        After.payment(running.payment(), change, now),
        After.operation(
            running.operation,
            status,
            closed.decline(),
            closed.reference(),
            closed.chargeReference(),
            closed.details(),
            now));
  }

  private Future<Ended> waitOn(Running running, Meaning.Waiting waiting) {
    var now = services.clock().instant();
    Payment payment = After.payment(running.payment(), waiting.change(), now);
    Operation operation =
        After.operation(
            running.operation,
            waiting.status(),
            null,
            waiting.reference(),
            waiting.chargeReference(),
            waiting.details(),
            now);
    if (running.operation.status() == waiting.status()) {
      return reschedule(
          running,
          waiting.status(),
          looks.overdue(running.operation, waiting.status()),
          waiting.reference(),
          looks.nextMs(running.operation, waiting.status(), running.operation.attempts(), null));
    }
    return write(
        running,
        new Finish(
            now,
            running.operation,
            waiting.status(),
            waiting.reference(),
            waiting.chargeReference(),
            waiting.details().card(),
            waiting.details().checks(),
            waiting.details().outcome(),
            null,
            looks.nextMs(running.operation, waiting.status(), 1, null),
            null,
            waiting.change(),
            null,
            null,
            null,
            rendered(running, payment, operation),
            named(running, waiting.event()),
            null));
  }

  private Future<Ended> hold(Running running, Meaning.Wrong wrong) {
    Operation operation = running.operation;
    var anomaly =
        new OperationLog.Anomaly(services.ids().next(), operation, wrong.anomaly(), wrong.detail());
    return services
        .log()
        .hold(anomaly, SaidBefore.kept(wrong.said()))
        .onSuccess(
            raised -> {
              if (raised) {
                EndedElsewhere.logged(anomaly);
              }
            })
        .compose(
            ignored -> {
              // A customer who is away is nothing to be held: their end, or a cancel, tells more.
              boolean waits =
                  wrong.looksOn() && operation.status() == OperationStatus.AWAITING_CUSTOMER;
              return leaveOpen(
                  running,
                  waits ? null : wrong.anomaly().wire(),
                  wrong.reference(),
                  wrong.looksOn(),
                  wrong.notBefore());
            });
  }

  /**
   * Leaves the operation open for recovery, or for an operator where it is held. The first time
   * this is a change of its own, with the answer the request gets; afterwards only the next look
   * moves.
   *
   * @param looksOn whether recovery looks again, held or not
   * @param notBefore how long the PSP asks us to wait with that; null where it asks for nothing
   */
  private Future<Ended> leaveOpen(
      Running running,
      @Nullable String heldReason,
      @Nullable String reference,
      boolean looksOn,
      @Nullable Duration notBefore) {
    Operation operation = running.operation;
    OperationStatus status =
        operation.status() == OperationStatus.PENDING
            ? OperationStatus.UNKNOWN
            : operation.status();
    boolean asUnknown = looksOn || HeldReason.UNSETTLED.equals(heldReason);
    Long delayMs =
        looksOn ? looks.nextMs(operation, status, operation.attempts(), notBefore) : null;
    if (operation.status() != OperationStatus.PENDING) {
      String held = heldReason == null ? looks.overdue(operation, status) : heldReason;
      return reschedule(running, status, held, reference, delayMs);
    }
    var now = services.clock().instant();
    Operation after = After.operation(operation, status, null, reference, null, Details.NONE, now);
    return write(
        running,
        new Finish(
            now,
            operation,
            status,
            reference,
            null,
            null,
            CardChecks.NONE,
            Details.NONE.outcome(),
            null,
            delayMs,
            heldReason,
            PaymentChange.NONE,
            null,
            null,
            null,
            rendered(running, After.payment(running.payment(), PaymentChange.NONE, now), after),
            named(running, heldReason == null || asUnknown ? "outcome_unknown" : heldReason),
            null));
  }

  private Future<Ended> reschedule(
      Running running,
      OperationStatus status,
      @Nullable String held,
      @Nullable String reference,
      @Nullable Long delayMs) {
    Operation operation = running.operation;
    return services
        .log()
        .reschedule(operation, delayMs, held, reference)
        .compose(
            open ->
                open
                    ? Future.succeededFuture(
                        new Ended(
                            status,
                            Optional.ofNullable(rendered(running, running.payment(), operation))))
                    : elsewhere.of(running));
  }

  private Future<Ended> write(Running running, Finish finish) {
    return durably
        .finish(finish)
        .compose(
            finished ->
                finished
                    ? Future.succeededFuture(
                        new Ended(finish.status(), Optional.ofNullable(finish.answer())))
                    : services.log().addDetails(finish).compose(ignored -> elsewhere.of(running)));
  }

  private @Nullable Answer rendered(Running running, Payment payment, Operation operation) {
    RequestContext context = running.context;
    return context == null ? null : answers.of(context, running.view, payment, operation);
  }

  private static Write.Cause named(Running running, String event) {
    return new Write.Cause(event, running.cause.reference(), running.cause.actor());
  }
}
