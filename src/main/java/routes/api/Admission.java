package routes.api;

import java.util.HashMap;
import java.util.Map;
import payments.Refusal;
import payments.Refusal.Code;

/**
 * How many requests are at work, altogether and per key, within bounds: what is too much is refused
 * at once, never queued. Belongs to one event loop.
 */
final class Admission {
  private final int maxInFlight;
  private final int maxInFlightPerKey;
  private final Map<String, Integer> inFlightByMerchant = new HashMap<>();
  private int inFlight;

  Admission(int maxInFlight, int maxInFlightPerKey) {
    this.maxInFlight = maxInFlight;
    this.maxInFlightPerKey = maxInFlightPerKey;
  }

  /** Lets a request in, or refuses it. Every request that was let in must {@link #leave}. */
  void enter(ApiKey key) {
    if (inFlight >= maxInFlight) {
      throw new RefusedException(
          Code.UNAVAILABLE, "Too many requests are at work right now." + Refusal.DID_NOTHING);
    }
    int ofMerchant = inFlightByMerchant.getOrDefault(owner(key), 0);
    if (ofMerchant >= maxInFlightPerKey) {
      throw new RefusedException(
          Code.RATE_LIMIT,
          "Too many requests of this merchant are at work right now, back off exponentially."
              + Refusal.DID_NOTHING);
    }
    inFlight++;
    inFlightByMerchant.put(owner(key), ofMerchant + 1);
  }

  void leave(ApiKey key) {
    inFlight--;
    inFlightByMerchant.computeIfPresent(owner(key), (id, count) -> count == 1 ? null : count - 1);
  }

  /** A merchant's keys of one mode share a limit: more keys are not more room. */
  private static String owner(ApiKey key) {
    return key.merchantId() + (key.livemode() ? " live" : " test");
  }

  int inFlight() {
    return inFlight;
  }
}
