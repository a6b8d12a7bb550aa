package simulator.adyen;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import simulator.BankDispute;

/** Adyen's words for what happens to a dispute. */
final class DisputeItems {
  private static final Duration DEFENSE_PERIOD = Duration.ofDays(18);
  private static final String REQUEST_FOR_INFORMATION = "REQUEST_FOR_INFORMATION";

  /** Stripe's words for reasons, as Visa codes them. */
  private static final Map<String, String> CODES =
      Map.of(
          "fraudulent", "10.4",
          "unrecognized", "10.4",
          "product_not_received", "13.1",
          "product_unacceptable", "13.3",
          "subscription_canceled", "13.2",
          "credit_not_processed", "13.6",
          "duplicate", "12.6",
          "general", "13.7");

  private static final Map<String, String> REASONS =
      Map.of(
          "10.4", "Other Fraud-Card Absent Environment",
          "13.1", "Merchandise/Services Not Received",
          "13.2", "Cancelled Recurring",
          "13.3", "Not as Described or Defective Merchandise/Services",
          "13.6", "Credit Not Processed",
          "12.6", "Duplicate Processing",
          "13.7", "Cancelled Merchandise/Services");

  private DisputeItems() {}

  /** The event codes that a change is told as, in order. */
  static List<String> codes(@Nullable BankDispute before, BankDispute dispute) {
    if (before == null) {
      return dispute.status().inquiry()
          ? List.of(REQUEST_FOR_INFORMATION)
          : List.of("NOTIFICATION_OF_CHARGEBACK", "CHARGEBACK");
    }
    if (before.status() == dispute.status()) {
      return List.of();
    }
    boolean taken = !before.status().withdrawn() && dispute.status().withdrawn();
    return switch (dispute.status()) {
      case NEEDS_RESPONSE -> List.of("CHARGEBACK");
      case UNDER_REVIEW, WARNING_UNDER_REVIEW -> List.of("INFORMATION_SUPPLIED");
      case WON -> List.of("CHARGEBACK_REVERSED");
      case LOST ->
          before.status() == BankDispute.Status.WON
              ? List.of("SECOND_CHARGEBACK")
              : List.of(taken ? "CHARGEBACK" : "DISPUTE_DEFENSE_PERIOD_ENDED");
      case WARNING_NEEDS_RESPONSE, WARNING_CLOSED -> List.of(); // nobody is told
    };
  }

  private static String code(BankDispute dispute) {
    return CODES.getOrDefault(dispute.reason(), dispute.reason());
  }

  static String reason(BankDispute dispute) {
    return REASONS.getOrDefault(code(dispute), "Cardholder Dispute");
  }

  static JsonObject additional(String eventCode, BankDispute dispute, String brand, Instant now) {
    boolean inquiry = eventCode.equals(REQUEST_FOR_INFORMATION);
    JsonObject additional =
        new JsonObject()
            .put(inquiry ? "rfiReasonCode" : "chargebackReasonCode", code(dispute))
            .put(inquiry ? "rfiSchemeCode" : "chargebackSchemeCode", brand)
            .put("modificationMerchantReferences", "")
            .put("paymentMethodVariant", brand)
            .put("disputeStatus", status(eventCode));
    if (eventCode.equals("CHARGEBACK") || eventCode.equals("NOTIFICATION_OF_CHARGEBACK")) {
      additional
          .put("defendable", "true")
          .put("defensePeriodEndsAt", AdyenEvents.DATE.format(now.plus(DEFENSE_PERIOD)));
    }
    return additional;
  }

  private static String status(String eventCode) {
    return switch (eventCode) {
      case "INFORMATION_SUPPLIED" -> "Responded";
      case "CHARGEBACK_REVERSED" -> "Pending";
      case "SECOND_CHARGEBACK", "DISPUTE_DEFENSE_PERIOD_ENDED" -> "Lost";
      default -> "Unresponded";
    };
  }
}
