package psp.routing;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import payments.AttemptOutcome;
import payments.Decline;
import payments.DeclineCode;

/**
 * Whether a payment that was refused may be tried at another account at once. It has to be a
 * definite no, and one that is about the way rather than about the card: networks fine who repeats
 * what an issuer has refused for good. docs/decline-codes.md shows the table, and a test holds it
 * to this.
 */
public final class Elsewhere {
  /**
   * Visa's category 1, "issuer will never approve" (Visa rules, "Decline response codes"): not
   * again on any way.
   */
  static final Set<String> VISA_NEVER =
      Set.of("04", "07", "12", "14", "15", "41", "43", "46", "57", "R0", "R1", "R3");

  /** Mastercard's merchant advice codes "do not try again" and "payment cancellation". */
  static final Set<String> MASTERCARD_NEVER = Set.of("03", "21");

  private Elsewhere() {}

  /** Yes or no, and why. */
  public record Verdict(boolean allowed, String why) {}

  /** What is to be done with a refusal. */
  public static Verdict of(Decline decline, AttemptOutcome outcome) {
    String name = decline.code().name().toLowerCase(Locale.ROOT);
    String advice = decline.adviceCode();
    if (advice != null && (never(advice) || advice.equals("confirm_card_data"))) {
      return no("the PSP advises " + advice);
    }
    String network = outcome.networkDeclineCode();
    if (isVisaNever(network)) {
      return no("the network's code " + network + " is never approved");
    }
    if ("blocked".equals(outcome.type())) {
      return no("the PSP blocked it as a risk");
    }
    return allows(decline.code())
        ? new Verdict(true, name + " may be tried at another account")
        : no(name + " is not tried at another account");
  }

  private static Verdict no(String why) {
    return new Verdict(false, why);
  }

  private static boolean never(String advice) {
    return advice.equals("do_not_try_again") || MASTERCARD_NEVER.contains(advice);
  }

  private static boolean isVisaNever(@Nullable String network) {
    return network != null && VISA_NEVER.contains(network);
  }

  /** The table. */
  static boolean allows(DeclineCode code) {
    return switch (code) {
      // Soft, and of no particular cause: another acquirer's message may be looked upon otherwise.
      case GENERIC_DECLINE, DO_NOT_HONOR, NO_ACTION_TAKEN -> true;
      // On the way to the issuer, or not even begun.
      case ISSUER_NOT_AVAILABLE,
          TRY_AGAIN_LATER,
          REENTER_TRANSACTION,
          PROCESSING_ERROR,
          PSP_UNAVAILABLE ->
          true;
      // The issuer wants to be spoken to, or has no money to give: the same anywhere.
      case CALL_ISSUER,
          INSUFFICIENT_FUNDS,
          WITHDRAWAL_COUNT_LIMIT_EXCEEDED,
          CARD_VELOCITY_EXCEEDED ->
          false;
      // Never with this card.
      case LOST_CARD,
          STOLEN_CARD,
          PICKUP_CARD,
          RESTRICTED_CARD,
          REVOCATION_OF_AUTHORIZATION,
          DO_NOT_TRY_AGAIN,
          STOP_PAYMENT_ORDER,
          FRAUDULENT,
          MERCHANT_BLACKLIST,
          SECURITY_VIOLATION,
          TRANSACTION_NOT_ALLOWED,
          INVALID_AMOUNT,
          DUPLICATE_TRANSACTION,
          NOT_PERMITTED,
          SERVICE_NOT_ALLOWED ->
          false;
      // The card's data, or the customer's doing.
      case CARD_NOT_SUPPORTED,
          CURRENCY_NOT_SUPPORTED,
          INVALID_ACCOUNT,
          NEW_ACCOUNT_INFORMATION_AVAILABLE,
          INCORRECT_PIN,
          PIN_TRY_EXCEEDED,
          ONLINE_OR_OFFLINE_PIN_REQUIRED,
          TESTMODE_DECLINE,
          LIVE_MODE_TEST_CARD,
          EXPIRED_CARD,
          INCORRECT_CVC,
          INVALID_CVC,
          INCORRECT_NUMBER,
          INVALID_NUMBER,
          INVALID_EXPIRY_MONTH,
          INVALID_EXPIRY_YEAR,
          INCORRECT_ZIP,
          INCORRECT_ADDRESS,
          AUTHENTICATION_REQUIRED,
          AUTHENTICATION_FAILED ->
          false;
      // What we asked for was wrong, or our key: an operator's matter, and no proof of a bad way.
      case REFUSED_BY_PSP -> false;
    };
  }
}
