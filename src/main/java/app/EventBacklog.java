package app;

import io.vertx.core.Vertx;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import store.EventLog;
import store.EventLog.Backlog;
import store.Trimming;
import telemetry.EventMeters;

/**
 * Looks now and then how far events are on their way out, for the metrics, and lets go of those
 * that are old.
 */
final class EventBacklog {
  private static final Logger LOG = LoggerFactory.getLogger(EventBacklog.class);

  private static final long LOOK_EVERY_MS = 2_000;
  private static final long TRIM_EVERY_MS = 60_000;

  private final Vertx vertx;
  private final EventLog log;
  private final @Nullable String consumer;
  private final Duration retention;
  private final Trimming trimming;
  private volatile Backlog latest = new Backlog(0, 0, Duration.ZERO);

  /**
   * Registers the meters.
   *
   * @param consumer who reads the log, or null where nobody does
   */
  EventBacklog(
      Vertx vertx,
      EventLog log,
      @Nullable String consumer,
      Duration retention,
      Trimming trimming,
      EventMeters meters) {
    this.vertx = vertx;
    this.log = log;
    this.consumer = consumer;
    this.retention = retention;
    this.trimming = trimming;
    meters.age(() -> latest.oldest().toMillis() / 1000.0);
    meters.waiting("outbox", () -> latest.staged());
    if (consumer != null) {
      meters.waiting(consumer, () -> latest.behind());
    }
  }

  /** Looks from now on until Vert.x is closed. */
  void start() {
    look();
    vertx.setPeriodic(LOOK_EVERY_MS, ignored -> look());
    vertx.setPeriodic(TRIM_EVERY_MS, ignored -> trim());
  }

  private void look() {
    // Without an answer the last one stays: the health check tells of the database.
    log.backlog(consumer).onSuccess(now -> latest = now);
  }

  private void trim() {
    trimming
        .run(most -> log.trim(consumer, retention, most))
        .onFailure(cause -> LOG.warn("old events were not trimmed: {}", cause.toString()));
  }
}
