package inbox;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When an event that could not be worked is looked at again.
 *
 * @param delays before the first, second, ... repeat; after the last one it is given up
 * @param foreignAfter for how long an event that matches nothing is looked at again before it is
 *     taken for the merchant's other traffic
 */
public record RetryPlan(List<Duration> delays, Duration foreignAfter) {
  /** By which part a wait is shorter or longer by chance, so that repeats do not come as a herd. */
  private static final double JITTER = 0.2;

  private static final long SHORTEST_MS = 100;

  /**
   * How often an event is looked at, at least, before it is taken for the merchant's other traffic:
   * nodes may have been away while its time passed, and what names its payment to us may still be
   * on its way or have to be asked for.
   */
  private static final int LOOKS = 4;

  public RetryPlan {
    delays = List.copyOf(delays);
    if (delays.isEmpty()) {
      throw new IllegalArgumentException("at least one delay is needed");
    }
  }

  /** The wait after so many attempts in vain, or empty where it is given up. */
  Optional<Long> afterFailure(int attempts, RandomGenerator random) {
    return attempts > delays.size()
        ? Optional.empty()
        : Optional.of(jittered(delays.get(Math.max(0, attempts - 1)), random));
  }

  /**
   * The wait of an event that matches nothing, or empty where it has waited long enough and been
   * looked at often enough. The last look comes when its time is over, not a delay after it.
   */
  Optional<Long> unmatched(int attempts, long ageMs, RandomGenerator random) {
    long leftMs = foreignAfter.toMillis() - ageMs;
    if (leftMs <= 0 && attempts >= LOOKS) {
      return Optional.empty();
    }
    long delay = jittered(delays.get(Math.clamp(attempts - 1L, 0, delays.size() - 1)), random);
    return Optional.of(Math.max(SHORTEST_MS, leftMs <= 0 ? delay : Math.min(leftMs, delay)));
  }

  private static long jittered(Duration delay, RandomGenerator random) {
    return (long) (delay.toMillis() * (1 + JITTER * (2 * random.nextDouble() - 1)));
  }
}
