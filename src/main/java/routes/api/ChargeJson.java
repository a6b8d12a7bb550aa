package routes.api;

import flows.Views.ChargeView;
import flows.Views.PaymentView;
import flows.Views.RefundView;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import payments.AttemptOutcome;
import payments.CardDetails;
import payments.Decline;
import payments.DeclineCode;
import payments.Operation;
import payments.OperationStatus;
import payments.Parameters;
import payments.Payment;
import payments.ThreeDSecure;

/**
 * An authorize operation as a charge (Stripe API: The Charge object). While the operation is open,
 * or waits for the customer, the charge is {@code pending}.
 */
final class ChargeJson {
  private ChargeJson() {}

  static void write(JsonWriter json, ChargeView view, Expansion expansion) {
    Operation charge = view.charge();
    Payment payment = view.payment().payment();
    boolean succeeded = charge.status() == OperationStatus.SUCCEEDED;
    json.beginObject()
        .field("id", charge.publicId())
        .field("object", "charge")
        .field("amount", charge.amount().minor())
        .field("amount_captured", charge.capturedAmount())
        .field("amount_refunded", charge.refundedAmount())
        .nullField("application")
        .nullField("application_fee")
        .nullField("application_fee_amount")
        .nullField("balance_transaction");
    Fragments.billingDetails(json, billingDetails(view));
    json.nullField("calculated_statement_descriptor")
        .field("captured", charge.capturedAmount() > 0)
        .field("created", charge.createdAt().getEpochSecond())
        .field("currency", charge.amount().currency().code());
    PaymentIntentJson.customer(json, payment.customerId(), view.payment().customer(), expansion);
    json.field("description", said(view, "description"))
        .field("disputed", payment.disputed() > 0 && charge.id().equals(payment.latestCharge()))
        .nullField("failure_balance_transaction");
    failure(json, charge.decline());
    json.name("fraud_details")
        .beginObject()
        .endObject()
        .field("livemode", charge.livemode())
        .field("metadata", metadata(view))
        .nullField("on_behalf_of");
    outcome(json, charge);
    json.field("paid", succeeded);
    paymentIntent(json, view.payment(), expansion);
    json.field("payment_method", charge.paymentMethodId());
    methodDetails(json, charge);
    json.field("receipt_email", said(view, "receipt_email"))
        .nullField("receipt_number")
        .nullField("receipt_url")
        .field(
            "refunded",
            charge.refundedAmount() > 0 && charge.refundedAmount() >= charge.capturedAmount());
    refunds(json, view, expansion);
    json.nullField("review");
    Fragments.shipping(
        json, charge.parameters().has("shipping") ? charge.parameters() : payment.parameters());
    json.nullField("source")
        .nullField("source_transfer")
        .field("statement_descriptor", said(view, "statement_descriptor"))
        .field("statement_descriptor_suffix", said(view, "statement_descriptor_suffix"))
        .field("status", status(charge.status()))
        .nullField("transfer_data")
        .field("transfer_group", said(view, "transfer_group"))
        .endObject();
  }

  static String status(OperationStatus status) {
    return switch (status) {
      case SUCCEEDED -> "succeeded";
      case FAILED, CANCELED -> "failed";
      case PENDING, UNKNOWN, ACCEPTED, AWAITING_CUSTOMER -> "pending";
    };
  }

  /** What was said of the charge itself, else of its payment. */
  private static @Nullable String said(ChargeView view, String name) {
    String own = view.charge().parameters().text(name);
    return own != null ? own : view.payment().payment().parameters().text(name);
  }

  private static Map<String, Object> metadata(ChargeView view) {
    Parameters own = view.charge().parameters();
    return own.has("metadata") ? own.metadata() : view.payment().payment().parameters().metadata();
  }

  private static Map<?, ?> billingDetails(ChargeView view) {
    Parameters own = view.charge().parameters();
    if (own.has("billing_details")) {
      return own.map("billing_details");
    }
    var method = view.payment().method();
    return method != null && method.id().equals(view.charge().paymentMethodId())
        ? method.parameters().map("billing_details")
        : Map.of();
  }

  private static void failure(JsonWriter json, @Nullable Decline decline) {
    json.field("failure_code", decline == null ? null : decline.code().errorCode())
        .field("failure_message", decline == null ? null : decline.code().message());
  }

