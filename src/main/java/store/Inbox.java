package store;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What PSPs told us, from its arrival to its end: stored in batches before it is acknowledged, read
 * when it is due, settled in batches. What operators see and do is {@link InboxReview}'s.
 *
 * <p>What was told is a row of inbox_event, which is written once. Where it is to be worked a small
 * row of inbox_work says so, and one of inbox_outcome takes its place in the end.
 *
 * <p>Nothing is written to take an event up: whoever has its lane works it. Where two nodes have
 * one lane for a moment, both may work it, which changes nothing (DESIGN 6), and one settles it.
 */
public final class Inbox {
  /** The fewest events that one lane may give where it has them. */
  static final int LEAST_PER_LANE = 4;

  /** What is read of bodies at once: what is beyond waits for the next look, but for one event. */
  static final int DUE_BYTES = 8 << 20;

  static final Columns<Arrival> INSERT_COLUMNS =
      new Columns<Arrival>()
          .text("merchant_id", Arrival::merchantId)
          .text("psp_account_id", Arrival::accountId)
          .text("name", Arrival::name)
          .integer("lane", row -> Lanes.of(row.subject()))
          .text("type", Arrival::type)
          .bytes("body", Arrival::body)
          .text("ignored", Arrival::ignored)
          .integer("bytes", row -> row.body().length());

  /**
   * The rows come in order of the key, so that two nodes which are told the same events never wait
   * for each other in a ring. Sorted here and not there: a batch of bodies is much to copy.
   */
  private static final String INSERT_ROWS =
      """
      INSERT INTO inbox_event (merchant_id, psp_account_id, name, lane, type, body, ignored)
      SELECT i.merchant_id, i.psp_account_id, i.name, i.lane, i.type, convert_from(i.body, 'UTF8'), i.ignored
      FROM %s
      """
          .formatted(INSERT_COLUMNS.rows());

  private static final String INSERT_WORK =
      """
      INSERT INTO inbox_work (merchant_id, psp_account_id, name, lane, bytes)
      SELECT i.merchant_id, i.psp_account_id, i.name, i.lane, i.bytes
      """;

  /**
   * For events that are all new, as nearly all are: to look for each first, to mark it as not yet
   * certain and to say that it is there costs a third of all.
   */
  static final String INSERT_NEW =
      """
      WITH work AS (
        %s FROM %s WHERE i.ignored IS NULL)
      %s
      """
          .formatted(
              INSERT_WORK,
              INSERT_COLUMNS.rows(
                  "merchant_id", "psp_account_id", "name", "lane", "ignored", "bytes"),
              INSERT_ROWS);

  /**
   * For where one may be there already. An event that another node is just storing is waited for:
   * it is known when it is durable.
   */
  static final String INSERT =
      """
      WITH i AS (
        %s
        ON CONFLICT (merchant_id, psp_account_id, name) DO NOTHING
        RETURNING merchant_id, psp_account_id, name, lane, ignored, octet_length(body) AS bytes),
      work AS (
        %s FROM i WHERE i.ignored IS NULL)
      SELECT psp_account_id, name FROM i
      """
          .formatted(INSERT_ROWS, INSERT_WORK);

  /**
   * Each lane is read by itself in the order of its index: read together, the whole backlog would
   * have to be sorted for every look. A lane gives no more than its share, so that a look is as
   * quick with a backlog as on a quiet day. Bodies are read of what is chosen, and last. What is in
   * hand is a subquery because PostgreSQL hashes that once: an array it would go through for each
   * row.
   */
  static final String DUE =
      """
      SELECT f.merchant_id, f.psp_account_id, f.name, f.lane, e.type, e.body, f.bytes, f.attempts, f.due_at, e.received_at,
        (extract(epoch FROM now() - e.received_at) * 1000)::bigint AS age_ms,
        (extract(epoch FROM now() - f.due_at) * 1000)::bigint AS overdue_ms
      FROM (
        SELECT d.*, sum(d.bytes) OVER (ORDER BY d.due_at ROWS UNBOUNDED PRECEDING) - d.bytes AS bytes_before
        FROM unnest($1::integer[]) AS l(lane) CROSS JOIN LATERAL (
          SELECT w.merchant_id, w.psp_account_id, w.name, w.lane, w.bytes, w.attempts, w.due_at
          FROM inbox_work w
          WHERE w.lane = l.lane AND w.due_at <= now() AND w.name NOT IN (SELECT unnest($2::text[]))
            AND w.psp_account_id <> ALL($5::text[])
          ORDER BY w.due_at LIMIT $3) d
        ORDER BY d.due_at LIMIT $4) f
      JOIN inbox_event e ON e.merchant_id = f.merchant_id AND e.psp_account_id = f.psp_account_id AND e.name = f.name
      WHERE f.bytes_before < %d
      """
          .formatted(DUE_BYTES);

