package psp.adyen;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import payments.CardDetails;

/**
 * What Stripe's published test tokens are at Adyen's test platform, pure: a test card there, and
 * where the token stands for an outcome, the acquirer's answer or the cardholder's name that Adyen
 * makes it of (Adyen docs: "Test card numbers", "Result code testing"). So a merchant's tests run
 * unchanged whatever PSP is behind.
 */
final class AdyenTestCards {
  private static final String METHOD_TOKEN = "pm_card_";
  private static final String CARD_TOKEN = "tok_";
  private static final String PLAIN_VISA = "visa_";
  private static final int EXPIRY_MONTH = 3;
  private static final int EXPIRY_YEAR = 2030;

  /** Adyen's answer code for an issuer that insists on an authentication. */
  private static final String AUTHENTICATION_REQUIRED = "38";

  private static final TestCard VISA = card("4111111111111111", "737", "visa", "credit");
  private static final TestCard CHALLENGED =
      card("4212345678901237", "737", "visa", "credit").unfollowed(AUTHENTICATION_REQUIRED);

  /** By the token's name, without what all of them begin with. */
  static final Map<String, TestCard> CARDS =
      Map.ofEntries(
          Map.entry("visa", VISA),
          Map.entry("visa_debit", card("4400000000000008", "737", "visa", "debit")),
          Map.entry("mastercard", card("5555444433331111", "737", "mastercard", "credit")),
          Map.entry("amex", card("370000000000002", "7373", "amex", "credit")),
          Map.entry("discover", card("6011601160116611", "737", "discover", "credit")),
          Map.entry("diners", card("36006666333344", "737", "diners", "credit")),
          Map.entry("jcb", card("3569990010095841", "737", "jcb", "credit")),
          Map.entry("unionpay", card("6243030000000001", "737", "unionpay", "credit")),
          Map.entry("bypassPending", VISA),
          Map.entry("chargeDeclined", VISA.answered("2")),
          Map.entry("chargeDeclinedInsufficientFunds", VISA.answered("12")),
          Map.entry("chargeDeclinedLostCard", VISA.answered("5")),
          Map.entry("chargeDeclinedStolenCard", VISA.answered("5")),
          Map.entry("chargeDeclinedExpiredCard", VISA.answered("6")),
          Map.entry("chargeDeclinedIncorrectCvc", VISA.answered("24")),
          Map.entry("chargeDeclinedProcessingError", VISA.answered("4")),
          Map.entry("chargeDeclinedFraudulent", VISA.answered("20")),
          Map.entry("chargeDeclinedVelocityLimitExceeded", VISA.answered("28")),
          Map.entry("chargeCustomerFail", VISA.answered("2")),
          Map.entry("radarBlock", VISA.answered("20")),
          Map.entry("riskLevelHighest", VISA),
          Map.entry("riskLevelElevated", VISA),
          Map.entry("cvcCheckFail", VISA),
          Map.entry("authenticationRequiredOnSetup", CHALLENGED),
          Map.entry("authenticationRequired", CHALLENGED),
          Map.entry("authenticationRequiredSetupForOffSession", CHALLENGED.unfollowed(null)),
          Map.entry(
              "authenticationRequiredChargeDeclinedInsufficientFunds", CHALLENGED.answered("12")),
          Map.entry("threeDSecure2Required", CHALLENGED),
          Map.entry("threeDSecureRequired", CHALLENGED),
          Map.entry("threeDSecureRequiredChargeDeclined", CHALLENGED.answered("2")),
          Map.entry("threeDSecureRequiredProcessingError", CHALLENGED.answered("42")),
          Map.entry("threeDSecureOptional", VISA),
          Map.entry("threeDSecureOptionalProcessingError", VISA),
          Map.entry(
              "amex_threeDSecureNotSupported", card("370000000000002", "7373", "amex", "credit")),
          Map.entry("createDispute", VISA.held("Chargeback:10.4")),
          Map.entry("createDisputeProductNotReceived", VISA.held("Chargeback:13.1")),
          Map.entry("createDisputeInquiry", VISA),
          Map.entry("createIssuerFraudRecord", VISA),
          Map.entry("createMultipleDisputes", VISA.held("Chargeback:10.4")),
          Map.entry("createCe3EligibleDispute", VISA.held("Chargeback:10.4")),
          Map.entry("pendingRefund", VISA),
          Map.entry("refundFail", VISA.held("refund failed")));

  private AdyenTestCards() {}

  /**
   * One test card.
   *
   * @param answer the acquirer's answer that is asked for, or null for what the card does
   * @param unfollowed the same where nobody can follow a challenge
   * @param holder the cardholder's name that makes the outcome, or null
   */
  record TestCard(
      String number,
      String securityCode,
      String brand,
      String funding,
      @Nullable String answer,
      @Nullable String unfollowed,
      @Nullable String holder) {

    private TestCard answered(String code) {
      return new TestCard(
          number,
          securityCode,
          brand,
          funding,
          code,
          unfollowed == null ? code : unfollowed,
          holder);
    }

    /** An issuer that insists on an authentication refuses where nobody can follow it. */
    private TestCard unfollowed(@Nullable String code) {
      return new TestCard(number, securityCode, brand, funding, answer, code, holder);
    }

    private TestCard held(String name) {
      return new TestCard(number, securityCode, brand, funding, answer, unfollowed, name);
    }

    /** The payment method, in the form that stands for an encrypted one in tests. */
    JsonObject paymentMethod() {
      var method =
          new JsonObject()
              .put("type", "scheme")
              .put("encryptedCardNumber", "test_" + number)
              .put("encryptedExpiryMonth", "test_0" + EXPIRY_MONTH)
              .put("encryptedExpiryYear", "test_" + EXPIRY_YEAR)
              .put("encryptedSecurityCode", "test_" + securityCode);
      if (holder != null) {
        method.put("holderName", holder);
      }
      return method;
    }

    /** The acquirer's answer to ask for. */
    @Nullable String answer(boolean followsChallenge) {
      return followsChallenge ? answer : unfollowed;
    }

    CardDetails details() {
      return new CardDetails(
          brand,
          number.substring(number.length() - 4),
          EXPIRY_MONTH,
          EXPIRY_YEAR,
          funding,
          null,
          null,
          brand);
    }
  }

  private static TestCard card(String number, String securityCode, String brand, String funding) {
    return new TestCard(number, securityCode, brand, funding, null, null, null);
  }

  /** Whether a token is one of Stripe's published ones, known here or not. */
  static boolean isTestToken(String token) {
    return token.startsWith(METHOD_TOKEN) || token.startsWith(CARD_TOKEN);
  }

  /** The card of a test token. */
  static Optional<TestCard> of(String token) {
    if (!isTestToken(token)) {
      return Optional.empty();
    }
    String name =
        token.substring(
            token.startsWith(METHOD_TOKEN) ? METHOD_TOKEN.length() : CARD_TOKEN.length());
    TestCard exact = CARDS.get(name);
    return exact == null && name.startsWith(PLAIN_VISA)
        ? Optional.ofNullable(CARDS.get(name.substring(PLAIN_VISA.length())))
        : Optional.ofNullable(exact);
  }
}
