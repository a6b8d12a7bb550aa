package store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.Delivery;

/**
 * Deliveries of events to webhook endpoints as operators see them: listed, counted, sent again,
 * trimmed. What is due is {@link DeliveryQueue}'s.
 */
public final class Deliveries {
  private static final String COLUMNS =
      """
      d.merchant_id, d.endpoint_id, d.event_id, d.payment_id, d.sequence, d.status, d.attempts, d.due_at, d.last_status,
      d.last_error, d.created_at, d.attempted_at, d.delivered_at
      """;

  private static final String FILTERED =
      """
      ($1::text IS NULL OR d.merchant_id = $1) AND ($2::uuid IS NULL OR d.endpoint_id = $2)
        AND ($3::uuid IS NULL OR d.event_id = $3) AND ($4::uuid IS NULL OR d.payment_id = $4)
        AND ($5::timestamptz IS NULL OR d.created_at >= $5) AND ($6::timestamptz IS NULL OR d.created_at < $6)
      """;

  private static final String LIST =
      "SELECT "
          + COLUMNS
          + " FROM delivery d WHERE "
          + FILTERED
          + """
            AND ($7::text IS NULL OR d.status = $7)
            AND ($8::timestamptz IS NULL OR (d.created_at, d.event_id, d.endpoint_id) < ($8, $9, $10))
          ORDER BY d.created_at DESC, d.event_id DESC, d.endpoint_id DESC LIMIT $11
          """;

  private static final String AGAIN =
      """
      UPDATE delivery d SET status = 'pending', due_at = now(), retry_since = now(), attempts = 0, delivered_at = NULL
      """;

  /**
   * What waits out a long delay is sent now too; what may be in flight this moment is left alone.
   */
  private static final String RESEND_ONE =
      AGAIN
          + """
          WHERE d.merchant_id = $1 AND d.endpoint_id = $2 AND d.event_id = $3
            AND (d.status <> 'pending' OR (d.due_at > now() AND d.attempted_at < now() - interval '2 minutes'))
          """;

  private static final String RESEND_FAILED =
      AGAIN
          + """
          WHERE d.status = 'failed' AND (d.merchant_id, d.endpoint_id, d.event_id) IN (
            SELECT d.merchant_id, d.endpoint_id, d.event_id FROM delivery d
            WHERE d.status = 'failed' AND %s
              AND EXISTS (SELECT FROM webhook_endpoint e
                WHERE e.merchant_id = d.merchant_id AND e.endpoint_id = d.endpoint_id)
            ORDER BY d.created_at LIMIT $7)
          """
              .formatted(FILTERED);

  private static final String COUNTS =
      "SELECT status, count(*) AS number FROM delivery d WHERE %s GROUP BY status"
          .formatted(FILTERED);

  private static final String RESENDABLE =
      """
      SELECT count(*) AS number FROM delivery d
      WHERE d.status = 'failed' AND %s
        AND EXISTS (SELECT FROM webhook_endpoint e
          WHERE e.merchant_id = d.merchant_id AND e.endpoint_id = d.endpoint_id)
      """
          .formatted(FILTERED);

  private static final String STATUS =
      "SELECT status FROM delivery WHERE merchant_id = $1 AND endpoint_id = $2 AND event_id = $3";

  private static final String TRIM =
      """
      DELETE FROM delivery WHERE (merchant_id, endpoint_id, event_id) IN (
        SELECT merchant_id, endpoint_id, event_id FROM delivery
        WHERE created_at < now() - $1 * interval '1 second' LIMIT $2)
      """;

  private final Database database;

  public Deliveries(Database database) {
    this.database = database;
  }

  /**
   * Which deliveries are meant; null leaves a property open.
   *
   * @param from from when they were made, inclusive
   * @param to until when, exclusive
   */
  public record Filter(
      @Nullable String merchantId,
      @Nullable UUID endpointId,
      @Nullable UUID eventId,
      @Nullable UUID paymentId,
      @Nullable Instant from,
      @Nullable Instant to) {
    public static final Filter ALL = new Filter(null, null, null, null, null, null);

    private Tuple tuple() {
      return Tuple.of(merchantId, endpointId, eventId, paymentId, time(from), time(to));
    }
  }

