package store;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.Command.CreatedRange;
import payments.Command.Page;
import payments.Command.Paged;
import payments.Dispute;
import payments.DisputeStatus;
import payments.MerchantEvent;
import payments.Operation;
import payments.Payment;
import payments.PublicId;
import payments.WebhookEndpoint;

/** The merchants' events, each with the records as the change that it tells left them. */
public final class MerchantEvents {
  private static final String COLUMNS =
      """
      e.merchant_id AS ev_merchant, e.event_id AS ev_id, e.livemode AS ev_livemode, e.type AS ev_type,
      e.payment_id AS ev_payment, e.sequence AS ev_sequence, e.created_at AS ev_created, e.object AS ev_object,
      h.cause AS ev_cause, l.dispute AS ev_dispute,
      (SELECT count(*) FROM webhook_endpoint w JOIN delivery d ON d.merchant_id = w.merchant_id
          AND d.endpoint_id = w.endpoint_id AND d.event_id = e.event_id AND d.status = 'pending'
        WHERE w.merchant_id = e.merchant_id) AS ev_pending,
      """
          + Rows.PAYMENT;

  private static final String SNAPSHOTS =
      """
      LEFT JOIN payment_change l ON l.merchant_id = e.merchant_id AND l.payment_id = e.payment_id AND l.sequence = e.sequence
      LEFT JOIN payment_event h ON h.merchant_id = e.merchant_id AND h.payment_id = e.payment_id AND h.sequence = e.sequence
      LEFT JOIN LATERAL (SELECT (l.payment).*) AS p ON true
      """;

  /** An event whose change is no longer kept is gone, too: the two are trimmed apart. */
  private static final String KEPT = "(e.payment_id IS NULL OR l.sequence IS NOT NULL)";

  private static final String LOAD =
      "SELECT "
          + COLUMNS
          + """
           FROM unnest($1::text[], $2::uuid[]) AS k(merchant_id, event_id)
          JOIN merchant_event e ON e.merchant_id = k.merchant_id AND e.event_id = k.event_id
          """
          + SNAPSHOTS
          + " WHERE "
          + KEPT;

  private static final String FIND =
      "SELECT "
          + COLUMNS
          + " FROM merchant_event e "
          + SNAPSHOTS
          + """
           WHERE e.merchant_id = $1 AND e.event_id = $2 AND e.livemode = $3
             AND e.created_at > now() - $4 * interval '1 second' AND
          """
          + KEPT;

  private static final String PAGE =
      "SELECT "
          + COLUMNS
          + " FROM merchant_event e "
          + SNAPSHOTS
          + """
           WHERE e.merchant_id = $1 AND e.livemode = $2 AND e.event_id > $3 AND e.event_id < $4
             AND e.created_at > now() - $5 * interval '1 second'
             AND ($6::timestamptz IS NULL OR e.created_at >= $6) AND ($7::timestamptz IS NULL OR e.created_at < $7)
             AND ($8::text[] IS NULL OR e.type = ANY ($8)) AND ($9::text IS NULL OR e.type LIKE $9)
             AND ($10::boolean IS NULL OR $10 <> EXISTS (
               SELECT FROM webhook_endpoint w JOIN delivery d ON d.merchant_id = w.merchant_id
                 AND d.endpoint_id = w.endpoint_id AND d.event_id = e.event_id AND d.status <> 'delivered'
               WHERE w.merchant_id = e.merchant_id))
             AND %s
           ORDER BY e.event_id %s LIMIT $11
          """;

