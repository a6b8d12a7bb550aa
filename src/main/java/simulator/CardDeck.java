package simulator;

import static simulator.DeclineReason.AUTHENTICATION_UNAVAILABLE;
import static simulator.DeclineReason.BLOCKED_BY_RISK;
import static simulator.DeclineReason.EXPIRED_CARD;
import static simulator.DeclineReason.FRAUDULENT;
import static simulator.DeclineReason.GENERIC;
import static simulator.DeclineReason.INCORRECT_CVC;
import static simulator.DeclineReason.INSUFFICIENT_FUNDS;
import static simulator.DeclineReason.LOST_CARD;
import static simulator.DeclineReason.PROCESSING_ERROR;
import static simulator.DeclineReason.STOLEN_CARD;
import static simulator.DeclineReason.VELOCITY_EXCEEDED;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import simulator.TestCard.Authentication;
import simulator.TestCard.RefundBehaviour;
import simulator.TestCard.RiskLevel;

/** The published test cards by token name: the one table of what each of them does. */
public final class CardDeck {
  private static final Map<String, TestCard> CARDS =
      Stream.of(accepted(), refused(), authenticated(), aftermath())
          .flatMap(Function.identity())
          .collect(Collectors.toUnmodifiableMap(TestCard::name, Function.identity()));

  private CardDeck() {}

  /**
   * The card a token names.
   *
   * @param name the token without its prefix; {@code chargeDeclined} is short for {@code
   *     visa_chargeDeclined}
   */
  public static Optional<TestCard> find(String name) {
    TestCard card = CARDS.get(name);
    return Optional.ofNullable(card == null ? CARDS.get("visa_" + name) : card);
  }

  /** The card of a name that is known to exist, as stored in an earlier object. */
  public static TestCard require(String name) {
    return find(name).orElseThrow(() -> new IllegalArgumentException("no test card " + name));
  }

  /** What the holder of a card says against every charge, at the next settlement. */
  static List<DisputeDesk.Opening> disputesOf(String cardName) {
    DisputeDesk.Opening fraudulent = new DisputeDesk.Opening("fraudulent", false);
    return switch (cardName) {
      case "createDispute", "createCe3EligibleDispute" -> List.of(fraudulent);
      case "createDisputeProductNotReceived" ->
          List.of(new DisputeDesk.Opening("product_not_received", false));
      case "createDisputeInquiry" -> List.of(new DisputeDesk.Opening("fraudulent", true));
      case "createMultipleDisputes" -> List.of(fraudulent, fraudulent);
      default -> List.of();
    };
  }

  private static Stream<TestCard> accepted() {
    return Stream.of(
        visa("visa", "4242").authentication(Authentication.OPTIONAL),
        visa("visa_debit", "5556").from("US", "debit"),
        TestCard.of("mastercard", "mastercard", "4444").authentication(Authentication.OPTIONAL),
        TestCard.of("mastercard_debit", "mastercard", "8210").from("US", "debit"),
        TestCard.of("mastercard_prepaid", "mastercard", "5100").from("US", "prepaid"),
        TestCard.of("amex", "amex", "0005"),
        TestCard.of("discover", "discover", "1117"),
        TestCard.of("diners", "diners", "0004"),
        TestCard.of("jcb", "jcb", "0505").from("JP", "credit"),
        TestCard.of("unionpay", "unionpay", "0005").from("CN", "credit"),
        visa("bypassPending", "0077"),
        visa("avsFail", "0010").checks("pass", "fail", "fail"),
        visa("avsLine1Fail", "0028").checks("pass", "fail", "pass"),
        visa("avsZipFail", "0036").checks("pass", "pass", "fail"),
        visa("avsUnchecked", "0044").checks("pass", "unavailable", "unavailable"),
        visa("cvcCheckFail", "0101").checks("fail", "pass", "pass"),
        visa("riskLevelElevated", "9235").risk(RiskLevel.ELEVATED),
        visa("riskLevelHighest", "4954").risk(RiskLevel.HIGHEST));
  }

  private static Stream<TestCard> refused() {
    return Stream.of(
        visa("visa_chargeDeclined", "0002").declined(GENERIC),
        visa("visa_chargeDeclinedInsufficientFunds", "9995").declined(INSUFFICIENT_FUNDS),
        visa("visa_chargeDeclinedLostCard", "9987").declined(LOST_CARD),
        visa("visa_chargeDeclinedStolenCard", "9979").declined(STOLEN_CARD),
        visa("visa_chargeDeclinedVelocityLimitExceeded", "6975").declined(VELOCITY_EXCEEDED),
        visa("chargeDeclinedExpiredCard", "0069").declined(EXPIRED_CARD),
        visa("chargeDeclinedIncorrectCvc", "0127")
            .declined(INCORRECT_CVC)
            .checks("fail", "pass", "pass"),
        visa("chargeDeclinedProcessingError", "0119").declined(PROCESSING_ERROR),
        visa("chargeDeclinedFraudulent", "0019").declined(FRAUDULENT).risk(RiskLevel.HIGHEST),
        visa("radarBlock", "0019").declined(BLOCKED_BY_RISK).risk(RiskLevel.HIGHEST),
        visa("chargeCustomerFail", "0341").declinedWhenCharged(GENERIC));
  }

  private static Stream<TestCard> authenticated() {
    return Stream.of(
        visa("authenticationRequiredOnSetup", "3155").authentication(Authentication.UNLESS_SET_UP),
        visa("authenticationRequired", "3184").authentication(Authentication.ALWAYS),
        visa("authenticationRequiredSetupForOffSession", "0446")
            .authentication(Authentication.ON_SESSION),
        visa("authenticationRequiredChargeDeclinedInsufficientFunds", "3178")
            .declinedWhenCharged(INSUFFICIENT_FUNDS)
            .authentication(Authentication.ALWAYS),
        visa("threeDSecure2Required", "3220").authentication(Authentication.ALWAYS),
        visa("threeDSecureRequiredChargeDeclined", "1629")
            .declinedWhenCharged(GENERIC)
            .authentication(Authentication.ALWAYS),
        visa("threeDSecureRequiredProcessingError", "1280")
            .declinedWhenCharged(AUTHENTICATION_UNAVAILABLE)
            .authentication(Authentication.LOOKUP_FAILS),
        visa("threeDSecureOptional", "3055").authentication(Authentication.OPTIONAL),
        visa("threeDSecureOptionalProcessingError", "3097"),
        TestCard.of("amex_threeDSecureNotSupported", "amex", "0005"));
  }

  /** Cards which pay well, and trouble comes later. */
  private static Stream<TestCard> aftermath() {
    return Stream.of(
        visa("createDispute", "0259"),
        visa("createDisputeProductNotReceived", "2685"),
        visa("createDisputeInquiry", "1976"),
        visa("createIssuerFraudRecord", "5423"),
        visa("createMultipleDisputes", "0079"),
        visa("createCe3EligibleDispute", "0038"),
        visa("pendingRefund", "7726").refunds(RefundBehaviour.PENDING),
        visa("refundFail", "5126").refunds(RefundBehaviour.FAIL_LATER));
  }

  private static TestCard visa(String name, String last4) {
    return TestCard.of(name, "visa", last4);
  }
}
