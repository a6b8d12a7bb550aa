package flows;

import java.time.Instant;
import java.util.UUID;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.CaptureMethod;
import payments.Decline;
import payments.Parameters;
import payments.Payment;
import payments.PaymentStatus;

/** A payment with some of its fields changed by a command, before it is written. */
final class PaymentDraft {
  private PaymentStatus status;
  private Money amount;
  private CaptureMethod captureMethod;
  private @Nullable UUID customerId;
  private @Nullable String paymentMethodId;
  private Parameters parameters;
  private @Nullable Decline lastError;
  private @Nullable String cancellationReason;
  private @Nullable Instant canceledAt;
  private final Payment from;

  PaymentDraft(Payment from) {
    this.from = from;
    this.status = from.status();
    this.amount = from.amount();
    this.captureMethod = from.captureMethod();
    this.customerId = from.customerId();
    this.paymentMethodId = from.paymentMethodId();
    this.parameters = from.parameters();
    this.lastError = from.lastError();
    this.cancellationReason = from.cancellationReason();
    this.canceledAt = from.canceledAt();
  }

  PaymentDraft status(PaymentStatus value) {
    status = value;
    return this;
  }

  PaymentDraft amount(Money value) {
    amount = value;
    return this;
  }

  PaymentDraft captureMethod(CaptureMethod value) {
    captureMethod = value;
    return this;
  }

  PaymentDraft customer(UUID value) {
    customerId = value;
    return this;
  }

  PaymentDraft method(@Nullable String value) {
    paymentMethodId = value;
    return this;
  }

  PaymentDraft parameters(Parameters changes) {
    parameters = parameters.with(changes);
    return this;
  }

  PaymentDraft withoutError() {
    lastError = null;
    return this;
  }

  PaymentDraft canceled(@Nullable String reason, Instant at) {
    status = PaymentStatus.CANCELED;
    cancellationReason = reason;
    canceledAt = at;
    return this;
  }

  Payment payment() {
    return new Payment(
        from.merchantId(),
        from.livemode(),
        from.id(),
        status,
        from.version() + 1,
        amount,
        captureMethod,
        from.authorized(),
        from.captured(),
        from.refundReserved(),
        from.refunded(),
        from.disputed(),
        customerId,
        paymentMethodId,
        from.latestCharge(),
        from.clientSecret(),
        parameters,
        lastError,
        from.nextActionUrl(),
        cancellationReason,
        canceledAt,
        from.sequence() + 1);
  }
}