  /**
   * The operation as the change left it, and the charge it is about, which has its end behind it.
   */
  private static final String OPERATIONS =
      """
      SELECT 'operation' AS part, e.event_id AS ev_id, %1$s
      FROM %2$s
      CROSS JOIN LATERAL (SELECT (l.operation).*, '' AS request) AS o
      WHERE o.operation_id IS NOT NULL
      UNION ALL
      SELECT 'charge', e.event_id, %1$s
      FROM %2$s
      JOIN operation o ON o.merchant_id = l.merchant_id AND o.operation_id = coalesce(
        (l.operation).charge_id, (l.dispute ->> 'charge_id')::uuid, (l.payment).latest_charge)
      """
          .formatted(
              Rows.OPERATION,
              """
              unnest($1::text[], $2::uuid[]) AS k(merchant_id, event_id)
              JOIN merchant_event e ON e.merchant_id = k.merchant_id AND e.event_id = k.event_id
              JOIN payment_change l ON l.merchant_id = e.merchant_id AND l.payment_id = e.payment_id AND l.sequence = e.sequence
              """);

  private static final String TRIM =
      """
      DELETE FROM merchant_event WHERE (merchant_id, event_id) IN (
        SELECT merchant_id, event_id FROM merchant_event
        WHERE created_at < now() - $1 * interval '1 second' LIMIT $2)
      """;

  /** Clocks of nodes and of the database may differ by so much. */
  private static final Duration CLOCK_MARGIN = Duration.ofMinutes(1);

  private final Database database;

  public MerchantEvents(Database database) {
    this.database = database;
  }

  /** The name of an event. */
  public record Key(String merchantId, UUID eventId) {}

  /**
   * An event with what it may show.
   *
   * @param payment as the change left it, null where the event is about none
   * @param operation the operation of the change, as the change left it
   * @param charge the authorize operation it is about, its totals left at zero
   * @param endpoint the webhook endpoint it is about, without its secrets
   * @param cause who or what caused it, null where no payment changed
   * @param pendingWebhooks to how many endpoints it is still to be delivered
   */
  public record Told(
      MerchantEvent event,
      @Nullable Payment payment,
      @Nullable Operation operation,
      @Nullable Operation charge,
      @Nullable Dispute dispute,
      @Nullable WebhookEndpoint endpoint,
      @Nullable String cause,
      long pendingWebhooks) {
    Key key() {
      return new Key(event.merchantId(), event.id());
    }
  }

  /**
   * Which events a list holds.
   *
   * @param types these types only; empty for all
   * @param group a type with {@code *} for any text, or null
   * @param delivered whether all deliveries went through, null for either
   */
  public record Filter(List<String> types, @Nullable String group, @Nullable Boolean delivered) {
    public static final Filter ALL = new Filter(List.of(), null, null);

    private @Nullable String pattern() {
      return group == null
          ? null
          : group.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").replace('*', '%');
    }
  }

  /** One event that is not older than so many seconds. */
  public Future<Optional<Told>> find(
      String merchantId, boolean livemode, UUID eventId, long keptSeconds) {
    return database
        .read(FIND, Tuple.of(merchantId, eventId, livemode, keptSeconds))
        .compose(this::withOperations)
        .map(told -> told.stream().findFirst());
  }

  /**
   * Which events can be listed by their age.
   *
   * @param seconds none that were created longer ago
   * @param until none that were published since: an event's id is drawn before its commit, so among
   *     the youngest some may be missing that others, with higher ids, have overtaken. Who goes on
   *     from such a one would never see them
   */
  public record Kept(long seconds, Instant until) {}

  /** A page of events, newest first. */
  public Future<Paged<Told>> list(
      String merchantId, boolean livemode, Page page, Filter filter, Kept kept) {
    CreatedRange created = page.created();
    // An id is as old as the event's publication, which is at or after its creation.
    var byId =
        new Page(
            page.limit(),
            page.startingAfter(),
            page.endingBefore(),
            new CreatedRange(
                created.from() == null ? null : created.from().minus(CLOCK_MARGIN), kept.until));
    Paging bounds = Paging.of(byId, PublicId.EVENT);
    Tuple parameters =
        Tuple.of(merchantId, livemode, bounds.above(), bounds.below(), kept.seconds)
            .addValue(time(created.from()))
            .addValue(time(created.to()))
            .addValue(filter.types().isEmpty() ? null : filter.types().toArray(String[]::new))
            .addValue(filter.pattern())
            .addValue(filter.delivered())
            .addInteger(bounds.rows());
    return database
        .read(PAGE.formatted(KEPT, bounds.order()), parameters)
        .map(rows -> bounds.paged(rows, MerchantEvents::told))
        .compose(
            found -> withOperations(found.items()).map(all -> new Paged<>(all, found.hasMore())));
  }

