package routes.api;

import flows.Views.ChargeView;
import flows.Views.RefundView;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.Operation;
import payments.OperationStatus;
import payments.Payment;
import payments.PublicId;

/** A refund operation as a refund (Stripe API: The Refund object). */
final class RefundJson {
  private RefundJson() {}

  static void write(JsonWriter json, RefundView view, Expansion expansion) {
    Operation refund = view.refund();
    Payment payment = view.payment().payment();
    json.beginObject()
        .field("id", refund.publicId())
        .field("object", "refund")
        .field("amount", refund.amount().minor())
        .nullField("balance_transaction");
    charge(json, view, expansion.of("charge"));
    json.field("created", refund.createdAt().getEpochSecond())
        .field("currency", refund.amount().currency().code());
    PaymentIntentJson.customer(json, payment.customerId(), view.payment().customer(), expansion);
    json.nullField("customer_account")
        .name("destination_details")
        .beginObject()
        .name("card")
        .beginObject()
        .field("type", "refund")
        .endObject()
        .field("type", "card")
        .endObject();
    if (refund.status() == OperationStatus.FAILED) {
      json.field("failure_reason", "unknown");
    }
    json.field("metadata", refund.parameters().metadata());
    paymentIntent(json, view, expansion.of("payment_intent"));
    PaymentIntentJson.paymentMethod(
        json,
        refund.paymentMethodId() != null ? refund.paymentMethodId() : payment.paymentMethodId(),
        view.payment().method(),
        view.payment().customer(),
        expansion);
    json.field("reason", refund.parameters().text("reason"))
        .nullField("receipt_number")
        .nullField("source_transfer_reversal")
        .field("status", status(refund.status()))
        .nullField("transfer_reversal")
        .endObject();
  }

  static String status(OperationStatus status) {
    return switch (status) {
      case SUCCEEDED -> "succeeded";
      case FAILED -> "failed";
      case CANCELED -> "canceled";
      case PENDING, UNKNOWN, ACCEPTED -> "pending";
      case AWAITING_CUSTOMER -> "requires_action";
    };
  }

  private static void charge(JsonWriter json, RefundView view, @Nullable Expansion expansion) {
    UUID id = view.refund().chargeId();
    Operation charge = view.payment().charge();
    if (expansion != null && charge != null && charge.id().equals(id)) {
      json.name("charge");
      ChargeJson.write(
          json, new ChargeView(charge, view.payment(), view.payment().refunds()), expansion);
    } else {
      json.field("charge", id == null ? null : PublicId.CHARGE.of(id));
    }
  }

  private static void paymentIntent(
      JsonWriter json, RefundView view, @Nullable Expansion expansion) {
    if (expansion == null) {
      json.field("payment_intent", view.payment().payment().publicId());
    } else {
      json.name("payment_intent");
      PaymentIntentJson.write(json, view.payment(), expansion);
    }
  }
}
