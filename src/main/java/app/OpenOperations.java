package app;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import payments.HeldReason;
import payments.OperationStatus;
import store.OperationLog;
import telemetry.CheckoutMeters;

/**
 * Counts the open operations now and then, so that a scrape of the metrics never waits for the
 * database.
 */
final class OpenOperations {
  private static final long EVERY_MS = 5_000;
  private static final String ANOMALY = "anomaly";
  private static final List<String> STATUSES =
      List.of(
          OperationStatus.PENDING.wire(),
          OperationStatus.UNKNOWN.wire(),
          OperationStatus.ACCEPTED.wire(),
          OperationStatus.AWAITING_CUSTOMER.wire(),
          "held",
          HeldReason.NO_RESULT);

  private final Vertx vertx;
  private final OperationLog log;
  private final Map<String, Long> counts = new ConcurrentHashMap<>();

  OpenOperations(Vertx vertx, OperationLog log, CheckoutMeters meters) {
    this.vertx = vertx;
    this.log = log;
    for (String status : STATUSES) {
      meters.openOperations(status, () -> counts.getOrDefault(status, 0L));
    }
    meters.openAnomalies(() -> counts.getOrDefault(ANOMALY, 0L));
  }

  /** Counts from now on until Vert.x is closed. */
  void start() {
    count();
    vertx.setPeriodic(EVERY_MS, ignored -> count());
  }

  private void count() {
    // Without an answer the last counts stay: the health check tells of the database.
    log.openCounts()
        .onSuccess(
            open -> {
              Map<String, Long> now = new ConcurrentHashMap<>();
              open.forEach(count -> now.put(count.status(), count.number()));
              STATUSES.forEach(status -> counts.put(status, now.getOrDefault(status, 0L)));
              counts.put(ANOMALY, now.getOrDefault(ANOMALY, 0L));
            });
  }
}
