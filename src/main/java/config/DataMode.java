package config;

/** Whether a key or a PSP account is for test data or for real money, as with Stripe. */
public enum DataMode {
  TEST,
  LIVE
}
