package simulator.adyen;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * One request to capture, cancel or refund a payment: received at once, and ended by a webhook.
 *
 * @param payment reference of the payment; empty where a cancel by the merchant's reference found
 *     none
 * @param merchantAccount as the request names it
 * @param paymentReference the merchant's reference of the payment
 * @param amountMinor null where it is for all of it
 * @param reference the merchant's reference for the modification
 * @param open not ended yet
 */
record Modification(
    String pspReference,
    String account,
    Kind kind,
    String payment,
    String merchantAccount,
    String paymentReference,
    @Nullable Long amountMinor,
    @Nullable String reference,
    @Nullable String idempotencyKey,
    boolean open) {

  /** What is asked for, and as what its result is told. */
  enum Kind {
    CAPTURE("CAPTURE"),
    CANCEL("CANCELLATION"),
    TECHNICAL_CANCEL("TECHNICAL_CANCEL"),
    REFUND("REFUND"),
    REVERSAL("CANCEL_OR_REFUND");

    private final String eventCode;

    Kind(String eventCode) {
      this.eventCode = eventCode;
    }

    String eventCode() {
      return eventCode;
    }
  }

  /** What the merchant calls it: its own reference, or the payment's. */
  String merchantReference() {
    return reference == null ? paymentReference : reference;
  }

  Modification ended() {
    return new Modification(
        pspReference,
        account,
        kind,
        payment,
        merchantAccount,
        paymentReference,
        amountMinor,
        reference,
        idempotencyKey,
        false);
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("psp_reference", pspReference)
        .put("account", account)
        .put("kind", kind.name())
        .put("payment", payment)
        .put("merchant_account", merchantAccount)
        .put("payment_reference", paymentReference)
        .put("amount", amountMinor)
        .put("reference", reference)
        .put("idempotency_key", idempotencyKey)
        .put("open", open);
  }

  static Modification fromJson(JsonObject json) {
    return new Modification(
        json.getString("psp_reference"),
        json.getString("account"),
        Kind.valueOf(json.getString("kind")),
        json.getString("payment"),
        json.getString("merchant_account"),
        json.getString("payment_reference"),
        json.getLong("amount"),
        json.getString("reference"),
        json.getString("idempotency_key"),
        json.getBoolean("open"));
  }
}
