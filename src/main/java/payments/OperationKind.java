package payments;

/** What an operation means to do with money. */
public enum OperationKind {
  /** Take the amount, or hold it where the payment is captured by hand. */
  AUTHORIZE("authorize"),
  /**
   * Tell the PSP with what the customer came back from their authentication: it decides on that.
   */
  COMPLETE_AUTHENTICATION("complete_authentication"),
  CAPTURE("capture"),
  /** Let go of a hold. */
  VOID("void"),
  REFUND("refund");

  private final String wire;

  OperationKind(String wire) {
    this.wire = wire;
  }

  public String wire() {
    return wire;
  }

  /**
   * Whether at most one open operation of this kind may exist for a payment; refunds run side by
   * side under their reservation.
   */
  public boolean exclusive() {
    return this != REFUND;
  }

  public static OperationKind ofWire(String wire) {
    for (OperationKind kind : values()) {
      if (kind.wire.equals(wire)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("unknown operation kind: " + wire);
  }
}
