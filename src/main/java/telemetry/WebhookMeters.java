package telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/** The meters of PSPs' webhooks, from the request to the change that came of it. */
public final class WebhookMeters {
  /** The account of what came to an address that is nobody's. */
  public static final String NO_ACCOUNT = "none";

  private static final Duration[] BUCKETS =
      LongStream.of(
              1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 60_000, 600_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final MeterRegistry registry;

  /** Each of a few accounts and words: looked up in the registry they cost as much as an event. */
  private final Map<Key, Counter> counters = new ConcurrentHashMap<>();

  private final Map<Key, Timer> lags = new ConcurrentHashMap<>();
  private final Timer stored;

  private record Key(String name, String account, String word) {}

  public WebhookMeters(MeterRegistry registry) {
    this.registry = registry;
    stored =
        Timer.builder("sluice.webhooks.stored")
            .description("A webhook from its arrival until its events were durable")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
  }

  /**
   * A webhook was acknowledged.
   *
   * @param fresh events that were new
   * @param known events that were there already
   * @param ignored those of the new ones that came to their end at once
   */
  public void accepted(String account, int fresh, int known, int ignored, long nanos) {
    count("sluice.webhooks.accepted", "Events of PSPs that were stored", account, fresh);
    count("sluice.webhooks.duplicates", "Events that were there already", account, known);
    for (int at = 0; at < ignored; at++) {
      worked(account, "irrelevant");
      settled(account, "ignored", Duration.ZERO);
    }
    stored.record(Duration.ofNanos(nanos));
  }

  private void count(String name, String description, String account, int number) {
    counter(
            new Key(name, account, ""),
            () -> Counter.builder(name).description(description).tag("account", account))
        .increment(number);
  }

  private Counter counter(Key key, Supplier<Counter.Builder> made) {
    return counters.computeIfAbsent(key, ignored -> made.get().register(registry));
  }

  /**
   * A webhook was refused.
   *
   * @param account a configured one, or {@link #NO_ACCOUNT}
   * @param reason one of a small fixed set
   */
  public void refused(String account, String reason) {
    counter(
            new Key("sluice.webhooks.refused", account, reason),
            () ->
                Counter.builder("sluice.webhooks.refused")
                    .description("Webhooks that were not taken")
                    .tag("account", account)
                    .tag("reason", reason))
        .increment();
  }

  /**
   * An event came to its end, or was put off.
   *
   * @param status how, one of a small fixed set
   * @param lag since it was stored
   */
  public void settled(String account, String status, Duration lag) {
    lags.computeIfAbsent(
            new Key("sluice.inbox.lag", account, status),
            ignored ->
                Timer.builder("sluice.inbox.lag")
                    .description("From storing a PSP's event to what came of it")
                    .tag("account", account)
                    .tag("status", status)
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry))
        .record(lag);
  }

  /**
   * An event was held against what we know.
   *
   * @param outcome what came of it, one of a small fixed set
   */
  public void worked(String account, String outcome) {
    counter(
            new Key("sluice.inbox.worked", account, outcome),
            () ->
                Counter.builder("sluice.inbox.worked")
                    .description("PSPs' events by what came of working them")
                    .tag("account", account)
                    .tag("outcome", outcome))
        .increment();
  }

  /** Shows what should have been worked by now, asked for at each scrape. */
  public void backlog(Supplier<Number> due, Supplier<Number> oldestSeconds, Supplier<Number> dead) {
    Gauge.builder("sluice.inbox.due", due)
        .description("PSPs' events that are due and not settled")
        .register(registry);
    Gauge.builder("sluice.inbox.due.oldest.seconds", oldestSeconds)
        .description("How long the one that waits longest has been due")
        .register(registry);
    Gauge.builder("sluice.inbox.dead", dead)
        .description("PSPs' events that were given up until an operator looks at them")
        .register(registry);
  }
}
