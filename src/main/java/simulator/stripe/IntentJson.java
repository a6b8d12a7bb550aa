package simulator.stripe;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;
import simulator.Authorization;
import simulator.Metadata;

/** Renders payment intents. */
final class IntentJson {
  /** Shown as given, null when not given. */
  static final List<String> PLAIN =
      List.of(
          "application_fee_amount",
          "automatic_payment_methods",
          "description",
          "excluded_payment_method_types",
          "on_behalf_of",
          "receipt_email",
          "setup_future_usage",
          "statement_descriptor",
          "statement_descriptor_suffix",
          "transfer_data",
          "transfer_group");

  /** Never set here, and always in the object. */
  private static final List<String> EMPTY =
      List.of(
          "application",
          "customer_account",
          "managed_payments",
          "payment_method_configuration_details",
          "processing",
          "review",
          "source");

  private IntentJson() {}

  static JsonObject of(StripeWorld world, PaymentIntent intent) {
    JsonObject given = intent.attributes;
    JsonObject json =
        new JsonObject()
            .put("id", intent.id)
            .put("object", "payment_intent")
            .put("amount", intent.amountMinor)
            .put("amount_capturable", 0)
            .put("amount_details", new JsonObject().put("tip", new JsonObject()))
            .put("amount_received", 0);
    PLAIN.forEach(name -> json.put(name, given.getValue(name)));
    EMPTY.forEach(json::putNull);
    json.put("canceled_at", intent.canceledAt == null ? null : intent.canceledAt.getEpochSecond())
        .put("cancellation_reason", intent.cancellationReason)
        .put("capture_method", intent.captureMethod)
        .put("client_secret", intent.clientSecret)
        .put("confirmation_method", given.getString("confirmation_method", "automatic"))
        .put("created", intent.createdAt.getEpochSecond())
        .put("currency", intent.currency)
        .put("customer", intent.customer)
        .put("last_payment_error", intent.lastPaymentError)
        .put("latest_charge", intent.latestCharge)
        .put("livemode", false)
        .put("metadata", Metadata.toJson(intent.metadata))
        .put("next_action", nextAction(world, intent))
        .put("payment_method", intent.paymentMethod)
        .put("payment_method_options", options(given))
        .put(
            "payment_method_types",
            given.getJsonArray("payment_method_types", new JsonArray().add("card")))
        .put("shipping", shipping(given.getJsonObject("shipping")))
        .put("status", intent.status);
    if (intent.latestCharge != null) {
      world
          .bank()
          .authorization(intent.account, intent.latestCharge)
          .ifPresent(authorization -> amounts(json, authorization));
    }
    return json;
  }

  private static void amounts(JsonObject json, Authorization authorization) {
    json.put("amount_received", authorization.capturedMinor());
    if (authorization.status() == Authorization.Status.AUTHORIZED) {
      json.put("amount_capturable", authorization.amountMinor());
    }
  }

  private static @Nullable JsonObject nextAction(StripeWorld world, PaymentIntent intent) {
    if (!intent.status.equals(PaymentIntent.REQUIRES_ACTION)) {
      return null;
    }
    return new JsonObject()
        .put(
            "redirect_to_url",
            new JsonObject()
                .put("return_url", intent.returnUrl)
                .put("url", world.baseUrl() + ChallengePage.pathOf(intent)))
        .put("type", "redirect_to_url");
  }

  private static JsonObject options(JsonObject given) {
    JsonObject card =
        new JsonObject()
            .putNull("installments")
            .putNull("mandate_options")
            .putNull("network")
            .put("request_three_d_secure", "automatic");
    JsonObject options = given.getJsonObject("payment_method_options", new JsonObject()).copy();
    return options.put("card", card.mergeIn(options.getJsonObject("card", new JsonObject())));
  }

  static @Nullable JsonObject shipping(@Nullable JsonObject given) {
    if (given == null) {
      return null;
    }
    return new JsonObject()
        .put("address", PaymentMethodJson.address(given.getJsonObject("address")))
        .put("carrier", given.getString("carrier"))
        .put("name", given.getString("name"))
        .put("phone", given.getString("phone"))
        .put("tracking_number", given.getString("tracking_number"));
  }
}
