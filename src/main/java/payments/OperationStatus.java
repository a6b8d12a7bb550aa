package payments;

/** Where an operation stands. Pending, unknown and accepted are open: money may still move. */
public enum OperationStatus {
  /** Written, and being sent. */
  PENDING("pending"),
  /** May have been sent, no answer: recovery settles it. */
  UNKNOWN("unknown"),
  /** The PSP took it and will say later what became of it. */
  ACCEPTED("accepted"),
  AWAITING_CUSTOMER("awaiting_customer"),
  SUCCEEDED("succeeded"),
  FAILED("failed"),
  CANCELED("canceled");

  private final String wire;

  OperationStatus(String wire) {
    this.wire = wire;
  }

  public String wire() {
    return wire;
  }

  /** Whether the PSP may still do it. */
  public boolean open() {
    return this == PENDING || this == UNKNOWN || this == ACCEPTED;
  }

  public static OperationStatus ofWire(String wire) {
    for (OperationStatus status : values()) {
      if (status.wire.equals(wire)) {
        return status;
      }
    }
    throw new IllegalArgumentException("unknown operation status: " + wire);
  }
}
