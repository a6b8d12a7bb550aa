package flows;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import payments.AttemptOutcome;
import payments.Decline;
import payments.Operation;
import payments.OperationStatus;
import payments.Parameters;
import payments.Payment;
import payments.PaymentStatus;
import psp.PspResult.Details;
import store.Finish.PaymentChange;

/**
 * Records as a write leaves them: what the database will hold is computed once more here, to render
 * the answer in the same commit.
 */
final class After {
  private After() {}

  /** The payment as a change leaves it. */
  static Payment payment(Payment payment, PaymentChange change, Instant now) {
    boolean moves = change.to() != null;
    PaymentStatus to = change.to() == null ? payment.status() : change.to();
    String methodId = change.paymentMethodId();
    String shownMethod =
        methodId == null ? payment.paymentMethodId() : methodId.isEmpty() ? null : methodId;
    return new Payment(
        payment.merchantId(),
        payment.livemode(),
        payment.id(),
        to,
        payment.version() + (moves ? 1 : 0),
        payment.amount(),
        payment.captureMethod(),
        payment.authorized() + change.authorized(),
        payment.captured() + change.captured(),
        payment.refundReserved() + change.refundReserved(),
        payment.refunded() + change.refunded(),
        payment.disputed(),
        payment.customerId(),
        shownMethod,
        change.latestCharge() == null ? payment.latestCharge() : change.latestCharge(),
        payment.clientSecret(),
        payment.parameters(),
        change.setsError() ? change.lastError() : payment.lastError(),
        moves ? change.nextActionUrl() : payment.nextActionUrl(),
        change.cancellationReason() == null
            ? payment.cancellationReason()
            : change.cancellationReason(),
        moves && to == PaymentStatus.CANCELED ? now : payment.canceledAt(),
        payment.sequence() + 1);
  }

  /** The operation as its end or next stage leaves it. */
  static Operation operation(
      Operation operation,
      OperationStatus status,
      @Nullable Decline decline,
      @Nullable String reference,
      @Nullable String chargeReference,
      Details details,
      Instant now) {
    boolean told = !details.outcome().equals(AttemptOutcome.NONE);
    return new Operation(
        operation.merchantId(),
        operation.livemode(),
        operation.id(),
        operation.paymentId(),
        operation.kind(),
        status,
        operation.amount(),
        operation.pspAccountId(),
        operation.pspIdempotencyKey(),
        operation.request(),
        reference == null ? operation.pspReference() : reference,
        chargeReference == null ? operation.pspChargeReference() : chargeReference,
        operation.attempts(),
        operation.chargeId(),
        operation.capturedAmount(),
        operation.refundedAmount(),
        operation.paymentMethodId(),
        details.card() == null ? operation.card() : details.card(),
        details.card() == null ? operation.checks() : details.checks(),
        told ? details.outcome() : operation.outcome(),
        decline,
        operation.parameters(),
        operation.givesBack(),
        operation.idempotencyKey(),
        operation.heldReason(),
        now);
  }

  /** The operation with other words of the merchant's. */
  static Operation described(Operation operation, Parameters parameters) {
    return new Operation(
        operation.merchantId(),
        operation.livemode(),
        operation.id(),
        operation.paymentId(),
        operation.kind(),
        operation.status(),
        operation.amount(),
        operation.pspAccountId(),
        operation.pspIdempotencyKey(),
        operation.request(),
        operation.pspReference(),
        operation.pspChargeReference(),
        operation.attempts(),
        operation.chargeId(),
        operation.capturedAmount(),
        operation.refundedAmount(),
        operation.paymentMethodId(),
        operation.card(),
        operation.checks(),
        operation.outcome(),
        operation.decline(),
        parameters,
        operation.givesBack(),
        operation.idempotencyKey(),
        operation.heldReason(),
        operation.updatedAt());
  }

  /** A charge with the totals that its payment holds for it. */
  static Operation withTotals(Operation charge, Payment payment) {
    boolean holdsThem =
        charge.status() == OperationStatus.SUCCEEDED && charge.id().equals(payment.latestCharge());
    return new Operation(
        charge.merchantId(),
        charge.livemode(),
        charge.id(),
        charge.paymentId(),
        charge.kind(),
        charge.status(),
        charge.amount(),
        charge.pspAccountId(),
        charge.pspIdempotencyKey(),
        charge.request(),
        charge.pspReference(),
        charge.pspChargeReference(),
        charge.attempts(),
        charge.chargeId(),
        holdsThem ? payment.captured() : 0,
        holdsThem ? payment.refunded() : 0,
        charge.paymentMethodId(),
        charge.card(),
        charge.checks(),
        charge.outcome(),
        charge.decline(),
        charge.parameters(),
        charge.givesBack(),
        charge.idempotencyKey(),
        charge.heldReason(),
        charge.updatedAt());
  }
}
