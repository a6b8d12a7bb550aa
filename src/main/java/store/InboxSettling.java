package store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import store.Inbox.Due;
import store.Inbox.Ending;
import store.Inbox.Settled;
import store.Inbox.Status;

/** How events of the inbox come to their end, or are put off: by their small rows alone. */
final class InboxSettling {
  static final Columns<Ending> SETTLE_COLUMNS =
      new Columns<Ending>()
          .text("merchant_id", row -> row.event().merchantId())
          .text("psp_account_id", row -> row.event().accountId())
          .text("name", row -> row.event().name())
          .integer("attempts", row -> row.event().attempts())
          .time("due_at", row -> row.event().dueAt())
          .text("status", row -> row.status().wire())
          .text("reason", Ending::reason)
          .uuid("payment_id", Ending::paymentId)
          .bigint("delay_ms", Ending::delayMs);

  /**
   * An event is as it was read where its count and its time are: where either has moved on, someone
   * else has settled it. Its row is looked for by its key first: rows only pass through the table,
   * so that the planner mostly sees it empty, and would go through all of it for each of a batch.
   */
  private static final String AS_READ =
      """
      %s CROSS JOIN LATERAL (
        SELECT k.ctid FROM inbox_work k
        WHERE k.merchant_id = i.merchant_id AND k.psp_account_id = i.psp_account_id AND k.name = i.name OFFSET 0) f
      WHERE w.ctid = f.ctid AND w.attempts = i.attempts - 1 AND w.due_at IS NOT DISTINCT FROM i.due_at
      """
          .formatted(SETTLE_COLUMNS.unnest());

  /** What ends leaves the work; its body is neither read nor written. */
  static final String END =
      """
      WITH done AS (
        DELETE FROM inbox_work w %s
        RETURNING w.merchant_id, w.psp_account_id, w.name, i.status, i.attempts, i.reason,
          coalesce(i.payment_id, w.payment_id) AS payment_id)
      INSERT INTO inbox_outcome (merchant_id, psp_account_id, name, status, attempts, reason, payment_id)
      SELECT merchant_id, psp_account_id, name, status, attempts, reason, payment_id FROM done
      RETURNING psp_account_id, name, processed_at AS settled_at
      """
          .formatted("USING " + AS_READ);

  static final String PUT_OFF =
      """
      UPDATE inbox_work w SET attempts = i.attempts, reason = i.reason, payment_id = coalesce(i.payment_id, w.payment_id),
        due_at = now() + i.delay_ms * interval '1 millisecond'
      %s
      RETURNING w.psp_account_id, w.name, now() AS settled_at
      """
          .formatted("FROM " + AS_READ);

  private final Database batches;

  InboxSettling(Database batches) {
    this.batches = batches;
  }

  /** Accounts' ids are unique over all merchants. */
  private record Key(String accountId, String name) {}

  Future<List<Settled>> settle(List<Ending> endings) {
    Map<Boolean, List<Ending>> byStatement =
        endings.stream().collect(Collectors.partitioningBy(it -> it.status() == Status.PENDING));
    return settle(PUT_OFF, byStatement.getOrDefault(true, List.of()))
        .compose(
            putOff ->
                settle(END, byStatement.getOrDefault(false, List.of()))
                    .map(ended -> Stream.concat(putOff.stream(), ended.stream()).toList()));
  }

  private Future<List<Settled>> settle(String statement, List<Ending> endings) {
    if (endings.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    var byKey = new HashMap<Key, Ending>();
    endings.forEach(it -> byKey.put(new Key(it.event().accountId(), it.event().name()), it));
    return batches
        .query(statement, SETTLE_COLUMNS.tuple(endings))
        .map(
            rows -> {
              var settled = new ArrayList<Settled>();
              for (Row row : rows) {
                Ending ending =
                    Objects.requireNonNull(byKey.get(new Key(row.getString(0), row.getString(1))));
                settled.add(settled(ending, Rows.instantOf(row.getOffsetDateTime("settled_at"))));
              }
              return List.copyOf(settled);
            });
  }

  private static Settled settled(Ending ending, Instant at) {
    Due event = ending.event();
    return new Settled(
        event.accountId(),
        event.name(),
        event.type(),
        ending.status(),
        Duration.between(event.receivedAt(), at));
  }
}
