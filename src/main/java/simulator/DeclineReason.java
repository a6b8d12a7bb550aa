package simulator;

/**
 * Why the simulated issuer, or the provider's risk engine before it, refuses a card; each dialect
 * has its own words for it.
 */
public enum DeclineReason {
  GENERIC("05"),
  INSUFFICIENT_FUNDS("51"),
  LOST_CARD("41"),
  STOLEN_CARD("43"),
  EXPIRED_CARD("54"),
  INCORRECT_CVC("82"),
  PROCESSING_ERROR("96"),
  FRAUDULENT("59"),
  VELOCITY_EXCEEDED("65"),
  /** Refused before the network saw it. */
  BLOCKED_BY_RISK(""),
  /** The issuer wants the cardholder, and the cardholder is not there. */
  AUTHENTICATION_REQUIRED("1A"),
  /** The authentication itself could not be looked up. */
  AUTHENTICATION_UNAVAILABLE("05");

  private final String networkCode;

  DeclineReason(String networkCode) {
    this.networkCode = networkCode;
  }

  /** The network's response code (ISO 8583, field 39); empty when the network was not asked. */
  public String networkCode() {
    return networkCode;
  }
}
