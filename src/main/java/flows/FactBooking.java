package flows;

import io.vertx.core.Future;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import ledger.PostingRule;
import ledger.Transfer;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.AnomalyKind;
import payments.AttemptOutcome;
import payments.CardChecks;
import payments.Decline;
import payments.DisputeStatus;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Parameters;
import payments.PaymentEvent;
import payments.PaymentStatus;
import payments.Transitions;
import psp.PspCall;
import psp.PspFact;
import psp.PspResult;
import psp.PspResult.Accepted;
import psp.PspResult.ActionRequired;
import psp.PspResult.Approved;
import psp.PspResult.Declined;
import psp.PspResult.NotSent;
import psp.PspResult.Unknown;
import store.FactWrites;
import store.FactWrites.Anomaly;
import store.FactWrites.CaptureReversal;
import store.FactWrites.Change;
import store.FactWrites.DisputeChange;
import store.FactWrites.HoldChange;
import store.FactWrites.RefundAtPsp;
import store.FactWrites.RefundChange;
import store.Standing.OperationPart;
import store.Standing.PaymentPart;
import store.Write;

/**
 * Books what a PSP did without being asked by us. Limits bind our commands, never a fact: what
 * breaks one is booked and raised as an anomaly.
 */
final class FactBooking {
  /**
   * The request of a refund or a capture that nobody sends: it was made at the PSP. No PSP's
   * adapter takes it for one of its calls.
   */
  private static final PspCall NEVER_SENT = new PspCall("NONE", "/", "");

  private final Services services;
  private final FactWrites writes;

  FactBooking(Services services, FactWrites writes) {
    this.services = services;
    this.writes = writes;
  }

  Future<Boolean> endHold(ApplyFact.Told told, PaymentPart payment, FactStep.EndHold end) {
    UUID charge = Objects.requireNonNull(payment.latestCharge(), "a hold is a charge's");
    Money taken = end.taken();
    Operation capture =
        taken == null || end.capture() == null
            ? null
            : captureAtPsp(told, payment, charge, taken, end.capture());
    UUID taker = capture == null ? charge : capture.id();
    Transfer transfer =
        taken == null ? null : transfer(PostingRule.CAPTURE, taker, told.accountId(), taken);
    boolean over = taken != null && taken.minor() > payment.authorized();
    Anomaly anomaly =
        over
            ? new Anomaly(
                services.ids().next(),
                charge,
                AnomalyKind.CAPTURED_OVER_HELD,
                "held " + payment.authorized() + ", the PSP captured " + taken,
                true)
            : null;
    return writes.holdChanged(
        new HoldChange(
            change(told, payment, charge, transfer, anomaly, name(end.event())),
            PaymentStatus.REQUIRES_CAPTURE,
            payment.version(),
            Transitions.require(PaymentStatus.REQUIRES_CAPTURE, end.event()),
            taken == null ? 0 : taken.minor(),
            end.reason(),
            services.clock().instant(),
            capture == null ? null : new Write.Begin(capture, services.node(), 0)));
  }

  /** A capture that was made at the PSP: its failure is told by the PSP's id of it. */
  private Operation captureAtPsp(
      ApplyFact.Told told, PaymentPart payment, UUID charge, Money amount, String reference) {
    return atPsp(
        told,
        payment,
        charge,
        new Made(
            OperationKind.CAPTURE,
            OperationStatus.SUCCEEDED,
            amount,
            reference,
            null,
            null,
            Parameters.EMPTY,
            false));
  }

  private static String name(PaymentEvent event) {
    return event.name().toLowerCase(Locale.ROOT);
  }

  Future<Boolean> raise(ApplyFact.Told told, PaymentPart payment, FactStep.Raise raise) {
    return writes.raise(
        told.merchantId(),
        payment.id(),
        new Anomaly(
            services.ids().next(), raise.operationId(), raise.anomaly(), raise.detail(), true),
        raise.about());
  }

  Future<Boolean> reverseCapture(
      ApplyFact.Told told, PaymentPart payment, FactStep.ReverseCapture reverse) {
    UUID charge = Objects.requireNonNull(payment.latestCharge(), "what was captured has a charge");
    OperationPart captured = reverse.captured();
    return writes.captureReversed(
        new CaptureReversal(
            change(
                told,
                payment,
                charge,
                transfer(
                    PostingRule.CAPTURE_REVERSED,
                    captured.id(),
                    told.accountId(),
                    payment.amount().withMinor(payment.captured())),
                new Anomaly(
                    services.ids().next(),
                    captured.id(),
                    AnomalyKind.CAPTURE_CONTRADICTED,
                    "a capture that was made has failed, the PSP says: "
                        + reverse.decline().rawMessage(),
                    true),
                "capture_reversed"),
            payment.version(),
            Transitions.require(payment.status(), PaymentEvent.CAPTURE_REVERSED),
            reverse.decline(),
            overCaptured(charge, told)));
  }

