package psp.adyen;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import payments.AttemptOutcome;
import payments.CardChecks;
import payments.CardDetails;
import psp.PspResult.Details;

/**
 * What Adyen tells of a card and an attempt, in our records; pure. Most of it comes only where the
 * account is set up to send it, so that everything may be missing.
 */
final class AdyenCards {
  private static final String PASS = "pass";
  private static final String FAIL = "fail";
  private static final String UNAVAILABLE = "unavailable";
  private static final String UNCHECKED = "unchecked";
  private static final Pattern LEADING_NUMBER = Pattern.compile("^(\\d{1,2})(?:\\D.*)?$");
  private static final Pattern EXPIRY = Pattern.compile("^(\\d{1,2})/(\\d{4})$");
  private static final int HIGHEST_SCORE = 100;

  /** What our own records, and Stripe's, call the brands that Adyen calls otherwise. */
  private static final Map<String, String> BRANDS =
      Map.of("mc", "mastercard", "cup", "unionpay", "maestro", "mastercard");

  private static final Set<String> KNOWN_BRANDS =
      Set.of("visa", "mastercard", "amex", "discover", "diners", "jcb", "unionpay");

  /**
   * The checks of an address by Adyen's AVS code (Adyen docs: "AVS"), first of its line, then of
   * its postal code.
   */
  private static final Map<Integer, String[]> ADDRESS_CHECKS =
      Map.ofEntries(
          avs(0, UNAVAILABLE, UNAVAILABLE),
          avs(1, PASS, FAIL),
          avs(2, FAIL, FAIL),
          avs(3, UNAVAILABLE, UNAVAILABLE),
          avs(4, UNAVAILABLE, UNAVAILABLE),
          avs(5, UNCHECKED, UNCHECKED),
          avs(6, FAIL, PASS),
          avs(7, PASS, PASS),
          avs(8, UNCHECKED, UNAVAILABLE),
          avs(9, PASS, UNAVAILABLE),
          avs(10, FAIL, UNAVAILABLE),
          avs(11, UNAVAILABLE, UNCHECKED),
          avs(12, PASS, UNCHECKED),
          avs(13, FAIL, UNCHECKED),
          avs(14, UNAVAILABLE, PASS),
          avs(15, UNCHECKED, PASS),
          avs(16, UNAVAILABLE, FAIL),
          avs(17, UNCHECKED, FAIL),
          avs(18, UNCHECKED, UNCHECKED),
          avs(19, FAIL, PASS),
          avs(20, PASS, PASS),
          avs(21, PASS, FAIL),
          avs(22, FAIL, FAIL),
          avs(23, FAIL, PASS),
          avs(24, PASS, PASS),
          avs(25, PASS, FAIL),
          avs(26, FAIL, FAIL));

  /** By Adyen's CVC code (Adyen docs: "CVC and CVV result codes"). */
  private static final Map<Integer, String> CODE_CHECKS =
      Map.of(
          0, UNAVAILABLE,
          1, PASS,
          2, FAIL,
          3, UNCHECKED,
          4, UNCHECKED,
          5, UNAVAILABLE,
          6, UNCHECKED);

  /** Refusals that Adyen made itself, before any issuer was asked. */
  private static final Set<String> NOT_SENT_TO_NETWORK = Set.of("20", "21", "46");

  /** The refusal of Adyen's risk rules after the issuer had approved. */
  private static final String REVERSED = "22";

  private AdyenCards() {}

  private static Map.Entry<Integer, String[]> avs(int code, String line, String postalCode) {
    return Map.entry(code, new String[] {line, postalCode});
  }

  /** What an answer tells of an approved payment, or of one that waits. */
  static Details ofAnswer(JsonObject answer, boolean approved) {
    JsonObject additional = AdyenJson.object(answer, "additionalData");
    JsonObject method = AdyenJson.object(answer, "paymentMethod");
    String brand = method == null ? null : AdyenJson.filled(method, "brand");
    return new Details(
        card(additional, brand),
        checks(additional),
        outcome(
            additional,
            score(answer, additional),
            approved ? "approved_by_network" : null,
            approved ? approvedType(additional) : null,
            approved ? "Payment complete." : null),
        AdyenJson.filled(answer, AdyenReferences.REFERENCE));
  }

  /** What an answer or a webhook tells of a refused payment. */
  static Details ofRefusal(
      JsonObject told, @Nullable JsonObject additional, @Nullable String code, String message) {
    boolean blocked = code != null && (NOT_SENT_TO_NETWORK.contains(code) || code.equals(REVERSED));
    String status =
        REVERSED.equals(code)
            ? "reversed_after_approval"
            : blocked ? "not_sent_to_network" : "declined_by_network";
    return new Details(
        card(additional, AdyenJson.filled(told, "paymentMethod")),
        checks(additional),
        outcome(
            additional,
            score(told, additional),
            status,
            blocked ? "blocked" : "issuer_declined",
            message),
        AdyenJson.filled(told, AdyenReferences.REFERENCE));
  }

  /** What a webhook tells of an approved payment. */
  static Details ofNotification(JsonObject item, @Nullable JsonObject additional) {
    return new Details(
        card(additional, AdyenJson.filled(item, "paymentMethod")),
        checks(additional),
        outcome(
            additional,
            score(item, additional),
            "approved_by_network",
            approvedType(additional),
            "Payment complete."));
  }

  private static String approvedType(@Nullable JsonObject additional) {
    return "true".equals(AdyenJson.filled(additional, "fraudManualReview"))
        ? "manual_review"
        : "authorized";
  }

