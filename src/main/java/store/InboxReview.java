package store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.Command.Paged;
import store.Inbox.Status;

/** The inbox as operators see it: what is there, how much waits, and what is to be worked again. */
public final class InboxReview {
  private static final String COLUMNS =
      """
      e.merchant_id, e.psp_account_id, e.name, e.lane, e.type, e.status, e.attempts, e.due_at, e.reason, e.payment_id,
      e.received_at, e.processed_at
      """;

  private static final String FILTER =
      """
      ($1::text IS NULL OR e.status = $1) AND ($2::text IS NULL OR e.psp_account_id = $2)
      AND ($3::text IS NULL OR e.type = $3) AND ($4::text IS NULL OR starts_with(e.reason, $4))
      AND ($5::timestamptz IS NULL OR e.received_at >= $5) AND ($6::timestamptz IS NULL OR e.received_at < $6)
      AND ($7::uuid IS NULL OR e.payment_id = $7)
      """;

  /** Where an event stands is found by its small rows, where these are few. */
  private static final String AMONG =
      " AND (e.merchant_id, e.psp_account_id, e.name) IN (SELECT merchant_id, psp_account_id, name"
          + " FROM %s)\n";

  private static final String OF_PAYMENT =
      AMONG.formatted(
          """
          (SELECT merchant_id, psp_account_id, name FROM inbox_work WHERE payment_id = $7
            UNION ALL SELECT merchant_id, psp_account_id, name FROM inbox_outcome WHERE payment_id = $7) p\
          """);

  private static final String AFTER =
      """
      AND ($8::timestamptz IS NULL OR (e.received_at, e.psp_account_id, e.name) %1$s ($8, $9::text, $10::text))
      ORDER BY e.received_at %2$s, e.psp_account_id %2$s, e.name %2$s LIMIT $11
      """;

  private static final String FIND =
      "SELECT "
          + COLUMNS
          + ", e.body FROM inbox_standing e WHERE e.merchant_id = $1 AND e.psp_account_id = $2 AND"
          + " e.name = $3";

  private static final String COUNTS =
      """
      SELECT status, count(*) AS number FROM inbox_standing
      WHERE ($1::timestamptz IS NULL OR received_at >= $1) AND ($2::timestamptz IS NULL OR received_at < $2)
      GROUP BY status
      """;

  private static final String BACKLOG =
      """
      SELECT (SELECT count(*) FROM (SELECT FROM inbox_work WHERE due_at <= now() LIMIT 100000) d) AS number,
        coalesce(extract(epoch FROM now() - least(now(), min(o.due_at))) * 1000, 0)::bigint AS oldest_ms
      FROM generate_series(0, $1::int - 1) AS l(lane) CROSS JOIN LATERAL (
        SELECT due_at FROM inbox_work w WHERE w.lane = l.lane
        ORDER BY w.due_at LIMIT 1) o
      """;

  private static final String DEAD =
      "SELECT count(*) AS number FROM (SELECT FROM inbox_outcome WHERE status = 'dead' LIMIT"
          + " 100000) d";

  /** What may be worked again without being forced. */
  private static final String REPLAYABLE_STATUS = "status IN ('dead', 'foreign', 'ignored')";

  /**
   * An event is taken from where it ended and put into the work with its attempts counted from the
   * start; whoever takes it puts it there, so that of two one does. The events {@code told} are
   * locked, which keeps two from waiting for each other in a ring.
   */
  private static final String PUT_TO_WORK =
      """
      ended AS (
        DELETE FROM inbox_outcome o USING told t
        WHERE o.merchant_id = t.merchant_id AND o.psp_account_id = t.psp_account_id AND o.name = t.name
          AND (%s OR o.%s)
        RETURNING o.merchant_id, o.psp_account_id, o.name, o.payment_id),
      ignored AS (
        UPDATE inbox_event e SET ignored = NULL FROM told t
        WHERE e.merchant_id = t.merchant_id AND e.psp_account_id = t.psp_account_id AND e.name = t.name
          AND e.ignored IS NOT NULL
        RETURNING e.merchant_id, e.psp_account_id, e.name, NULL::uuid AS payment_id)
      INSERT INTO inbox_work (merchant_id, psp_account_id, name, lane, bytes, payment_id)
      SELECT t.merchant_id, t.psp_account_id, t.name, t.lane, t.bytes, r.payment_id
      FROM (SELECT * FROM ended UNION ALL SELECT * FROM ignored) r
      JOIN told t ON t.merchant_id = r.merchant_id AND t.psp_account_id = r.psp_account_id AND t.name = r.name
      """;

