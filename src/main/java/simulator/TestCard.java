package simulator;

import org.jspecify.annotations.Nullable;

/**
 * A test card and all that the bank will do with it.
 *
 * @param name the token's name without its prefix, such as {@code visa_chargeDeclined}
 * @param decline the answer to every authorization, after authentication where that is asked for
 */
public record TestCard(
    String name,
    String brand,
    String last4,
    String country,
    String funding,
    @Nullable DeclineReason decline,
    Authentication authentication,
    RefundBehaviour refunds,
    RiskLevel risk,
    Checks checks,
    boolean attaches) {

  /** When the issuer asks for the cardholder (3-D Secure). */
  public enum Authentication {
    /** The card cannot be authenticated. */
    UNSUPPORTED,
    /** Only when the merchant asks for it. */
    OPTIONAL,
    /** Every time; an off-session payment is declined. */
    ALWAYS,
    /** Until the card was set up for later use, after which off-session payments pass. */
    UNLESS_SET_UP,
    /** Every time the cardholder is there; off-session payments pass. */
    ON_SESSION,
    /** Required, and its lookup fails. */
    LOOKUP_FAILS
  }

  /** How refunds to this card end. */
  public enum RefundBehaviour {
    SUCCEED,
    /** Pending at first, succeeded at the next settlement. */
    PENDING,
    /** Pending at first, failed at the next settlement. */
    PENDING_THEN_FAIL,
    /** Succeeded at first, failed at the next settlement. */
    FAIL_LATER
  }

  /** What the risk engine thinks of it. */
  public enum RiskLevel {
    NORMAL(20),
    ELEVATED(65),
    HIGHEST(85);

    private final int score;

    RiskLevel(int score) {
      this.score = score;
    }

    public int score() {
      return score;
    }
  }

  /**
   * Results of the verification checks: {@code pass}, {@code fail}, {@code unavailable}, {@code
   * unchecked}.
   */
  public record Checks(String cvc, String line1, String postalCode) {
    static final Checks PASS = new Checks("pass", "pass", "pass");
  }

  public static TestCard of(String name, String brand, String last4) {
    return new TestCard(
        name,
        brand,
        last4,
        "US",
        "credit",
        null,
        Authentication.UNSUPPORTED,
        RefundBehaviour.SUCCEED,
        RiskLevel.NORMAL,
        Checks.PASS,
        true);
  }

  public TestCard from(String country, String funding) {
    return new TestCard(
        name,
        brand,
        last4,
        country,
        funding,
        decline,
        authentication,
        refunds,
        risk,
        checks,
        attaches);
  }

  /** A card that is declined already when it is saved, as issuers do on a verification. */
  TestCard declined(DeclineReason reason) {
    return new TestCard(
        name, brand, last4, country, funding, reason, authentication, refunds, risk, checks, false);
  }

  /** A card that can be saved and is declined when charged. */
  public TestCard declinedWhenCharged(DeclineReason reason) {
    return new TestCard(
        name, brand, last4, country, funding, reason, authentication, refunds, risk, checks, true);
  }

  public TestCard authentication(Authentication when) {
    return new TestCard(
        name, brand, last4, country, funding, decline, when, refunds, risk, checks, attaches);
  }

  TestCard refunds(RefundBehaviour behaviour) {
    return new TestCard(
        name,
        brand,
        last4,
        country,
        funding,
        decline,
        authentication,
        behaviour,
        risk,
        checks,
        attaches);
  }

  TestCard risk(RiskLevel level) {
    return new TestCard(
        name,
        brand,
        last4,
        country,
        funding,
        decline,
        authentication,
        refunds,
        level,
        checks,
        attaches);
  }

  TestCard checks(String cvc, String line1, String postalCode) {
    return new TestCard(
        name,
        brand,
        last4,
        country,
        funding,
        decline,
        authentication,
        refunds,
        risk,
        new Checks(cvc, line1, postalCode),
        attaches);
  }
}