  private static void outcome(JsonWriter json, Operation charge) {
    AttemptOutcome outcome = charge.outcome();
    Decline decline = charge.decline();
    boolean succeeded = charge.status() == OperationStatus.SUCCEEDED;
    if (!succeeded && decline == null) {
      json.nullField("outcome");
      return;
    }
    boolean unsent =
        decline != null
            && (decline.code() == DeclineCode.AUTHENTICATION_FAILED
                || decline.code() == DeclineCode.PSP_UNAVAILABLE
                || decline.code() == DeclineCode.KEY_REFUSED
                || decline.code() == DeclineCode.REFUSED_BY_PSP);
    String network =
        succeeded ? "approved_by_network" : unsent ? "not_sent_to_network" : "declined_by_network";
    String type = succeeded ? "authorized" : unsent ? "invalid" : "issuer_declined";
    json.name("outcome")
        .beginObject()
        .field("advice_code", decline == null ? null : decline.adviceCode())
        .field("network_advice_code", outcome.networkAdviceCode())
        .field("network_decline_code", outcome.networkDeclineCode())
        .field("network_status", or(outcome.networkStatus(), network))
        .field("reason", or(outcome.reason(), decline == null ? null : reason(decline)))
        .field("risk_level", or(outcome.riskLevel(), "not_assessed"))
        .field("risk_score", (Object) outcome.riskScore())
        .field("seller_message", or(outcome.sellerMessage(), sellerMessage(decline)))
        .field("type", or(outcome.type(), type))
        .endObject();
  }

  private static @Nullable String reason(Decline decline) {
    return decline.code().declineCode();
  }

  private static String sellerMessage(@Nullable Decline decline) {
    return decline == null
        ? "Payment complete."
        : "The payment was declined: " + decline.code().name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable String or(@Nullable String told, @Nullable String otherwise) {
    return told == null ? otherwise : told;
  }

  private static void paymentIntent(JsonWriter json, PaymentView payment, Expansion expansion) {
    Expansion inner = expansion.of("payment_intent");
    if (inner == null) {
      json.field("payment_intent", payment.payment().publicId());
    } else {
      json.name("payment_intent");
      PaymentIntentJson.write(json, payment, inner);
    }
  }

  private static void refunds(JsonWriter json, ChargeView view, Expansion expansion) {
    Expansion inner = expansion.of("refunds");
    if (inner == null) {
      json.nullField("refunds");
      return;
    }
    Expansion each = inner.within("data");
    json.name("refunds").beginObject().field("object", "list").name("data").beginArray();
    for (Operation refund : view.refunds()) {
      RefundJson.write(json, new RefundView(refund, view.payment()), each);
    }
    json.endArray()
        .field("has_more", shown(view) < view.charge().refundedAmount())
        .field("url", "/v1/charges/" + view.charge().publicId() + "/refunds")
        .endObject();
  }

  /** What the refunds at hand gave back: below the charge's total, there are more of them. */
  private static long shown(ChargeView view) {
    return view.refunds().stream()
        .filter(refund -> refund.status() == OperationStatus.SUCCEEDED)
        .mapToLong(refund -> refund.amount().minor())
        .sum();
  }

  private static void methodDetails(JsonWriter json, Operation charge) {
    CardDetails card = charge.card();
    if (card == null) {
      json.nullField("payment_method_details");
      return;
    }
    json.name("payment_method_details")
        .beginObject()
        .name("card")
        .beginObject()
        .field(
            "amount_authorized",
            charge.status() == OperationStatus.SUCCEEDED ? (Object) charge.amount().minor() : null)
        .field("authorization_code", charge.outcome().authorizationCode())
        .field("brand", card.brand());
    Fragments.checks(json, charge.checks());
    json.field("country", card.country())
        .field("exp_month", card.expMonth())
        .field("exp_year", card.expYear());
    statusOnly(json, "extended_authorization", "disabled");
    json.field("fingerprint", card.fingerprint()).field("funding", card.funding());
    statusOnly(json, "incremental_authorization", "unavailable");
    json.nullField("installments").field("last4", card.last4()).nullField("mandate");
    statusOnly(json, "multicapture", "unavailable");
    json.field("network", or(card.network(), card.brand()))
        .nullField("network_token")
        .field("network_transaction_id", charge.outcome().networkTransactionId())
        .name("overcapture")
        .beginObject()
        .field("maximum_amount_capturable", charge.amount().minor())
        .field("status", "unavailable")
        .endObject()
        .nullField("regulated_status");
    threeDSecure(json, charge.outcome().threeDSecure());
    json.nullField("transaction_link_id")
        .nullField("wallet")
        .endObject()
        .field("type", "card")
        .endObject();
  }

  private static void threeDSecure(JsonWriter json, @Nullable ThreeDSecure authentication) {
    if (authentication == null) {
      json.nullField("three_d_secure");
      return;
    }
    json.name("three_d_secure")
        .beginObject()
        .field("authentication_flow", authentication.authenticationFlow())
        .field("electronic_commerce_indicator", authentication.electronicCommerceIndicator())
        .field("exemption_indicator", authentication.exemptionIndicator())
        .field("result", authentication.result())
        .field("result_reason", authentication.resultReason())
        .field("transaction_id", authentication.transactionId())
        .field("version", authentication.version())
        .endObject();
  }

  private static void statusOnly(JsonWriter json, String name, String status) {
    json.name(name).beginObject().field("status", status).endObject();
  }
}
