package app;

import io.vertx.core.Vertx;
import java.time.Duration;
import store.InboxReview;
import store.InboxReview.Backlog;
import telemetry.WebhookMeters;

/**
 * Counts what waits in the inbox now and then, so that a scrape of the metrics never waits for the
 * database.
 */
final class InboxBacklog {
  private static final long EVERY_MS = 5_000;

  private final Vertx vertx;
  private final InboxReview inbox;
  private volatile Backlog last = new Backlog(0, Duration.ZERO, 0);

  InboxBacklog(Vertx vertx, InboxReview inbox, WebhookMeters meters) {
    this.vertx = vertx;
    this.inbox = inbox;
    meters.backlog(() -> last.due(), () -> last.oldest().toMillis() / 1_000.0, () -> last.dead());
  }

  /** Counts from now on until Vert.x is closed. */
  void start() {
    count();
    vertx.setPeriodic(EVERY_MS, ignored -> count());
  }

  private void count() {
    // Without an answer the last counts stay: the health check tells of the database.
    inbox.backlog().onSuccess(backlog -> last = backlog);
  }
}
