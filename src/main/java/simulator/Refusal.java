package simulator;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A refusal for reasons that are not about the request.
 *
 * @param retryAfter what the provider says about coming back; null for nothing
 */
public record Refusal(Kind kind, int status, @Nullable Duration retryAfter) {

  /** Why. */
  public enum Kind {
    SERVER_ERROR,
    RATE_LIMITED,
    UNAUTHORIZED,
    IDEMPOTENCY_KEY_IN_USE,
    LOCK_TIMEOUT
  }
}
