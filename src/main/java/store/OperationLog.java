package store;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.AnomalyKind;
import payments.IdSource;
import payments.Operation;
import payments.Parameters;
import payments.Payment;

/** The operation log as recovery sees it: what is due, and what is wrong. */
public final class OperationLog {
  private static final String ADOPT =
      "UPDATE operation SET recover_at = now() WHERE node = $1 AND status = 'pending' AND"
          + " recover_at > now()";

  /**
   * A claim moves the due time on, so that of two nodes only one gets the row, and a crashed
   * claimer's row comes back.
   */
  private static final String CLAIM_DUE =
      """
      UPDATE operation o SET recover_at = now() + $3 * interval '1 millisecond', attempts = o.attempts + 1, node = $4
      WHERE (o.merchant_id, o.operation_id) IN (
          SELECT merchant_id, operation_id FROM (
            SELECT d.merchant_id, d.operation_id,
              row_number() OVER (PARTITION BY d.psp_account_id ORDER BY d.recover_at) AS place
            FROM operation d
            WHERE d.recover_at <= now() AND d.lane = ANY ($1) AND d.psp_account_id <> ALL ($5)
            ORDER BY d.recover_at LIMIT 10 * $2) due
          WHERE place <= $2)
        AND o.recover_at <= now() AND o.status IN ('pending', 'unknown', 'accepted', 'awaiting_customer')
      RETURNING
      """
          + Rows.OPERATION;

  private static final String RESCHEDULE =
      """
      UPDATE operation SET recover_at = now() + $5 * interval '1 millisecond', held_reason = $6, updated_at = now(),
        psp_reference = coalesce(psp_reference, $7)
      WHERE merchant_id = $1 AND operation_id = $2 AND status = $3 AND attempts = $4
        AND status IN ('pending', 'unknown', 'accepted', 'awaiting_customer')
      RETURNING operation_id
      """;

  /** Not by everyone who asks: what was woken or looked at a moment ago is left alone. */
  private static final String WAKE_CHALLENGE =
      """
      UPDATE operation SET recover_at = now(), updated_at = now()
      WHERE merchant_id = $1 AND payment_id = $2 AND status = 'awaiting_customer' AND recover_at > now()
        AND updated_at < now() - $3 * interval '1 millisecond'
      """;

  /** Where the operation has moved on, what was thought wrong was only read at two moments. */
  private static final String ANOMALY_OF_OPEN =
      """
      INSERT INTO anomaly (merchant_id, anomaly_id, payment_id, operation_id, kind, detail)
      SELECT o.merchant_id, $2, o.payment_id, o.operation_id, $4, $5 FROM operation o
      WHERE o.merchant_id = $1 AND o.operation_id = $3 AND o.status = $6 AND o.attempts = $7
      ON CONFLICT (merchant_id, operation_id, kind) DO NOTHING
      """;

  /**
   * The same, and what the PSP said is kept with the operation, with the reason that it is held
   * for, even if nothing more comes to be written. What waits for the customer is not held.
   */
  private static final String HOLD =
      """
      WITH held AS (
        UPDATE operation o SET result = CASE WHEN $8::jsonb IS NULL THEN o.result
            ELSE coalesce(o.result, '{}') || jsonb_build_object('said', $8::jsonb) END,
          held_reason = CASE WHEN o.status = 'awaiting_customer' THEN o.held_reason ELSE $4 END
        WHERE o.merchant_id = $1 AND o.operation_id = $3 AND o.status = $6 AND o.attempts = $7
        RETURNING o.merchant_id, o.payment_id, o.operation_id)
      INSERT INTO anomaly (merchant_id, anomaly_id, payment_id, operation_id, kind, detail)
      SELECT h.merchant_id, $2, h.payment_id, h.operation_id, $4, $5 FROM held h
      ON CONFLICT (merchant_id, operation_id, kind) DO NOTHING
      """;

  private static final String SAID =
      "SELECT result -> 'said' AS said FROM operation WHERE merchant_id = $1 AND operation_id = $2";

