package payments;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, and how the answer is wanted.
 *
 * @param requestId shown as {@code Request-Id} and kept as the cause of what the request does
 * @param actor the id of the key that asked, never the key
 * @param idempotency the merchant's Idempotency-Key with what it is bound to, or null where none
 *     came
 * @param expand the {@code expand[]} paths, already checked
 */
public record RequestContext(
    String merchantId,
    boolean livemode,
    String requestId,
    String actor,
    boolean publishable,
    @Nullable Idempotency idempotency,
    List<String> expand) {

  /**
   * An Idempotency-Key and the request it belongs to.
   *
   * @param fingerprint SHA-256 over method, path and the canonical body: another request under the
   *     same key is refused
   */
  public record Idempotency(String key, String path, String fingerprint) {}

  public RequestContext {
    expand = List.copyOf(expand);
  }
}
