package routes.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import payments.CardDetails;
import payments.Dispute;
import payments.DisputeStatus;
import payments.Operation;
import payments.PublicId;

/**
 * A dispute (Stripe API: The Dispute object). Evidence is not given through Sluice: its fields are
 * there and empty.
 */
final class DisputeJson {
  private static final List<String> EVIDENCE =
      List.of(
          "access_activity_log",
          "billing_address",
          "cancellation_policy",
          "cancellation_policy_disclosure",
          "cancellation_rebuttal",
          "customer_communication",
          "customer_email_address",
          "customer_name",
          "customer_purchase_ip",
          "customer_signature",
          "duplicate_charge_documentation",
          "duplicate_charge_explanation",
          "duplicate_charge_id",
          "product_description",
          "receipt",
          "refund_policy",
          "refund_policy_disclosure",
          "refund_refusal_explanation",
          "service_date",
          "service_documentation",
          "shipping_address",
          "shipping_carrier",
          "shipping_date",
          "shipping_documentation",
          "shipping_tracking_number",
          "uncategorized_file",
          "uncategorized_text");

  private DisputeJson() {}

  static void write(JsonWriter json, Dispute dispute, @Nullable Operation charge) {
    boolean inquiry =
        dispute.status() == DisputeStatus.INQUIRY
            || dispute.status() == DisputeStatus.INQUIRY_CLOSED;
    json.beginObject()
        .field("id", dispute.publicId())
        .field("object", "dispute")
        .field("amount", dispute.amount().minor())
        .name("balance_transactions")
        .beginArray()
        .endArray()
        .field("charge", PublicId.CHARGE.of(dispute.chargeId()))
        .field("created", dispute.createdAt().getEpochSecond())
        .field("currency", dispute.amount().currency().code())
        .name("enhanced_eligibility_types")
        .beginArray()
        .endArray();
    evidence(json);
    json.field("is_charge_refundable", inquiry)
        .field("livemode", dispute.livemode())
        .name("metadata")
        .beginObject()
        .endObject()
        .field("payment_intent", PublicId.PAYMENT.of(dispute.paymentId()));
    methodDetails(json, charge == null ? null : charge.card(), inquiry);
    json.field("reason", dispute.reason()).field("status", status(dispute.status())).endObject();
  }

  static String status(DisputeStatus status) {
    return switch (status) {
      case INQUIRY -> "warning_needs_response";
      case INQUIRY_CLOSED -> "warning_closed";
      case OPEN -> "needs_response";
      case WON -> "won";
      case LOST -> "lost";
    };
  }

  private static void evidence(JsonWriter json) {
    json.name("evidence").beginObject();
    EVIDENCE.forEach(json::nullField);
    json.name("enhanced_evidence").beginObject().endObject().endObject();
    json.name("evidence_details")
        .beginObject()
        .nullField("due_by")
        .name("enhanced_eligibility")
        .beginObject()
        .endObject()
        .field("has_evidence", false)
        .field("past_due", false)
        .field("submission_count", 0)
        .endObject();
  }

  private static void methodDetails(JsonWriter json, @Nullable CardDetails card, boolean inquiry) {
    json.name("payment_method_details")
        .beginObject()
        .name("card")
        .beginObject()
        .field("brand", card == null ? null : card.brand())
        .field("case_type", inquiry ? "inquiry" : "chargeback")
        .field("network", card == null ? null : card.network())
        .nullField("network_reason_code")
        .endObject()
        .field("type", "card")
        .endObject();
  }
}