  /**
   * A success of an operation that is closed as failed, unless it is known in another way: a refund
   * that has succeeded and failed since, a capture or a void that was booked as the PSP's own.
   */
  private static final String ANOMALY_OF_FAILED =
      """
      INSERT INTO anomaly (merchant_id, anomaly_id, payment_id, operation_id, kind, detail)
      SELECT o.merchant_id, $2, o.payment_id, o.operation_id, $4, $5
      FROM operation o JOIN payment p ON p.merchant_id = o.merchant_id AND p.payment_id = o.payment_id
      WHERE o.merchant_id = $1 AND o.operation_id = $3 AND o.status = 'failed'
        AND CASE o.kind WHEN 'refund' THEN o.psp_reference IS DISTINCT FROM $6
          WHEN 'capture' THEN p.captured <> $7
          ELSE o.gives_back OR p.status <> 'canceled' END
      ON CONFLICT (merchant_id, operation_id, kind) DO NOTHING
      """;

  /** The condition stands outside, too: an answer may have forgotten it since it was found. */
  private static final String FORGET =
      """
      UPDATE operation SET request = kept_request, kept_request = NULL
      WHERE (merchant_id, operation_id) IN (
        SELECT merchant_id, operation_id FROM operation
        WHERE kept_request IS NOT NULL AND (operation_id < $1 OR (operation_id < $3 AND psp_reference IS NULL))
        ORDER BY operation_id LIMIT $2)
        AND kept_request IS NOT NULL
      """;

  private static final String ADD_DETAILS =
      """
      UPDATE operation SET result = $4::jsonb || coalesce(result, '{}')
      WHERE merchant_id = $1 AND operation_id = $2 AND status = $3 AND NOT coalesce(result ? 'card', false)
      """;

  private static final String OPEN_COUNTS =
      """
      SELECT status, count(*) AS number
      FROM operation WHERE recover_at IS NOT NULL GROUP BY status
      UNION ALL SELECT 'held', count(*) FROM operation WHERE held_reason IS NOT NULL
      UNION ALL SELECT held_reason, count(*) FROM operation WHERE held_reason = 'no_result' GROUP BY held_reason
      UNION ALL SELECT 'anomaly', count(*) FROM anomaly WHERE resolved_at IS NULL
      """;

  private static final Columns<Description> DESCRIBE_COLUMNS = describeColumns();

  private static final String DESCRIBE =
      """
      WITH changed AS (
        UPDATE operation o SET parameters = i.parameters
        FROM %s
        WHERE o.merchant_id = i.merchant_id AND o.operation_id = i.o_id AND o.livemode = i.livemode
          AND o.parameters = i.from_parameters
          AND NOT EXISTS (SELECT FROM idempotency_key k
            WHERE k.merchant_id = i.merchant_id AND k.livemode = i.livemode AND k.key = i.k_key)
        RETURNING i.*),
      claimed AS (%s SELECT %s FROM changed i WHERE i.k_key IS NOT NULL)
      SELECT o_id FROM changed
      """
          .formatted(DESCRIBE_COLUMNS.unnest(), WriteColumns.KEY_TARGET, WriteColumns.KEY_VALUES);

  private final Database database;

  public OperationLog(Database database) {
    this.database = database;
  }

  /**
   * Makes what an earlier life of this node left in flight due at once; the number of operations.
   */
  public Future<Integer> adopt(String node) {
    return database.query(ADOPT, Tuple.of(node)).map(rows -> rows.rowCount());
  }

  /**
   * Claims operations that are due. Each comes with its attempt counted: it may be sent from now
   * on.
   *
   * @param claimMs after how long an unfinished claim is due again
   */
  public Future<List<Operation>> claimDue(
      List<Integer> lanes, int limit, long claimMs, String node) {
    return claimDue(lanes, limit, claimMs, node, Set.of());
  }

  /**
   * Claims operations that are due, of each PSP account at most so many, so that one which hangs
   * does not keep the others out.
   *
   * @param busyAccounts those of which none is claimed
   */
  public Future<List<Operation>> claimDue(
      List<Integer> lanes, int limit, long claimMs, String node, Set<String> busyAccounts) {
    return database
        .query(
            CLAIM_DUE,
            Tuple.of(
                lanes.toArray(new Integer[0]),
                limit,
                claimMs,
                node,
                busyAccounts.toArray(new String[0])))
        .map(OperationLog::operations);
  }

