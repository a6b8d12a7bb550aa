package store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The event log as its consumers read it: what comes after their cursor in each lane, how far they
 * are behind, and letting go of what is old. A client secret, a PSP's request or a card's number
 * never leaves the database here.
 */
public final class EventLog {
  /** What of the kept rows is told; the rest is secret, or may be as big as a request. */
  private static final String TOLD =
      """
      e.merchant_id, e.payment_id, e.sequence, (c.payment).livemode, e.lane, e.position, h.event, h.from_status, h.to_status,
        h.cause, h.actor, e.created_at, c.dispute::text AS dispute,
        ((to_jsonb(c.payment) - '{client_secret,parameters}'::text[]) || jsonb_build_object(
          'description', (c.payment).parameters -> 'description', 'metadata', (c.payment).parameters -> 'metadata'))::text
          AS payment,
        ((to_jsonb(c.operation) - '{idempotency_key,psp_idempotency_key,parameters}'::text[]) || jsonb_build_object(
          'reason', (c.operation).parameters -> 'reason', 'metadata', (c.operation).parameters -> 'metadata'))::text
          AS operation
      """;

  /**
   * First the places alone, taking turns between the lanes so that none starves another; then their
   * rows, as many as fit.
   */
  static final String READ =
      """
      WITH cursor AS MATERIALIZED (
        SELECT l.lane, coalesce(c.position, 0) AS came
        FROM unnest($2::smallint[]) AS l(lane) LEFT JOIN event_cursor c ON c.consumer = $1 AND c.lane = l.lane),
      next AS MATERIALIZED (
        SELECT c.lane, c.came, f.position, f.turn
        FROM cursor c CROSS JOIN LATERAL (
          SELECT n.position, row_number() OVER (ORDER BY n.position) AS turn FROM (
            SELECT e.position FROM event_log e WHERE e.lane = c.lane AND e.position > c.came
            ORDER BY e.position LIMIT $3) n) f
        ORDER BY f.turn, c.lane LIMIT $4),
      found AS (
        SELECT n.came, n.turn, %s
        FROM next n JOIN event_log e ON e.lane = n.lane AND e.position = n.position
          JOIN payment_event h USING (merchant_id, payment_id, sequence)
          JOIN payment_change c USING (merchant_id, payment_id, sequence)),
      sized AS (
        SELECT f.*, row_number() OVER w AS place,
          sum(octet_length(payment) + coalesce(octet_length(operation), 0) + coalesce(octet_length(dispute), 0)) OVER w AS bytes
        FROM found f WINDOW w AS (ORDER BY turn, lane))
      SELECT * FROM sized WHERE place = 1 OR bytes <= $5 ORDER BY place
      """
          .formatted(TOLD);

  /**
   * Only over the position that was read: who moved it meanwhile, another node or a replay, wins.
   */
  private static final String MOVE =
      """
      WITH m AS (SELECT * FROM unnest($2::smallint[], $3::bigint[], $4::bigint[]) AS m(lane, came, position)),
      begun AS (
        INSERT INTO event_cursor (consumer, lane, position) SELECT $1, lane, position FROM m WHERE came = 0
        ON CONFLICT DO NOTHING)
      UPDATE event_cursor c SET position = m.position FROM m
      WHERE c.consumer = $1 AND c.lane = m.lane AND c.position = m.came
      """;

  /** The outbox is looked through up to a bound only: beyond, it is as bad as it gets. */
  private static final String BACKLOG =
      """
      WITH staged AS (
        SELECT count(*) AS number, min(created_at) AS oldest FROM (SELECT created_at FROM outbox LIMIT 10000) AS o),
      behind AS (
        SELECT l.position - e.position + 1 AS number, e.created_at AS oldest
        FROM event_lane l LEFT JOIN event_cursor c ON c.consumer = $1 AND c.lane = l.lane
        CROSS JOIN LATERAL (
          SELECT e.position, e.created_at FROM event_log e WHERE e.lane = l.lane AND e.position > coalesce(c.position, 0)
          ORDER BY e.position LIMIT 1) e
        WHERE $1::text IS NOT NULL)
      SELECT s.number AS staged, coalesce((SELECT sum(number) FROM behind), 0)::bigint AS behind,
        coalesce(extract(epoch FROM clock_timestamp() - least(s.oldest, (SELECT min(oldest) FROM behind))), 0)::float8 AS age
      FROM staged s
      """;

  static final String TRIM =
      """
      WITH gone AS (
        DELETE FROM event_log WHERE ctid = ANY (ARRAY(
          SELECT e.ctid FROM event_log e
          WHERE e.created_at < now() - $1 * interval '1 second'
            AND ($2::text IS NULL OR e.position <= (
              SELECT c.position FROM event_cursor c WHERE c.consumer = $2 AND c.lane = e.lane))
          LIMIT $3))
        RETURNING merchant_id, payment_id, sequence),
      forgotten AS (
        DELETE FROM payment_change c USING gone g
        WHERE c.merchant_id = g.merchant_id AND c.payment_id = g.payment_id AND c.sequence = g.sequence)
      SELECT count(*) AS gone FROM gone
      """;

