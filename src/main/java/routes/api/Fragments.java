package routes.api;

import java.util.List;
import java.util.Map;
import payments.CardChecks;
import payments.Parameters;

/** Pieces that several objects show: addresses, shipping, billing details, checks. */
final class Fragments {
  private static final List<String> ADDRESS =
      List.of("city", "country", "line1", "line2", "postal_code", "state");

  private Fragments() {}

  /** An address with all its fields, null where it was not given. */
  static void address(JsonWriter json, Map<?, ?> address) {
    json.name("address").beginObject();
    for (String field : ADDRESS) {
      json.field(field, address.get(field));
    }
    json.endObject();
  }

  /** Shipping, null where the merchant gave none. */
  static void shipping(JsonWriter json, Parameters parameters) {
    Map<String, Object> shipping = parameters.map("shipping");
    if (shipping.isEmpty()) {
      json.nullField("shipping");
      return;
    }
    json.name("shipping").beginObject();
    address(json, shipping.get("address") instanceof Map<?, ?> address ? address : Map.of());
    json.field("carrier", shipping.get("carrier"))
        .field("name", shipping.get("name"))
        .field("phone", shipping.get("phone"))
        .field("tracking_number", shipping.get("tracking_number"))
        .endObject();
  }

  /** Billing details, which are always an object. */
  static void billingDetails(JsonWriter json, Map<?, ?> details) {
    json.name("billing_details").beginObject();
    address(json, details.get("address") instanceof Map<?, ?> address ? address : Map.of());
    json.field("email", details.get("email"))
        .field("name", details.get("name"))
        .field("phone", details.get("phone"))
        .field("tax_id", details.get("tax_id"))
        .endObject();
  }

  static void checks(JsonWriter json, CardChecks checks) {
    json.name("checks")
        .beginObject()
        .field("address_line1_check", checks.addressLine1())
        .field("address_postal_code_check", checks.addressPostalCode())
        .field("cvc_check", checks.cvc())
        .endObject();
  }
}
