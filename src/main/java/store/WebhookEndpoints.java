package store;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.Command.Page;
import payments.Command.Paged;
import payments.Listing;
import payments.Parameters;
import payments.PublicId;
import payments.WebhookEndpoint;

/** The merchants' webhook endpoints. */
public final class WebhookEndpoints {
  /** How many a merchant may have in one mode. */
  public static final int LIMIT = 16;

  static final String COLUMNS =
      """
      e.merchant_id, e.endpoint_id, e.livemode, e.url, e.status, e.disabled_reason, e.enabled_events, e.description,
      e.metadata, e.secret, e.previous_secret, e.previous_secret_until, e.version, e.failing_since
      """;

  private static final String FIND =
      "SELECT "
          + COLUMNS
          + " FROM webhook_endpoint e WHERE e.merchant_id = $1 AND e.endpoint_id = $2 AND"
          + " e.livemode = $3";

  private static final String PAGE =
      "SELECT "
          + COLUMNS
          + """
           FROM webhook_endpoint e
          WHERE e.merchant_id = $1 AND e.livemode = $2 AND e.endpoint_id > $3 AND e.endpoint_id < $4
          ORDER BY e.endpoint_id %s LIMIT $5
          """;

  /**
   * Those who make an endpoint for a merchant and mode go one after the other, so none miscounts.
   */
  private static final String ONE_AFTER_THE_OTHER =
      "SELECT pg_advisory_xact_lock(hashtextextended('webhook_endpoint ' || $1 || ' ' || $2, 0))";

  private static final String COUNT =
      "SELECT count(*) AS number FROM webhook_endpoint WHERE merchant_id = $1 AND livemode = $2";

  private static final Columns<Change> CHANGE_COLUMNS = changeColumns();

  private static final String CREATE =
      """
      WITH given AS (SELECT * FROM %s),
      claimed AS (%s SELECT %s FROM given i WHERE i.k_key IS NOT NULL ON CONFLICT DO NOTHING RETURNING key)
      INSERT INTO webhook_endpoint (merchant_id, endpoint_id, livemode, lane, url, status, enabled_events, description,
        metadata, secret, version)
      SELECT i.merchant_id, i.endpoint_id, i.livemode, i.lane, i.url, i.status, string_to_array(i.enabled_events, ','),
        i.description, i.metadata, i.secret, 1
      FROM given i WHERE i.k_key IS NULL OR EXISTS (SELECT FROM claimed)
      ON CONFLICT DO NOTHING
      RETURNING endpoint_id
      """
          .formatted(CHANGE_COLUMNS.unnest(), WriteColumns.KEY_TARGET, WriteColumns.KEY_VALUES);

  /**
   * What was wrong at one address says nothing of another: there it begins anew, and what waits is
   * tried at once. Bounded: what is beyond it is tried in its time, as is what is being recorded at
   * this moment, which is not waited for. What is in flight to the old address may be sent to the
   * new one as well.
   */
  private static final String UPDATE =
      """
      WITH changed AS (
        UPDATE webhook_endpoint e SET version = e.version + 1, url = i.url, status = i.status,
          disabled_reason = i.disabled_reason, enabled_events = string_to_array(i.enabled_events, ','),
          description = i.description, metadata = i.metadata, secret = i.secret,
          previous_secret = i.previous_secret, previous_secret_until = i.previous_secret_until,
          failing_since = CASE WHEN e.status = i.status AND e.url = i.url THEN e.failing_since END,
          enabled_at = CASE WHEN e.status <> i.status AND i.status = 'enabled' THEN now() ELSE e.enabled_at END
        FROM %s
        WHERE e.merchant_id = i.merchant_id AND e.endpoint_id = i.endpoint_id AND e.livemode = i.livemode
          AND e.version = i.from_version
          AND NOT EXISTS (SELECT FROM idempotency_key k
            WHERE k.merchant_id = i.merchant_id AND k.livemode = i.livemode AND k.key = i.k_key)
        RETURNING i.*),
      claimed AS (%s SELECT %s FROM changed i WHERE i.k_key IS NOT NULL),
      due AS (
        UPDATE delivery SET due_at = now()
        WHERE (merchant_id, endpoint_id, event_id) IN (
          SELECT d.merchant_id, d.endpoint_id, d.event_id
          FROM changed i JOIN webhook_endpoint before
            ON before.merchant_id = i.merchant_id AND before.endpoint_id = i.endpoint_id AND before.url <> i.url
          JOIN delivery d ON d.merchant_id = i.merchant_id AND d.endpoint_id = i.endpoint_id
          WHERE d.status = 'pending' AND d.due_at > now()
          ORDER BY d.due_at LIMIT 10000 FOR NO KEY UPDATE OF d SKIP LOCKED)
          AND status = 'pending' AND due_at > now())
      SELECT endpoint_id FROM changed
      """
          .formatted(CHANGE_COLUMNS.unnest(), WriteColumns.KEY_TARGET, WriteColumns.KEY_VALUES);

