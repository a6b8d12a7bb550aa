package simulator.stripe;

import org.jspecify.annotations.Nullable;
import simulator.DeclineReason;

/**
 * Stripe's words for a decline.
 *
 * @param advice what to do about it; null where Stripe gives none
 * @param param the card's field that is wrong
 */
record Declines(
    String code,
    String declineCode,
    @Nullable String advice,
    @Nullable String param,
    String message) {
  private static final String TRY_AGAIN = "try_again_later";
  private static final String GIVE_UP = "do_not_try_again";
  private static final String CHECK_CARD = "confirm_card_data";
  private static final String DECLINED = "Your card was declined.";

  static Declines of(DeclineReason reason) {
    return switch (reason) {
      case GENERIC -> card("generic_decline", TRY_AGAIN, DECLINED);
      case INSUFFICIENT_FUNDS ->
          card("insufficient_funds", TRY_AGAIN, "Your card has insufficient funds.");
      case LOST_CARD -> card("lost_card", GIVE_UP, DECLINED);
      case STOLEN_CARD -> card("stolen_card", GIVE_UP, DECLINED);
      case EXPIRED_CARD -> same("expired_card", CHECK_CARD, "exp_month", "Your card has expired.");
      case INCORRECT_CVC ->
          same("incorrect_cvc", CHECK_CARD, "cvc", "Your card's security code is incorrect.");
      case PROCESSING_ERROR ->
          same(
              "processing_error",
              TRY_AGAIN,
              null,
              "An error occurred while processing your card. Try again in a little bit.");
      case FRAUDULENT, BLOCKED_BY_RISK -> card("fraudulent", null, DECLINED);
      case VELOCITY_EXCEEDED ->
          card(
              "card_velocity_exceeded",
              null,
              "Your card was declined for making repeated attempts too frequently or exceeding its"
                  + " amount limit.");
      case AUTHENTICATION_REQUIRED ->
          same(
              "authentication_required",
              null,
              null,
              "Your card was declined. This transaction requires authentication.");
      case AUTHENTICATION_UNAVAILABLE -> card("generic_decline", TRY_AGAIN, DECLINED);
    };
  }

  private static Declines card(String declineCode, @Nullable String advice, String message) {
    return new Declines("card_declined", declineCode, advice, null, message);
  }

  private static Declines same(
      String code, @Nullable String advice, @Nullable String param, String message) {
    return new Declines(code, code, advice, param, message);
  }
}