  private static final String TOLD =
      "SELECT e.merchant_id, e.psp_account_id, e.name, e.lane, octet_length(e.body) AS bytes FROM"
          + " inbox_event e ";

  /** The status stands before the rest: what it narrows down to is few. */
  private static final String REPLAY =
      """
      WITH chosen AS MATERIALIZED (
        SELECT e.merchant_id, e.psp_account_id, e.name FROM inbox_standing e
        WHERE %%s AND e.%s
        ORDER BY e.received_at LIMIT $8),
      told AS MATERIALIZED (
        %s JOIN chosen c ON e.merchant_id = c.merchant_id AND e.psp_account_id = c.psp_account_id AND e.name = c.name
        FOR UPDATE OF e SKIP LOCKED),
      %s
      """
          .formatted(REPLAYABLE_STATUS, TOLD, PUT_TO_WORK.formatted("false", REPLAYABLE_STATUS));

  private static final String REPLAY_ONE =
      """
      WITH told AS MATERIALIZED (
        %s WHERE e.merchant_id = $1 AND e.psp_account_id = $2 AND e.name = $3
        FOR UPDATE OF e),
      %s
      """
          .formatted(TOLD, PUT_TO_WORK.formatted("$4::boolean", REPLAYABLE_STATUS));

  private static final String REPLAY_WAITING =
      """
      UPDATE inbox_work SET due_at = now(), attempts = 0, reason = NULL
      WHERE merchant_id = $1 AND psp_account_id = $2 AND name = $3
      """;

  /** In the same transaction as a replay, so that it must not take longer than one. */
  private static final String REPLAYABLE =
      "SELECT count(*) AS number FROM (SELECT FROM inbox_standing e WHERE %s AND e."
          + REPLAYABLE_STATUS
          + " LIMIT 100000) d";

  /**
   * Nothing is owed to a dead letter that somebody has seen to; why is its reason from then on. It
   * has ended only now: one that was dead for longer than events are kept would be gone at once,
   * with what was said of it.
   */
  private static final String CLOSE =
      """
      UPDATE inbox_outcome o SET status = 'ignored', reason = left('closed: ' || %s, 500), processed_at = now()
      WHERE o.status = 'dead' AND %s
      """;

  private static final String CLOSE_ONE =
      CLOSE.formatted("$4::text", "o.merchant_id = $1 AND o.psp_account_id = $2 AND o.name = $3");

  private static final String CLOSE_MANY =
      CLOSE.formatted(
          "$9::text",
          """
          (o.merchant_id, o.psp_account_id, o.name) IN (
            SELECT e.merchant_id, e.psp_account_id, e.name FROM inbox_standing e
            WHERE %s AND e.status = 'dead' ORDER BY e.received_at LIMIT $8)\
          """);

  private static final String DEAD_GROUPS =
      """
      SELECT e.merchant_id, e.psp_account_id, e.type, o.reason, count(*) AS number, min(e.received_at) AS oldest,
        max(e.received_at) AS newest
      FROM inbox_outcome o
      JOIN inbox_event e ON e.merchant_id = o.merchant_id AND e.psp_account_id = o.psp_account_id AND e.name = o.name
      WHERE o.status = 'dead'
      GROUP BY e.merchant_id, e.psp_account_id, e.type, o.reason ORDER BY number DESC, newest DESC LIMIT $1
      """;

  private final Database database;

  public InboxReview(Database database) {
    this.database = database;
  }

