package store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * State changes on their way from the commits that made them to the event log: what is new, and its
 * move to its place in the log together with the merchants' events and their deliveries.
 */
public final class Outbox {
  static final String NEW =
      """
      SELECT o.id, o.lane, o.event, o.operation_kind, o.operation_status
      FROM outbox o WHERE o.id > $1 AND o.lane = ANY ($2) ORDER BY o.id LIMIT $3
      """;

  /**
   * The lane's row is locked before anything is taken, so that of two nodes which take a lane for
   * theirs the second takes what the first left, and gives it later positions. Everything else
   * hangs on what was taken.
   *
   * <p>A change brings its place among those of its lane and where in the last two arrays its
   * events are: looked for, each would go through all of the others, since these sessions hash
   * nothing. A merchant's endpoints are looked for by their key however few there are.
   */
  static final String MOVE =
      """
      WITH i AS MATERIALIZED (
        SELECT * FROM unnest($1::bigint[], $2::smallint[], $3::integer[], $4::integer[], $5::integer[])
          AS i(id, lane, place, first_event, last_event)),
      locked AS (
        UPDATE event_lane l SET position = l.position + c.number
        FROM (SELECT lane, count(*) AS number FROM i GROUP BY lane) c WHERE l.lane = c.lane
        RETURNING l.lane, l.position - c.number AS before),
      lanes AS MATERIALIZED (SELECT array_agg(lane) AS lane, array_agg(before) AS before FROM locked),
      taken AS (
        DELETE FROM outbox o USING i, lanes l WHERE o.id = i.id AND i.lane = ANY (l.lane)
        RETURNING o.*, l.before[array_position(l.lane, i.lane)] + i.place AS position, i.first_event, i.last_event),
      logged AS (
        INSERT INTO event_log (merchant_id, payment_id, sequence, lane, position, created_at)
        SELECT t.merchant_id, t.payment_id, t.sequence, t.lane, t.position, t.created_at FROM taken t
        RETURNING 1),
      told AS (
        INSERT INTO merchant_event (merchant_id, event_id, livemode, type, payment_id, sequence, created_at)
        SELECT t.merchant_id, ($6::uuid[])[n], t.livemode, ($7::text[])[n], t.payment_id, t.sequence, t.created_at
        FROM taken t CROSS JOIN LATERAL generate_series(t.first_event, t.last_event) AS n
        RETURNING merchant_id, event_id, livemode, type, payment_id, sequence),
      due AS (
        INSERT INTO delivery (merchant_id, endpoint_id, event_id, payment_id, sequence, status)
        SELECT m.merchant_id, w.endpoint_id, m.event_id, m.payment_id, m.sequence, 'pending'
        FROM told m CROSS JOIN LATERAL (
          SELECT e.endpoint_id FROM webhook_endpoint e
          WHERE e.merchant_id = m.merchant_id AND e.livemode = m.livemode AND e.status = 'enabled'
            AND e.enabled_events && ARRAY['*', m.type]
          OFFSET 0) w
        RETURNING 1)
      SELECT (SELECT count(*) FROM logged) AS moved, (SELECT count(*) FROM due) AS deliveries
      """;

  private final Database database;

  /**
   * An outbox.
   *
   * @param database opened for batches: else every move may read the whole history to find the few
   *     changes that it is about
   */
  public Outbox(Database database) {
    this.database = database;
  }

  /**
   * A state change that has no place in the event log yet.
   *
   * @param id rises within a payment
   * @param event its name in the history
   * @param operationKind the kind of the operation it was about, null where none was
   * @param operationStatus what that operation has become
   */
  public record NewChange(
      long id,
      int lane,
      String event,
      @Nullable String operationKind,
      @Nullable String operationStatus) {}

  /** A change and the merchant's events that it is told as, which may be none. */
  public record Move(NewChange change, List<Told> told) {
    public Move {
      told = List.copyOf(told);
    }
  }

  /** A merchant's event that a change is told as. */
  public record Told(UUID eventId, String type) {}

  /** What a move did: others may have been there first. */
  public record Moved(long changes, long deliveries) {}

  /**
   * The oldest changes in some lanes.
   *
   * @param after only those with a greater id: what is at the front of the table was moved long
   *     ago, and reading over it costs
   */
  public Future<List<NewChange>> oldest(long after, List<Integer> lanes, int limit) {
    return database
        .query(NEW, Tuple.of(after, lanes.toArray(new Integer[0]), limit))
        .map(
            rows -> {
              var changes = new ArrayList<NewChange>();
              for (Row row : rows) {
                changes.add(
                    new NewChange(
                        row.getLong("id"),
                        row.getInteger("lane"),
                        row.getString("event"),
                        row.getString("operation_kind"),
                        row.getString("operation_status")));
              }
              return List.copyOf(changes);
            });
  }

  /** Moves changes to the event log, in the order they are given in. */
  public Future<Moved> move(List<Move> moves) {
    int number = moves.size();
    var ids = new Long[number];
    var lanes = new Short[number];
    var places = new Integer[number];
    var first = new Integer[number];
    var last = new Integer[number];
    var ofLane = new HashMap<Integer, Integer>();
    var told = new ArrayList<Told>();
    for (int at = 0; at < number; at++) {
      NewChange change = moves.get(at).change;
      ids[at] = change.id;
      lanes[at] = (short) change.lane;
      places[at] = ofLane.merge(change.lane, 1, Integer::sum);
      // PostgreSQL counts from one; where there is none the last comes before the first.
      first[at] = told.size() + 1;
      told.addAll(moves.get(at).told);
      last[at] = told.size();
    }
    return database
        .query(
            MOVE,
            Tuple.of(
                ids,
                lanes,
                places,
                first,
                last,
                told.stream().map(Told::eventId).toArray(UUID[]::new),
                told.stream().map(Told::type).toArray(String[]::new)))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return new Moved(row.getLong("moved"), row.getLong("deliveries"));
            });
  }
}
