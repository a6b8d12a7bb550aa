package psp.adyen;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import payments.Decline;
import payments.DeclineCode;
import payments.MastercardAdvice;

/**
 * Adyen's words for a no in ours (Adyen docs: "Refusal reasons", "Error codes and messages").
 * docs/decline-codes.md shows the tables, and a test holds it to them.
 */
final class AdyenDeclines {
  /**
   * A refusal reason.
   *
   * @param text how Adyen writes it in answers and webhooks; webhooks have no code
   */
  record Reason(String text, DeclineCode code) {}

  /** By {@code refusalReasonCode}; what was authorised or is pending is no refusal. */
  static final Map<String, Reason> REASONS =
      Map.ofEntries(
          reason("0", "Unknown", DeclineCode.GENERIC_DECLINE),
          reason("2", "Refused", DeclineCode.GENERIC_DECLINE),
          reason("3", "Referral", DeclineCode.CALL_ISSUER),
          reason("4", "Acquirer Error", DeclineCode.PROCESSING_ERROR),
          reason("5", "Blocked Card", DeclineCode.PICKUP_CARD),
          reason("6", "Expired Card", DeclineCode.EXPIRED_CARD),
          reason("7", "Invalid Amount", DeclineCode.INVALID_AMOUNT),
          reason("8", "Invalid Card Number", DeclineCode.INCORRECT_NUMBER),
          reason("9", "Issuer Unavailable", DeclineCode.ISSUER_NOT_AVAILABLE),
          reason("10", "Not supported", DeclineCode.CARD_NOT_SUPPORTED),
          reason("11", "3D Not Authenticated", DeclineCode.AUTHENTICATION_FAILED),
          reason("12", "Not enough balance", DeclineCode.INSUFFICIENT_FUNDS),
          reason("14", "Acquirer Fraud", DeclineCode.FRAUDULENT),
          reason("15", "Cancelled", DeclineCode.NO_ACTION_TAKEN),
          reason("16", "Shopper Cancelled", DeclineCode.AUTHENTICATION_FAILED),
          reason("17", "Invalid Pin", DeclineCode.INCORRECT_PIN),
          reason("18", "Pin tries exceeded", DeclineCode.PIN_TRY_EXCEEDED),
          reason("19", "Pin validation not possible", DeclineCode.ONLINE_OR_OFFLINE_PIN_REQUIRED),
          reason("20", "FRAUD", DeclineCode.FRAUDULENT),
          reason("21", "Not Submitted", DeclineCode.PROCESSING_ERROR),
          reason("22", "FRAUD-CANCELLED", DeclineCode.FRAUDULENT),
          reason("23", "Transaction Not Permitted", DeclineCode.TRANSACTION_NOT_ALLOWED),
          reason("24", "CVC Declined", DeclineCode.INCORRECT_CVC),
          reason("25", "Restricted Card", DeclineCode.RESTRICTED_CARD),
          reason("26", "Revocation Of Auth", DeclineCode.REVOCATION_OF_AUTHORIZATION),
          reason("27", "Declined Non Generic", DeclineCode.DO_NOT_HONOR),
          reason("28", "Withdrawal amount exceeded", DeclineCode.CARD_VELOCITY_EXCEEDED),
          reason("29", "Withdrawal count exceeded", DeclineCode.WITHDRAWAL_COUNT_LIMIT_EXCEEDED),
          reason("31", "Issuer Suspected Fraud", DeclineCode.FRAUDULENT),
          reason("32", "AVS Declined", DeclineCode.INCORRECT_ADDRESS),
          reason("33", "Card requires online pin", DeclineCode.ONLINE_OR_OFFLINE_PIN_REQUIRED),
          reason("34", "No checking account available on Card", DeclineCode.INVALID_ACCOUNT),
          reason("35", "No savings account available on Card", DeclineCode.INVALID_ACCOUNT),
          reason("36", "Mobile PIN required", DeclineCode.ONLINE_OR_OFFLINE_PIN_REQUIRED),
          reason("37", "Contactless fallback", DeclineCode.CARD_NOT_SUPPORTED),
          reason("38", "Authentication required", DeclineCode.AUTHENTICATION_REQUIRED),
          reason("39", "RReq not received from DS", DeclineCode.AUTHENTICATION_FAILED),
          reason("40", "Current AID is in Penalty Box.", DeclineCode.CARD_NOT_SUPPORTED),
          reason("41", "CVM Required Restart Payment", DeclineCode.CARD_NOT_SUPPORTED),
          reason("42", "3DS Authentication Error", DeclineCode.AUTHENTICATION_FAILED),
          reason("43", "Online PIN required", DeclineCode.ONLINE_OR_OFFLINE_PIN_REQUIRED),
          reason("44", "Try another interface", DeclineCode.CARD_NOT_SUPPORTED),
          reason("45", "Chip downgrade mode", DeclineCode.CARD_NOT_SUPPORTED),
          reason(
              "46",
              "Transaction blocked by Adyen to prevent excessive retry fees",
              DeclineCode.DO_NOT_TRY_AGAIN));