  /**
   * Dead letters stay until an operator has dealt with them. An event goes only with what says that
   * it is done: where an operator has it worked again at the same moment, one of both has it. Both
   * lock the event first, so that neither waits for the other in a ring; what is just being worked
   * again is left out.
   */
  static final String TRIM =
      """
      WITH old AS MATERIALIZED (
        SELECT e.merchant_id, e.psp_account_id, e.name, e.ignored IS NOT NULL AS at_once
        FROM inbox_event e
        LEFT JOIN inbox_outcome o ON o.merchant_id = e.merchant_id AND o.psp_account_id = e.psp_account_id AND o.name = e.name
        WHERE e.received_at < now() - $1 * interval '1 millisecond'
          AND (e.ignored IS NOT NULL
            OR (o.status IN ('processed', 'ignored', 'foreign') AND o.processed_at < now() - $1 * interval '1 millisecond'))
        ORDER BY e.received_at LIMIT $2
        FOR UPDATE OF e SKIP LOCKED),
      gone AS (
        DELETE FROM inbox_outcome o USING old
        WHERE o.merchant_id = old.merchant_id AND o.psp_account_id = old.psp_account_id AND o.name = old.name
        RETURNING o.merchant_id, o.psp_account_id, o.name)
      DELETE FROM inbox_event e
      USING (SELECT merchant_id, psp_account_id, name, false AS at_once FROM gone
        UNION ALL SELECT merchant_id, psp_account_id, name, true FROM old WHERE at_once) d
      WHERE e.merchant_id = d.merchant_id AND e.psp_account_id = d.psp_account_id AND e.name = d.name
        AND (NOT d.at_once OR e.ignored IS NOT NULL)
      """;

  /** Accounts' ids are unique over all merchants. */
  private record Key(String accountId, String name) {
    static Key of(Arrival arrival) {
      return new Key(arrival.accountId(), arrival.name());
    }
  }

  private static final Comparator<Arrival> IN_ORDER =
      Comparator.comparing(Arrival::merchantId)
          .thenComparing(Arrival::accountId)
          .thenComparing(Arrival::name);

  private final Database batches;
  private final InboxSettling settling;
  private final Batcher<Arrival, Boolean> inserts;

  /** Whether some of the last events were there already: PSPs that repeat them repeat many. */
  private volatile boolean toldTwice;

  /**
   * The inbox of one context.
   *
   * @param batches a database opened for batches, on which every statement here keeps to the keys;
   *     where events are stored it waits for its commits, where they are settled it need not
   */
  public Inbox(
      Context context, Database batches, Batcher.Limits limits, Batcher.BatchObserver observer) {
    this.batches = batches;
    settling = new InboxSettling(batches);
    inserts = new Batcher<>(context, limits, Key::of, Key::of, this::insertAll, observer);
  }

  /**
   * An event as it came.
   *
   * @param name what the PSP calls it, unique within the account
   * @param subject what it is about: events of one subject have one lane
   * @param ignored why it is of no consequence, where that is known already; null for one to work
   * @param body text in UTF-8, as bytes: made a string and encoded again it costs more than to
   *     parse
   */
  public record Arrival(
      String merchantId,
      String accountId,
      String name,
      String type,
      String subject,
      Buffer body,
      @Nullable String ignored) {}

  /** Whether an event is there for the first time. Either way it is durable. */
  public enum Stored {
    NEW,
    KNOWN
  }

  /** Stores an event together with whatever else arrives meanwhile. */
  public Future<Stored> insert(Arrival arrival) {
    return inserts
        .submit(arrival)
        .map(inserted -> inserted.isPresent() ? Stored.NEW : Stored.KNOWN);
  }

  private Future<Map<Object, Boolean>> insertAll(List<Arrival> rows) {
    Tuple tuple = INSERT_COLUMNS.tuple(rows.stream().sorted(IN_ORDER).toList());
    if (toldTwice) {
      return insertUnknown(tuple, rows.size());
    }
    return batches
        .query(INSERT_NEW, tuple)
        .map(
            ignored -> {
              var keys = HashMap.<Object, Boolean>newHashMap(rows.size());
              rows.forEach(row -> keys.put(Key.of(row), true));
              return (Map<Object, Boolean>) keys;
            })
        .recover(
            cause ->
                cause instanceof StoreException.Refused refused && refused.duplicate()
                    ? insertUnknown(tuple, rows.size())
                    : Future.failedFuture(cause));
  }

  /** Stores those that are not there. Where none was, the next ones are likely all new, too. */
  private Future<Map<Object, Boolean>> insertUnknown(Tuple tuple, int number) {
    return batches
        .query(INSERT, tuple)
        .map(
            inserted -> {
              var keys = new HashMap<Object, Boolean>();
              for (Row row : inserted) {
                keys.put(new Key(row.getString(0), row.getString(1)), true);
              }
              toldTwice = keys.size() < number;
              return keys;
            });
  }

  /**
   * An event that is due.
   *
   * @param attempts this one included
   * @param dueAt since when
   * @param ageMs since it was stored, on the database's clock
   * @param overdueMs since it was due, on the database's clock
   */
  public record Due(
      String merchantId,
      String accountId,
      String name,
      int lane,
      String type,
      String body,
      int attempts,
      Instant dueAt,
      Instant receivedAt,
      long ageMs,
      long overdueMs) {

    /** The same without what it says, for when that was read. */
    public Due withoutBody() {
      return new Due(
          merchantId,
          accountId,
          name,
          lane,
          type,
          "",
          attempts,
          dueAt,
          receivedAt,
          ageMs,
          overdueMs);
    }
  }

