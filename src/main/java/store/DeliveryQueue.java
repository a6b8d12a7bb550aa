package store;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.Delivery;
import payments.WebhookEndpoint;

/**
 * The deliveries that are due: which endpoints have some, the claim of some, and what became of
 * them. Everything is by endpoint, so that the backlog of one is never in the way of another's.
 */
public final class DeliveryQueue {
  /** Endpoints are looked at in the order of their ids, so that a round goes on where one ended. */
  private static final String WAITING =
      "SELECT "
          + WebhookEndpoints.COLUMNS
          + """
           FROM webhook_endpoint e
          WHERE e.status = 'enabled' AND e.lane = ANY ($1) AND e.endpoint_id > $2 AND e.endpoint_id <> ALL ($3)
            AND EXISTS (SELECT FROM delivery d
              WHERE d.merchant_id = e.merchant_id AND d.endpoint_id = e.endpoint_id AND d.status = 'pending'
                AND d.due_at <= now())
          ORDER BY e.endpoint_id LIMIT $4
          """;

  /**
   * A claim moves the due time on before anything is sent: a crash sends again, and two nodes never
   * take the same row.
   */
  private static final String CLAIM =
      """
      UPDATE delivery d SET attempts = d.attempts + 1, attempted_at = now(), due_at = now() + $4 * interval '1 millisecond'
      FROM (
        SELECT due.merchant_id, due.endpoint_id, due.event_id
        FROM unnest($1::text[], $2::uuid[], $3::int[]) AS w(merchant_id, endpoint_id, places)
        CROSS JOIN LATERAL (
          SELECT x.merchant_id, x.endpoint_id, x.event_id FROM delivery x
          WHERE x.merchant_id = w.merchant_id AND x.endpoint_id = w.endpoint_id AND x.status = 'pending'
            AND x.due_at <= now()
          ORDER BY x.due_at LIMIT w.places) due) c
      WHERE d.merchant_id = c.merchant_id AND d.endpoint_id = c.endpoint_id AND d.event_id = c.event_id
        AND d.status = 'pending' AND d.due_at <= now()
      RETURNING d.merchant_id, d.endpoint_id, d.event_id, d.payment_id, d.sequence, d.status, d.attempts, d.due_at,
        d.last_status, d.last_error, d.created_at, d.attempted_at, d.delivered_at
      """;

  private static final Columns<Result> RESULT_COLUMNS =
      new Columns<Result>()
          .text("merchant_id", row -> row.delivery.merchantId())
          .uuid("endpoint_id", row -> row.delivery.endpointId())
          .uuid("event_id", row -> row.delivery.eventId())
          .integer("attempts", row -> row.delivery.attempts())
          .text("url", row -> row.url)
          .bool("ok", row -> row.error == null)
          .bool("ours", row -> row.ours)
          .bool("final", row -> row.last)
          .integer("http_status", row -> row.httpStatus)
          .text("error", row -> row.error)
          .bigint("retry_ms", row -> row.retryInMs)
          .bigint("give_up_ms", row -> row.giveUpAfterMs);

  /**
   * A result counts only for the attempt it is of: what was sent again since is not touched, and a
   * failure at an address that the endpoint has left says nothing of where it is now. So an
   * endpoint is failing only by failures that took effect. Its row is written when its health
   * changes and with every failure, never with what goes through. Where it may be written, it is
   * locked before any delivery, as whoever changes or deletes an endpoint does: one that locks in
   * the other order would wait for the other in a ring. That all of them are counted first makes it
   * so.
   */
  private static final String RECORD =
      """
      WITH i AS (SELECT * FROM %s),
      locked AS MATERIALIZED (
        SELECT e.merchant_id, e.endpoint_id, e.url
        FROM webhook_endpoint e
        JOIN (SELECT merchant_id, endpoint_id, bool_and(ok) AS well FROM i GROUP BY merchant_id, endpoint_id) told
          ON told.merchant_id = e.merchant_id AND told.endpoint_id = e.endpoint_id
        WHERE NOT told.well OR e.failing_since IS NOT NULL
        ORDER BY e.merchant_id, e.endpoint_id FOR NO KEY UPDATE OF e),
      done AS (
        UPDATE delivery d SET
          status = CASE WHEN i.ok THEN 'delivered' WHEN r.over THEN 'failed' ELSE 'pending' END,
          due_at = CASE WHEN i.ok OR r.over THEN NULL ELSE now() + i.retry_ms * interval '1 millisecond' END,
          delivered_at = CASE WHEN i.ok THEN now() END, last_status = i.http_status, last_error = i.error
        FROM i JOIN webhook_endpoint e ON e.merchant_id = i.merchant_id AND e.endpoint_id = i.endpoint_id
        LEFT JOIN locked l ON l.merchant_id = i.merchant_id AND l.endpoint_id = i.endpoint_id,
        LATERAL (SELECT i.final OR now() + i.retry_ms * interval '1 millisecond'
          > (SELECT greatest(x.retry_since, e.enabled_at) FROM delivery x WHERE x.merchant_id = i.merchant_id
              AND x.endpoint_id = i.endpoint_id AND x.event_id = i.event_id)
            + i.give_up_ms * interval '1 millisecond' AS over) r
        WHERE d.merchant_id = i.merchant_id AND d.endpoint_id = i.endpoint_id AND d.event_id = i.event_id
          AND d.status = 'pending' AND d.attempts = i.attempts AND (i.ok OR coalesce(l.url, e.url) = i.url)
          AND (SELECT count(*) FROM locked) >= 0
        RETURNING d.merchant_id, d.endpoint_id, d.event_id, d.status, i.url, NOT i.ok AND NOT i.ours AS refused),
      healed AS (
        UPDATE webhook_endpoint e SET failing_since = NULL
        WHERE e.failing_since IS NOT NULL
          AND (e.merchant_id, e.endpoint_id, e.url) IN (SELECT merchant_id, endpoint_id, url FROM i WHERE ok)),
      ailing AS (
        UPDATE webhook_endpoint e SET failing_since = coalesce(e.failing_since, now()), failed_at = now()
        WHERE e.status = 'enabled'
          AND (e.merchant_id, e.endpoint_id, e.url) IN (SELECT merchant_id, endpoint_id, url FROM done WHERE refused)
          AND (e.merchant_id, e.endpoint_id, e.url) NOT IN (SELECT merchant_id, endpoint_id, url FROM i WHERE ok))
      SELECT merchant_id, endpoint_id, event_id, status FROM done
      """
          .formatted(RESULT_COLUMNS.unnest());

