package routes.api;

import java.util.HashMap;
import java.util.Map;
import payments.Refusal.Code;

/**
 * How many requests are at work, altogether and per key, within bounds: what is too much is refused
 * at once, never queued. Belongs to one event loop.
 */
final class Admission {
  private final int maxInFlight;
  private final int maxInFlightPerKey;
  private final Map<String, Integer> inFlightByKey = new HashMap<>();
  private int inFlight;

  Admission(int maxInFlight, int maxInFlightPerKey) {
    this.maxInFlight = maxInFlight;
    this.maxInFlightPerKey = maxInFlightPerKey;
  }

  /** Lets a request in, or refuses it. Every request that was let in must {@link #leave}. */
  void enter(ApiKey key) {
    if (inFlight >= maxInFlight) {
      throw new RefusedException(
          Code.UNAVAILABLE,
          "Too many requests are at work right now. Nothing was done; try again in a moment.");
    }
    int ofKey = inFlightByKey.getOrDefault(key.id(), 0);
    if (ofKey >= maxInFlightPerKey) {
      throw new RefusedException(
          Code.RATE_LIMIT,
          "Too many requests of this API key are at work right now. Nothing was done; try again"
              + " with exponential backoff.");
    }
    inFlight++;
    inFlightByKey.put(key.id(), ofKey + 1);
  }

  void leave(ApiKey key) {
    inFlight--;
    inFlightByKey.computeIfPresent(key.id(), (id, count) -> count == 1 ? null : count - 1);
  }

  int inFlight() {
    return inFlight;
  }
}