  private static final String DELETE =
      "DELETE FROM webhook_endpoint WHERE merchant_id = $1 AND endpoint_id = $2 AND livemode = $3";

  /**
   * Bounded: what is beyond it is never due without its endpoint, and goes with age. What is being
   * recorded at this moment is not waited for.
   */
  private static final String GIVE_UP_ALL =
      """
      UPDATE delivery SET status = 'failed', due_at = NULL, last_error = 'the endpoint was deleted'
      WHERE (merchant_id, endpoint_id, event_id) IN (
        SELECT merchant_id, endpoint_id, event_id FROM delivery
        WHERE merchant_id = $1 AND endpoint_id = $2 AND status = 'pending' LIMIT 10000
        FOR NO KEY UPDATE SKIP LOCKED)
      """;

  /**
   * For so long nothing went through, and it was not only tried at the beginning: of silence
   * nothing follows. Half of the time, because the last try of what is given up comes before the
   * whole of it.
   */
  private static final String NOTHING_WENT_THROUGH =
      """
      e.status = 'enabled' AND e.failing_since <= now() - %1$s * interval '1 millisecond'
        AND e.failed_at >= e.failing_since + %1$s * interval '0.5 milliseconds'
      """;

  private static final String EXHAUSTED =
      "SELECT "
          + COLUMNS
          + " FROM webhook_endpoint e WHERE e.lane = ANY ($1) AND "
          + NOTHING_WENT_THROUGH.formatted("$2")
          + " LIMIT 100";

  /** The endpoint, the event that tells of it and its deliveries to the others: all or none. */
  private static final String DISABLE =
      """
      WITH disabled AS (
        UPDATE webhook_endpoint e SET status = 'disabled', disabled_reason = $4, version = e.version + 1
        WHERE e.merchant_id = $1 AND e.endpoint_id = $2 AND e.version = $3 AND %s
        RETURNING e.*),
      told AS (
        INSERT INTO merchant_event (merchant_id, event_id, livemode, type, object, created_at)
        SELECT merchant_id, $5, livemode, $6, to_jsonb(disabled) - 'secret' - 'previous_secret', now() FROM disabled
        RETURNING merchant_id, livemode, event_id, type),
      sent AS (
        INSERT INTO delivery (merchant_id, endpoint_id, event_id, status)
        SELECT e.merchant_id, e.endpoint_id, told.event_id, 'pending'
        FROM told JOIN webhook_endpoint e ON e.merchant_id = told.merchant_id AND e.livemode = told.livemode
        WHERE e.status = 'enabled' AND e.endpoint_id <> $2
          AND (e.enabled_events @> '{*}' OR told.type = ANY (e.enabled_events)))
      SELECT endpoint_id FROM disabled
      """
          .formatted(NOTHING_WENT_THROUGH.formatted("$7"));

  private static final String ALL = "SELECT " + COLUMNS + " FROM webhook_endpoint e WHERE true";

  /** What was given up keeps its end; what was not, has its time again from now on. */
  private static final String SWITCH =
      """
      UPDATE webhook_endpoint e SET status = $3, disabled_reason = $4, failing_since = NULL, version = e.version + 1,
        enabled_at = CASE WHEN $3 = 'enabled' THEN now() ELSE e.enabled_at END
      WHERE e.merchant_id = $1 AND e.endpoint_id = $2 AND e.status <> $3
      RETURNING e.url
      """;

  private static final String STATUS =
      "SELECT status FROM webhook_endpoint WHERE merchant_id = $1 AND endpoint_id = $2";

  private final Database database;