  Future<Boolean> reverse(
      ApplyFact.Told told, PaymentPart payment, FactStep.ReverseRefund reverse) {
    OperationPart refund = reverse.refund();
    boolean suspense = refund.givesBack();
    var rule = suspense ? PostingRule.SUSPENSE_RETURN_REVERSED : PostingRule.REFUND_REVERSED;
    Anomaly anomaly =
        suspense
            ? new Anomaly(
                services.ids().next(),
                refund.id(),
                AnomalyKind.GIVE_BACK_REVERSED,
                "what gave a late success back has failed: " + reverse.decline().rawCode(),
                true)
            : null;
    return writes.refundChanged(
        new RefundChange(
            change(
                told,
                payment,
                refund.id(),
                transfer(rule, refund.id(), told.accountId(), refund.amount()),
                anomaly,
                suspense ? "give_back_reversed" : "refund_reversed"),
            OperationStatus.SUCCEEDED,
            OperationStatus.FAILED,
            reference(told),
            0,
            suspense ? 0 : -refund.amount().minor(),
            reverse.decline(),
            null));
  }

  Future<Boolean> revive(ApplyFact.Told told, PaymentPart payment, FactStep.ReviveRefund revive) {
    OperationPart refund = revive.refund();
    boolean done = revive.to() == OperationStatus.SUCCEEDED;
    boolean suspense = refund.givesBack();
    long counted = suspense ? 0 : refund.amount().minor();
    UUID charge = refund.chargeId() == null ? refund.id() : refund.chargeId();
    var rule = suspense ? PostingRule.SUSPENSE_RETURNED : PostingRule.REFUND;
    String event = suspense ? "given_back" : "refunded";
    return writes.refundChanged(
        new RefundChange(
            change(
                told,
                payment,
                refund.id(),
                done ? transfer(rule, refund.id(), told.accountId(), refund.amount()) : null,
                suspense ? givenBackTwice(refund, told) : overCaptured(charge, told),
                done ? event : "refund_accepted"),
            refund.status(),
            revive.to(),
            reference(told),
            done ? 0 : counted,
            done ? counted : 0,
            null,
            done ? null : acceptedDelay()));
  }

  /** It was closed because its money had gone back in another way. */
  private Anomaly givenBackTwice(OperationPart refund, ApplyFact.Told told) {
    return new Anomaly(
        services.ids().next(),
        refund.id(),
        AnomalyKind.SUCCESS_AFTER_CLOSE,
        "the PSP gives a late success back after all, as " + reference(told),
        true);
  }

  Future<Boolean> note(ApplyFact.Told told, FactStep.NoteFailed note) {
    return writes.noteReference(told.merchantId(), note.operation().id(), reference(told));
  }

  Future<Boolean> add(ApplyFact.Told told, PaymentPart payment, FactStep.AddRefund add) {
    var fact = (PspFact.Refund) told.fact();
    Operation refund = refund(told, payment, add, fact);
    long counted = add.fromSuspense() ? 0 : fact.amount().minor();
    boolean done = add.status() == OperationStatus.SUCCEEDED;
    boolean pending = add.status() == OperationStatus.ACCEPTED;
    var rule = add.fromSuspense() ? PostingRule.SUSPENSE_RETURNED : PostingRule.REFUND;
    return writes.refundedAtPsp(
        new RefundAtPsp(
            change(
                told,
                payment,
                refund.id(),
                done ? transfer(rule, refund.id(), told.accountId(), fact.amount()) : null,
                overCaptured(add.chargeId(), told),
                "refunded_at_psp"),
            refund,
            services.node(),
            pending ? counted : 0,
            done ? counted : 0,
            pending ? acceptedDelay() : null));
  }

  private Operation refund(
      ApplyFact.Told told, PaymentPart payment, FactStep.AddRefund add, PspFact.Refund fact) {
    String reason = fact.reason();
    return atPsp(
        told,
        payment,
        add.chargeId(),
        new Made(
            OperationKind.REFUND,
            add.status(),
            fact.amount(),
            fact.reference(),
            chargeReference(fact.result()),
            add.decline(),
            reason == null ? Parameters.EMPTY : new Parameters(Map.of("reason", reason)),
            add.fromSuspense()));
  }

  /** What was made at the PSP, as it tells. */
  private record Made(
      OperationKind kind,
      OperationStatus status,
      Money amount,
      String reference,
      @Nullable String chargeReference,
      @Nullable Decline decline,
      Parameters parameters,
      boolean givesBack) {}

