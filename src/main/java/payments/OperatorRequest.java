package payments;

import org.jspecify.annotations.Nullable;

/**
 * What an operator asks to be done.
 *
 * @param operator who asks
 * @param action what, e.g. {@code operations.close}
 * @param target on what, with everything else the request says: the same key with another target is
 *     another request
 * @param reason why, in the operator's words
 * @param idempotencyKey what the operator's tool calls this request, or null
 */
public record OperatorRequest(
    String operator,
    String action,
    Parameters target,
    String reason,
    @Nullable String idempotencyKey) {

  /** Who caused it, as the history of payments says it. */
  public String actor() {
    return "operator:" + operator;
  }
}