  /** Sessions for batches have no bitmap scans, and the index on age is of use for nothing else. */
  static final String BY_AGE = "SET LOCAL enable_bitmapscan = on";

  private final Database database;

  /**
   * The event log of a database.
   *
   * @param database a pool made for batches
   */
  public EventLog(Database database) {
    this.database = database;
  }

  /**
   * A state change and its place.
   *
   * @param came the consumer's cursor in this lane when it was read
   * @param payment the payment as the change left it: its row as JSON text, without its secrets
   * @param operation the operation the change is about, likewise
   */
  public record Event(
      String merchantId,
      UUID paymentId,
      long sequence,
      boolean livemode,
      int lane,
      long came,
      long position,
      String event,
      @Nullable String fromStatus,
      String toStatus,
      String cause,
      String actor,
      Instant createdAt,
      String payment,
      @Nullable String operation,
      @Nullable String dispute) {}

  /** How much is read at once: rows, and bytes of them unless the first row alone has more. */
  public record Limit(int rows, int bytes) {}

  /**
   * A cursor's way in a lane.
   *
   * @param from where it was when its consumer read on from it
   * @param to the last position the consumer is done with
   */
  public record Move(int lane, long from, long to) {}

  /**
   * What is on its way out.
   *
   * @param staged changes without a place in the log yet, counted up to 10,000
   * @param behind changes in the log that the consumer has not come to, or a few more: places are
   *     not always taken
   * @param oldest how long the oldest of both has been waiting
   */
  public record Backlog(long staged, long behind, Duration oldest) {}

  /** What comes next for a consumer in some lanes, within each lane in order. */
  public Future<List<Event>> next(String consumer, Collection<Integer> lanes, Limit limit) {
    // Four times a fair share: a lane with more to tell than the others gets ahead, too.
    int perLane = Math.min(limit.rows, Math.ceilDiv(limit.rows, lanes.size()) * 4);
    return database
        .query(READ, Tuple.of(consumer, smallints(lanes), perLane, limit.rows, limit.bytes))
        .map(
            rows -> {
              List<Event> events = new ArrayList<>();
              rows.forEach(row -> events.add(event(row)));
              return events;
            });
  }

  /** Moves a consumer's cursors. One that is not where it was read any more stays. */
  public Future<Void> move(String consumer, List<Move> moves) {
    return database
        .query(
            MOVE,
            Tuple.of(
                consumer,
                smallints(moves.stream().map(Move::lane).toList()),
                moves.stream().map(Move::from).toArray(Long[]::new),
                moves.stream().map(Move::to).toArray(Long[]::new)))
        .mapEmpty();
  }

  /**
   * What is waiting.
   *
   * @param consumer whose cursor counts; null where only the way into the log is of interest
   */
  public Future<Backlog> backlog(@Nullable String consumer) {
    return database
        .query(BACKLOG, Tuple.of(consumer))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return new Backlog(
                  row.getLong("staged"),
                  row.getLong("behind"),
                  Duration.ofMillis(Math.max(0, Math.round(row.getDouble("age") * 1000))));
            });
  }

  /**
   * Lets go of old events, though of none that a consumer has yet to read.
   *
   * @param consumer who reads the log; null where nobody does
   * @param limit how many at most
   * @return how many
   */
  public Future<Integer> trim(@Nullable String consumer, Duration olderThan, int limit) {
    return database.transaction(
        sql ->
            sql.query(BY_AGE, Tuple.tuple())
                .compose(
                    ignored -> sql.query(TRIM, Tuple.of(olderThan.toSeconds(), consumer, limit)))
                .map(rows -> rows.iterator().next().getInteger("gone")));
  }

  private static Short[] smallints(Collection<Integer> lanes) {
    return lanes.stream().map(Integer::shortValue).toArray(Short[]::new);
  }

  private static Event event(Row row) {
    OffsetDateTime created = row.getOffsetDateTime("created_at");
    return new Event(
        row.getString("merchant_id"),
        row.getUUID("payment_id"),
        row.getLong("sequence"),
        row.getBoolean("livemode"),
        row.getInteger("lane"),
        row.getLong("came"),
        row.getLong("position"),
        row.getString("event"),
        row.getString("from_status"),
        row.getString("to_status"),
        row.getString("cause"),
        row.getString("actor"),
        created.toInstant(),
        row.getString("payment"),
        row.getString("operation"),
        row.getString("dispute"));
  }
}
