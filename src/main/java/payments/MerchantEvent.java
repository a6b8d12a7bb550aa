package payments;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, in the words of the merchants' API (Stripe API: Events). What it shows
 * is kept apart from it.
 *
 * @param type as in {@code payment_intent.succeeded}
 * @param paymentId the payment it is about, null where it is about none
 * @param sequence which of the payment's changes it tells, null where it is about none
 */
public record MerchantEvent(
    String merchantId,
    boolean livemode,
    UUID id,
    String type,
    @Nullable UUID paymentId,
    @Nullable Long sequence,
    Instant createdAt) {
  public String publicId() {
    return PublicId.EVENT.of(id);
  }
}
