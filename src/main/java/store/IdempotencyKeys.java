package store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.Answer;
import payments.RequestContext;

/** The merchants' idempotency keys: what each is bound to, and the first answer given under it. */
public final class IdempotencyKeys {
  private static final String COLUMNS =
      """
      k.merchant_id, k.livemode, k.key, k.path, k.fingerprint, k.payment_id, k.operation_id, k.request_id, k.actor,
      k.publishable, k.expand, k.answer_status, k.answer_body, k.created_at
      """;

  private static final String FIND =
      "SELECT "
          + COLUMNS
          + " FROM idempotency_key k WHERE k.merchant_id = $1 AND k.livemode = $2 AND k.key = $3";

  private static final String CLAIM =
      """
      INSERT INTO idempotency_key AS k (merchant_id, livemode, key, path, fingerprint, object_id, request_id, actor, publishable,
        expand)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      ON CONFLICT (merchant_id, livemode, key) DO UPDATE SET created_at = now(), request_id = excluded.request_id
        WHERE k.answer_status IS NULL AND k.operation_id IS NULL AND k.path = excluded.path
          AND k.fingerprint = excluded.fingerprint AND k.object_id IS NOT NULL AND k.created_at < now() - interval '60 seconds'
      RETURNING k.object_id
      """;

  private static final String ANSWER =
      """
      UPDATE idempotency_key SET answer_status = $4, answer_body = $5
      WHERE merchant_id = $1 AND livemode = $2 AND key = $3 AND answer_status IS NULL
      """;

  private static final String RELEASE =
      """
      DELETE FROM idempotency_key
      WHERE merchant_id = $1 AND livemode = $2 AND key = $3 AND answer_status IS NULL AND operation_id IS NULL
      """;

  private static final String LEAVE =
      """
      UPDATE idempotency_key SET created_at = now() - interval '1 hour'
      WHERE merchant_id = $1 AND livemode = $2 AND key = $3 AND answer_status IS NULL AND operation_id IS NULL
      """;

  static final String TRIM =
      """
      DELETE FROM idempotency_key k
      WHERE (merchant_id, livemode, key) IN (
        SELECT merchant_id, livemode, key FROM idempotency_key
        WHERE created_at < now() - $1 * interval '1 second' AND (answer_status IS NOT NULL OR operation_id IS NULL)
        LIMIT $2)
      """;

  /**
   * The planner takes a third of the table for old and would look for it page by page, most times
   * in vain. The index on age answers at once.
   */
  static final String BY_INDEX = "SET LOCAL enable_seqscan = off";

  private final Database database;

  public IdempotencyKeys(Database database) {
    this.database = database;
  }

  /**
   * A key as it is stored.
   *
   * @param answer the first answer, or null while there is none
   */
  public record Stored(
      String path,
      String fingerprint,
      @Nullable UUID paymentId,
      @Nullable UUID operationId,
      RequestContext context,
      @Nullable Answer answer,
      Instant createdAt) {}

  public Future<Optional<Stored>> find(String merchantId, boolean livemode, String key) {
    return database
        .read(FIND, Tuple.of(merchantId, livemode, key))
        .map(rows -> Optional.ofNullable(PaymentReads.first(rows)).map(IdempotencyKeys::stored));
  }

  /**
   * Claims a key for work that is not in the operation log (no money moves) and may be repeated. A
   * claim that has had no answer for a minute was left by a crash and passes to the one who asks.
   *
   * @param reserved the id of what the work will make
   * @return the id to use, the first claim's where this one takes it over; empty where the key is
   *     someone else's
   */
  public Future<Optional<UUID>> claim(
      RequestContext context, RequestContext.Idempotency idempotency, UUID reserved) {
    return database
        .query(
            CLAIM,
            Tuple.of(
                    context.merchantId(),
                    context.livemode(),
                    idempotency.key(),
                    idempotency.path(),
                    idempotency.fingerprint(),
                    reserved)
                .addString(context.requestId())
                .addString(context.actor())
                .addBoolean(context.publishable())
                .addString(String.join(",", context.expand())))
        .map(
            rows ->
                Optional.ofNullable(PaymentReads.first(rows)).map(row -> row.getUUID("object_id")));
  }

  /** Stores the first answer; a later one changes nothing. */
  public Future<Void> answer(
      RequestContext context, RequestContext.Idempotency idempotency, Answer answer) {
    return database
        .query(
            ANSWER,
            Tuple.of(
                context.merchantId(),
                context.livemode(),
                idempotency.key(),
                answer.status(),
                answer.body()))
        .mapEmpty();
  }

  /** Lets go of a claim whose work did not happen, so that a retry may do it. */
  public Future<Void> release(RequestContext context, RequestContext.Idempotency idempotency) {
    return database
        .query(RELEASE, Tuple.of(context.merchantId(), context.livemode(), idempotency.key()))
        .mapEmpty();
  }

  /**
   * Leaves a claim whose work may have been done in part: whoever asks again takes it over at once,
   * with the id that it reserved.
   */
  public Future<Void> leave(RequestContext context, RequestContext.Idempotency idempotency) {
    return database
        .query(LEAVE, Tuple.of(context.merchantId(), context.livemode(), idempotency.key()))
        .mapEmpty();
  }

  /** Deletes answered keys and left claims older than an age, at most so many; their number. */
  public Future<Integer> trim(long olderThanSeconds, int limit) {
    return trim(database, TRIM, olderThanSeconds, limit);
  }

  /** Runs a statement that deletes what is older than an age, at most so many; their number. */
  static Future<Integer> trim(
      Database database, String statement, long olderThanSeconds, int limit) {
    return database.transaction(
        sql ->
            sql.query(BY_INDEX, Tuple.tuple())
                .compose(ignored -> sql.query(statement, Tuple.of(olderThanSeconds, limit)))
                .map(rows -> rows.rowCount()));
  }

  private static Stored stored(Row row) {
    Integer status = row.getInteger("answer_status");
    String expand = row.getString("expand");
    var idempotency =
        new RequestContext.Idempotency(
            row.getString("key"), row.getString("path"), row.getString("fingerprint"));
    return new Stored(
        row.getString("path"),
        row.getString("fingerprint"),
        row.getUUID("payment_id"),
        row.getUUID("operation_id"),
        new RequestContext(
            row.getString("merchant_id"),
            row.getBoolean("livemode"),
            row.getString("request_id"),
            row.getString("actor"),
            row.getBoolean("publishable"),
            idempotency,
            expand.isEmpty() ? List.of() : List.of(expand.split(","))),
        status == null ? null : new Answer(status, row.getString("answer_body"), true),
        Rows.instantOf(row.getOffsetDateTime("created_at")));
  }
}
