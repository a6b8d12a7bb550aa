package routes.api;

import org.jspecify.annotations.Nullable;
import payments.CardDetails;
import payments.Customer;
import payments.PaymentMethod;

/** A payment method (Stripe API: The PaymentMethod object). PSP tokens are never shown. */
final class PaymentMethodJson {
  private PaymentMethodJson() {}

  static void write(
      JsonWriter json, PaymentMethod method, @Nullable Customer customer, Expansion expansion) {
    json.beginObject();
    shared(json, method);
    card(json, method, false);
    PaymentIntentJson.customer(json, method.customerId(), customer, expansion);
    json.nullField("customer_account")
        .field("metadata", method.parameters().metadata())
        .endObject();
  }

  /** What a browser may see: neither whose card it is nor what tells it from others. */
  static void writePublic(JsonWriter json, PaymentMethod method) {
    json.beginObject();
    shared(json, method);
    card(json, method, true);
    json.endObject();
  }

  private static void shared(JsonWriter json, PaymentMethod method) {
    Object redisplay = method.parameters().values().get("allow_redisplay");
    json.field("id", method.id())
        .field("object", "payment_method")
        .field("allow_redisplay", redisplay == null ? "unspecified" : redisplay);
    Fragments.billingDetails(json, method.parameters().map("billing_details"));
    json.field("created", method.createdAt().getEpochSecond())
        .field("livemode", method.livemode())
        .field("type", "card");
  }

  private static void card(JsonWriter json, PaymentMethod method, boolean publicly) {
    CardDetails card = method.card();
    if (card == null) {
      json.nullField("card");
      return;
    }
    json.name("card").beginObject().field("brand", card.brand());
    Fragments.checks(json, method.checks());
    json.field("country", card.country())
        .field("display_brand", card.brand())
        .field("exp_month", card.expMonth())
        .field("exp_year", card.expYear());
    if (!publicly) {
      json.field("fingerprint", card.fingerprint());
    }
    json.field("funding", card.funding())
        .nullField("generated_from")
        .field("last4", card.last4())
        .name("networks")
        .beginObject()
        .name("available")
        .beginArray()
        .value(card.network() == null ? card.brand() : card.network())
        .endArray()
        .nullField("preferred")
        .endObject()
        .nullField("regulated_status")
        .name("three_d_secure_usage")
        .beginObject()
        .field("supported", true)
        .endObject()
        .nullField("wallet")
        .endObject();
  }
}
