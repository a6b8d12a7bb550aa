package config;

import java.time.Duration;
import java.util.List;

/**
 * How operations without a known outcome are settled.
 *
 * @param pollInterval how often due operations are looked for
 * @param schedule the delays before the first, second, ... repeat; the last one goes on
 * @param jitterPercent how far a delay may move either way, so that repeats do not come in waves
 * @param authorizationDeadline an authorization older than this is not sent again
 * @param pendingGrace how long an operation may be pending before its sender is taken for dead;
 *     above {@code timeouts.edge}
 * @param batchSize operations taken up at once
 * @param challengeDelay before the first look at an authentication that waits for the customer; the
 *     waits grow with the time that it takes, up to the schedule's last delay
 * @param challengeDeadline after which an authentication that the customer has not finished ends
 * @param acceptedDelay the same for what a PSP took and answers later
 * @param operatorAfter an operation without an outcome for this long is shown to operators too,
 *     unless it waits for the customer or the PSP has taken it in
 * @param resultDeadline the same for a capture, a void or a refund that the PSP has taken in and
 *     not told the result of, which may take it days
 */
public record RecoverySettings(
    @Default("500ms") Duration pollInterval,
    @Default("1s,5s,30s,2m,10m,30m,1h") List<Duration> schedule,
    @Default("20") @Range(min = 0, max = 90) int jitterPercent,
    @Default("10m") Duration authorizationDeadline,
    @Default("35s") Duration pendingGrace,
    @Default("64") @Range(min = 1, max = 10_000) int batchSize,
    @Default("10s") Duration challengeDelay,
    @Default("1h") Duration challengeDeadline,
    @Default("1m") Duration acceptedDelay,
    @Default("1h") Duration operatorAfter,
    @Default("5d") Duration resultDeadline)
    implements Checked {
  /** How long a request with card data may wait for its answer, and card data for its payment. */
  public static final Duration CARD_DATA_KEPT = Duration.ofDays(1);

  public RecoverySettings {
    schedule = List.copyOf(schedule);
  }

  @Override
  public void check(Problems.Section problems) {
    if (schedule.isEmpty()) {
      problems.add("schedule", "must name at least one delay");
    }
    for (int i = 1; i < schedule.size(); i++) {
      if (schedule.get(i).compareTo(schedule.get(i - 1)) < 0) {
        problems.add("schedule", "must not have a delay that is shorter than the one before it");
      }
    }
    if (challengeDeadline.compareTo(challengeDelay) < 0) {
      problems.add("challenge-deadline", "must not be shorter than recovery.challenge-delay");
    }
    if (authorizationDeadline.compareTo(CARD_DATA_KEPT) >= 0) {
      problems.add(
          "authorization-deadline", "must be shorter than a day: card data is forgotten then");
    }
    if (authorizationDeadline.compareTo(pendingGrace) <= 0) {
      problems.add("authorization-deadline", "must be longer than recovery.pending-grace");
    }
  }
}