  /**
   * Which events; a null is no condition.
   *
   * @param reasonPrefix what the reason begins with
   * @param from when it was received at the earliest
   * @param to before when it was received
   */
  public record Filter(
      @Nullable Status status,
      @Nullable String accountId,
      @Nullable String type,
      @Nullable String reasonPrefix,
      @Nullable Instant from,
      @Nullable Instant to,
      @Nullable UUID paymentId) {
    public static final Filter ALL = new Filter(null, null, null, null, null, null, null);

    Tuple tuple() {
      return Tuple.tuple()
          .addString(status == null ? null : status.wire())
          .addString(accountId)
          .addString(type)
          .addString(reasonPrefix)
          .addOffsetDateTime(time(from))
          .addOffsetDateTime(time(to))
          .addUUID(paymentId);
    }

    /** The conditions, those first that small rows answer. */
    String sql() {
      return FILTER + ofStatus() + (paymentId == null ? "" : OF_PAYMENT);
    }

    private String ofStatus() {
      return switch (status) {
        case null -> "";
        case PENDING -> AMONG.formatted("inbox_work");
        case PROCESSED, FOREIGN, DEAD ->
            AMONG.formatted("inbox_outcome WHERE status = '" + status.wire() + "'");
        // Most are, by their own row.
        case IGNORED -> "";
      };
    }
  }

  /** The place of an event in a list, from which the next page goes on. */
  public record Place(Instant receivedAt, String accountId, String name) {}

  /**
   * An event, without its body.
   *
   * @param dueAt when it is worked next; null where it is not pending
   * @param reason why it ended as it did, or why it is not done yet
   */
  public record Event(
      String merchantId,
      String accountId,
      String name,
      int lane,
      String type,
      Status status,
      int attempts,
      @Nullable Instant dueAt,
      @Nullable String reason,
      @Nullable UUID paymentId,
      Instant receivedAt,
      @Nullable Instant processedAt) {

    public Place place() {
      return new Place(receivedAt, accountId, name);
    }
  }

  /** A page of events, by when they were received. */
  public Future<Paged<Event>> list(
      Filter filter, boolean newestFirst, @Nullable Place after, int limit) {
    Tuple parameters =
        filter
            .tuple()
            .addOffsetDateTime(after == null ? null : time(after.receivedAt()))
            .addString(after == null ? null : after.accountId())
            .addString(after == null ? null : after.name())
            .addInteger(limit + 1);
    return database
        .query(page(filter, newestFirst), parameters)
        .map(rows -> Paging.paged(rows, limit, false, InboxReview::event));
  }

  static String page(Filter filter, boolean newestFirst) {
    return "SELECT %s FROM inbox_standing e WHERE %s".formatted(COLUMNS, filter.sql())
        + (newestFirst ? AFTER.formatted("<", "DESC") : AFTER.formatted(">", "ASC"));
  }

  /** An event with its body. */
  public record Found(Event event, String body) {}

  public Future<Optional<Found>> find(String merchantId, String accountId, String name) {
    return database
        .query(FIND, Tuple.of(merchantId, accountId, name))
        .map(
            rows ->
                Optional.ofNullable(PaymentReads.first(rows))
                    .map(row -> new Found(event(row), row.getString("body"))));
  }

  /** How many events of a time have which status; statuses without any are not in it. */
  public Future<Map<Status, Long>> counts(@Nullable Instant from, @Nullable Instant to) {
    return database
        .query(COUNTS, Tuple.tuple().addOffsetDateTime(time(from)).addOffsetDateTime(time(to)))
        .map(
            rows -> {
              var counts = new EnumMap<Status, Long>(Status.class);
              rows.forEach(row -> counts.put(status(row), row.getLong("number")));
              return counts;
            });
  }

  /**
   * What should have been worked by now.
   *
   * @param due events that are due and not settled
   * @param oldest how long the one that waits longest has been due
   * @param dead dead letters
   */
  public record Backlog(long due, Duration oldest, long dead) {}

  /** For metrics: reads indexes only, and counts no further than a hundred thousand. */
  public Future<Backlog> backlog() {
    return database
        .query(BACKLOG, Tuple.of(Lanes.COUNT))
        .compose(
            due ->
                database
                    .query(DEAD, Tuple.tuple())
                    .map(
                        dead -> {
                          Row row = due.iterator().next();
                          return new Backlog(
                              row.getLong("number"),
                              Duration.ofMillis(row.getLong("oldest_ms")),
                              dead.iterator().next().getLong("number"));
                        }));
  }

  /** How many dead letters there are of one account, type and reason. */
  public record DeadGroup(
      String merchantId,
      String accountId,
      String type,
      @Nullable String reason,
      long number,
      Instant oldest,
      Instant newest) {}

