package simulator.adyen;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import simulator.TestCard;

/** Payments as Checkout's answers and notifications show them. */
final class PaymentJson {
  private static final int USUAL_SCORE = 10;
  private static final int AMBER_SCORE = 50;
  private static final int BLOCKING_SCORE = 100;
  private static final int OFFSET_CHECK = 1;
  private static final int USUAL_CHECK = 4;

  /** Beginnings of houses and postal codes that the issuer does not know. */
  private static final String WRONG = "999";

  private static final String UNCHECKED = "000";

  private PaymentJson() {}

  /** A payment that waits for the shopper to come back from the issuer. */
  static JsonObject redirect(AdyenPayment payment, String baseUrl) {
    JsonObject additional = cardOf(payment).put("merchantReference", payment.reference());
    additional.put("threeds2.cardEnrolled", "true");
    return new JsonObject()
        .put("additionalData", additional)
        .put("pspReference", payment.pspReference)
        .put("resultCode", payment.resultCode)
        .put("merchantReference", payment.reference())
        .put(
            "action",
            new JsonObject()
                .put("paymentMethodType", "scheme")
                .put("url", baseUrl + ChallengePage.PATH + payment.pspReference)
                .put("method", "GET")
                .put("type", "redirect"));
  }

  /** A payment that ended, or at least was received. */
  static JsonObject result(AdyenPayment payment) {
    JsonObject answer =
        new JsonObject()
            .put("additionalData", additional(payment))
            .put("pspReference", payment.pspReference)
            .put("resultCode", payment.resultCode)
            .put("merchantReference", payment.reference())
            .put("amount", payment.amount())
            .put("fraudResult", fraud(payment));
    String refusal = payment.outcome().refusalReason();
    if (refusal != null) {
      answer.put("refusalReason", refusal).put("refusalReasonCode", Integer.toString(payment.code));
    }
    if (payment.resultCode.equals(Outcome.AUTHORISED)) {
      answer.put(
          "paymentMethod",
          new JsonObject().put("brand", payment.card.card().brand()).put("type", "scheme"));
    }
    return answer;
  }

  /** The same without what the schema leaves optional: whose it is, and of how much. */
  static JsonObject bare(AdyenPayment payment) {
    JsonObject answer = result(payment);
    answer.remove("merchantReference");
    answer.remove("amount");
    answer.getJsonObject("additionalData").remove("merchantReference");
    return answer;
  }

  private static JsonObject additional(AdyenPayment payment) {
    JsonObject additional =
        cardOf(payment)
            .put("merchantReference", payment.reference())
            .put(
                "shopperInteraction", payment.request.getString("shopperInteraction", "Ecommerce"));
    checks(additional, payment);
    outcome(additional, payment);
    if (payment.resultCode.equals(Outcome.AUTHORISED)) {
      token(additional, payment);
    }
    return additional;
  }

  private static JsonObject cardOf(AdyenPayment payment) {
    PaymentCard card = payment.card;
    TestCard kind = card.card();
    JsonObject json =
        new JsonObject()
            .put("cardSummary", kind.last4())
            .put("cardBin", card.bin())
            .put("issuerBin", card.issuerBin())
            .put("expiryDate", shortExpiry(card))
            .put("paymentMethod", kind.brand())
            .put("cardPaymentMethod", kind.brand())
            .put("paymentMethodVariant", kind.brand())
            .put("fundingSource", kind.funding().toUpperCase(Locale.ROOT))
            .put("issuerCountry", kind.country())
            .put("cardIssuingCountry", kind.country());
    if (card.holderName() != null) {
      json.put("cardHolderName", card.holderName());
    }
    return json;
  }

  /** Such as {@code 3/2030}, as Adyen writes it. */
  private static String shortExpiry(PaymentCard card) {
    return card.expiry().startsWith("0") ? card.expiry().substring(1) : card.expiry();
  }

  private static void checks(JsonObject additional, AdyenPayment payment) {
    String avs = avsResult(payment.request);
    additional
        .put("avsResult", avs)
        .put("avsResultRaw", avs.substring(0, 1))
        .put("cvcResult", payment.card.cvcResult())
        .put("cvcResultRaw", payment.card.cvcResult().startsWith("1") ? "M" : "N");
  }

