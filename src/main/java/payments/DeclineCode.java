package payments;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Our one list of reasons why a payment is refused. Every PSP's codes are mapped to these; the
 * names on the wire are Stripe's (Stripe docs: "Decline codes", "Error codes"). The message is safe
 * to show to a customer: it never says lost, stolen or fraud.
 */
public enum DeclineCode {
  GENERIC_DECLINE("card_declined", "generic_decline", Retry.OTHER_PSP, Text.DECLINED),
  /** The PSP gave a reason that is not on this list: nobody knows what may follow it. */
  UNLISTED_DECLINE("card_declined", "generic_decline", Retry.LATER, Text.DECLINED),
  DO_NOT_HONOR("card_declined", "do_not_honor", Retry.OTHER_PSP, Text.DECLINED),
  CALL_ISSUER("card_declined", "call_issuer", Retry.LATER, Text.DECLINED),
  NO_ACTION_TAKEN("card_declined", "no_action_taken", Retry.OTHER_PSP, Text.DECLINED),
  INSUFFICIENT_FUNDS("card_declined", "insufficient_funds", Retry.LATER, Text.FUNDS),
  WITHDRAWAL_COUNT_LIMIT_EXCEEDED(
      "card_declined",
      "withdrawal_count_limit_exceeded",
      Retry.LATER,
      "Your card's balance or credit limit is exceeded."),
  CARD_VELOCITY_EXCEEDED(
      "card_declined",
      "card_velocity_exceeded",
      Retry.LATER,
      "Your card was declined for making repeated attempts too frequently or exceeding its amount"
          + " limit."),
  LOST_CARD("card_declined", "lost_card", Retry.NEVER, Text.DECLINED),
  STOLEN_CARD("card_declined", "stolen_card", Retry.NEVER, Text.DECLINED),
  PICKUP_CARD("card_declined", "pickup_card", Retry.NEVER, Text.DECLINED),
  RESTRICTED_CARD("card_declined", "restricted_card", Retry.NEVER, Text.DECLINED),
  REVOCATION_OF_AUTHORIZATION(
      "card_declined", "revocation_of_authorization", Retry.NEVER, Text.DECLINED),
  DO_NOT_TRY_AGAIN("card_declined", "do_not_try_again", Retry.NEVER, Text.DECLINED),
  STOP_PAYMENT_ORDER("card_declined", "stop_payment_order", Retry.NEVER, Text.DECLINED),
  FRAUDULENT("card_declined", "fraudulent", Retry.NEVER, Text.DECLINED),
  MERCHANT_BLACKLIST("card_declined", "merchant_blacklist", Retry.NEVER, Text.DECLINED),
  SECURITY_VIOLATION("card_declined", "security_violation", Retry.NEVER, Text.DECLINED),
  TRANSACTION_NOT_ALLOWED("card_declined", "transaction_not_allowed", Retry.NEVER, Text.TYPE),
  CARD_NOT_SUPPORTED("card_declined", "card_not_supported", Retry.OTHER_CARD, Text.TYPE),
  CURRENCY_NOT_SUPPORTED(
      "card_declined",
      "currency_not_supported",
      Retry.OTHER_CARD,
      "Your card does not support this currency."),
  INVALID_ACCOUNT("card_declined", "invalid_account", Retry.OTHER_CARD, Text.DECLINED),
  NEW_ACCOUNT_INFORMATION_AVAILABLE(
      "card_declined", "new_account_information_available", Retry.OTHER_CARD, Text.DECLINED),
  INVALID_AMOUNT("card_declined", "invalid_amount", Retry.NEVER, Text.DECLINED),
  ISSUER_NOT_AVAILABLE("card_declined", "issuer_not_available", Retry.OTHER_PSP, Text.DECLINED),
  TRY_AGAIN_LATER("card_declined", "try_again_later", Retry.OTHER_PSP, Text.DECLINED),
  REENTER_TRANSACTION("card_declined", "reenter_transaction", Retry.OTHER_PSP, Text.DECLINED),
  DUPLICATE_TRANSACTION("card_declined", "duplicate_transaction", Retry.NEVER, Text.DECLINED),
  INCORRECT_PIN("card_declined", "incorrect_pin", Retry.OTHER_CARD, Text.DECLINED),
  PIN_TRY_EXCEEDED("card_declined", "pin_try_exceeded", Retry.OTHER_CARD, Text.DECLINED),
  ONLINE_OR_OFFLINE_PIN_REQUIRED(
      "card_declined", "online_or_offline_pin_required", Retry.OTHER_CARD, Text.DECLINED),
  NOT_PERMITTED("card_declined", "not_permitted", Retry.NEVER, Text.DECLINED),
  SERVICE_NOT_ALLOWED("card_declined", "service_not_allowed", Retry.NEVER, Text.DECLINED),
  TESTMODE_DECLINE(
      "card_declined",
      "testmode_decline",
      Retry.OTHER_CARD,
      "Your card was declined: a test card was used with a live key."),
  LIVE_MODE_TEST_CARD(
      "card_declined",
      "live_mode_test_card",
      Retry.OTHER_CARD,
      "Your card was declined: a test card was used with a live key."),
  EXPIRED_CARD("expired_card", "expired_card", Retry.OTHER_CARD, "Your card has expired."),
  INCORRECT_CVC(
      "incorrect_cvc",
      "incorrect_cvc",
      Retry.OTHER_CARD,
      "Your card's security code is incorrect."),
  INVALID_CVC(
      "invalid_cvc", "invalid_cvc", Retry.OTHER_CARD, "Your card's security code is invalid."),
  INCORRECT_NUMBER(
      "incorrect_number", "incorrect_number", Retry.OTHER_CARD, "Your card number is incorrect."),
  INVALID_NUMBER(
      "invalid_number", "invalid_number", Retry.OTHER_CARD, "Your card number is not valid."),
  INVALID_EXPIRY_MONTH(
      "invalid_expiry_month",
      "invalid_expiry_month",
      Retry.OTHER_CARD,
      "Your card's expiration month is invalid."),
  INVALID_EXPIRY_YEAR(
      "invalid_expiry_year",
      "invalid_expiry_year",
      Retry.OTHER_CARD,
      "Your card's expiration year is invalid."),
  INCORRECT_ZIP(
      "incorrect_zip", "incorrect_zip", Retry.OTHER_CARD, "Your card's postal code is incorrect."),
  INCORRECT_ADDRESS(
      "incorrect_address",
      "incorrect_address",
      Retry.OTHER_CARD,
      "Your card's address is incorrect."),
  PROCESSING_ERROR(
      "processing_error",
      "processing_error",
      Retry.OTHER_PSP,
      "An error occurred while processing your card. Try again in a little bit."),
  AUTHENTICATION_REQUIRED(
      "authentication_required",
      "authentication_required",
      Retry.AUTHENTICATE,
      "Your card was declined. This transaction requires authentication."),
  AUTHENTICATION_FAILED(
      "payment_intent_authentication_failure",
      null,
      Retry.OTHER_CARD,
      "We are unable to authenticate your payment method. Please choose a different payment method"
          + " and try again."),
  /**
   * The PSP did not understand or does not allow what we asked: not the card's fault, and nothing
   * was charged.
   */
  REFUSED_BY_PSP(
      "processing_error",
      null,
      Retry.NEVER,
      "The payment could not be processed. Try again or use another payment method."),
  /** The PSP refused our own key before it looked at anything, so nothing was charged. */
  KEY_REFUSED("processing_error", null, Retry.OTHER_PSP, Text.NOT_NOW),
  /** Nothing was sent to any PSP, so nothing was charged. */
  PSP_UNAVAILABLE("processing_error", null, Retry.OTHER_PSP, Text.NOT_NOW);

