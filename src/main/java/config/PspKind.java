package config;

/** The payment service providers there are adapters for. */
public enum PspKind {
  STRIPE(false),
  ADYEN(true);

  private final boolean returnsThroughUs;

  PspKind(boolean returnsThroughUs) {
    this.returnsThroughUs = returnsThroughUs;
  }

  /** Whether customers come back from an authentication through the gateway. */
  public boolean returnsThroughUs() {
    return returnsThroughUs;
  }
}
