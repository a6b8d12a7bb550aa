package flows;

import java.util.UUID;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.AnomalyKind;
import payments.Decline;
import payments.DisputeStatus;
import payments.OperationStatus;
import payments.PaymentEvent;
import psp.PspResult;
import psp.PspResult.Approved;
import store.Standing.OperationPart;

/**
 * What to do next about a PSP's word. After a step matters stand otherwise, and the word is held
 * against them again: until there is nothing to do.
 */
sealed interface FactStep {
  /** It is known or stale: nothing is written. */
  record Nothing(UUID paymentId) implements FactStep {}

  /** It matches nothing of ours. */
  record Unmatched() implements FactStep {}

  /** What comes before it is not known yet. */
  record Wait(String why) implements FactStep {}

  /** It cannot be. */
  record Odd(String why) implements FactStep {}

  /**
   * Ends an open operation or takes it further, by the rules for any answer.
   *
   * @param heldBefore the success that must have come before this one where that is not known yet:
   *     a hold, whose money the PSP has taken since
   */
  record Settle(OperationPart operation, PspResult result, @Nullable Approved heldBefore)
      implements FactStep {}

  /** The PSP is asked how the operation stands now, and its answer settles it. */
  record Ask(OperationPart operation, String reference) implements FactStep {}

  /**
   * A success that no payment may keep.
   *
   * @param ask whether the PSP is asked first if it still stands
   */
  record GiveBack(OperationPart operation, Approved approved, boolean ask) implements FactStep {}

  /**
   * A hold that came late, and whose money the PSP has taken before it was let go of.
   *
   * @param lettingGo what was to let go of it
   */
  record TakenLate(OperationPart operation, Approved approved, OperationPart lettingGo)
      implements FactStep {}

  /**
   * A hold ended without us.
   *
   * @param taken what was captured, null where it was let go of
   * @param reason why it ended, for the cancellation
   * @param capture what the PSP calls the capture where that has an id of its own, by which it may
   *     tell of its failure later; null where it has none, or nothing was captured
   */
  record EndHold(
      PaymentEvent event, @Nullable Money taken, @Nullable String reason, @Nullable String capture)
      implements FactStep {
    EndHold(PaymentEvent event, @Nullable Money taken, @Nullable String reason) {
      this(event, taken, reason, null);
    }
  }

  /**
   * The PSP contradicts what is done: nothing is changed, an operator is told.
   *
   * @param about what the detail says of the very object, where there may be others to be told of
   *     under the same kind: each is told once
   */
  record Raise(UUID operationId, AnomalyKind anomaly, String detail, @Nullable String about)
      implements FactStep {
    Raise(UUID operationId, AnomalyKind anomaly, String detail) {
      this(operationId, anomaly, detail, null);
    }
  }

  /**
   * What was captured has failed after all: the hold stands as before.
   *
   * @param captured the capture, or the charge that was captured with its authorization
   */
  record ReverseCapture(OperationPart captured, Decline decline) implements FactStep {}

  /** A refund that succeeded has failed after all. */
  record ReverseRefund(OperationPart refund, Decline decline) implements FactStep {}

  /** A refund that failed here is alive at the PSP. */
  record ReviveRefund(OperationPart refund, OperationStatus to) implements FactStep {}

  /** A refund or a capture that failed here, and at the PSP too: which object that is there. */
  record NoteFailed(OperationPart operation) implements FactStep {}

  /**
   * A refund that was made at the PSP.
   *
   * @param fromSuspense whether what it gave back is a late success
   */
  record AddRefund(
      UUID chargeId, OperationStatus status, boolean fromSuspense, @Nullable Decline decline)
      implements FactStep {}

  /**
   * A dispute came or moved one stage on.
   *
   * @param id null where it is new
   * @param from null where it is new
   * @param amount what it is about from now on
   * @param fromSuspense whether what is disputed is a late success, and not the payment's
   */
  record MoveDispute(
      UUID chargeId,
      @Nullable UUID id,
      @Nullable DisputeStatus from,
      DisputeStatus to,
      Money amount,
      boolean fromSuspense)
      implements FactStep {}

  /**
   * The row is committed before the PSP is called. That our key is known there and not here means a
   * restored database, another deployment with the same account, or a copy of what ours shows.
   */
  static FactStep unmatched(@Nullable String operationKey) {
    return operationKey == null
        ? new Unmatched()
        : new Wait("it carries our key " + operationKey + ", and is no operation of it");
  }

  /**
   * Of what an authorization has come to the PSP may tell before its answer has told us what the
   * authorization is called there.
   */
  static FactStep unmatched(@Nullable String operationKey, @Nullable String authorizationKey) {
    return operationKey == null && authorizationKey != null
        ? new Wait(
            "it is about our " + authorizationKey + ", which is not known by the PSP's id yet")
        : unmatched(operationKey);
  }
}