  /**
   * Leaves an operation in the stage it is in until later.
   *
   * @return whether it still was in that stage, with no attempt begun since
   */
  public Future<Boolean> reschedule(
      Operation operation,
      @Nullable Long inMs,
      @Nullable String heldReason,
      @Nullable String reference) {
    return database
        .query(
            RESCHEDULE,
            Tuple.of(
                    operation.merchantId(),
                    operation.id(),
                    operation.status().wire(),
                    operation.attempts(),
                    inMs,
                    heldReason)
                .addString(reference))
        .map(rows -> rows.size() > 0);
  }

  /**
   * Has recovery look at once at an authentication that waits for the customer, where it was not
   * just woken or looked at.
   *
   * @param restMs how long it is left alone then
   */
  public Future<Void> wakeChallenge(Payment payment, long restMs) {
    return database
        .query(WAKE_CHALLENGE, Tuple.of(payment.merchantId(), payment.id(), restMs))
        .mapEmpty();
  }

  /** Something that should not be; told once per operation and kind. */
  public record Anomaly(UUID id, Operation operation, AnomalyKind kind, String detail) {}

  /**
   * Raises it where the operation still is as it was when it was found wrong.
   *
   * @return whether it was raised now
   */
  public Future<Boolean> raise(Anomaly anomaly) {
    return database.query(ANOMALY_OF_OPEN, asFound(anomaly)).map(rows -> rows.rowCount() > 0);
  }

  private static Tuple asFound(Anomaly anomaly) {
    Operation operation = anomaly.operation;
    return Tuple.of(
            operation.merchantId(),
            anomaly.id,
            operation.id(),
            anomaly.kind.wire(),
            anomaly.detail,
            operation.status().wire())
        .addInteger(operation.attempts());
  }

  /** What a PSP said that it did, as far as it is needed to give it back. */
  public record Said(
      String reference, @Nullable String chargeReference, Money amount, boolean captured) {}

  /**
   * Raises it on the PSP's own word about the operation, which is to be held for it.
   *
   * @param said what the PSP says that it did; null where it does not say how much
   * @return whether it was raised now
   */
  public Future<Boolean> hold(Anomaly anomaly, @Nullable Said said) {
    return database
        .query(HOLD, asFound(anomaly).addValue(said == null ? null : Json.said(said)))
        .map(rows -> rows.rowCount() > 0);
  }

  /** What the PSP said that it did of an operation that is held for it. */
  public Future<Optional<Said>> said(Operation operation) {
    return database
        .query(SAID, Tuple.of(operation.merchantId(), operation.id()))
        .map(
            rows -> {
              Row row = PaymentReads.first(rows);
              JsonObject said = row == null ? null : row.getJsonObject("said");
              return Optional.ofNullable(said).map(Json::said);
            });
  }

  /**
   * Raises that a PSP says it did what is closed here as failed, where nothing tells of that yet.
   *
   * @param reference what the PSP calls what it did
   * @param minor how much it moved
   * @return whether it was raised now
   */
  public Future<Boolean> raiseAfterClose(Anomaly anomaly, String reference, long minor) {
    Operation operation = anomaly.operation;
    return database
        .query(
            ANOMALY_OF_FAILED,
            Tuple.of(
                    operation.merchantId(),
                    anomaly.id,
                    operation.id(),
                    anomaly.kind.wire(),
                    anomaly.detail,
                    reference)
                .addLong(minor))
        .map(rows -> rows.rowCount() > 0);
  }

  /**
   * Forgets the card data in requests that still have no answer; the number of operations.
   *
   * @param before which were begun earlier
   * @param unnamedBefore which were begun earlier and have no name of their PSP's: those are
   *     neither sent any more, nor is what they sent of use to ask about them
   */
  public Future<Integer> forgetCardData(Instant before, Instant unnamedBefore, int atMost) {
    return database
        .query(
            FORGET, Tuple.of(IdSource.lowestAt(before), atMost, IdSource.lowestAt(unnamedBefore)))
        .map(rows -> rows.rowCount());
  }

