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
        AND ($7::integer IS NULL OR d.last_status = $7) AND ($8::text IS NULL OR starts_with(d.last_error, $8))
      """;

  private static final String LIST =
      "SELECT "
          + COLUMNS
          + " FROM delivery d WHERE "
          + FILTERED
          + """
            AND ($9::text IS NULL OR d.status = $9)
            AND ($10::timestamptz IS NULL OR (d.created_at, d.event_id, d.endpoint_id) < ($10, $11, $12))
          ORDER BY d.created_at DESC, d.event_id DESC, d.endpoint_id DESC LIMIT $13
          """;

  private static final String AGAIN =
      """
      UPDATE delivery d SET status = 'pending', due_at = now(), retry_since = now(), attempts = 0, delivered_at = NULL
      """;

  /**
   * What waits out a long delay is sent now too; what may be in flight this moment is left alone.
   */
  private static final String NOT_BEING_SENT =
      "(d.status <> 'pending' OR (d.due_at > now() AND d.attempted_at < now() - interval '2"
          + " minutes'))";

  private static final String RESEND_ONE =
      AGAIN
          + """
          WHERE d.merchant_id = $1 AND d.endpoint_id = $2 AND d.event_id = $3 AND
          """
          + NOT_BEING_SENT;

  private static final String TO_RESEND =
      """
      d.status = $9 AND %s AND %s
        AND EXISTS (SELECT FROM webhook_endpoint e
          WHERE e.merchant_id = d.merchant_id AND e.endpoint_id = d.endpoint_id)
      """
          .formatted(NOT_BEING_SENT, FILTERED);

  private static final String RESEND_MANY =
      AGAIN
          + """
          WHERE d.status = $9 AND %s AND (d.merchant_id, d.endpoint_id, d.event_id) IN (
            SELECT d.merchant_id, d.endpoint_id, d.event_id FROM delivery d
            WHERE %s ORDER BY d.created_at LIMIT $10)
          """
              .formatted(NOT_BEING_SENT, TO_RESEND);

  private static final String COUNTS =
      "SELECT status, count(*) AS number FROM delivery d WHERE %s GROUP BY status"
          .formatted(FILTERED);

  /** Counted up to a bound: of deliveries there are many. */
  private static final String RESENDABLE =
      "SELECT count(*) AS number FROM (SELECT FROM delivery d WHERE %s LIMIT 100000) AS found"
          .formatted(TO_RESEND);

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
   * @param lastStatus those that were answered so last
   * @param errorPrefix those whose last error begins so
   */
  public record Filter(
      @Nullable String merchantId,
      @Nullable UUID endpointId,
      @Nullable UUID eventId,
      @Nullable UUID paymentId,
      @Nullable Instant from,
      @Nullable Instant to,
      @Nullable Integer lastStatus,
      @Nullable String errorPrefix) {
    public static final Filter ALL = new Filter(null, null, null, null, null, null);

    /** Whatever was answered last. */
    public Filter(
        @Nullable String merchantId,
        @Nullable UUID endpointId,
        @Nullable UUID eventId,
        @Nullable UUID paymentId,
        @Nullable Instant from,
        @Nullable Instant to) {
      this(merchantId, endpointId, eventId, paymentId, from, to, null, null);
    }

    private Tuple tuple() {
      return Tuple.of(merchantId, endpointId, eventId, paymentId, time(from), time(to))
          .addInteger(lastStatus)
          .addString(errorPrefix);
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
   * Sends again those with a status, the oldest first, at most so many; their number. What waits is
   * sent at once. What is being sent is left alone, so a repeat finds nothing more to do.
   */
  public Future<Integer> resendMany(Filter filter, Delivery.Status status, int limit) {
    return resendMany(database::query, filter, status, limit);
  }

  /** The same within a transaction. */
  static Future<Integer> resendMany(Sql sql, Filter filter, Delivery.Status status, int limit) {
    return sql.query(RESEND_MANY, filter.tuple().addString(status.wire()).addInteger(limit))
        .map(rows -> rows.rowCount());
  }

  /** How many {@link #resendMany} would send again without a bound, counted up to 100,000. */
  public Future<Long> resendable(Filter filter, Delivery.Status status) {
    return resendable(database::query, filter, status);
  }

  /** The same within a transaction. */
  static Future<Long> resendable(Sql sql, Filter filter, Delivery.Status status) {
    return sql.query(RESENDABLE, filter.tuple().addString(status.wire()))
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
