package simulator.stripe;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import simulator.Ids;
import simulator.Metadata;

/**
 * A payment's state with the provider. Mutable, under the bank's lock; a change counts once it is
 * saved.
 */
final class PaymentIntent {
  static final String REQUIRES_PAYMENT_METHOD = "requires_payment_method";
  static final String REQUIRES_CONFIRMATION = "requires_confirmation";
  static final String REQUIRES_ACTION = "requires_action";
  static final String REQUIRES_CAPTURE = "requires_capture";
  static final String PROCESSING = "processing";
  static final String SUCCEEDED = "succeeded";
  static final String CANCELED = "canceled";

  final String id;
  final String account;
  final String clientSecret;
  final Instant createdAt;
  final List<String> charges = new ArrayList<>();

  long amountMinor;
  String currency;
  String captureMethod = "automatic_async";
  String status = REQUIRES_PAYMENT_METHOD;
  Map<String, String> metadata = Map.of();

  /** What the caller said about it beside the fields here, as it is shown. */
  JsonObject attributes = new JsonObject();

  @Nullable String paymentMethod;
  @Nullable String customer;
  @Nullable String latestCharge;
  @Nullable JsonObject lastPaymentError;
  @Nullable Instant canceledAt;
  @Nullable String cancellationReason;

  /** Where the customer goes after a challenge. */
  @Nullable String returnUrl;

  /** The idempotency key of the confirmation whose challenge is open. */
  @Nullable String confirmationKey;

  /** How often paying failed since the simulator started. */
  int failures;

  /** What it was when it was saved last; null while it never was. */
  @Nullable Mark mark;

  /** What of an intent decides which event a change of it is. */
  record Mark(String status, int failures) {}

  PaymentIntent(String account, Instant createdAt, long amountMinor, String currency) {
    this(Ids.next("pi_"), account, createdAt, Ids.next(""), amountMinor, currency);
  }

  private PaymentIntent(
      String id,
      String account,
      Instant createdAt,
      String secret,
      long amountMinor,
      String currency) {
    this.id = id;
    this.account = account;
    this.createdAt = createdAt;
    this.clientSecret = secret.contains("_secret_") ? secret : id + "_secret_" + secret;
    this.amountMinor = amountMinor;
    this.currency = currency;
  }

  boolean manualCapture() {
    return captureMethod.equals("manual");
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("id", id)
        .put("account", account)
        .put("client_secret", clientSecret)
        .put("created_at", createdAt.toEpochMilli())
        .put("charges", new JsonArray(List.copyOf(charges)))
        .put("amount", amountMinor)
        .put("currency", currency)
        .put("capture_method", captureMethod)
        .put("status", status)
        .put("metadata", Metadata.toJson(metadata))
        .put("attributes", attributes)
        .put("payment_method", paymentMethod)
        .put("customer", customer)
        .put("latest_charge", latestCharge)
        .put("last_payment_error", lastPaymentError)
        .put("canceled_at", canceledAt == null ? null : canceledAt.toEpochMilli())
        .put("cancellation_reason", cancellationReason)
        .put("return_url", returnUrl)
        .put("confirmation_key", confirmationKey);
  }

  static PaymentIntent fromJson(JsonObject json) {
    PaymentIntent intent =
        new PaymentIntent(
            json.getString("id"),
            json.getString("account"),
            Instant.ofEpochMilli(json.getLong("created_at")),
            json.getString("client_secret"),
            json.getLong("amount"),
            json.getString("currency"));
    json.getJsonArray("charges").forEach(charge -> intent.charges.add((String) charge));
    intent.captureMethod = json.getString("capture_method");
    intent.status = json.getString("status");
    intent.metadata = Metadata.fromJson(json.getJsonObject("metadata"));
    intent.attributes = json.getJsonObject("attributes");
    intent.paymentMethod = json.getString("payment_method");
    intent.customer = json.getString("customer");
    intent.latestCharge = json.getString("latest_charge");
    intent.lastPaymentError = json.getJsonObject("last_payment_error");
    Long canceledAt = json.getLong("canceled_at");
    intent.canceledAt = canceledAt == null ? null : Instant.ofEpochMilli(canceledAt);
    intent.cancellationReason = json.getString("cancellation_reason");
    intent.returnUrl = json.getString("return_url");
    intent.confirmationKey = json.getString("confirmation_key");
    return intent;
  }
}
