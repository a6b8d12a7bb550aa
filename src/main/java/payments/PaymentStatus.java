package payments;

/**
 * The statuses of a payment, which are those of Stripe's PaymentIntent (Stripe API: PaymentIntents,
 * status).
 */
public enum PaymentStatus {
  REQUIRES_PAYMENT_METHOD("requires_payment_method"),
  REQUIRES_CONFIRMATION("requires_confirmation"),
  REQUIRES_ACTION("requires_action"),
  /** A money-moving operation is on its way to the PSP, or its outcome is not known yet. */
  PROCESSING("processing"),
  REQUIRES_CAPTURE("requires_capture"),
  CANCELED("canceled"),
  SUCCEEDED("succeeded");

  private final String wire;

  PaymentStatus(String wire) {
    this.wire = wire;
  }

  /** The name on the wire and in the database. */
  public String wire() {
    return wire;
  }

  public static PaymentStatus ofWire(String wire) {
    for (PaymentStatus status : values()) {
      if (status.wire.equals(wire)) {
        return status;
      }
    }
    throw new IllegalArgumentException("unknown payment status: " + wire);
  }
}
