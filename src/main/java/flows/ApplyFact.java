package flows;

import flows.FactOutcome.Applied;
import flows.FactOutcome.NotOurs;
import flows.FactOutcome.NotYet;
import flows.FactOutcome.NothingNew;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.PublicId;
import psp.PspFact;
import psp.PspResult;
import psp.PspResult.Accepted;
import psp.PspResult.ActionRequired;
import psp.PspResult.Approved;
import psp.PspResult.Declined;
import psp.PspResult.NotSent;
import psp.PspResult.Unknown;
import psp.Sending;
import store.FactReads;
import store.FactReads.About;
import store.FactReads.Question;
import store.FactWrites;
import store.Standing;
import store.Write;

/**
 * Makes what a PSP tells our state: exactly once in effect, in any order, however often and on
 * however many nodes it is told. Each step is decided on how matters stand ({@link FactRules}) and
 * written only over that; then they are looked at again, until the word has nothing more to say.
 */
public final class ApplyFact {
  private static final Logger LOG = LoggerFactory.getLogger(ApplyFact.class);

  /** More than any word needs, with others at work on the same payment. */
  private static final int MOST_STEPS = 12;

  private final Services services;
  private final FactReads reads;
  private final SettleOperation settling;
  private final LateSuccess lateSuccess;
  private final FactBooking booking;
  private final OwnAnswer own;

  public ApplyFact(Services services, FactReads reads, FactWrites writes) {
    this.services = services;
    this.reads = reads;
    this.settling = new SettleOperation(services);
    this.lateSuccess = new LateSuccess(services);
    this.booking = new FactBooking(services, writes);
    this.own = new OwnAnswer(services);
  }

  /**
   * A word of a PSP's.
   *
   * @param event what the PSP calls the event, recorded as the cause
   */
  public record Told(String merchantId, String accountId, String event, PspFact fact) {
    /** By whom the history says that it was done. */
    String actor() {
      return "psp:" + accountId;
    }
  }

  /**
   * What comes of each of these where nothing is to be written, by one look for all: most of what
   * PSPs tell only repeats their answers. Empty for those that have to be applied.
   */
  public Future<List<Optional<FactOutcome>>> known(List<Told> told) {
    return reads
        .look(told.stream().map(this::question).toList())
        .map(
            standings -> {
              var outcomes = new ArrayList<Optional<FactOutcome>>();
              for (int at = 0; at < told.size(); at++) {
                outcomes.add(outcome(FactRules.next(told.get(at).fact, standings.get(at)), false));
              }
              return List.copyOf(outcomes);
            });
  }

  /** Does what a word asks for. */
  public Future<FactOutcome> apply(Told told) {
    return look(told, null, false, 0);
  }

  private Question question(Told told) {
    return switch (told.fact) {
      case PspFact.Authorization fact ->
          question(told, About.AUTHORIZATION, fact.operationKey(), fact.reference(), null);
      case PspFact.Authorized fact ->
          question(told, About.AUTHORIZATION, fact.operationKey(), fact.reference(), null);
      case PspFact.Modification fact ->
          question(
              told,
              fact.kind() == OperationKind.CAPTURE ? About.CAPTURE : About.VOID,
              fact.operationKey(),
              fact.reference(),
              fact.authorizationReference());
      case PspFact.Refund fact ->
          question(
              told,
              About.REFUND,
              fact.operationKey(),
              fact.reference(),
              fact.authorizationReference());
      case PspFact.Dispute fact ->
          question(told, About.DISPUTE, null, fact.reference(), fact.authorizationReference());
      case PspFact.Irrelevant ignored -> throw new IllegalArgumentException("says nothing");
      case PspFact.Unreadable ignored -> throw new IllegalArgumentException("says nothing");
    };
  }

  private Question question(
      Told told,
      About about,
      @Nullable String operationKey,
      String reference,
      @Nullable String chargeReference) {
    return new Question(
        told.merchantId,
        told.accountId,
        about,
        operationKey,
        reference,
        chargeReference,
        services.psps().psp(told.accountId).authorizesOnlyByOurWord());
  }

  /** The outcome where a step asks for nothing to be done. */
  private static Optional<FactOutcome> outcome(FactStep step, boolean changed) {
    return switch (step) {
      case FactStep.Nothing nothing -> Optional.of(done(nothing.paymentId(), changed));
      case FactStep.Unmatched ignored -> Optional.of(new NotOurs());
      case FactStep.Wait wait -> Optional.of(new NotYet(wait.why()));
      case FactStep.Odd odd -> Optional.of(new FactOutcome.Odd(odd.why()));
      case FactStep.Settle ignored -> Optional.empty();
      case FactStep.Ask ignored -> Optional.empty();
      case FactStep.GiveBack ignored -> Optional.empty();
      case FactStep.TakenLate ignored -> Optional.empty();
      case FactStep.EndHold ignored -> Optional.empty();
      case FactStep.Raise ignored -> Optional.empty();
      case FactStep.ReverseCapture ignored -> Optional.empty();
      case FactStep.ReverseRefund ignored -> Optional.empty();
      case FactStep.ReviveRefund ignored -> Optional.empty();
      case FactStep.NoteFailed ignored -> Optional.empty();
      case FactStep.AddRefund ignored -> Optional.empty();
      case FactStep.MoveDispute ignored -> Optional.empty();
    };
  }