  private static AttemptOutcome outcome(
      @Nullable JsonObject additional,
      @Nullable Integer score,
      @Nullable String status,
      @Nullable String type,
      @Nullable String message) {
    return new AttemptOutcome(
        status,
        type,
        null,
        riskLevel(additional, score),
        score,
        message,
        rawCode(AdyenJson.filled(additional, "refusalReasonRaw"), type),
        AdyenJson.filled(additional, "networkTxReference"),
        AdyenJson.filled(additional, "authCode"),
        null,
        AdyenDeclines.adviceCode(additional));
  }

  private static @Nullable String rawCode(@Nullable String raw, @Nullable String type) {
    if (raw == null || !"issuer_declined".equals(type)) {
      return null;
    }
    int colon = raw.indexOf(':');
    return colon < 1 ? null : raw.substring(0, colon).strip();
  }

  private static @Nullable String riskLevel(
      @Nullable JsonObject additional, @Nullable Integer score) {
    String level = AdyenJson.filled(additional, "fraudRiskLevel");
    String result = AdyenJson.filled(additional, "fraudResultType");
    if (level != null) {
      return switch (level) {
        case "veryLow", "low" -> "normal";
        case "medium" -> "elevated";
        case "high", "veryHigh" -> "highest";
        default -> "unknown";
      };
    }
    if (result != null) {
      return switch (result.toUpperCase(Locale.ROOT)) {
        case "GREEN" -> "normal";
        case "AMBER" -> "elevated";
        case "RED" -> "highest";
        default -> "unknown";
      };
    }
    return score == null ? null : "unknown";
  }

  /** Adyen adds its rules' scores up, below zero and beyond a hundred; ours has that range. */
  private static @Nullable Integer score(JsonObject told, @Nullable JsonObject additional) {
    JsonObject fraud = AdyenJson.object(told, "fraudResult");
    Object score = fraud == null ? null : fraud.getValue("accountScore");
    if (score instanceof Integer number) {
      return Math.clamp(number, 0, HIGHEST_SCORE);
    }
    String total = AdyenJson.filled(additional, "totalFraudScore");
    return total == null || !total.matches("-?\\d{1,6}")
        ? null
        : Integer.valueOf(Math.clamp(Integer.parseInt(total), 0, HIGHEST_SCORE));
  }

  static CardChecks checks(@Nullable JsonObject additional) {
    Integer avs = number(AdyenJson.filled(additional, "avsResult"));
    Integer cvc = number(AdyenJson.filled(additional, "cvcResult"));
    String[] address = avs == null ? null : ADDRESS_CHECKS.get(avs);
    String code = cvc == null ? null : CODE_CHECKS.get(cvc);
    return address == null && code == null
        ? CardChecks.NONE
        : new CardChecks(
            address == null ? null : address[0], address == null ? null : address[1], code);
  }

  /** The number that {@code 4 AVS not supported for this card type} begins with. */
  private static @Nullable Integer number(@Nullable String text) {
    Matcher matcher = text == null ? null : LEADING_NUMBER.matcher(text.strip());
    return matcher != null && matcher.matches() ? Integer.valueOf(matcher.group(1)) : null;
  }

  private static @Nullable CardDetails card(
      @Nullable JsonObject additional, @Nullable String brandTold) {
    String last4 = AdyenJson.filled(additional, "cardSummary");
    String expiry = AdyenJson.filled(additional, "expiryDate");
    Matcher date = expiry == null ? null : EXPIRY.matcher(expiry);
    // A card we cannot show (wallets may hide it) is no reason to doubt the payment.
    if (last4 == null || date == null || !date.matches()) {
      return null;
    }
    String told = brandTold == null ? AdyenJson.filled(additional, "paymentMethod") : brandTold;
    String country = AdyenJson.filled(additional, "cardIssuingCountry");
    String brand = brand(told);
    return new CardDetails(
        brand,
        last4,
        Integer.parseInt(date.group(1)),
        Integer.parseInt(date.group(2)),
        funding(AdyenJson.filled(additional, "fundingSource")),
        country == null ? AdyenJson.filled(additional, "issuerCountry") : country,
        AdyenJson.filled(additional, "alias"),
        brand.equals("unknown") ? null : brand);
  }

  static String brand(@Nullable String told) {
    if (told == null) {
      return "unknown";
    }
    String name = told.toLowerCase(Locale.ROOT);
    String ours = BRANDS.getOrDefault(name, name);
    return KNOWN_BRANDS.contains(ours) ? ours : "unknown";
  }

  private static String funding(@Nullable String source) {
    if (source == null) {
      return "unknown";
    }
    return switch (source.toUpperCase(Locale.ROOT)) {
      case "CREDIT", "CHARGE" -> "credit";
      case "DEBIT", "DEFFERED_DEBIT" -> "debit";
      case "PREPAID", "PREPAID_RELOADABLE", "PREPAID_NONRELOADABLE" -> "prepaid";
      default -> "unknown";
    };
  }

  /** The token that Adyen now knows the card by, where it stored it. */
  static @Nullable String storedToken(@Nullable JsonObject additional) {
    String id = AdyenJson.filled(additional, "tokenization.storedPaymentMethodId");
    String older = AdyenJson.filled(additional, "recurring.recurringDetailReference");
    String shopper = AdyenJson.filled(additional, "tokenization.shopperReference");
    String olderShopper = AdyenJson.filled(additional, "recurring.shopperReference");
    String token = id == null ? older : id;
    return token == null
        ? null
        : new AdyenToken(shopper == null ? olderShopper : shopper, token).text();
  }
}
