package store;

import java.time.Instant;
import java.util.UUID;
import ledger.Transfer;
import org.jspecify.annotations.Nullable;
import payments.Answer;
import payments.AttemptOutcome;
import payments.CardChecks;
import payments.CardDetails;
import payments.Decline;
import payments.Operation;
import payments.OperationStatus;
import payments.PaymentStatus;

/**
 * The end, or the next stage, of an operation: written in one statement and one commit, and only
 * over an operation that is not closed yet.
 *
 * @param at when, on the clock that the answer was rendered by: what it shows is what is stored
 * @param operation the operation as it was
 * @param status what it becomes
 * @param pspReference the PSP's id, null leaves what is there
 * @param recoverInMs when recovery looks at it next, null for never
 * @param heldReason why an operator has to look at it, or null
 * @param change what it does to its payment
 * @param transfer the ledger transfer it books, or null
 * @param methodToken the token the PSP now knows the payment method by, or null
 * @param methodOwner the customer that the payment method belongs to from now on, or null
 * @param answer the answer to the request that began it; stored only where none is yet
 * @param also what ends with it, or null
 */
public record Finish(
    Instant at,
    Operation operation,
    OperationStatus status,
    @Nullable String pspReference,
    @Nullable String pspChargeReference,
    @Nullable CardDetails card,
    CardChecks checks,
    AttemptOutcome outcome,
    @Nullable Decline decline,
    @Nullable Long recoverInMs,
    @Nullable String heldReason,
    PaymentChange change,
    @Nullable Transfer transfer,
    @Nullable String methodToken,
    @Nullable UUID methodOwner,
    @Nullable Answer answer,
    Write.Cause cause,
    @Nullable Also also) {

  /**
   * An operation that ends in the same commit, where it is still open: what has brought about this
   * end, such as a charge's by the completion of its authentication.
   */
  public record Also(UUID operationId, OperationStatus status) {}

  /**
   * What happens to the payment's row. Amounts are differences, so that refunds side by side
   * commute.
   *
   * @param from the status it must have, null where any will do (refunds)
   * @param to the status it gets, null leaves it
   * @param latestCharge null leaves it
   * @param paymentMethodId null leaves it, empty clears it
   * @param lastError null clears it when {@code setsError}
   */
  public record PaymentChange(
      @Nullable PaymentStatus from,
      @Nullable PaymentStatus to,
      long authorized,
      long captured,
      long refundReserved,
      long refunded,
      @Nullable UUID latestCharge,
      @Nullable String paymentMethodId,
      boolean setsError,
      @Nullable Decline lastError,
      @Nullable String nextActionUrl,
      @Nullable String cancellationReason) {

    /** Nothing changes but the history. */
    public static final PaymentChange NONE =
        new PaymentChange(null, null, 0, 0, 0, 0, null, null, false, null, null, null);

    /** Only refund counters change, in whatever status the payment is. */
    public static PaymentChange counters(long refundReserved, long refunded) {
      return new PaymentChange(
          null, null, 0, 0, refundReserved, refunded, null, null, false, null, null, null);
    }

    /** The payment moves from one status to another. */
    public static PaymentChange move(PaymentStatus from, PaymentStatus to) {
      return new PaymentChange(from, to, 0, 0, 0, 0, null, null, false, null, null, null);
    }

    /** With money held and money taken, as differences. */
    public PaymentChange amounts(long authorizedStep, long capturedStep) {
      return new PaymentChange(
          from,
          to,
          authorizedStep,
          capturedStep,
          refundReserved,
          refunded,
          latestCharge,
          paymentMethodId,
          setsError,
          lastError,
          nextActionUrl,
          cancellationReason);
    }

    /** With the charge and the method that the payment now shows; an empty method id clears it. */
    public PaymentChange shows(@Nullable UUID charge, @Nullable String methodId) {
      return new PaymentChange(
          from,
          to,
          authorized,
          captured,
          refundReserved,
          refunded,
          charge,
          methodId,
          setsError,
          lastError,
          nextActionUrl,
          cancellationReason);
    }

    /** With the last error replaced, by nothing where it is null. */
    public PaymentChange error(@Nullable Decline error) {
      return new PaymentChange(
          from,
          to,
          authorized,
          captured,
          refundReserved,
          refunded,
          latestCharge,
          paymentMethodId,
          true,
          error,
          nextActionUrl,
          cancellationReason);
    }

    public PaymentChange nextAction(@Nullable String url) {
      return new PaymentChange(
          from,
          to,
          authorized,
          captured,
          refundReserved,
          refunded,
          latestCharge,
          paymentMethodId,
          setsError,
          lastError,
          url,
          cancellationReason);
    }

    public PaymentChange canceledFor(@Nullable String reason) {
      return new PaymentChange(
          from,
          to,
          authorized,
          captured,
          refundReserved,
          refunded,
          latestCharge,
          paymentMethodId,
          setsError,
          lastError,
          nextActionUrl,
          reason);
    }
  }
}