  private static FactOutcome done(UUID paymentId, boolean changed) {
    return changed ? new Applied(paymentId) : new NothingNew(paymentId);
  }

  /**
   * Looks how matters stand and does the next step.
   *
   * @param before how they stood before the last step, null at the first; where nothing has moved
   *     since, that step had nothing to change
   */
  private Future<FactOutcome> look(
      Told told, @Nullable Standing before, boolean changedBefore, int steps) {
    if (steps > MOST_STEPS) {
      return Future.failedFuture(new IllegalStateException("what is told does not settle"));
    }
    return reads
        .look(question(told))
        .compose(
            now -> {
              FactStep step = FactRules.next(told.fact, now);
              boolean changed = changedBefore || (before != null && !now.equals(before));
              Optional<FactOutcome> outcome = outcome(step, changed);
              if (outcome.isPresent()) {
                return Future.succeededFuture(outcome.get());
              }
              var payment = Objects.requireNonNull(now.payment(), "what is to be done is ours");
              if (now.equals(before)) {
                return Future.succeededFuture(done(payment.id(), changed));
              }
              return step(told, now, step)
                  .compose(
                      ended ->
                          ended.isPresent()
                              ? Future.succeededFuture(
                                  changed && ended.get() instanceof NothingNew
                                      ? done(payment.id(), true)
                                      : ended.get())
                              : look(told, now, changed, steps + 1));
            });
  }

  /** Does a step; its outcome where nothing can follow. */
  private Future<Optional<FactOutcome>> step(Told told, Standing now, FactStep step) {
    var payment = Objects.requireNonNull(now.payment(), "what is to be done is ours");
    if (!(step instanceof FactStep.Settle)) {
      LOG.info(
          "event={} account={} payment={} {}",
          told.event,
          told.accountId,
          PublicId.PAYMENT.of(payment.id()),
          step.getClass().getSimpleName());
    }
    return switch (step) {
      case FactStep.Settle settle -> settle(told, payment, settle, false);
      case FactStep.Ask ask -> ask(told, payment, ask);
      case FactStep.GiveBack giveBack -> giveBack(told, payment.livemode(), giveBack);
      case FactStep.TakenLate taken ->
          operation(told, payment.livemode(), taken.operation())
              .compose(
                  charge ->
                      lateSuccess.takenFromHold(
                          charge, taken.approved(), taken.lettingGo().id(), cause(told)))
              .map(Optional.empty());
      case FactStep.Raise raise ->
          booking
              .raise(told, payment, raise)
              .map(raised -> Optional.of(done(payment.id(), raised)));
      case FactStep.EndHold end -> booking.endHold(told, payment, end).map(Optional.empty());
      case FactStep.ReverseCapture reverse ->
          booking.reverseCapture(told, payment, reverse).map(Optional.empty());
      case FactStep.ReverseRefund reverse ->
          booking.reverse(told, payment, reverse).map(Optional.empty());
      case FactStep.ReviveRefund revive ->
          booking.revive(told, payment, revive).map(Optional.empty());
      case FactStep.NoteFailed note -> booking.note(told, note).map(Optional.empty());
      case FactStep.AddRefund add -> booking.add(told, payment, add).map(Optional.empty());
      case FactStep.MoveDispute move -> booking.move(told, payment, move).map(Optional.empty());
      case FactStep.Nothing ignored -> throw new IllegalStateException("nothing to do");
      case FactStep.Unmatched ignored -> throw new IllegalStateException("nothing to do");
      case FactStep.Wait ignored -> throw new IllegalStateException("nothing to do");
      case FactStep.Odd ignored -> throw new IllegalStateException("nothing to do");
    };
  }

  /**
   * Writes what a word means for an open operation.
   *
   * @param asked whether it is the PSP's answer to how matters stand now, and no snapshot
   */
  private Future<Optional<FactOutcome>> settle(
      Told told, Standing.PaymentPart payment, FactStep.Settle settle, boolean asked) {
    return operation(told, payment.livemode(), settle.operation())
        .compose(
            operation -> {
              // Decided in one stage, it is not written over another: matters are looked at again.
              boolean asRead =
                  operation.status() == settle.operation().status()
                      && operation.attempts() == settle.operation().attempts();
              if (!asRead) {
                return Future.succeededFuture(Optional.empty());
              }
              boolean late = settling.isLate(operation);
              boolean askable = !(told.fact instanceof PspFact.Authorized);
              if (late
                  && !asked
                  && askable
                  && settle.result() instanceof Approved held
                  && !held.captured()) {
                // It would be let go of. It may have been taken, or be gone, since this was told.
                return ask(told, payment, new FactStep.Ask(settle.operation(), held.reference()));
              }
              return settle(told, operation, settle, late).map(Optional.empty());
            });
  }

