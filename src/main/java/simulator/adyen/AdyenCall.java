package simulator.adyen;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request to one endpoint.
 *
 * @param body empty where there is none
 * @param query the parameters of the query string
 * @param ids the ids in the path
 * @param skewMinor by how much the provider gets the amount wrong; 0 for a sane one
 */
record AdyenCall(
    AdyenAccount account,
    JsonObject body,
    Map<String, String> query,
    List<String> ids,
    @Nullable String idempotencyKey,
    long skewMinor) {

  String id() {
    return ids.getFirst();
  }

  AdyenCall skewed(long minor) {
    return new AdyenCall(account, body, query, ids, idempotencyKey, minor);
  }

  /** The merchant account that every request names. */
  String merchantAccount() {
    String name = body.getString("merchantAccount");
    if (name == null || name.isBlank()) {
      throw AdyenError.wrongMerchantAccount();
    }
    return name;
  }

  /** The amount that a request asks for: positive, or nothing where the card is only checked. */
  JsonObject amount(boolean mayBeNothing) {
    if (!(body.getValue("amount") instanceof JsonObject amount)) {
      throw AdyenError.invalid("100", "No amount specified");
    }
    if (!(amount.getValue("value") instanceof Number)
        || amount.getLong("value") < (mayBeNothing ? 0 : 1)) {
      throw AdyenError.invalid("137", "Invalid amount specified");
    }
    if (!(amount.getValue("currency") instanceof String currency)
        || !currency.matches("[A-Z]{3}")) {
      throw AdyenError.invalid("138", "Unsupported currency specified");
    }
    return amount;
  }
}
