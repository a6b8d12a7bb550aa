package config;

import java.time.Duration;
import java.util.List;

/**
 * How merchants' webhooks are delivered.
 *
 * @param pollInterval how often due deliveries are looked for, where nothing wakes them earlier
 * @param maxPerEndpoint deliveries to one endpoint in flight at once
 * @param maxConcurrent deliveries in flight at once on this node
 * @param timeout how long an endpoint may take to answer
 * @param connectTimeout how long connecting may take
 * @param schedule the delays before the first, second, ... repeat; the last one goes on
 * @param giveUpAfter an event that was not delivered for this long is given up, and an endpoint
 *     where everything failed for this long is disabled
 */
public record DeliverySettings(
    @Default("250ms") Duration pollInterval,
    @Default("8") @Range(min = 1, max = 1_000) int maxPerEndpoint,
    @Default("256") @Range(min = 1, max = 10_000) int maxConcurrent,
    @Default("10s") Duration timeout,
    @Default("3s") Duration connectTimeout,
    @Default("5s,30s,2m,10m,30m,1h,3h,6h,12h") List<Duration> schedule,
    @Default("3d") Duration giveUpAfter)
    implements Checked {

  public DeliverySettings {
    schedule = List.copyOf(schedule);
  }

  @Override
  public void check(Problems.Section problems) {
    if (schedule.isEmpty()) {
      problems.add("schedule", "must name at least one delay");
    }
    if (connectTimeout.compareTo(timeout) >= 0) {
      problems.add("connect-timeout", "must be shorter than deliveries.timeout");
    }
  }
}