  private Operation atPsp(ApplyFact.Told told, PaymentPart payment, UUID charge, Made made) {
    return new Operation(
        told.merchantId(),
        payment.livemode(),
        services.ids().next(),
        payment.id(),
        made.kind,
        made.status,
        made.amount,
        told.accountId(),
        "at-psp:" + made.reference,
        NEVER_SENT.stored(),
        made.reference,
        made.chargeReference,
        0,
        charge,
        0,
        0,
        null,
        null,
        CardChecks.NONE,
        AttemptOutcome.NONE,
        made.decline,
        made.parameters,
        made.givesBack,
        null,
        null,
        services.clock().instant());
  }

  private static @Nullable String chargeReference(PspResult result) {
    return switch (result) {
      case Approved approved -> approved.chargeReference();
      case Declined declined -> declined.chargeReference();
      case Accepted accepted -> accepted.chargeReference();
      case ActionRequired ignored -> null;
      case Unknown ignored -> null;
      case NotSent ignored -> null;
    };
  }

  Future<Boolean> move(ApplyFact.Told told, PaymentPart payment, FactStep.MoveDispute move) {
    var fact = (PspFact.Dispute) told.fact();
    UUID id = move.id() == null ? services.ids().next() : move.id();
    return writes.disputeChanged(
        new DisputeChange(
            change(
                told,
                payment,
                move.chargeId(),
                moved(told, id, move),
                move.to() == DisputeStatus.OPEN && !move.fromSuspense()
                    ? overCaptured(move.chargeId(), told)
                    : null,
                move.to() == DisputeStatus.OPEN ? "dispute_opened" : "dispute_" + move.to().wire()),
            id,
            payment.livemode(),
            told.accountId(),
            fact.reference(),
            move.from(),
            move.to(),
            move.amount(),
            fact.reason(),
            fact.openedAt(),
            disputed(move)));
  }

  /** Transfers of a dispute hang on the dispute: a charge may have several. */
  private @Nullable Transfer moved(ApplyFact.Told told, UUID id, FactStep.MoveDispute move) {
    return switch (move.to()) {
      case INQUIRY, INQUIRY_CLOSED -> null;
      case OPEN -> transfer(PostingRule.DISPUTE_OPENED, id, told.accountId(), move.amount());
      case WON -> transfer(PostingRule.DISPUTE_WON, id, told.accountId(), move.amount());
      case LOST ->
          transfer(
              move.fromSuspense() ? PostingRule.SUSPENSE_DISPUTE_LOST : PostingRule.DISPUTE_LOST,
              id,
              told.accountId(),
              move.amount());
    };
  }

  /** A late success was never the payment's, so that nothing of the payment is in dispute. */
  private static long disputed(FactStep.MoveDispute move) {
    if (move.fromSuspense()) {
      return 0;
    }
    return switch (move.to()) {
      case INQUIRY, INQUIRY_CLOSED, LOST -> 0;
      case OPEN -> move.amount().minor();
      case WON -> -move.amount().minor();
    };
  }

  /**
   * Of the charge, not of the refund or dispute that came last: in any order it is the same one.
   */
  private Anomaly overCaptured(UUID charge, ApplyFact.Told told) {
    return new Anomaly(
        services.ids().next(),
        charge,
        AnomalyKind.REFUND_OVER_CAPTURED,
        "refunds and disputes exceed what was captured, by " + reference(told),
        false);
  }

  private static String reference(ApplyFact.Told told) {
    return switch (told.fact()) {
      case PspFact.Authorization fact -> fact.reference();
      case PspFact.Authorized fact -> fact.reference();
      case PspFact.Modification fact -> fact.reference();
      case PspFact.Refund fact -> fact.reference();
      case PspFact.Dispute fact -> fact.reference();
      case PspFact.Irrelevant fact -> fact.why();
      case PspFact.Unreadable fact -> fact.why();
    };
  }

  private long acceptedDelay() {
    return services.recovery().delayMs(OperationStatus.ACCEPTED, 1, ThreadLocalRandom.current());
  }

  private Transfer transfer(PostingRule rule, UUID of, String accountId, Money amount) {
    return rule.transfer(services.ids().next(), of, accountId, amount);
  }

  private static Change change(
      ApplyFact.Told told,
      PaymentPart payment,
      UUID operationId,
      @Nullable Transfer transfer,
      @Nullable Anomaly anomaly,
      String event) {
    return new Change(
        told.merchantId(),
        payment.id(),
        operationId,
        transfer,
        anomaly,
        new Write.Cause(event, told.event(), told.actor()));
  }
}
