package psp.adyen;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stripe-shaped addresses in Adyen's form, which wants every part, pure. */
final class AdyenAddresses {
  /** Adyen docs: "BillingAddress", for a country that is not known. */
  private static final String NO_COUNTRY = "ZZ";

  private static final String NOT_KNOWN = "N/A";

  private AdyenAddresses() {}

  static Optional<JsonObject> billing(Map<String, Object> billingDetails) {
    return address(billingDetails.get("address"));
  }

  static Optional<JsonObject> delivery(Map<String, Object> shipping) {
    return address(shipping.get("address")).map(address -> named(address, shipping.get("name")));
  }

  private static JsonObject named(JsonObject address, @Nullable Object name) {
    if (name instanceof String text && !text.isBlank()) {
      int space = text.strip().lastIndexOf(' ');
      String first = space < 0 ? "" : text.strip().substring(0, space);
      address.put("firstName", first).put("lastName", text.strip().substring(space + 1));
    }
    return address;
  }

  private static Optional<JsonObject> address(@Nullable Object given) {
    if (!(given instanceof Map<?, ?> parts) || parts.isEmpty()) {
      return Optional.empty();
    }
    var address =
        new JsonObject()
            .put("street", part(parts, "line1", NOT_KNOWN))
            // One line holds both at Stripe; the second is what comes nearest to a number.
            .put("houseNumberOrName", part(parts, "line2", NOT_KNOWN))
            .put("city", part(parts, "city", NOT_KNOWN))
            .put("postalCode", part(parts, "postal_code", NOT_KNOWN))
            .put("country", part(parts, "country", NO_COUNTRY));
    if (parts.get("state") instanceof String state && !state.isBlank()) {
      address.put("stateOrProvince", state);
    }
    return Optional.of(address);
  }

  private static String part(Map<?, ?> parts, String name, String otherwise) {
    return parts.get(name) instanceof String text && !text.isBlank() ? text : otherwise;
  }
}