  /**
   * What a look found.
   *
   * @param events in no order
   * @param more whether more is likely due at once
   */
  public record Found(List<Due> events, boolean more) {
    public Found {
      events = List.copyOf(events);
    }
  }

  /**
   * Events that are due, those that wait longest first, as far as their bodies' size allows.
   *
   * @param inHand names of events to leave out: whoever asks has them already
   * @param busyAccounts accounts to leave out: whoever asks has enough of them
   */
  public Future<Found> due(
      List<Integer> lanes, int limit, Collection<String> inHand, Collection<String> busyAccounts) {
    if (lanes.isEmpty()) {
      return Future.succeededFuture(new Found(List.of(), false));
    }
    // Twice an equal share: one look fills the hand though lanes differ, and reads little beyond.
    int perLane = Math.max(LEAST_PER_LANE, Math.ceilDiv(2 * limit, lanes.size()));
    return batches
        .query(
            DUE,
            Tuple.of(
                lanes.toArray(new Integer[0]),
                inHand.toArray(new String[0]),
                perLane,
                limit,
                busyAccounts.toArray(new String[0])))
        .map(rows -> found(rows, limit, perLane));
  }

  private static Found found(RowSet<Row> rows, int limit, int perLane) {
    var events = new ArrayList<Due>();
    var ofLane = new HashMap<Integer, Integer>();
    long bytes = 0;
    for (Row row : rows) {
      Due event = due(row);
      events.add(event);
      ofLane.merge(event.lane(), 1, Integer::sum);
      bytes += row.getInteger("bytes");
    }
    boolean more =
        events.size() >= limit
            || bytes >= DUE_BYTES
            || ofLane.values().stream().anyMatch(count -> count >= perLane);
    return new Found(events, more);
  }

  private static Due due(Row row) {
    return new Due(
        row.getString("merchant_id"),
        row.getString("psp_account_id"),
        row.getString("name"),
        row.getInteger("lane"),
        row.getString("type"),
        row.getString("body"),
        row.getInteger("attempts") + 1,
        Rows.instantOf(row.getOffsetDateTime("due_at")),
        Rows.instantOf(row.getOffsetDateTime("received_at")),
        row.getLong("age_ms"),
        row.getLong("overdue_ms"));
  }

  /** Where an event stands. */
  public enum Status {
    /** To be worked, now or later. */
    PENDING,
    PROCESSED,
    /** Of no consequence. */
    IGNORED,
    /** Of the merchant's other traffic. */
    FOREIGN,
    /** A dead letter: given up until an operator has it worked again. */
    DEAD;

    public String wire() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** The status of a name, empty where there is none. */
    public static Optional<Status> ofWire(String wire) {
      for (Status status : values()) {
        if (status.wire().equals(wire)) {
          return Optional.of(status);
        }
      }
      return Optional.empty();
    }
  }

  /**
   * What became of an event.
   *
   * @param reason why it ended so, or why it is not done yet
   * @param paymentId whose payment it was about; null leaves what is known
   * @param delayMs for {@link Status#PENDING}: how long until it is due again
   */
  public record Ending(
      Due event,
      Status status,
      @Nullable String reason,
      @Nullable UUID paymentId,
      @Nullable Long delayMs) {

    public static Ending processed(Due event, @Nullable UUID paymentId, @Nullable String reason) {
      return new Ending(event, Status.PROCESSED, reason, paymentId, null);
    }

    public static Ending ignored(Due event, @Nullable UUID paymentId, String reason) {
      return new Ending(event, Status.IGNORED, reason, paymentId, null);
    }

    public static Ending foreign(Due event, String reason) {
      return new Ending(event, Status.FOREIGN, reason, null, null);
    }

    /** Worked again after a delay. */
    public static Ending retry(Due event, long delayMs, String reason) {
      return new Ending(event, Status.PENDING, reason, null, delayMs);
    }

    /** Given up. */
    public static Ending dead(Due event, @Nullable UUID paymentId, String reason) {
      return new Ending(event, Status.DEAD, reason, paymentId, null);
    }
  }

  /**
   * An ending that took effect.
   *
   * @param lag from storing the event to this ending
   */
  public record Settled(String accountId, String name, String type, Status status, Duration lag) {}

  /**
   * Ends events, or leaves them for later, each in one statement; an event at most once. One that
   * is no longer as it was read (another node settled it, or an operator had it worked again) stays
   * as it is.
   *
   * @return those that took effect
   */
  public Future<List<Settled>> settle(List<Ending> endings) {
    return settling.settle(endings);
  }

  /**
   * Deletes what was done before the retention began; the number of events.
   *
   * @param atMost in one statement, oldest first
   */
  public Future<Integer> trim(Duration retention, int atMost) {
    return batches.query(TRIM, Tuple.of(retention.toMillis(), atMost)).map(rows -> rows.rowCount());
  }
}
