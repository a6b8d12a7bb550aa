package simulator.adyen;

import static simulator.DeclineReason.AUTHENTICATION_REQUIRED;
import static simulator.DeclineReason.AUTHENTICATION_UNAVAILABLE;
import static simulator.DeclineReason.BLOCKED_BY_RISK;
import static simulator.DeclineReason.EXPIRED_CARD;
import static simulator.DeclineReason.FRAUDULENT;
import static simulator.DeclineReason.GENERIC;
import static simulator.DeclineReason.INCORRECT_CVC;
import static simulator.DeclineReason.INSUFFICIENT_FUNDS;
import static simulator.DeclineReason.PROCESSING_ERROR;
import static simulator.DeclineReason.VELOCITY_EXCEEDED;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import simulator.DeclineReason;

/**
 * How an authorisation ends in Adyen's test environment: asked for by the acquirer's response code
 * or by the name of the card's holder. The one table of them.
 *
 * @param code the acquirer's response code, and of a refusal its reason's code
 * @param holderName as whom the card's holder asks for it
 * @param refusalReason null where it is no refusal
 * @param decline what the bank has on record; null where it takes it
 */
record Outcome(
    int code,
    String holderName,
    String resultCode,
    @Nullable String refusalReason,
    @Nullable DeclineReason decline) {
  static final String AUTHORISED = "Authorised";
  static final String REFUSED = "Refused";
  static final String ERROR = "Error";
  static final String CANCELLED = "Cancelled";
  static final String RECEIVED = "Received";
  static final String REDIRECT = "RedirectShopper";

  private static final int APPROVED_CODE = 1;
  private static final int EXPIRED_CODE = 6;
  private static final int NOT_AUTHENTICATED_CODE = 11;
  private static final int FRAUD_CODE = 20;
  private static final int AUTHENTICATION_REQUIRED_CODE = 38;

  /** By code. */
  static final List<Outcome> ALL =
      List.of(
          new Outcome(0, "UNKNOWN", ERROR, "Unknown", PROCESSING_ERROR),
          new Outcome(APPROVED_CODE, "APPROVED", AUTHORISED, null, null),
          refused(2, "DECLINED", "Refused", GENERIC),
          refused(3, "REFERRAL", "Referral", GENERIC),
          new Outcome(4, "ERROR", ERROR, "Acquirer Error", PROCESSING_ERROR),
          refused(5, "BLOCK_CARD", "Blocked Card", GENERIC),
          refused(EXPIRED_CODE, "CARD_EXPIRED", "Expired Card", EXPIRED_CARD),
          refused(7, "INVALID_AMOUNT", "Invalid Amount", GENERIC),
          refused(8, "INVALID_CARD_NUMBER", "Invalid Card Number", GENERIC),
          refused(9, "ISSUER_UNAVAILABLE", "Issuer Unavailable", PROCESSING_ERROR),
          refused(10, "NOT_SUPPORTED", "Not supported", GENERIC),
          refused(
              NOT_AUTHENTICATED_CODE,
              "NOT_3D_AUTHENTICATED",
              "3D Not Authenticated",
              AUTHENTICATION_UNAVAILABLE),
          refused(12, "NOT_ENOUGH_BALANCE", "Not enough balance", INSUFFICIENT_FUNDS),
          new Outcome(13, "PENDING", RECEIVED, null, null),
          refused(14, "ACQUIRER_FRAUD", "Acquirer Fraud", FRAUDULENT),
          refused(15, "CANCELLED", "Cancelled", GENERIC),
          refused(16, "SHOPPER_CANCELLED", "Shopper Cancelled", GENERIC),
          refused(17, "INVALID_PIN", "Invalid Pin", GENERIC),
          refused(18, "PIN_TRIES_EXCEEDED", "Pin tries exceeded", GENERIC),
          refused(19, "PIN_VALIDATION_NOT_POSSIBLE", "Pin validation not possible", GENERIC),
          refused(FRAUD_CODE, "FRAUD", "FRAUD", BLOCKED_BY_RISK),
          refused(21, "NOT_SUBMITTED", "Not Submitted", PROCESSING_ERROR),
          new Outcome(22, "FRAUD_CANCELLED", CANCELLED, "FRAUD-CANCELLED", BLOCKED_BY_RISK),
          refused(23, "TRANSACTION_NOT_PERMITTED", "Transaction Not Permitted", GENERIC),
          refused(24, "CVC_DECLINED", "CVC Declined", INCORRECT_CVC),
          refused(25, "RESTRICTED_CARD", "Restricted Card", GENERIC),
          refused(26, "REVOCATION_OF_AUTH", "Revocation Of Auth", GENERIC),
          refused(27, "DECLINED_NON_GENERIC", "Declined Non Generic", GENERIC),
          refused(
              28, "WITHDRAWAL_AMOUNT_EXCEEDED", "Withdrawal amount exceeded", VELOCITY_EXCEEDED),
          refused(29, "WITHDRAWAL_COUNT_EXCEEDED", "Withdrawal count exceeded", VELOCITY_EXCEEDED),
          new Outcome(30, "PARTIALLY_APPROVED", AUTHORISED, null, null),
          refused(31, "ISSUER_SUSPECTED_FRAUD", "Issuer Suspected Fraud", FRAUDULENT),
          refused(32, "AVS_DECLINED", "AVS Declined", GENERIC),
          refused(33, "PIN_REQUIRED", "Card requires online pin", GENERIC),
          refused(34, "NO_CHECKING_ACCOUNT", "No checking account available on Card", GENERIC),
          refused(35, "NO_SAVINGS_ACCOUNT", "No savings account available on Card", GENERIC),
          refused(36, "MOBILE_PIN_REQUIRED", "Mobile PIN required", GENERIC),
          refused(37, "CONTACTLESS_FALLBACK", "Contactless fallback", GENERIC),
          refused(
              AUTHENTICATION_REQUIRED_CODE,
              "AUTHENTICATION_REQUIRED",
              "Authentication required",
              AUTHENTICATION_REQUIRED),
          refused(39, "RREQ_NOT_RECEIVED", "RReq not received from DS", AUTHENTICATION_UNAVAILABLE),
          refused(40, "BAN_CURRENT_AID", "Current AID is in Penalty Box.", GENERIC),
          refused(41, "CVM_REQUIRED", "CVM Required Restart Payment", GENERIC),
          refused(
              42, "THREED_SECURE_ERROR", "3DS Authentication Error", AUTHENTICATION_UNAVAILABLE),
          refused(43, "ONLINE_PIN_REQUIRED", "Online PIN required", GENERIC),
          refused(44, "TRY_ANOTHER_INTERFACE", "Try another interface", GENERIC),
          refused(45, "CHIP_DOWNGRADE_MODE", "Chip downgrade mode", GENERIC),
          refused(
              46,
              "ERPS_BLOCK",
              "Transaction blocked by Adyen to prevent excessive retry fees",
              BLOCKED_BY_RISK));

  private static final Map<String, Outcome> BY_HOLDER =
      ALL.stream().collect(Collectors.toUnmodifiableMap(Outcome::holderName, Function.identity()));

  static final Outcome APPROVED = ALL.get(APPROVED_CODE);

  static final Outcome EXPIRED = ALL.get(EXPIRED_CODE);

  /** The cardholder failed the issuer's challenge. */
  static final Outcome NOT_AUTHENTICATED = ALL.get(NOT_AUTHENTICATED_CODE);

  /** The risk engine's own refusal. */
  static final Outcome FRAUD = ALL.get(FRAUD_CODE);

  /** The issuer wants the cardholder, who is not there. */
  static final Outcome NEEDS_CARDHOLDER = ALL.get(AUTHENTICATION_REQUIRED_CODE);

  private static Outcome refused(
      int code, String holderName, String reason, DeclineReason decline) {
    return new Outcome(code, holderName, REFUSED, reason, decline);
  }

  /** By {@code additionalData.RequestedTestAcquirerResponseCode}. */
  static Optional<Outcome> ofCode(@Nullable String code) {
    return ALL.stream().filter(each -> Integer.toString(each.code).equals(code)).findFirst();
  }

  static Outcome ofCode(int code) {
    return ALL.get(code);
  }

  /** What a holder of this name asks for; an ordinary one gets an approval. */
  static Outcome ofHolder(@Nullable String holderName) {
    return holderName == null
        ? APPROVED
        : BY_HOLDER.getOrDefault(holderName.strip().toUpperCase(Locale.ROOT), APPROVED);
  }
}