  /**
   * What Adyen will not take in, by {@code errorCode}: the cardholder can do something about it.
   */
  static final Map<String, DeclineCode> ERRORS =
      Map.ofEntries(
          Map.entry("101", DeclineCode.INVALID_NUMBER),
          Map.entry("102", DeclineCode.CARD_NOT_SUPPORTED),
          Map.entry("103", DeclineCode.INVALID_CVC),
          Map.entry("129", DeclineCode.INVALID_EXPIRY_YEAR),
          Map.entry("131", DeclineCode.INCORRECT_ADDRESS),
          Map.entry("132", DeclineCode.INCORRECT_ADDRESS),
          Map.entry("133", DeclineCode.INCORRECT_ZIP),
          Map.entry("134", DeclineCode.INCORRECT_ADDRESS),
          Map.entry("135", DeclineCode.INCORRECT_ADDRESS),
          Map.entry("136", DeclineCode.INCORRECT_ADDRESS),
          Map.entry("137", DeclineCode.INVALID_AMOUNT),
          Map.entry("138", DeclineCode.CURRENCY_NOT_SUPPORTED),
          Map.entry("140", DeclineCode.INVALID_EXPIRY_YEAR),
          Map.entry("141", DeclineCode.INVALID_EXPIRY_MONTH),
          Map.entry("153", DeclineCode.INVALID_CVC));

  /** Issuers' own codes that say more than Adyen's reason, as in {@code 41 : Lost card}. */
  private static final Map<String, DeclineCode> RAW =
      Map.of("41", DeclineCode.LOST_CARD, "43", DeclineCode.STOLEN_CARD);

  private static final Map<String, String> CODES_BY_TEXT =
      REASONS.entrySet().stream()
          .collect(
              Collectors.toUnmodifiableMap(
                  entry -> folded(entry.getValue().text()), Map.Entry::getKey));

  private AdyenDeclines() {}

  private static Map.Entry<String, Reason> reason(String number, String text, DeclineCode code) {
    return Map.entry(number, new Reason(text, code));
  }

  /**
   * A refused payment.
   *
   * @param number the reason's code, null where only its text is told
   * @param text the reason's text
   * @param additional what else Adyen tells of the payment
   */
  static Decline ofRefusal(
      @Nullable String number, @Nullable String text, @Nullable JsonObject additional) {
    String known = number != null && REASONS.containsKey(number) ? number : codeOf(text);
    Reason reason = known == null ? null : REASONS.get(known);
    DeclineCode code = reason == null ? DeclineCode.UNLISTED_DECLINE : reason.code();
    String raw = AdyenJson.filled(additional, "refusalReasonRaw");
    String detail = rawCode(raw);
    if (reason != null && code == DeclineCode.PICKUP_CARD && detail != null) {
      code = RAW.getOrDefault(detail, code);
    }
    return new Decline(
        code,
        rawCodes(number == null ? known : number, detail),
        text,
        MastercardAdvice.word(adviceCode(additional)),
        null);
  }

  private static @Nullable String rawCodes(@Nullable String number, @Nullable String detail) {
    if (number == null) {
      return detail;
    }
    return detail == null ? number : number + "/" + detail;
  }

  private static @Nullable String codeOf(@Nullable String text) {
    return text == null ? null : CODES_BY_TEXT.get(folded(text));
  }

  private static String folded(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }

  /** The issuer's code in {@code 51 : Insufficient funds}. */
  private static @Nullable String rawCode(@Nullable String raw) {
    if (raw == null) {
      return null;
    }
    int colon = raw.indexOf(':');
    String code = (colon < 0 ? raw : raw.substring(0, colon)).strip();
    return code.isEmpty() || code.length() > 8 ? null : code;
  }

  /**
   * Mastercard's code that the advice begins with, as in {@code 03 : Do not try again} (Adyen docs:
   * "Merchant Advice Codes").
   */
  static @Nullable String adviceCode(@Nullable JsonObject additional) {
    String advice = AdyenJson.filled(additional, "merchantAdviceCode");
    if (advice == null) {
      return null;
    }
    String code = advice.strip();
    return code.length() > 2 ? code.substring(0, 2) : code;
  }

  /** What Adyen will not take in: nothing was done. */
  static Decline ofError(AdyenError error) {
    DeclineCode code =
        Optional.ofNullable(error.errorCode()).map(ERRORS::get).orElse(DeclineCode.REFUSED_BY_PSP);
    return new Decline(code, error.codes(), error.message(), null, null);
  }

  /** A refusal of our key: Adyen's text is left out, since it may tell of the credential. */
  static Decline ofUnauthorized(AdyenError error) {
    return new Decline(DeclineCode.KEY_REFUSED, error.codes(), null, null, null);
  }

  /** A no that is told by what something is or became. */
  static Decline ofState(DeclineCode code, String rawCode, @Nullable String text) {
    return new Decline(code, rawCode, text, null, null);
  }
}