  private static final String BACKLOG =
      """
      SELECT count(*) AS pending, coalesce(extract(epoch FROM now() - min(d.created_at)), 0)::float8 AS oldest_seconds
      FROM webhook_endpoint e JOIN delivery d ON d.merchant_id = e.merchant_id AND d.endpoint_id = e.endpoint_id
      WHERE e.status = 'enabled' AND e.lane = ANY ($1) AND d.status = 'pending'
      """;

  private final Database database;
  private final Batcher<Result, Delivery.Status> results;

  /** A queue whose results are written together, on the context of whoever works it. */
  public DeliveryQueue(Context context, Database database, Batcher.Limits limits) {
    this.database = database;
    this.results =
        new Batcher<>(
            context,
            limits,
            result -> key(result.delivery),
            result -> key(result.delivery),
            this::write,
            Batcher.BatchObserver.NONE);
  }

  private record RowKey(String merchantId, UUID endpointId, UUID eventId) {}

  private static RowKey key(Delivery delivery) {
    return new RowKey(delivery.merchantId(), delivery.endpointId(), delivery.eventId());
  }

  /** How many deliveries an endpoint may be given now. */
  public record Places(WebhookEndpoint endpoint, int number) {}

  /**
   * What became of an attempt.
   *
   * @param url where it was sent to
   * @param httpStatus the answer's status, null where there was none
   * @param error why it failed, null where it was delivered
   * @param ours whether it failed for a reason of ours, which says nothing of the endpoint
   * @param last whether there is no use in trying again
   * @param retryInMs when to try again
   * @param giveUpAfterMs how long to try at all
   */
  public record Result(
      Delivery delivery,
      String url,
      @Nullable Integer httpStatus,
      @Nullable String error,
      boolean ours,
      boolean last,
      long retryInMs,
      long giveUpAfterMs) {}

  /** How much waits, and for how long the oldest has. */
  public record Backlog(long pending, double oldestSeconds) {}

  /**
   * Enabled endpoints with something due.
   *
   * @param lanes of these lanes only
   * @param after with ids above this one
   * @param full not these
   */
  public Future<List<WebhookEndpoint>> waiting(
      List<Integer> lanes, UUID after, List<UUID> full, int limit) {
    return database
        .query(
            WAITING,
            Tuple.of(lanes.toArray(Integer[]::new), after, full.toArray(UUID[]::new), limit))
        .map(
            rows -> {
              var all = new ArrayList<WebhookEndpoint>();
              rows.forEach(row -> all.add(WebhookEndpoints.endpoint(row)));
              return List.copyOf(all);
            });
  }

  /** Claims what is due, at most as many for each endpoint as it has places. */
  public Future<List<Delivery>> claim(List<Places> places, long claimMs) {
    return database
        .query(
            CLAIM,
            Tuple.of(
                places.stream().map(it -> it.endpoint.merchantId()).toArray(String[]::new),
                places.stream().map(it -> it.endpoint.id()).toArray(UUID[]::new),
                places.stream().map(Places::number).toArray(Integer[]::new),
                claimMs))
        .map(
            rows -> {
              var all = new ArrayList<Delivery>();
              rows.forEach(row -> all.add(Deliveries.delivery(row)));
              return List.copyOf(all);
            });
  }

  /** Records what became of an attempt; where the delivery stands, empty where it moved on. */
  public Future<Optional<Delivery.Status>> record(Result result) {
    return results.submit(result);
  }

  /** What waits for the enabled endpoints of some lanes. */
  public Future<Backlog> backlog(List<Integer> lanes) {
    return database
        .query(BACKLOG, Tuple.of((Object) lanes.toArray(Integer[]::new)))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return new Backlog(row.getLong("pending"), row.getDouble("oldest_seconds"));
            });
  }

  private Future<Map<Object, Delivery.Status>> write(List<Result> rows) {
    return database
        .query(RECORD, RESULT_COLUMNS.tuple(rows))
        .map(
            written -> {
              Map<Object, Delivery.Status> done = new HashMap<>();
              written.forEach(
                  row ->
                      done.put(
                          new RowKey(
                              row.getString("merchant_id"),
                              row.getUUID("endpoint_id"),
                              row.getUUID("event_id")),
                          Delivery.Status.ofWire(row.getString("status"))));
              return done;
            });
  }
}
