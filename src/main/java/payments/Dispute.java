package payments;

import java.time.Instant;
import java.util.UUID;
import money.Money;

/**
 * A customer's bank takes a charge back, or asks about it (Stripe API: Disputes).
 *
 * @param chargeId the authorize operation that is disputed
 * @param pspReference the PSP's id of it
 * @param reason in Stripe's words, as in {@code fraudulent}
 */
public record Dispute(
    String merchantId,
    boolean livemode,
    UUID id,
    UUID paymentId,
    UUID chargeId,
    String pspAccountId,
    String pspReference,
    Money amount,
    DisputeStatus status,
    String reason,
    Instant createdAt) {
  public String publicId() {
    return PublicId.DISPUTE.of(id);
  }
}