  public WebhookEndpoints(Database database) {
    this.database = database;
  }

  /** What became of a creation. */
  public enum Creation {
    DONE,
    /** Its idempotency key is taken. */
    KEY_TAKEN,
    /** The merchant has as many as it may have. */
    TOO_MANY
  }

  /** An endpoint as it is to be, with the key that is claimed and answered in the same commit. */
  private record Change(WebhookEndpoint endpoint, Write.@Nullable KeyClaim key) {}

  private static Columns<Change> changeColumns() {
    var columns =
        new Columns<Change>()
            .text("merchant_id", row -> row.endpoint.merchantId())
            .uuid("endpoint_id", row -> row.endpoint.id())
            .bool("livemode", row -> row.endpoint.livemode())
            .integer("lane", row -> Lanes.of(row.endpoint.id()))
            .bigint("from_version", row -> row.endpoint.version() - 1)
            .text("url", row -> row.endpoint.url())
            .text("status", row -> row.endpoint.enabled() ? "enabled" : "disabled")
            .text("disabled_reason", row -> row.endpoint.disabledReason())
            .text("enabled_events", row -> String.join(",", row.endpoint.enabledEvents()))
            .text("description", row -> row.endpoint.parameters().text("description"))
            .json("metadata", row -> new JsonObject(row.endpoint.parameters().metadata()))
            .text("secret", row -> row.endpoint.secret())
            .text("previous_secret", row -> row.endpoint.previousSecret())
            .time("previous_secret_until", row -> row.endpoint.previousSecretUntil())
            .uuid("payment_id", row -> null);
    return WriteColumns.key(columns, Change::key);
  }

  public Future<Optional<WebhookEndpoint>> find(
      String merchantId, boolean livemode, UUID endpointId) {
    return database
        .read(FIND, Tuple.of(merchantId, endpointId, livemode))
        .map(rows -> Optional.ofNullable(PaymentReads.first(rows)).map(WebhookEndpoints::endpoint));
  }

  /** A page of a merchant's endpoints, newest first. */
  public Future<Paged<WebhookEndpoint>> list(String merchantId, boolean livemode, Page page) {
    Paging bounds = Paging.of(page, PublicId.WEBHOOK_ENDPOINT);
    return database
        .read(
            PAGE.formatted(bounds.order()),
            Tuple.of(merchantId, livemode, bounds.above(), bounds.below(), bounds.rows()))
        .map(rows -> bounds.paged(rows, WebhookEndpoints::endpoint));
  }

  /** All merchants' endpoints, newest first. */
  public Future<Listing.Rows<WebhookEndpoint>> listAll(
      @Nullable String merchantId, @Nullable String status, Listing.Page page) {
    return new Listed(ALL, "e.created_at", "e.endpoint_id::text")
        .where("e.merchant_id = $", merchantId)
        .where("e.status = $", status)
        .read(database, page, WebhookEndpoints::endpoint);
  }

  /** Enables or disables one for an operator; its address, empty where it is so already. */
  static Future<Optional<String>> turn(
      Sql sql, String merchantId, UUID endpointId, String status, @Nullable String reason) {
    return sql.query(SWITCH, Tuple.of(merchantId, endpointId, status, reason))
        .map(rows -> Optional.ofNullable(PaymentReads.first(rows)).map(row -> row.getString(0)));
  }

  /** The status of one, empty where there is none. */
  static Future<Optional<String>> status(Sql sql, String merchantId, UUID endpointId) {
    return sql.query(STATUS, Tuple.of(merchantId, endpointId))
        .map(rows -> Optional.ofNullable(PaymentReads.first(rows)).map(row -> row.getString(0)));
  }

  /** Makes an endpoint, unless its key is taken or the merchant has as many as it may have. */
  public Future<Creation> create(WebhookEndpoint endpoint, Write.@Nullable KeyClaim key) {
    return database.transaction(
        sql ->
            count(sql, endpoint)
                .compose(
                    number ->
                        number >= LIMIT
                            ? Future.succeededFuture(Creation.TOO_MANY)
                            : sql.query(
                                    CREATE,
                                    CHANGE_COLUMNS.tuple(List.of(new Change(endpoint, key))))
                                .map(
                                    rows -> rows.size() > 0 ? Creation.DONE : Creation.KEY_TAKEN)));
  }

