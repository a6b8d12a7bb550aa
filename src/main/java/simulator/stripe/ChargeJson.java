package simulator.stripe;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import simulator.Authorization;
import simulator.CardDeck;
import simulator.DeclineReason;
import simulator.Metadata;
import simulator.TestCard;

/** Renders the bank's authorizations as charges. */
final class ChargeJson {
  private static final List<String> EMPTY =
      List.of(
          "application",
          "application_fee",
          "application_fee_amount",
          "failure_balance_transaction",
          "on_behalf_of",
          "receipt_number",
          "review",
          "source",
          "source_transfer",
          "transfer_data",
          "transfer_group");

  private ChargeJson() {}

  static JsonObject of(StripeAccount account, Authorization charge) {
    TestCard card = CardDeck.require(charge.card());
    PaymentIntent intent = account.intent(charge.payment());
    JsonObject given = intent == null ? new JsonObject() : intent.attributes;
    DeclineReason reason = charge.decline();
    Declines decline = reason == null ? null : Declines.of(reason);
    long returned = returned(charge);
    JsonObject json =
        new JsonObject()
            .put("id", charge.id())
            .put("object", "charge")
            .put("amount", charge.amountMinor())
            .put("amount_captured", charge.capturedMinor())
            .put("amount_refunded", returned);
    EMPTY.forEach(json::putNull);
    return json.put(
            "balance_transaction",
            charge.status() == Authorization.Status.CAPTURED
                ? "txn_" + charge.id().substring("ch_".length())
                : null)
        .put("billing_details", billingDetails(account, charge))
        .put("calculated_statement_descriptor", decline == null ? "SIMULATED MERCHANT" : null)
        .put("captured", charge.status() == Authorization.Status.CAPTURED)
        .put("created", charge.createdAt().getEpochSecond())
        .put("currency", charge.currency())
        .put("customer", intent == null ? null : intent.customer)
        .put("description", given.getString("description"))
        .put("disputed", charge.disputed())
        .put("failure_code", decline == null ? null : decline.code())
        .put("failure_message", decline == null ? null : decline.message())
        .put("fraud_details", new JsonObject())
        .put("livemode", false)
        .put("metadata", Metadata.toJson(charge.metadata()))
        .put("outcome", outcome(card, reason, decline))
        .put("paid", decline == null)
        .put("payment_intent", charge.payment())
        .put("payment_method", charge.instrument())
        .put("payment_method_details", details(charge, card))
        .put("receipt_email", given.getString("receipt_email"))
        .put("receipt_url", decline == null ? "https://receipts.invalid/" + charge.id() : null)
        .put("refunded", decline == null && returned == charge.amountMinor())
        .put("refunds", refunds(charge))
        .put("shipping", IntentJson.shipping(given.getJsonObject("shipping")))
        .put("statement_descriptor", given.getString("statement_descriptor"))
        .put("statement_descriptor_suffix", given.getString("statement_descriptor_suffix"))
        .put("status", decline == null ? "succeeded" : "failed");
  }

  /** What the cardholder has back: refunds, and what a void or a partial capture released. */
  private static long returned(Authorization charge) {
    return switch (charge.status()) {
      case CAPTURED -> charge.amountMinor() - charge.capturedMinor() + charge.refundedMinor();
      case VOIDED, EXPIRED -> charge.amountMinor();
      case AUTHORIZED, FAILED -> 0;
    };
  }

  private static JsonObject billingDetails(StripeAccount account, Authorization charge) {
    return PaymentMethodJson.billingDetails(
        account
            .paymentMethod(charge.instrument())
            .map(PaymentMethod::billingDetails)
            .orElseGet(JsonObject::new));
  }

  private static JsonObject refunds(Authorization charge) {
    return new JsonObject()
        .put("object", "list")
        .put("data", new JsonArray())
        .put("has_more", charge.refundedMinor() > 0)
        .put("url", "/v1/charges/" + charge.id() + "/refunds");
  }

  private static JsonObject outcome(
      TestCard card, @Nullable DeclineReason reason, @Nullable Declines decline) {
    JsonObject outcome =
        new JsonObject()
            .putNull("network_advice_code")
            .put("risk_level", card.risk().name().toLowerCase(Locale.ROOT))
            .put("risk_score", card.risk().score());
    if (reason == null || decline == null) {
      return outcome
          .putNull("advice_code")
          .putNull("network_decline_code")
          .put("network_status", "approved_by_network")
          .putNull("reason")
          .put("seller_message", "Payment complete.")
          .put("type", "authorized");
    }
    boolean blocked = reason == DeclineReason.BLOCKED_BY_RISK || reason == DeclineReason.FRAUDULENT;
    return outcome
        .put("advice_code", decline.advice())
        .put("network_decline_code", blocked ? null : reason.networkCode())
        .put("network_status", blocked ? "not_sent_to_network" : "declined_by_network")
        .put("reason", blocked ? "highest_risk_level" : decline.declineCode())
        .put(
            "seller_message",
            blocked
                ? "Stripe blocked this payment as too risky."
                : "The bank returned the decline code `" + decline.declineCode() + "`.")
        .put("type", blocked ? "blocked" : "issuer_declined");
  }

  private static JsonObject details(Authorization charge, TestCard card) {
    JsonObject details =
        new JsonObject()
            .put("amount_authorized", charge.decline() == null ? charge.amountMinor() : null)
            .put("authorization_code", charge.decline() == null ? approvalCode(charge) : null)
            .put("brand", card.brand())
            .put(
                "checks",
                new JsonObject()
                    .put("address_line1_check", card.checks().line1())
                    .put("address_postal_code_check", card.checks().postalCode())
                    .put("cvc_check", card.checks().cvc()))
            .put("country", card.country())
            .put("exp_month", PaymentMethodJson.EXPIRY_MONTH)
            .put("exp_year", PaymentMethodJson.EXPIRY_YEAR)
            .put("extended_authorization", status("disabled"))
            .put("fingerprint", PaymentMethodJson.fingerprint(card))
            .put("funding", card.funding())
            .put("incremental_authorization", status("unavailable"))
            .putNull("installments")
            .put("last4", card.last4())
            .putNull("mandate")
            .put("multicapture", status("unavailable"))
            .put("network", card.brand())
            .put("network_token", new JsonObject().put("used", false))
            .put("network_transaction_id", "sim" + approvalCode(charge))
            .put(
                "overcapture",
                status("unavailable").put("maximum_amount_capturable", charge.amountMinor()))
            .putNull("regulated_status")
            .put("three_d_secure", charge.authenticated() ? threeDSecure() : null)
            .putNull("transaction_link_id")
            .putNull("wallet");
    return new JsonObject().put("card", details).put("type", "card");
  }

  private static JsonObject status(String status) {
    return new JsonObject().put("status", status);
  }

  private static String approvalCode(Authorization charge) {
    return "%06d".formatted(Math.floorMod(charge.id().hashCode(), 1_000_000));
  }

  private static JsonObject threeDSecure() {
    return new JsonObject()
        .put("authentication_flow", "challenge")
        .put("electronic_commerce_indicator", "05")
        .putNull("exemption_indicator")
        .put("result", "authenticated")
        .putNull("result_reason")
        .putNull("transaction_id")
        .put("version", "2.2.0");
  }
}