  /** Whether it is late is decided once: what is not late is a hold first, and taken then. */
  private Future<Void> settle(
      Told told, Operation operation, FactStep.Settle settle, boolean late) {
    Approved heldBefore = settle.heldBefore();
    PspResult word = heldBefore == null || late ? settle.result() : heldBefore;
    return settling
        .running(operation, "told", told.actor(), told.event)
        .compose(running -> settling.settleAsTold(running, word, late, taken(told)))
        .mapEmpty();
  }

  private Future<Optional<FactOutcome>> ask(
      Told told, Standing.PaymentPart payment, FactStep.Ask ask) {
    return operation(told, payment.livemode(), ask.operation())
        .compose(operation -> standing(told, operation, ask.reference()))
        .compose(
            result ->
                switch (result) {
                  case Approved approved ->
                      settle(
                          told,
                          payment,
                          FactRules.settled(ask.operation(), payment, approved),
                          true);
                  case Declined declined ->
                      settle(
                          told,
                          payment,
                          FactRules.declined(ask.operation(), payment, declined),
                          true);
                  case ActionRequired ignored -> stands(payment.id());
                  case Accepted ignored -> stands(payment.id());
                  case Unknown unknown -> unanswered(unknown.detail());
                  case NotSent notSent -> unanswered(notSent.detail());
                });
  }

  /**
   * How an authorization stands now. A customer who is away may fail and try again at the PSP, so
   * that it is asked. Where nothing is authorized without our word, nothing can have followed on a
   * failure that it tells of.
   */
  private Future<PspResult> standing(Told told, Operation operation, String reference) {
    boolean last =
        operation.status() == OperationStatus.AWAITING_CUSTOMER
            && services.psps().psp(operation.pspAccountId()).authorizesOnlyByOurWord();
    if (last && told.fact instanceof PspFact.Authorization authorization) {
      return Future.succeededFuture(authorization.asAuthorize());
    }
    if (last && told.fact instanceof PspFact.Authorized authorized) {
      return Future.succeededFuture(authorized.result());
    }
    return lookup(operation, reference);
  }

  /** Asked about a completion, a PSP may answer about another payment, as it may the first time. */
  private Future<PspResult> lookup(Operation operation, String reference) {
    return services
        .sender()
        .lookup(about(operation, reference))
        .compose(result -> own.of(operation, result));
  }

  private Future<Optional<FactOutcome>> giveBack(
      Told told, boolean livemode, FactStep.GiveBack step) {
    return operation(told, livemode, step.operation())
        .compose(
            charge ->
                step.ask()
                    ? lookup(charge, step.approved().reference())
                        .compose(
                            result ->
                                switch (result) {
                                  case Approved approved -> booked(told, charge, approved);
                                  case Declined ignored -> stands(charge.paymentId());
                                  case ActionRequired ignored -> stands(charge.paymentId());
                                  case Accepted ignored ->
                                      unanswered("the PSP has not decided yet");
                                  case Unknown unknown -> unanswered(unknown.detail());
                                  case NotSent notSent -> unanswered(notSent.detail());
                                })
                    : booked(told, charge, step.approved()));
  }

  private Future<Optional<FactOutcome>> booked(Told told, Operation charge, Approved approved) {
    return (LateSuccess.closedWithoutSuccess(charge)
            ? lateSuccess.forClosed(charge, approved, taken(told), cause(told))
            : lateSuccess.forCanceled(charge, approved, cause(told)))
        .map(Optional.empty());
  }

  /** A capture is told of as an object of its own only where it is one. */
  private static LateSuccess.Taken taken(Told told) {
    return told.fact instanceof PspFact.Modification
        ? LateSuccess.Taken.BY_CAPTURE
        : LateSuccess.Taken.BY_ITSELF;
  }

  private static Write.Cause cause(Told told) {
    return new Write.Cause("told", told.event, told.actor());
  }

  private static Future<Optional<FactOutcome>> stands(UUID paymentId) {
    return Future.succeededFuture(Optional.of(new NothingNew(paymentId)));
  }

  private static Future<Optional<FactOutcome>> unanswered(String detail) {
    return Future.succeededFuture(
        Optional.of(new NotYet("the PSP was asked how it stands now: " + detail)));
  }

  private Future<Operation> operation(
      Told told, boolean livemode, Standing.OperationPart operation) {
    return services
        .reads()
        .operation(told.merchantId, livemode, operation.id())
        .map(found -> found.orElseThrow(() -> new IllegalStateException("operation vanished")));
  }

  /** A question about the very object that the PSP told of. */
  private static Sending about(Operation operation, String reference) {
    Sending sending = OperationRunner.sending(operation);
    return new Sending(
        sending.accountId(),
        sending.kind(),
        sending.operationId(),
        sending.amount(),
        sending.call(),
        sending.idempotencyKey(),
        reference,
        sending.attempt(),
        sending.begunAt());
  }
}