  private static Future<Long> count(Sql sql, WebhookEndpoint endpoint) {
    return sql.query(
            ONE_AFTER_THE_OTHER,
            Tuple.of(endpoint.merchantId(), String.valueOf(endpoint.livemode())))
        .compose(locked -> sql.query(COUNT, Tuple.of(endpoint.merchantId(), endpoint.livemode())))
        .map(rows -> rows.iterator().next().getLong("number"));
  }

  /**
   * Whether the change was made; false where the endpoint is not at the version before it any more,
   * is deleted, or the key is taken.
   */
  public Future<Boolean> update(WebhookEndpoint endpoint, Write.@Nullable KeyClaim key) {
    return database
        .query(UPDATE, CHANGE_COLUMNS.tuple(List.of(new Change(endpoint, key))))
        .map(rows -> rows.size() > 0)
        .recover(StoreException::duplicateIsFalse);
  }

  /** Deletes an endpoint and gives up what is on its way to it; whether there was one. */
  public Future<Boolean> delete(String merchantId, boolean livemode, UUID endpointId) {
    return database.transaction(
        sql ->
            sql.query(DELETE, Tuple.of(merchantId, endpointId, livemode))
                .compose(
                    deleted ->
                        deleted.rowCount() == 0
                            ? Future.succeededFuture(false)
                            : sql.query(GIVE_UP_ALL, Tuple.of(merchantId, endpointId)).map(true)));
  }

  /** Enabled endpoints of some lanes where everything has failed for so long, lately too. */
  public Future<List<WebhookEndpoint>> exhausted(List<Integer> lanes, long failingForMs) {
    return database
        .query(EXHAUSTED, Tuple.of(lanes.toArray(Integer[]::new), failingForMs))
        .map(
            rows -> {
              var all = new java.util.ArrayList<WebhookEndpoint>();
              rows.forEach(row -> all.add(endpoint(row)));
              return List.copyOf(all);
            });
  }

  /**
   * Disables an endpoint where everything has failed for so long, and tells the merchant's other
   * endpoints; whether it was still so.
   *
   * @param eventId the id of the event that tells it
   */
  public Future<Boolean> disable(
      WebhookEndpoint endpoint, String reason, UUID eventId, long failingForMs) {
    return database
        .query(
            DISABLE,
            Tuple.of(
                    endpoint.merchantId(),
                    endpoint.id(),
                    endpoint.version(),
                    reason,
                    eventId,
                    WebhookEndpoint.DISABLED_EVENT)
                .addLong(failingForMs))
        .map(rows -> rows.size() > 0);
  }

  static WebhookEndpoint endpoint(Row row) {
    return new WebhookEndpoint(
        row.getString("merchant_id"),
        row.getBoolean("livemode"),
        row.getUUID("endpoint_id"),
        row.getString("url"),
        row.getString("status").equals("enabled"),
        row.getString("disabled_reason"),
        List.of(row.getArrayOfStrings("enabled_events")),
        parameters(row.getString("description"), row.getJsonObject("metadata")),
        row.getString("secret"),
        row.getString("previous_secret"),
        Rows.instant(row.getOffsetDateTime("previous_secret_until")),
        row.getLong("version"),
        Rows.instant(row.getOffsetDateTime("failing_since")));
  }

  /** An endpoint as an event keeps it: its row, without secrets. */
  static WebhookEndpoint endpoint(JsonObject kept) {
    JsonArray events = kept.getJsonArray("enabled_events");
    return new WebhookEndpoint(
        kept.getString("merchant_id"),
        kept.getBoolean("livemode"),
        UUID.fromString(kept.getString("endpoint_id")),
        kept.getString("url"),
        kept.getString("status").equals("enabled"),
        kept.getString("disabled_reason"),
        events.stream().map(String::valueOf).toList(),
        parameters(kept.getString("description"), kept.getJsonObject("metadata")),
        "",
        null,
        null,
        kept.getLong("version"),
        null);
  }

  private static Parameters parameters(@Nullable String description, JsonObject metadata) {
    Map<String, Object> values = new LinkedHashMap<>();
    if (description != null) {
      values.put("description", description);
    }
    values.put("metadata", Json.parameters(metadata).values());
    return new Parameters(values);
  }
}