  private static void outcome(JsonObject additional, AdyenPayment payment) {
    boolean authorised = payment.resultCode.equals(Outcome.AUTHORISED);
    String refusal = payment.outcome().refusalReason();
    additional
        .put("authCode", payment.authCode)
        .put("acquirerCode", "TestPmmAcquirer")
        .put("acquirerReference", payment.pspReference.substring(0, 11))
        .put(
            "refusalReasonRaw",
            authorised
                ? "AUTHORISED"
                : refusal == null ? "PENDING" : payment.code + " : " + refusal)
        .put("threeDOffered", Boolean.toString(payment.redirectResult != null))
        .put("threeDAuthenticated", Boolean.toString(payment.passed))
        .put("liabilityShift", Boolean.toString(payment.passed))
        .put("fraudResultType", fraudType(payment))
        .put("fraudManualReview", "false");
    if (payment.redirectResult != null) {
      additional
          .put("threeDSVersion", "2.2.0")
          .put("threeDOfferedResponse", "C")
          .put("threeDAuthenticatedResponse", payment.passed ? "Y" : "N")
          .put("eci", payment.passed ? "05" : "07");
    }
  }

  private static void token(JsonObject additional, AdyenPayment payment) {
    String shopper = payment.request.getString("shopperReference");
    if (payment.token == null || shopper == null) {
      return;
    }
    additional
        .put("recurring.recurringDetailReference", payment.token)
        .put("recurring.shopperReference", shopper)
        .put("tokenization.storedPaymentMethodId", payment.token)
        .put("tokenization.shopperReference", shopper);
    String model = payment.request.getString("recurringProcessingModel");
    if (model != null) {
      additional.put("recurringProcessingModel", model);
    }
    if (payment.savedFor() != null) {
      additional.put("tokenization.store.operationType", "created");
    }
  }

  /** In an authorisation's notification: the same without what only answers have. */
  static JsonObject additionalOfEvent(AdyenPayment payment) {
    JsonObject additional = additional(payment);
    additional.remove("cardHolderName");
    additional.put("totalFraudScore", Integer.toString(score(payment)));
    if (payment.request.getValue("metadata") instanceof JsonObject metadata) {
      metadata.forEach(
          entry -> additional.put("metadata." + entry.getKey(), String.valueOf(entry.getValue())));
    }
    return additional;
  }

  /** What the issuer says of the address. */
  private static String avsResult(JsonObject request) {
    if (!(request.getValue("billingAddress") instanceof JsonObject address)) {
      return "5 No AVS data provided";
    }
    String house = address.getString("houseNumberOrName", "");
    String postalCode = address.getString("postalCode", "");
    if (house.startsWith(UNCHECKED) || postalCode.startsWith(UNCHECKED)) {
      return "3 AVS unavailable";
    }
    boolean houseKnown = !house.startsWith(WRONG);
    boolean postalCodeKnown = !postalCode.startsWith(WRONG);
    if (houseKnown) {
      return postalCodeKnown
          ? "7 Both postal code and address match"
          : "1 Address matches, postal code doesn't";
    }
    return postalCodeKnown
        ? "6 Postal code matches, address doesn't match"
        : "2 Neither postal code nor address match";
  }

  /** Whether the risk engine refuses it by itself. */
  static boolean blocked(AdyenPayment payment) {
    return score(payment) >= BLOCKING_SCORE;
  }

  private static int score(AdyenPayment payment) {
    return Math.max(0, USUAL_SCORE + payment.request.getInteger("fraudOffset", 0));
  }

  private static String fraudType(AdyenPayment payment) {
    int score = score(payment);
    if (score >= BLOCKING_SCORE) {
      return "RED";
    }
    return score >= AMBER_SCORE ? "AMBER" : "GREEN";
  }

  private static JsonObject fraud(AdyenPayment payment) {
    int offset = payment.request.getInteger("fraudOffset", 0);
    JsonArray results = new JsonArray().add(check(USUAL_CHECK, "CardChunkUsage", USUAL_SCORE));
    if (offset != 0) {
      results.add(check(OFFSET_CHECK, "PaymentDetailRule", offset));
    }
    return new JsonObject().put("accountScore", score(payment)).put("results", results);
  }

  private static JsonObject check(int id, String name, int score) {
    return new JsonObject().put("accountScore", score).put("checkId", id).put("name", name);
  }
}
