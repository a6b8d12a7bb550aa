package simulator.adyen;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One payment as Adyen sees it, beside what the bank keeps. Under the bank's lock. */
final class AdyenPayment {
  static final String REFERENCE = "reference";

  final String pspReference;
  final String account;
  final JsonObject request;
  final PaymentCard card;
  final @Nullable String idempotencyKey;
  final long amountMinor;

  String resultCode = Outcome.REDIRECT;

  /** The outcome's code, once there is one. */
  int code;

  String authCode = "";

  /** What the browser brings back from the issuer; null until the challenge is answered. */
  @Nullable String redirectResult;

  boolean passed;

  /** The capture that took the money; null where it came with the authorisation. */
  @Nullable Modification capture;

  /** Authorised, to be captured by Adyen itself, and not captured yet. */
  boolean captureDue;

  /** Where the card is saved; null when it is not. */
  @Nullable String token;

  /** How many steps of its aftermath were taken. */
  int aftermathSteps;

  AdyenPayment(
      String pspReference,
      String account,
      JsonObject request,
      PaymentCard card,
      @Nullable String idempotencyKey,
      long amountMinor) {
    this.pspReference = pspReference;
    this.account = account;
    this.request = request;
    this.card = card;
    this.idempotencyKey = idempotencyKey;
    this.amountMinor = amountMinor;
  }

  String merchantAccount() {
    return request.getString("merchantAccount");
  }

  String reference() {
    return request.getString(REFERENCE);
  }

  String currency() {
    return request.getJsonObject("amount").getString("currency");
  }

  JsonObject amount() {
    return amount(amountMinor);
  }

  JsonObject amount(long minor) {
    return new JsonObject().put("currency", currency()).put("value", minor);
  }

  String returnUrl() {
    return request.getString("returnUrl");
  }

  /** The request's metadata and the merchant's reference, to find it by. */
  Map<String, String> labels() {
    return labels(request);
  }

  static Map<String, String> labels(JsonObject request) {
    Map<String, String> labels = new LinkedHashMap<>();
    if (request.getValue("metadata") instanceof JsonObject metadata) {
      metadata.forEach(entry -> labels.put(entry.getKey(), String.valueOf(entry.getValue())));
    }
    if (request.getValue(REFERENCE) instanceof String reference) {
      labels.put(REFERENCE, reference);
    }
    return Map.copyOf(labels);
  }

  /** Whether the shopper is there, which is so too when a card on file pays with one click. */
  boolean withShopper() {
    return !Objects.equals("ContAuth", request.getString("shopperInteraction"))
        || Objects.equals("CardOnFile", request.getString("recurringProcessingModel"));
  }

  /** Whether the money is taken at once, which is Adyen's usual way. */
  boolean capturedAtOnce(boolean usually) {
    JsonObject additional = request.getJsonObject("additionalData");
    String manual = additional == null ? null : additional.getString("manualCapture");
    if (manual != null) {
      return !Boolean.parseBoolean(manual);
    }
    Integer delayHours = request.getInteger("captureDelayHours");
    return delayHours == null ? usually : delayHours == 0;
  }

  /** Whose card is to be saved; null when it is not. */
  @Nullable String savedFor() {
    boolean wanted =
        request.getBoolean("storePaymentMethod", false)
            || request.getBoolean("enableRecurring", false)
            || request.getBoolean("enableOneClick", false);
    return wanted ? request.getString("shopperReference") : null;
  }

  boolean waitsForShopper() {
    return resultCode.equals(Outcome.REDIRECT);
  }

  Outcome outcome() {
    return Outcome.ofCode(code);
  }

  Aftermath aftermath() {
    return Aftermath.ofHolder(card.holderName());
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("psp_reference", pspReference)
        .put("account", account)
        .put("request", request)
        .put("card", card.toJson())
        .put("idempotency_key", idempotencyKey)
        .put("amount", amountMinor)
        .put("result_code", resultCode)
        .put("code", code)
        .put("auth_code", authCode)
        .put("redirect_result", redirectResult)
        .put("passed", passed)
        .put("capture", capture == null ? null : capture.toJson())
        .put("capture_due", captureDue)
        .put("token", token)
        .put("aftermath_steps", aftermathSteps);
  }

  /** The same under another reference. */
  AdyenPayment named(String reference) {
    return fromJson(toJson().put("psp_reference", reference));
  }

  static AdyenPayment fromJson(JsonObject json) {
    AdyenPayment payment =
        new AdyenPayment(
            json.getString("psp_reference"),
            json.getString("account"),
            json.getJsonObject("request"),
            PaymentCard.fromJson(json.getJsonObject("card")),
            json.getString("idempotency_key"),
            json.getLong("amount"));
    payment.resultCode = json.getString("result_code");
    payment.code = json.getInteger("code");
    payment.authCode = json.getString("auth_code");
    payment.redirectResult = json.getString("redirect_result");
    payment.passed = json.getBoolean("passed");
    JsonObject capture = json.getJsonObject("capture");
    payment.capture = capture == null ? null : Modification.fromJson(capture);
    payment.captureDue = json.getBoolean("capture_due", false);
    payment.token = json.getString("token");
    payment.aftermathSteps = json.getInteger("aftermath_steps");
    return payment;
  }
}
