package config;

import java.time.Duration;

/**
 * How the gateway stops.
 *
 * @param readinessDelay how long it goes on serving after readiness fails, so that load balancers
 *     notice
 * @param drain how long requests in flight may take to end; not below {@code timeouts.edge} in
 *     production, else requests are cut off
 * @param limit when the process ends whatever is still open
 */
public record ShutdownSettings(
    @Default("5s") @MayBeZero Duration readinessDelay,
    @Default("30s") Duration drain,
    @Default("45s") Duration limit)
    implements Checked {

  @Override
  public void check(Problems.Section problems) {
    if (limit.compareTo(readinessDelay.plus(drain)) <= 0) {
      problems.add("limit", "must be longer than shutdown.readiness-delay and .drain together");
    }
  }
}
