package payments;

import java.time.Instant;
import java.util.UUID;
import money.Money;
import org.jspecify.annotations.Nullable;

/**
 * A payment: Stripe's PaymentIntent, and the row that guards its money. All amounts are minor units
 * of {@code amount}'s currency.
 *
 * @param version counts state and amount changes by commands; a change is written only over the
 *     version it was decided on
 * @param authorized what is held at the PSP and can be captured, 0 when nothing is
 * @param captured what was taken
 * @param refundReserved what refunds that are under way may take back
 * @param refunded what refunds took back
 * @param disputed what disputes hold or took
 * @param latestCharge the latest authorize operation, shown as {@code latest_charge}
 * @param parameters what the merchant gave that is kept and shown as it is
 * @param lastError the latest refusal, shown as {@code last_payment_error}
 * @param sequence counts the payment's recorded changes, for history and events
 */
public record Payment(
    String merchantId,
    boolean livemode,
    UUID id,
    PaymentStatus status,
    long version,
    Money amount,
    CaptureMethod captureMethod,
    long authorized,
    long captured,
    long refundReserved,
    long refunded,
    long disputed,
    @Nullable UUID customerId,
    @Nullable String paymentMethodId,
    @Nullable UUID latestCharge,
    String clientSecret,
    Parameters parameters,
    @Nullable Decline lastError,
    @Nullable String nextActionUrl,
    @Nullable String cancellationReason,
    @Nullable Instant canceledAt,
    long sequence) {

  public String publicId() {
    return PublicId.PAYMENT.of(id);
  }

  /** What is left to refund under the reservation rule, never negative. */
  public long refundable() {
    return Math.max(0, captured - refunded - refundReserved - disputed);
  }
}
