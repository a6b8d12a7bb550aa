package psp;

import java.time.Duration;

/**
 * When a breaker opens and how it comes back.
 *
 * @param maxFailures how many failures in a row, within the window, open it
 * @param failureWindow failures older than this are forgotten
 * @param timeout after which a call counts as unanswered; above the adapter's own call timeout, so
 *     that it only matters where the adapter breaks its word
 * @param resetTimeout how long it stays open before one call may try
 */
public record BreakerSettings(
    int maxFailures, Duration failureWindow, Duration timeout, Duration resetTimeout) {
  public BreakerSettings {
    if (maxFailures < 1) {
      throw new IllegalArgumentException("maxFailures must be at least 1");
    }
    requirePositive("failureWindow", failureWindow);
    requirePositive("timeout", timeout);
    requirePositive("resetTimeout", resetTimeout);
  }

  private static void requirePositive(String name, Duration value) {
    if (value.toMillis() < 1) {
      throw new IllegalArgumentException(name + " must be at least 1 ms");
    }
  }
}