  /** Dead letters by what they are and why, the most frequent first. */
  public Future<List<DeadGroup>> deadGroups(int atMost) {
    return database
        .query(DEAD_GROUPS, Tuple.of(atMost))
        .map(
            rows -> {
              var groups = new ArrayList<DeadGroup>();
              for (Row row : rows) {
                groups.add(
                    new DeadGroup(
                        row.getString("merchant_id"),
                        row.getString("psp_account_id"),
                        row.getString("type"),
                        row.getString("reason"),
                        row.getLong("number"),
                        Rows.instantOf(row.getOffsetDateTime("oldest")),
                        Rows.instantOf(row.getOffsetDateTime("newest"))));
              }
              return List.copyOf(groups);
            });
  }

  /**
   * How many events {@link #replay(Filter, int)} would have worked again, without a bound; counted
   * no further than a hundred thousand.
   */
  public Future<Long> replayable(Filter filter) {
    return replayable(database::query, filter);
  }

  /** The same inside a transaction. */
  static Future<Long> replayable(Sql sql, Filter filter) {
    return sql.query(REPLAYABLE.formatted(filter.sql()), filter.tuple())
        .map(rows -> rows.iterator().next().getLong(0));
  }

  /**
   * Has events worked again, oldest first: dead letters, foreign and ignored ones only.
   *
   * @param atMost in one statement; where it returns as many, there may be more
   * @return how many
   */
  public Future<Integer> replay(Filter filter, int atMost) {
    return replay(database::query, filter, atMost);
  }

  /** The same inside a transaction. */
  static Future<Integer> replay(Sql sql, Filter filter, int atMost) {
    return sql.query(REPLAY.formatted(filter.sql()), filter.tuple().addInteger(atMost))
        .map(rows -> rows.rowCount());
  }

  /**
   * Has one event worked again.
   *
   * @param forced whatever its status: also where it was processed, or waits for its next try
   * @return whether there is such an event
   */
  public Future<Boolean> replay(String merchantId, String accountId, String name, boolean forced) {
    return replay(database::query, merchantId, accountId, name, forced);
  }

  /** The same inside a transaction. */
  static Future<Boolean> replay(
      Sql sql, String merchantId, String accountId, String name, boolean forced) {
    Tuple event = Tuple.of(merchantId, accountId, name);
    Future<Boolean> ended = changed(sql, REPLAY_ONE, Tuple.of(merchantId, accountId, name, forced));
    if (!forced) {
      return ended;
    }
    // What is settled between the two has ended: it is looked for there once more.
    return ended
        .compose(done -> done ? ended : changed(sql, REPLAY_WAITING, event))
        .compose(
            done ->
                done
                    ? Future.succeededFuture(true)
                    : changed(sql, REPLAY_ONE, Tuple.of(merchantId, accountId, name, true)));
  }

  /**
   * Ends a dead letter as ignored, inside a transaction.
   *
   * @return whether there is such a dead letter
   */
  static Future<Boolean> close(
      Sql sql, String merchantId, String accountId, String name, String why) {
    return changed(sql, CLOSE_ONE, Tuple.of(merchantId, accountId, name, why));
  }

  /** The same with dead letters, oldest first; how many. */
  static Future<Integer> close(Sql sql, Filter filter, int atMost, String why) {
    return sql.query(
            CLOSE_MANY.formatted(filter.sql()), filter.tuple().addInteger(atMost).addString(why))
        .map(rows -> rows.rowCount());
  }

  private static Future<Boolean> changed(Sql sql, String statement, Tuple parameters) {
    return sql.query(statement, parameters).map(rows -> rows.rowCount() > 0);
  }

  private static Event event(Row row) {
    return new Event(
        row.getString("merchant_id"),
        row.getString("psp_account_id"),
        row.getString("name"),
        row.getInteger("lane"),
        row.getString("type"),
        status(row),
        row.getInteger("attempts"),
        Rows.instant(row.getOffsetDateTime("due_at")),
        row.getString("reason"),
        row.getUUID("payment_id"),
        Rows.instantOf(row.getOffsetDateTime("received_at")),
        Rows.instant(row.getOffsetDateTime("processed_at")));
  }

  private static Status status(Row row) {
    return Status.ofWire(row.getString("status")).orElseThrow();
  }

  private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }
}