  /** Events by their names; those that are no longer kept are left out. */
  public Future<List<Told>> load(List<Key> keys) {
    return keys.isEmpty()
        ? Future.succeededFuture(List.of())
        : database.read(LOAD, keyTuple(keys)).compose(this::withOperations);
  }

  /** Deletes events older than an age, at most so many; their number. */
  public Future<Integer> trim(long olderThanSeconds, int limit) {
    return IdempotencyKeys.trim(database, TRIM, olderThanSeconds, limit);
  }

  private Future<List<Told>> withOperations(RowSet<Row> rows) {
    var all = new ArrayList<Told>();
    rows.forEach(row -> all.add(told(row)));
    return withOperations(all);
  }

  private Future<List<Told>> withOperations(List<Told> events) {
    List<Key> keys = events.stream().filter(told -> told.payment() != null).map(Told::key).toList();
    if (keys.isEmpty()) {
      return Future.succeededFuture(events);
    }
    return database
        .read(OPERATIONS, keyTuple(keys))
        .map(
            rows -> {
              Map<UUID, Operation> operations = new HashMap<>();
              Map<UUID, Operation> charges = new HashMap<>();
              rows.forEach(
                  row ->
                      (row.getString("part").equals("charge") ? charges : operations)
                          .put(row.getUUID("ev_id"), Rows.operation(row, null)));
              return events.stream()
                  .map(
                      told ->
                          new Told(
                              told.event(),
                              told.payment(),
                              operations.get(told.event().id()),
                              charges.get(told.event().id()),
                              told.dispute(),
                              told.endpoint(),
                              told.cause(),
                              told.pendingWebhooks()))
                  .toList();
            });
  }

  private static Tuple keyTuple(List<Key> keys) {
    return Tuple.tuple()
        .addValue(keys.stream().map(Key::merchantId).toArray(String[]::new))
        .addValue(keys.stream().map(Key::eventId).toArray(UUID[]::new));
  }

  private static Told told(Row row) {
    var event =
        new MerchantEvent(
            row.getString("ev_merchant"),
            row.getBoolean("ev_livemode"),
            row.getUUID("ev_id"),
            row.getString("ev_type"),
            row.getUUID("ev_payment"),
            row.getLong("ev_sequence"),
            Rows.instantOf(row.getOffsetDateTime("ev_created")));
    boolean ofPayment = row.getUUID("payment_id") != null;
    return new Told(
        event,
        ofPayment ? Rows.payment(row) : null,
        null,
        null,
        row.getValue("ev_dispute") instanceof JsonObject dispute ? dispute(dispute) : null,
        row.getValue("ev_object") instanceof JsonObject object
            ? WebhookEndpoints.endpoint(object)
            : null,
        row.getString("ev_cause"),
        row.getLong("ev_pending"));
  }

  /** A dispute as a change kept it: its row. */
  private static Dispute dispute(JsonObject kept) {
    return new Dispute(
        kept.getString("merchant_id"),
        kept.getBoolean("livemode"),
        UUID.fromString(kept.getString("dispute_id")),
        UUID.fromString(kept.getString("payment_id")),
        UUID.fromString(kept.getString("charge_id")),
        kept.getString("psp_account_id"),
        kept.getString("psp_reference"),
        Money.of(kept.getLong("amount"), kept.getString("currency")),
        DisputeStatus.ofWire(kept.getString("status")),
        kept.getString("reason"),
        OffsetDateTime.parse(kept.getString("created_at")).toInstant());
  }

  private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }
}
