package config;

/** The payment service providers there are adapters for. */
public enum PspKind {
  STRIPE,
  ADYEN
}
