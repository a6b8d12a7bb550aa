package config;

/** The payment service providers there are adapters for. */
public enum PspKind {
  STRIPE(false),
  ADYEN(true);

  private final boolean needsPublicUrl;

  PspKind(boolean needsPublicUrl) {
    this.needsPublicUrl = needsPublicUrl;
  }

  /**
   * Whether nothing can be taken after an authentication unless customers come back from it through
   * the gateway.
   */
  public boolean needsPublicUrl() {
    return needsPublicUrl;
  }
}