  /** How many deliveries have a status. */
  public record Count(Delivery.Status status, long number) {}

  /**
   * Deliveries, newest first.
   *
   * @param status those with this one only, or null
   * @param after the last one of the page before, or null for the first page
   */
  public Future<List<Delivery>> list(
      Filter filter, Delivery.@Nullable Status status, @Nullable Delivery after, int limit) {
    Tuple parameters =
        filter
            .tuple()
            .addString(status == null ? null : status.wire())
            .addValue(after == null ? null : time(after.createdAt()))
            .addUUID(after == null ? null : after.eventId())
            .addUUID(after == null ? null : after.endpointId())
            .addInteger(limit);
    return database
        .query(LIST, parameters)
        .map(
            rows -> {
              var all = new ArrayList<Delivery>();
              rows.forEach(row -> all.add(delivery(row)));
              return List.copyOf(all);
            });
  }

  /** How many there are by status, of those that a filter means. */
  public Future<List<Count>> counts(Filter filter) {
    return database
        .query(COUNTS, filter.tuple())
        .map(
            rows -> {
              var counts = new ArrayList<Count>();
              rows.forEach(
                  row ->
                      counts.add(
                          new Count(
                              Delivery.Status.ofWire(row.getString("status")),
                              row.getLong("number"))));
              return List.copyOf(counts);
            });
  }

  /**
   * Sends one again, whatever became of it: due now, with all its attempts before it. Whether it
   * was changed; false where there is none or it is being sent anyway, so that a repeat does no
   * harm.
   */
  public Future<Boolean> resend(String merchantId, UUID endpointId, UUID eventId) {
    return resend(database::query, merchantId, endpointId, eventId);
  }

  /** The same within a transaction. */
  static Future<Boolean> resend(Sql sql, String merchantId, UUID endpointId, UUID eventId) {
    return sql.query(RESEND_ONE, Tuple.of(merchantId, endpointId, eventId))
        .map(rows -> rows.rowCount() > 0);
  }

  /**
   * Sends again what was given up, the oldest first, at most so many; their number. A repeat finds
   * nothing more to do.
   */
  public Future<Integer> resendFailed(Filter filter, int limit) {
    return resendFailed(database::query, filter, limit);
  }

  /** The same within a transaction. */
  static Future<Integer> resendFailed(Sql sql, Filter filter, int limit) {
    return sql.query(RESEND_FAILED, filter.tuple().addInteger(limit)).map(rows -> rows.rowCount());
  }

  /** How many {@link #resendFailed(Filter, int)} would send again, without a bound. */
  public Future<Long> resendable(Filter filter) {
    return resendable(database::query, filter);
  }

  /** The same within a transaction. */
  static Future<Long> resendable(Sql sql, Filter filter) {
    return sql.query(RESENDABLE, filter.tuple())
        .map(rows -> rows.iterator().next().getLong("number"));
  }

  /** The status of one, empty where there is none. */
  static Future<Optional<String>> status(
      Sql sql, String merchantId, UUID endpointId, UUID eventId) {
    return sql.query(STATUS, Tuple.of(merchantId, endpointId, eventId))
        .map(rows -> Optional.ofNullable(PaymentReads.first(rows)).map(row -> row.getString(0)));
  }

  /** Deletes deliveries older than an age, at most so many; their number. */
  public Future<Integer> trim(long olderThanSeconds, int limit) {
    return IdempotencyKeys.trim(database, TRIM, olderThanSeconds, limit);
  }

  static Delivery delivery(Row row) {
    return new Delivery(
        row.getString("merchant_id"),
        row.getUUID("endpoint_id"),
        row.getUUID("event_id"),
        row.getUUID("payment_id"),
        row.getLong("sequence"),
        Delivery.Status.ofWire(row.getString("status")),
        row.getInteger("attempts"),
        Rows.instant(row.getOffsetDateTime("due_at")),
        row.getInteger("last_status"),
        row.getString("last_error"),
        Rows.instantOf(row.getOffsetDateTime("created_at")),
        Rows.instant(row.getOffsetDateTime("attempted_at")),
        Rows.instant(row.getOffsetDateTime("delivered_at")));
  }

  private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }
}
