package store;

import java.util.UUID;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.CaptureMethod;
import payments.DisputeStatus;
import payments.OperationKind;
import payments.OperationStatus;
import payments.PaymentStatus;

/**
 * How matters stand with what a PSP tells of, all read at one moment: enough to decide what its
 * word means. Equal ones mean that nothing has moved between them.
 *
 * @param operation the operation that the PSP's object is, null where none is found
 * @param charge the authorize operation that a capture, a refund or a dispute is about, where that
 *     is found only by the PSP's id of the authorization
 * @param payment of either; null where neither is found
 * @param open the payment's open capture or void
 * @param givingBack what gives the charge's late success back, a refund before a release: what was
 *     taken in between is refunded; looked for only where there may be one
 */
public record Standing(
    @Nullable OperationPart operation,
    @Nullable OperationPart charge,
    @Nullable PaymentPart payment,
    @Nullable OperationPart open,
    @Nullable OperationPart givingBack,
    @Nullable DisputePart dispute) {

  /**
   * What counts of an operation.
   *
   * @param pspChargeReference of a release that was made in case, what it let go of
   * @param takesAtOnce of an authorize whether it was asked to take the money; null where that was
   *     not kept, or of another kind
   * @param inCase whether it lets go of what may be authorized without our knowledge; once it found
   *     nothing it is not among what gives back
   * @param reverses of what gives money back whether it reverses all that the authorization took;
   *     null where that was not kept, or of another kind
   */
  public record OperationPart(
      UUID id,
      OperationKind kind,
      OperationStatus status,
      int attempts,
      Money amount,
      @Nullable String pspReference,
      @Nullable String pspChargeReference,
      @Nullable UUID chargeId,
      boolean givesBack,
      @Nullable String heldReason,
      @Nullable Boolean takesAtOnce,
      boolean inCase,
      @Nullable Boolean reverses) {}

  /**
   * What counts of a payment; amounts in its currency's minor units.
   *
   * @param chargeReversed whether the PSP has taken back before what the charge itself had taken;
   *     looked for only where a capture is not found by its own id
   */
  public record PaymentPart(
      UUID id,
      boolean livemode,
      PaymentStatus status,
      long version,
      long sequence,
      Money amount,
      CaptureMethod captureMethod,
      long authorized,
      long captured,
      @Nullable UUID latestCharge,
      boolean chargeReversed) {}

  /** What counts of a dispute. */
  public record DisputePart(UUID id, DisputeStatus status, Money amount) {}
}
