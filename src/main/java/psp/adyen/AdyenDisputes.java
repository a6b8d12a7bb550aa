package psp.adyen;

import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import money.Money;
import org.jspecify.annotations.Nullable;
import psp.PspFact;
import psp.PspFact.Dispute.Stage;

/**
 * What Adyen tells of disputes, pure (Adyen docs: "Dispute flow", "Dispute webhooks"). All events
 * of a dispute have its reference, and a dispute that the merchant has won may be lost after all,
 * by a second chargeback: with us a stage that is over stays over, so that what comes after the
 * first chargeback's end is a dispute of its own, with a reference made of the first one's. The
 * money is taken, given back and taken again, and so it is booked.
 */
final class AdyenDisputes {
  private static final String SECOND_ROUND = ":2";

  private static final Map<String, Stage> FIRST =
      Map.of(
          "REQUEST_FOR_INFORMATION", Stage.INQUIRY,
          // Announced: what it is about is taken with the chargeback, days later.
          "NOTIFICATION_OF_CHARGEBACK", Stage.INQUIRY,
          "CHARGEBACK", Stage.OPEN,
          "CHARGEBACK_REVERSED", Stage.WON,
          "DISPUTE_DEFENSE_PERIOD_ENDED", Stage.LOST);

  private static final Map<String, Stage> SECOND =
      Map.of(
          "PREARBITRATION_OPEN", Stage.INQUIRY,
          "PREARBITRATION_ISSUER_WITHDRAWN", Stage.INQUIRY_CLOSED,
          "SECOND_CHARGEBACK", Stage.LOST,
          "PREARBITRATION_LOST", Stage.LOST,
          "PREARBITRATION_ACCEPTED", Stage.LOST,
          "PREARBITRATION_WON", Stage.WON,
          "SCHEME_ARBITRATION_LOST", Stage.LOST,
          "SCHEME_ARBITRATION_WON", Stage.WON);

  /** How a dispute stands for which the time to defend it is over. */
  private static final Set<String> LOST = Set.of("Lost", "Accepted", "Expired");

  /** Schemes' reason codes, by how they begin, in Stripe's words; longer ones come first. */
  private static final Map<String, String> REASONS = reasons();

  private AdyenDisputes() {}

  private static Map<String, String> reasons() {
    var reasons = new LinkedHashMap<String, String>();
    // Visa
    reasons.put("10.", "fraudulent");
    reasons.put("12.6", "duplicate");
    reasons.put("13.1", "product_not_received");
    reasons.put("13.2", "subscription_canceled");
    reasons.put("13.3", "product_unacceptable");
    reasons.put("13.4", "product_unacceptable");
    reasons.put("13.5", "product_unacceptable");
    reasons.put("13.6", "credit_not_processed");
    // Mastercard
    reasons.put("4837", "fraudulent");
    reasons.put("4840", "fraudulent");
    reasons.put("4849", "fraudulent");
    reasons.put("4870", "fraudulent");
    reasons.put("4871", "fraudulent");
    reasons.put("4863", "unrecognized");
    reasons.put("4834", "duplicate");
    reasons.put("4841", "subscription_canceled");
    reasons.put("4855", "product_not_received");
    reasons.put("4860", "credit_not_processed");
    // American Express
    reasons.put("F", "fraudulent");
    reasons.put("C02", "credit_not_processed");
    reasons.put("C08", "product_not_received");
    reasons.put("C28", "subscription_canceled");
    reasons.put("C31", "product_unacceptable");
    reasons.put("P08", "duplicate");
    return reasons;
  }

  static boolean isAbout(String code) {
    return FIRST.containsKey(code) || SECOND.containsKey(code);
  }

  static PspFact of(
      String code,
      JsonObject item,
      String reference,
      @Nullable String payment,
      @Nullable Money amount) {
    JsonObject additional = AdyenJson.object(item, "additionalData");
    if (code.equals("DISPUTE_DEFENSE_PERIOD_ENDED") && !isLost(additional)) {
      return new PspFact.Irrelevant("the time to answer is over, and nothing is decided");
    }
    Instant at = time(AdyenJson.filled(item, "eventDate"));
    if (payment == null || amount == null || at == null) {
      return new PspFact.Unreadable(code + " without payment, amount or time that we know");
    }
    Stage first = FIRST.get(code);
    Stage stage = first == null ? SECOND.get(code) : first;
    if (stage == null) {
      throw new IllegalArgumentException("not about a dispute: " + code);
    }
    return new PspFact.Dispute(
        first == null ? reference + SECOND_ROUND : reference,
        payment,
        amount,
        stage,
        reason(additional),
        at);
  }

  /** Whether what ended is a chargeback, and not only a question. */
  private static boolean isLost(@Nullable JsonObject additional) {
    String status = AdyenJson.filled(additional, "disputeStatus");
    return status != null
        && LOST.contains(status)
        && AdyenJson.filled(additional, "rfiReasonCode") == null;
  }

  private static @Nullable Instant time(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException unreadable) {
      return null;
    }
  }

  static String reason(@Nullable JsonObject additional) {
    String code = AdyenJson.filled(additional, "chargebackReasonCode");
    String told = code == null ? AdyenJson.filled(additional, "rfiReasonCode") : code;
    if (told == null) {
      return "general";
    }
    String stripped = told.strip();
    return REASONS.entrySet().stream()
        .filter(entry -> stripped.startsWith(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("general");
  }
}
