package simulator.stripe;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import simulator.BankDispute;
import simulator.CardDeck;
import simulator.Metadata;

/** Renders disputes. */
final class DisputeJson {
  private static final Duration TIME_TO_ANSWER = Duration.ofDays(9);
  private static final String[] EVIDENCE = {
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
    "uncategorized_text"
  };

  private DisputeJson() {}

  static JsonObject of(BankDispute dispute) {
    return new JsonObject()
        .put("id", dispute.id())
        .put("object", "dispute")
        .put("amount", dispute.amountMinor())
        .put("balance_transactions", transactions(dispute))
        .put("charge", dispute.charge())
        .put("created", dispute.createdAt().getEpochSecond())
        .put("currency", dispute.currency())
        .put("enhanced_eligibility_types", new JsonArray())
        .put("evidence", evidence())
        .put("evidence_details", details(dispute))
        .put("is_charge_refundable", dispute.status().inquiry())
        .put("livemode", false)
        .put("metadata", Metadata.toJson(dispute.metadata()))
        .put("payment_intent", dispute.payment())
        .put("payment_method_details", method(dispute))
        .put("reason", dispute.reason())
        .put("status", dispute.status().word());
  }

  private static JsonObject evidence() {
    JsonObject evidence = new JsonObject();
    for (String name : EVIDENCE) {
      evidence.putNull(name);
    }
    return evidence.put("enhanced_evidence", new JsonObject());
  }

  private static JsonObject details(BankDispute dispute) {
    return new JsonObject()
        .put("due_by", dispute.createdAt().plus(TIME_TO_ANSWER).getEpochSecond())
        .put("enhanced_eligibility", new JsonObject())
        .put("has_evidence", dispute.submissions() > 0)
        .put("past_due", false)
        .put("submission_count", dispute.submissions());
  }

  private static JsonObject method(BankDispute dispute) {
    String brand = CardDeck.require(dispute.card()).brand();
    return new JsonObject()
        .put(
            "card",
            new JsonObject()
                .put("brand", brand)
                .put("case_type", dispute.status().inquiry() ? "inquiry" : "chargeback")
                .put("network", brand)
                .put("network_reason_code", "10.4"))
        .put("type", "card");
  }

  /** What was taken, and what was given back; this provider charges no fee for it. */
  private static JsonArray transactions(BankDispute dispute) {
    JsonArray transactions = new JsonArray();
    if (!dispute.status().inquiry()) {
      transactions.add(transaction(dispute, "txn_w", -dispute.amountMinor(), "dispute"));
      if (!dispute.status().withdrawn()) {
        transactions.add(transaction(dispute, "txn_r", dispute.amountMinor(), "dispute_reversal"));
      }
    }
    return transactions;
  }

  private static JsonObject transaction(
      BankDispute dispute, String prefix, long amountMinor, String category) {
    long created = dispute.createdAt().getEpochSecond();
    return new JsonObject()
        .put("id", prefix + dispute.id().substring("dp_".length()))
        .put("object", "balance_transaction")
        .put("amount", amountMinor)
        .put("available_on", created)
        .put("created", created)
        .put("currency", dispute.currency())
        .put("description", "Chargeback of " + dispute.charge())
        .putNull("exchange_rate")
        .put("fee", 0)
        .put("fee_details", new JsonArray())
        .put("net", amountMinor)
        .put("reporting_category", category)
        .put("source", dispute.id())
        .put("status", "available")
        .put("type", "adjustment");
  }
}
