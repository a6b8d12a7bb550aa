package payments;

/** Where a dispute stands. It only ever moves down this list; won and lost are both final. */
public enum DisputeStatus {
  /** The bank asks; no money has moved. */
  INQUIRY("inquiry"),
  /** The inquiry was closed; no money has moved. */
  INQUIRY_CLOSED("inquiry_closed"),
  /** The PSP has taken the money back. */
  OPEN("open"),
  /** The PSP has given the money to the merchant again. */
  WON("won"),
  /** The money stays with the customer. */
  LOST("lost");

  private final String wire;

  DisputeStatus(String wire) {
    this.wire = wire;
  }

  /** The name in the database. */
  public String wire() {
    return wire;
  }

  /** Whether it is over, with money having moved. */
  public boolean decided() {
    return this == WON || this == LOST;
  }

  public static DisputeStatus ofWire(String wire) {
    for (DisputeStatus status : values()) {
      if (status.wire.equals(wire)) {
        return status;
      }
    }
    throw new IllegalArgumentException("unknown dispute status: " + wire);
  }
}
