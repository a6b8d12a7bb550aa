package payments;

import java.util.Optional;

/** When an approved payment's money is taken (Stripe API: PaymentIntents, capture_method). */
public enum CaptureMethod {
  AUTOMATIC("automatic"),
  /** As automatic: the answer does not wait for settlement at any PSP. */
  AUTOMATIC_ASYNC("automatic_async"),
  MANUAL("manual");

  private final String wire;

  CaptureMethod(String wire) {
    this.wire = wire;
  }

  public String wire() {
    return wire;
  }

  public static Optional<CaptureMethod> find(String wire) {
    for (CaptureMethod method : values()) {
      if (method.wire.equals(wire)) {
        return Optional.of(method);
      }
    }
    return Optional.empty();
  }

  public static CaptureMethod ofWire(String wire) {
    return find(wire)
        .orElseThrow(() -> new IllegalArgumentException("unknown capture method: " + wire));
  }
}
