package simulator.stripe;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request to one endpoint.
 *
 * @param ids the ids in the path
 * @param skewMinor by how much the provider gets the amount wrong; 0 for a sane one
 */
record StripeCall(
    StripeAccount account,
    Params params,
    List<String> ids,
    @Nullable String idempotencyKey,
    long skewMinor) {

  String id() {
    return ids.getFirst();
  }

  StripeCall skewed(long minor) {
    return new StripeCall(account, params, ids, idempotencyKey, minor);
  }
}
