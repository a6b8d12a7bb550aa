package outbox;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * When a delivery that failed is tried again, and for how long at all.
 *
 * @param schedule the delays before the first, second, ... repeat; the last one goes on
 */
public record RetryPlan(List<Duration> schedule, Duration giveUpAfter) {
  /** How far a delay may move either way, so that repeats do not come in waves. */
  private static final double JITTER = 0.2;

  public RetryPlan {
    schedule = List.copyOf(schedule);
  }

  /** The delay after an attempt, counted from 1. */
  Duration after(int attempts, RandomGenerator random) {
    Duration delay = schedule.get(Math.clamp(attempts - 1L, 0, schedule.size() - 1));
    double factor = 1 - JITTER + 2 * JITTER * random.nextDouble();
    return Duration.ofMillis(Math.max(1, Math.round(delay.toMillis() * factor)));
  }
}
