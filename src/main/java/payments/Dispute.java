package payments;

import java.time.Instant;
import java.util.Locale;
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
    Status status,
    String reason,
    Instant createdAt) {

  /** Where a dispute stands. */
  public enum Status {
    /** The bank asks; no money has moved. */
    INQUIRY,
    INQUIRY_CLOSED,
    /** The money was taken back. */
    OPEN,
    WON,
    LOST;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Status ofWire(String wire) {
      for (Status status : values()) {
        if (status.wire().equals(wire)) {
          return status;
        }
      }
      throw new IllegalArgumentException("unknown dispute status: " + wire);
    }
  }

  public String publicId() {
    return PublicId.DISPUTE.of(id);
  }
}
