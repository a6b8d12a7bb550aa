package simulator.adyen;

import io.vertx.core.json.JsonObject;
import java.util.Map;

/** How long Adyen's documents allow what a request says to be. */
final class Limits {
  private static final int METADATA_ENTRIES = 20;
  private static final int METADATA_KEY = 20;
  private static final int METADATA_VALUE = 80;
  private static final int REFERENCE = 80;
  private static final int RETURN_URL = 8_000;
  private static final int SHORTEST_SHOPPER = 3;
  private static final int LONGEST_SHOPPER = 256;

  private Limits() {}

  static void check(JsonObject request) {
    if (request.getValue("metadata") instanceof JsonObject metadata) {
      metadata(metadata);
    }
    longest(request, AdyenPayment.REFERENCE, REFERENCE);
    longest(request, "returnUrl", RETURN_URL);
    longest(request, "shopperReference", LONGEST_SHOPPER);
    String shopper = request.getString("shopperReference");
    if (shopper != null && shopper.length() < SHORTEST_SHOPPER) {
      throw AdyenError.unreadable("shopperReference has 3 characters at least");
    }
  }

  private static void metadata(JsonObject metadata) {
    if (metadata.size() > METADATA_ENTRIES) {
      throw AdyenError.invalid("177", "Metadata size exceeds limit");
    }
    for (Map.Entry<String, Object> entry : metadata) {
      if (entry.getKey().length() > METADATA_KEY
          || String.valueOf(entry.getValue()).length() > METADATA_VALUE) {
        throw AdyenError.invalid("177", "Metadata entry exceeds limit: " + entry.getKey());
      }
    }
  }

  private static void longest(JsonObject request, String field, int characters) {
    String value = request.getString(field);
    if (value != null && value.length() > characters) {
      throw AdyenError.unreadable(field + " has up to " + characters + " characters");
    }
  }
}
