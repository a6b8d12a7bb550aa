package payments;

import java.time.Instant;
import java.util.UUID;
import money.Money;
import org.jspecify.annotations.Nullable;

/**
 * One money-moving intention, written before the PSP is called and resolved after it. An authorize
 * operation is shown as a Charge, a refund operation as a Refund.
 *
 * @param pspAccountId the account it is sent to, always the same one
 * @param pspIdempotencyKey the key the PSP knows it by
 * @param request the exact request that is sent, byte for byte, however often; opaque here, the PSP
 *     port reads it
 * @param pspReference the PSP's id of what it did (for Stripe an intent or a refund), null until
 *     known
 * @param pspChargeReference the PSP's id of the charge, where it has one
 * @param attempts how often it was or may have been sent
 * @param chargeId for captures, voids and refunds: the authorize operation they act on
 * @param capturedAmount for authorize operations: what of it was captured, by whichever operation
 * @param parameters what the merchant gave for this operation (a refund's reason and metadata; a
 *     charge's description, billing details, ...)
 * @param givesBack whether it gives a late success back, beside whatever the payment does
 * @param idempotencyKey the merchant's key of the request that began it, or null
 * @param heldReason why recovery leaves it to an operator, or null
 */
public record Operation(
    String merchantId,
    boolean livemode,
    UUID id,
    UUID paymentId,
    OperationKind kind,
    OperationStatus status,
    Money amount,
    String pspAccountId,
    String pspIdempotencyKey,
    String request,
    @Nullable String pspReference,
    @Nullable String pspChargeReference,
    int attempts,
    @Nullable UUID chargeId,
    long capturedAmount,
    long refundedAmount,
    @Nullable String paymentMethodId,
    @Nullable CardDetails card,
    CardChecks checks,
    AttemptOutcome outcome,
    @Nullable Decline decline,
    Parameters parameters,
    boolean givesBack,
    @Nullable String idempotencyKey,
    @Nullable String heldReason,
    Instant updatedAt) {

  /**
   * The public id: {@code re_} for refunds, {@code ch_} for authorize operations; others are never
   * shown.
   */
  public String publicId() {
    return (kind == OperationKind.REFUND ? PublicId.REFUND : PublicId.CHARGE).of(id);
  }

  public Instant createdAt() {
    return IdSource.createdAt(id);
  }
}
