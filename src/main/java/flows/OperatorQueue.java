package flows;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.Operation;
import store.OperationLog;

/** What operators have to look at: operations that nothing settles by itself, and anomalies. */
public final class OperatorQueue {
  private final OperationLog log;

  public OperatorQueue(OperationLog log) {
    this.log = log;
  }

  /**
   * Something that should not be.
   *
   * @param resolvedAt when it was dealt with, null while it is not
   */
  public record Anomaly(
      String merchantId,
      UUID paymentId,
      UUID operationId,
      String kind,
      String detail,
      Instant createdAt,
      @Nullable Instant resolvedAt,
      @Nullable String resolution) {}

  /** Held operations, the longest held first. */
  public Future<List<Operation>> held(int limit) {
    return log.held(limit);
  }

  /** Anomalies, newest first. */
  public Future<List<Anomaly>> anomalies(boolean resolvedToo, int limit) {
    return log.anomalies(resolvedToo, limit)
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new Anomaly(
                                row.merchantId(),
                                row.paymentId(),
                                row.operationId(),
                                row.kind(),
                                row.detail(),
                                row.createdAt(),
                                row.resolvedAt(),
                                row.resolution()))
                    .toList());
  }
}
