package simulator.stripe;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;
import simulator.Metadata;
import simulator.TestCard;

/** Renders payment methods, and the card parts that charges show too. */
final class PaymentMethodJson {
  static final int EXPIRY_MONTH = 12;
  static final int EXPIRY_YEAR = 2034;

  private PaymentMethodJson() {}

  static JsonObject of(PaymentMethod method) {
    TestCard card = method.card();
    return new JsonObject()
        .put("id", method.id())
        .put("object", "payment_method")
        .put("allow_redisplay", "unspecified")
        .put("billing_details", billingDetails(method.billingDetails()))
        .put("card", card(card))
        .put("created", method.createdAt().getEpochSecond())
        .put("customer", method.customer())
        .putNull("customer_account")
        .put("livemode", false)
        .put("metadata", Metadata.toJson(method.metadata()))
        .put("type", "card");
  }

  private static JsonObject card(TestCard card) {
    return new JsonObject()
        .put("brand", card.brand())
        .put(
            "checks",
            new JsonObject()
                .putNull("address_line1_check")
                .putNull("address_postal_code_check")
                .put("cvc_check", "unchecked"))
        .put("country", card.country())
        .put("display_brand", displayBrand(card))
        .put("exp_month", EXPIRY_MONTH)
        .put("exp_year", EXPIRY_YEAR)
        .put("fingerprint", fingerprint(card))
        .put("funding", card.funding())
        .putNull("generated_from")
        .put("last4", card.last4())
        .put(
            "networks",
            new JsonObject()
                .put("available", new JsonArray().add(card.brand()))
                .putNull("preferred"))
        .putNull("regulated_status")
        .put(
            "three_d_secure_usage",
            new JsonObject()
                .put("supported", card.authentication() != TestCard.Authentication.UNSUPPORTED))
        .putNull("wallet");
  }

  static String displayBrand(TestCard card) {
    return card.brand().equals("amex") ? "american_express" : card.brand();
  }

  /** The same for all tokens of one card number. */
  static String fingerprint(TestCard card) {
    String digits = Integer.toHexString((card.brand() + card.last4()).hashCode());
    return ("SimulatedCard000" + digits).substring(digits.length());
  }

  static JsonObject billingDetails(JsonObject given) {
    return new JsonObject()
        .put("address", address(given.getJsonObject("address")))
        .put("email", given.getString("email"))
        .put("name", given.getString("name"))
        .put("phone", given.getString("phone"))
        .put("tax_id", given.getString("tax_id"));
  }

  /** An address with all its fields, null where not given. */
  static JsonObject address(@Nullable JsonObject given) {
    JsonObject from = given == null ? new JsonObject() : given;
    JsonObject address = new JsonObject();
    for (String field :
        new String[] {"city", "country", "line1", "line2", "postal_code", "state"}) {
      address.put(field, from.getValue(field));
    }
    return address;
  }
}
