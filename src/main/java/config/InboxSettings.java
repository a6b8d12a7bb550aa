package config;

import java.time.Duration;
import java.util.List;

/**
 * How what PSPs told is worked.
 *
 * @param pollInterval how often due events are looked for, where nothing wakes the inbox earlier
 * @param batchSize events taken up at once
 * @param schedule the delays before the first, second, ... repeat of a failed event; after the last
 *     one it is a dead letter
 * @param foreignAfter an event that matches nothing of ours is looked at again for this long, and
 *     is then taken for the merchant's other traffic
 */
public record InboxSettings(
    @Default("500ms") Duration pollInterval,
    @Default("256") @Range(min = 1, max = 10_000) int batchSize,
    @Default("1s,5s,30s,2m,10m,30m,1h,2h,4h,8h") List<Duration> schedule,
    @Default("10m") Duration foreignAfter)
    implements Checked {

  public InboxSettings {
    schedule = List.copyOf(schedule);
  }

  @Override
  public void check(Problems.Section problems) {
    if (schedule.isEmpty()) {
      problems.add("schedule", "must name at least one delay");
    }
  }
}