  /** What may be tried after a decline. */
  public enum Retry {
    /** The same card, later. */
    LATER,
    /** Another card, or corrected data. */
    OTHER_CARD,
    /**
     * The same card at once at another PSP account: the fault is not the cardholder's, or no cause
     * was given, and another acquirer's message may be looked upon otherwise.
     */
    OTHER_PSP,
    /** With the customer present, to authenticate. */
    AUTHENTICATE,
    /** Not with this card: the networks fine repeated attempts. */
    NEVER
  }

  private static final class Text {
    static final String DECLINED = "Your card was declined.";
    static final String FUNDS = "Your card has insufficient funds.";
    static final String NOT_NOW =
        "The payment could not be processed right now. Try again in a little bit.";
    static final String TYPE = "Your card does not support this type of purchase.";
  }

  private static final Map<String, DeclineCode> BY_DECLINE_CODE =
      Arrays.stream(values())
          .filter(code -> code.declineCode != null)
          .filter(code -> code != UNLISTED_DECLINE)
          .collect(Collectors.toMap(code -> String.valueOf(code.declineCode), Function.identity()));

  private final String errorCode;
  private final @Nullable String declineCode;
  private final Retry retry;
  private final String message;

  DeclineCode(String errorCode, @Nullable String declineCode, Retry retry, String message) {
    this.errorCode = errorCode;
    this.declineCode = declineCode;
    this.retry = retry;
    this.message = message;
  }

  /** The error's {@code code} on the wire. */
  public String errorCode() {
    return errorCode;
  }

  /** The error's {@code decline_code} on the wire, or null where Stripe has none for it. */
  public @Nullable String declineCode() {
    return declineCode;
  }

  public Retry retry() {
    return retry;
  }

  /** What the customer may be told. */
  public String message() {
    return message;
  }

  /** The code of one of Stripe's decline codes, or empty for one that is not on our list. */
  public static Optional<DeclineCode> ofDeclineCode(String declineCode) {
    return Optional.ofNullable(BY_DECLINE_CODE.get(declineCode));
  }
}