  /**
   * Keeps what an answer tells of the card, where a webhook that overtook it has ended the
   * operation in the same way: webhooks tell less.
   */
  public Future<Void> addDetails(Finish finish) {
    Operation operation = finish.operation();
    JsonObject result = finish.card() == null ? null : FinishColumns.result(finish);
    return result == null
        ? Future.succeededFuture()
        : database
            .query(
                ADD_DETAILS,
                Tuple.of(operation.merchantId(), operation.id(), finish.status().wire(), result))
            .mapEmpty();
  }

  /**
   * Books a success that no payment may keep and whose operation is closed.
   *
   * @return whether it was booked now: told twice, it is booked once
   */
  public Future<Boolean> bookLate(LateBooking booking) {
    return database.transaction(
        sql -> booking.write(sql, () -> GivingBack.begin(sql, booking.giveBack())));
  }

  /**
   * Closes an operation whose success came too late, raises the anomaly and begins what gives it
   * back, all in one commit.
   *
   * @return whether it was done: false where someone else closed the operation first
   */
  public Future<Boolean> finishLate(Finish finish, Anomaly anomaly, Write.Begin giveBack) {
    return database.transaction(
        sql ->
            PaymentWrites.runFinish(sql, finish)
                .compose(
                    finished -> {
                      if (finished.isEmpty()) {
                        return Future.succeededFuture(false);
                      }
                      return sql.query(LateBooking.ANOMALY, LateBooking.anomalyTuple(anomaly))
                          .compose(ignored -> GivingBack.begin(sql, giveBack))
                          .map(true);
                    }));
  }

  /**
   * Closes an operation and begins what lets go of what may be left of it at its PSP, in one
   * commit.
   *
   * @return the payment's sequence number; empty where someone else closed the operation first
   */
  public Future<Optional<Long>> finishAndBegin(Finish finish, Write.Begin beside) {
    return database.transaction(
        sql ->
            PaymentWrites.runFinish(sql, finish)
                .compose(
                    finished ->
                        finished.isEmpty()
                            ? Future.succeededFuture(Optional.empty())
                            : GivingBack.begin(sql, beside)
                                .map(finished.values().stream().findFirst())));
  }

  /**
   * How many there are of what is not over.
   *
   * @param status an operation's status where recovery looks at it, or {@code held} for what
   *     operators have to look at, {@code no_result} for those of them that the PSP has taken in,
   *     or {@code anomaly}
   */
  public record OpenCount(String status, long number) {}

  public Future<List<OpenCount>> openCounts() {
    return database
        .query(OPEN_COUNTS, Tuple.tuple())
        .map(
            rows -> {
              var counts = new ArrayList<OpenCount>();
              rows.forEach(
                  row -> counts.add(new OpenCount(row.getString("status"), row.getLong("number"))));
              return List.copyOf(counts);
            });
  }

  private record Description(
      Operation operation, Parameters parameters, Write.@Nullable KeyClaim key) {}

  private static Columns<Description> describeColumns() {
    var columns =
        new Columns<Description>()
            .text("merchant_id", row -> row.operation.merchantId())
            .uuid("o_id", row -> row.operation.id())
            .bool("livemode", row -> row.operation.livemode())
            .json("from_parameters", row -> Json.parameters(row.operation.parameters()))
            .json("parameters", row -> Json.parameters(row.parameters))
            .uuid("payment_id", row -> row.operation.paymentId());
    return WriteColumns.key(columns, Description::key);
  }

  /**
   * Changes what an operation says of itself, none of which any PSP was told.
   *
   * @param operation as it was read
   * @return whether it was changed; false where it says something else by now, or the key is taken
   */
  public Future<Boolean> describe(
      Operation operation, Parameters parameters, Write.@Nullable KeyClaim key) {
    var description = new Description(operation, parameters, key);
    return database
        .query(DESCRIBE, DESCRIBE_COLUMNS.tuple(List.of(description)))
        .map(rows -> rows.size() > 0)
        .recover(StoreException::duplicateIsFalse);
  }

  private static List<Operation> operations(Iterable<Row> rows) {
    var operations = new ArrayList<Operation>();
    rows.forEach(row -> operations.add(Rows.operation(row, null)));
    return List.copyOf(operations);
  }
}
