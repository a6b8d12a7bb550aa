package store;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import payments.PaymentStatus;
import store.OutboxRows.Telling;

/**
 * The durable steps of the money path, each one statement and one commit, batched naturally:
 * create, begin, reserve, finish. Every statement hangs all it writes on one guarded row; where the
 * guard says no, nothing is written.
 */
public final class PaymentWrites {
  private static final String OPEN = "('pending', 'unknown', 'accepted', 'awaiting_customer')";

  /** Inserts go by hashed sub-plan, which the batch sessions' planner settings leave alone. */
  static final BatchStatement<Write> CREATE =
      BatchStatement.of(
          writeColumns(),
          rows ->
              """
              WITH i AS MATERIALIZED (SELECT * FROM %s),
              claimed AS (
                %s SELECT %s FROM i WHERE i.k_key IS NOT NULL
                ON CONFLICT DO NOTHING RETURNING payment_id),
              admitted AS MATERIALIZED (
                SELECT * FROM i WHERE i.k_key IS NULL OR i.payment_id IN (SELECT payment_id FROM claimed)),
              created AS (
                INSERT INTO payment (merchant_id, payment_id, livemode, lane, status, version, sequence, amount, currency,
                  capture_method, authorized, captured, refund_reserved, refunded, disputed, customer_id, payment_method_id,
                  latest_charge, client_secret, parameters)
                SELECT merchant_id, payment_id, livemode, lane, status, 1, 1, amount, currency, capture_method, 0, 0, 0, 0, 0,
                  customer_id, payment_method_id, latest_charge, client_secret, parameters
                FROM admitted RETURNING payment_id),
              begun AS (%s SELECT %s FROM admitted i WHERE i.o_id IS NOT NULL),
              known AS (%s SELECT %s FROM admitted i WHERE i.m_id IS NOT NULL ON CONFLICT DO NOTHING),
              %s
              SELECT payment_id AS row_id, 1::bigint AS sequence FROM created
              """
                  .formatted(
                      rows,
                      WriteColumns.KEY_TARGET,
                      WriteColumns.KEY_VALUES,
                      WriteColumns.OPERATION_TARGET,
                      WriteColumns.OPERATION_VALUES,
                      WriteColumns.METHOD_TARGET,
                      WriteColumns.METHOD_VALUES,
                      new Telling(
                              "admitted",
                              "1",
                              "NULL",
                              "i.status",
                              "i.o_id",
                              OutboxRows.NEW_PAYMENT,
                              OutboxRows.NEW_OPERATION)
                          .sql()));

  static final BatchStatement<Write> BEGIN =
      BatchStatement.of(
          writeColumns()
              .text("from_status", row -> WriteColumns.or(row.fromStatus(), it -> it.wire()))
              .bigint("from_version", Write::fromVersion),
          rows ->
              """
              WITH changed AS (
                UPDATE payment p SET status = i.status, version = p.version + 1, sequence = p.sequence + 1, amount = i.amount,
                  currency = i.currency, capture_method = i.capture_method, customer_id = i.customer_id,
                  payment_method_id = i.payment_method_id, latest_charge = i.latest_charge, parameters = i.parameters,
                  last_error = i.last_error, next_action_url = i.next_action_url,
                  cancellation_reason = i.cancellation_reason, canceled_at = i.canceled_at
                FROM %s
                WHERE p.merchant_id = i.merchant_id AND p.payment_id = i.payment_id AND p.livemode = i.livemode
                  AND p.status = i.from_status AND p.version = i.from_version
                  AND NOT EXISTS (SELECT FROM idempotency_key k
                    WHERE k.merchant_id = i.merchant_id AND k.livemode = i.livemode AND k.key = i.k_key)
                RETURNING i.*, p.sequence, %s AS p_after),
              claimed AS (%s SELECT %s FROM changed i WHERE i.k_key IS NOT NULL),
              begun AS (%s SELECT %s FROM changed i WHERE i.o_id IS NOT NULL),
              known AS (%s SELECT %s FROM changed i WHERE i.m_id IS NOT NULL ON CONFLICT DO NOTHING),
              %s
              SELECT payment_id AS row_id, sequence FROM changed
              """
                  .formatted(
                      rows,
                      OutboxRows.PAYMENT,
                      WriteColumns.KEY_TARGET,
                      WriteColumns.KEY_VALUES,
                      WriteColumns.OPERATION_TARGET,
                      WriteColumns.OPERATION_VALUES,
                      WriteColumns.METHOD_TARGET,
                      WriteColumns.METHOD_VALUES,
                      new Telling(
                              "changed",
                              "i.sequence",
                              "i.from_status",
                              "i.status",
                              "i.o_id",
                              "i.p_after",
                              OutboxRows.NEW_OPERATION)
                          .sql()));

  static final BatchStatement<Reservation> RESERVE =
      BatchStatement.of(
          reserveColumns(),
          rows ->
              """
              WITH changed AS (
                UPDATE payment p SET refund_reserved = p.refund_reserved + i.o_amount, sequence = p.sequence + 1
                FROM %s
                WHERE p.merchant_id = i.merchant_id AND p.payment_id = i.payment_id AND p.livemode = i.livemode
                  AND p.currency = i.o_currency
                  AND p.refund_reserved + p.refunded + p.disputed + i.o_amount <= p.captured
                  AND NOT EXISTS (SELECT FROM idempotency_key k
                    WHERE k.merchant_id = i.merchant_id AND k.livemode = i.livemode AND k.key = i.k_key)
                RETURNING i.*, p.sequence, p.status, %s AS p_after),
              claimed AS (%s SELECT %s FROM changed i WHERE i.k_key IS NOT NULL),
              begun AS (%s SELECT %s FROM changed i),
              %s
              SELECT o_id AS row_id, sequence FROM changed
              """
                  .formatted(
                      rows,
                      OutboxRows.PAYMENT,
                      WriteColumns.KEY_TARGET,
                      WriteColumns.KEY_VALUES,
                      WriteColumns.OPERATION_TARGET,
                      WriteColumns.OPERATION_VALUES,
                      new Telling(
                              "changed",
                              "i.sequence",
                              "i.status",
                              "i.status",
                              "i.o_id",
                              "i.p_after",
                              OutboxRows.NEW_OPERATION)
                          .sql()));

  /**
   * What ends with an operation beside its payment, where something does. An authentication that
   * waits for the customer ends with its payment; where the payment waits for the customer again,
   * it is looked at at once: they may have finished meanwhile.
   */
  private static final String FURTHER_ENDS =
      """
      resolved AS (
        UPDATE anomaly a SET resolved_at = now(), resolution = 'given back'
        FROM changed i
        WHERE i.gives_back AND i.o_status = 'succeeded' AND a.merchant_id = i.merchant_id AND a.operation_id IN (i.charge_id, i.o_id)
          AND a.resolved_at IS NULL AND a.kind IN %s),
      ended AS (
        UPDATE operation o SET status = CASE i.to_status WHEN 'canceled' THEN 'canceled' ELSE o.status END,
          recover_at = CASE i.to_status WHEN 'canceled' THEN NULL ELSE now() END, updated_at = now()
        FROM changed i
        WHERE i.to_status IN ('canceled', 'requires_action') AND o.merchant_id = i.merchant_id
          AND o.payment_id = i.payment_id AND o.operation_id <> i.o_id AND o.status = 'awaiting_customer'),
      also AS (
        UPDATE operation o SET status = i.x_status, %s, recover_at = NULL, held_reason = NULL, updated_at = now()
        FROM changed i
        WHERE i.x_id IS NOT NULL AND o.merchant_id = i.merchant_id AND o.operation_id = i.x_id
          AND o.status IN ('pending', 'unknown', 'accepted')),
      """
          .formatted(GivingBack.SETTLES, WriteColumns.forgetting("i.x_status"));

  private static final Telling TOLD_OF_FINISH =
      new Telling(
          "changed", "i.sequence", "i.from_status", "i.status", "i.o_id", "i.p_after", "i.o_after");

  private static final Columns<Finish> FINISH_COLUMNS = FinishColumns.all();

  static final BatchStatement<Finish> FINISH =
      BatchStatement.of(FINISH_COLUMNS, rows -> finish(rows, FURTHER_ENDS));

  /**
   * The same for operations with which nothing else ends, as nearly all are: what has nothing to do
   * costs PostgreSQL a quarter of a single one all the same.
   */
  static final BatchStatement<Finish> PLAIN_FINISH =
      BatchStatement.of(FINISH_COLUMNS, rows -> finish(rows, ""));

  /**
   * Ends one operation and begins the next. Only over an operation that its request still has in
   * hand: pending, and sent once. Whoever else has closed it, or may have sent it again, wins. What
   * the payment says beside its money may have changed meanwhile, as it may during any sending. The
   * payment says nothing of it but its history, which tells both steps.
   */
  static final BatchStatement<FailOver> FAIL_OVER =
      BatchStatement.of(
          failOverColumns(),
          rows ->
              """
              WITH done AS (
                UPDATE operation o SET status = 'failed', %s, psp_reference = coalesce(i.f_reference, o.psp_reference),
                  psp_charge_reference = coalesce(i.f_charge_reference, o.psp_charge_reference),
                  result = coalesce(o.result || i.f_result, i.f_result, o.result),
                  recover_at = NULL, held_reason = NULL, updated_at = now()
                FROM %s
                WHERE o.merchant_id = i.merchant_id AND o.operation_id = i.f_id AND o.payment_id = i.payment_id
                  AND o.kind = 'authorize' AND o.status = 'pending' AND o.attempts = i.f_attempts AND i.f_attempts = 1
                RETURNING i.*, %s AS f_after),
              changed AS (
                UPDATE payment p SET version = p.version + 1, sequence = p.sequence + 2
                FROM done i
                WHERE p.merchant_id = i.merchant_id AND p.payment_id = i.payment_id AND p.livemode = i.livemode
                  AND p.status = i.from_status
                RETURNING i.*, p.sequence, p.status, %s AS p_after),
              begun AS (%s SELECT %s FROM changed i),
              claimed AS (
                UPDATE idempotency_key k SET operation_id = i.o_id
                FROM changed i
                WHERE k.merchant_id = i.merchant_id AND k.livemode = i.livemode AND k.key = i.o_key AND k.operation_id = i.f_id
                  AND k.answer_status IS NULL),
              steps AS (
                SELECT i.merchant_id, i.payment_id, i.lane, i.livemode, i.status, i.c_reference, i.c_actor,
                  i.sequence - 1 AS sequence, i.f_event AS c_event, i.f_id AS step_id,
                  jsonb_populate_record(i.p_after, jsonb_build_object('sequence', i.sequence - 1)) AS p_then, i.f_after AS o_then
                FROM changed i
                UNION ALL
                SELECT i.merchant_id, i.payment_id, i.lane, i.livemode, i.status, i.c_reference, i.c_actor, i.sequence,
                  i.c_event, i.o_id, i.p_after, %s
                FROM changed i),
              %s,
              whole AS MATERIALIZED (
                SELECT CASE WHEN (SELECT count(*) FROM done) = (SELECT count(*) FROM changed) THEN true
                  ELSE refuse_partial_write() END AS ok)
              SELECT changed.o_id AS row_id, changed.sequence, whole.ok FROM whole LEFT JOIN changed ON true
              """
                  .formatted(
                      WriteColumns.forgetting("'failed'"),
                      rows,
                      OutboxRows.OPERATION,
                      OutboxRows.PAYMENT,
                      WriteColumns.OPERATION_TARGET,
                      WriteColumns.OPERATION_VALUES,
                      OutboxRows.NEW_OPERATION,
                      new Telling(
                              "steps",
                              "i.sequence",
                              "i.status",
                              "i.status",
                              "i.step_id",
                              "i.p_then",
                              "i.o_then")
                          .sql()));

  private final Database database;
  private final Batcher<Write, Long> creates;
  private final Batcher<Write, Long> begins;
  private final Batcher<Reservation, Long> reservations;
  private final Batcher<Finish, Long> finishes;
  private final Batcher<FailOver, Long> failOvers;

  /**
   * The writes of one context.
   *
   * @param database a pool made for batches
   */
  public PaymentWrites(
      Context context, Database database, Batcher.Limits limits, Batcher.BatchObserver observer) {
    this.database = database;
    creates =
        new Batcher<>(
            context,
            limits,
            row -> row.payment().id(),
            row -> row.payment().id(),
            rows -> run(database, CREATE, rows),
            observer);
    begins =
        new Batcher<>(
            context,
            limits,
            row -> row.payment().id(),
            row -> row.payment().id(),
            rows -> run(database, BEGIN, rows),
            observer);
    reservations =
        new Batcher<>(
            context,
            limits,
            row -> row.refund().id(),
            row -> row.refund().paymentId(),
            rows -> run(database, RESERVE, rows),
            observer);
    finishes =
        new Batcher<>(
            context,
            limits,
            row -> row.operation().id(),
            row -> row.operation().paymentId(),
            rows -> finishAll(database::query, rows).map(PaymentWrites::sequences),
            observer);
    failOvers =
        new Batcher<>(
            context,
            limits,
            FailOver::nextId,
            row -> row.payment().id(),
            rows -> run(database, FAIL_OVER, rows),
            observer);
  }

  /** Has the sessions do once what they will do most, and undo it: {@link Rehearsal}. */
  public Future<Void> rehearse() {
    return Rehearsal.of(database);
  }

  /**
   * A new payment, with the operation that takes it where it is confirmed at once.
   *
   * @return its sequence number, or empty where its idempotency key was there before it
   */
  public Future<Optional<Long>> create(Write write) {
    return creates.submit(write);
  }

  /**
   * A guarded change of a payment, with the operation that begins with it.
   *
   * @return the change's sequence number, or empty where the payment is no longer as it was read or
   *     the idempotency key was there before
   */
  public Future<Optional<Long>> begin(Write write) {
    return begins.submit(write);
  }

  /**
   * A refund's reservation; empty where it does not fit any more or the idempotency key was there
   * before.
   */
  public Future<Optional<Long>> reserve(Reservation reservation) {
    return reservations.submit(reservation);
  }

  /**
   * The end or the next stage of an operation, or empty where someone else closed it already or
   * brought it further.
   */
  public Future<Optional<Long>> finish(Finish finish) {
    return finishes.submit(finish);
  }

  /**
   * An operation's end and the beginning of the next, or empty where the first is not in its
   * request's hands any more.
   */
  public Future<Optional<Long>> failOver(FailOver failOver) {
    return failOvers.submit(failOver);
  }

  /**
   * A success is written over whatever stage is open. Any other word counts only over the stage and
   * the attempt it was told of: while another attempt is under way, or has come further, it is
   * stale, and would close an operation that may yet move money or move it back a stage.
   */
  private static String finish(String rows, String further) {
    return """
    WITH done AS (
      UPDATE operation o SET status = i.o_status, %s, psp_reference = coalesce(i.o_reference, o.psp_reference),
        psp_charge_reference = coalesce(i.o_charge_reference, o.psp_charge_reference),
        result = coalesce(o.result || i.o_result, i.o_result, o.result),
        recover_at = now() + i.recover_in_ms * interval '1 millisecond',
        held_reason = i.held_reason, updated_at = now()
      FROM %s
      WHERE o.merchant_id = i.merchant_id AND o.operation_id = i.o_id AND o.status IN %s
        AND (i.o_status IN ('succeeded', 'canceled') OR (o.status = i.o_from AND o.attempts = i.o_attempts))
      RETURNING i.*, o.payment_id, o.livemode, o.payment_method_id AS o_method, o.gives_back,
        o.charge_id, o.lane, %s AS o_after),
    changed AS (
      UPDATE payment p SET status = coalesce(i.to_status, p.status), version = p.version + i.version_step,
        sequence = p.sequence + 1, authorized = p.authorized + i.d_authorized, captured = p.captured + i.d_captured,
        refund_reserved = p.refund_reserved + i.d_reserved, refunded = p.refunded + i.d_refunded,
        latest_charge = coalesce(i.latest_charge, p.latest_charge),
        payment_method_id = CASE WHEN i.method_id IS NULL THEN p.payment_method_id ELSE nullif(i.method_id, '') END,
        last_error = CASE WHEN i.sets_error THEN i.last_error ELSE p.last_error END,
        next_action_url = CASE WHEN i.to_status IS NULL THEN p.next_action_url ELSE i.next_action_url END,
        cancellation_reason = coalesce(i.cancellation_reason, p.cancellation_reason),
        canceled_at = CASE WHEN i.to_status = 'canceled' THEN i.at ELSE p.canceled_at END
      FROM done i
      WHERE p.merchant_id = i.merchant_id AND p.payment_id = i.payment_id
        AND (i.from_status IS NULL OR p.status = i.from_status)
      RETURNING i.*, p.sequence, p.status, %s AS p_after),
    booked AS (
      INSERT INTO ledger_transfer (merchant_id, transfer_id, payment_id, operation_id, rule, debit, credit, amount, currency,
        livemode)
      SELECT merchant_id, t_id, payment_id, o_id, t_rule, t_debit, t_credit, t_amount, t_currency, livemode
      FROM changed WHERE t_id IS NOT NULL),
    answered AS (
      UPDATE idempotency_key k SET answer_status = i.a_status, answer_body = i.a_body
      FROM changed i
      WHERE i.a_status IS NOT NULL AND k.merchant_id = i.merchant_id AND k.livemode = i.livemode AND k.key = i.k_key
        AND k.answer_status IS NULL),
    %s known AS (
      UPDATE payment_method m SET card = coalesce(m.card, i.o_result -> 'card'),
        tokens = m.tokens || coalesce(i.m_tokens, '{}'), customer_id = coalesce(m.customer_id, i.m_owner),
        attached_at = CASE WHEN m.customer_id IS NULL AND i.m_owner IS NOT NULL THEN now() ELSE m.attached_at END
      FROM changed i
      WHERE (i.o_result ? 'card' OR i.m_tokens IS NOT NULL) AND m.merchant_id = i.merchant_id AND m.payment_method_id = i.o_method
        AND (m.card IS NULL OR (m.customer_id IS NULL AND i.m_owner IS NOT NULL))),
    %s,
    whole AS MATERIALIZED (
      SELECT CASE WHEN (SELECT count(*) FROM done) = (SELECT count(*) FROM changed) THEN true
        ELSE refuse_partial_write() END AS ok)
    SELECT changed.o_id AS row_id, changed.sequence, whole.ok FROM whole LEFT JOIN changed ON true
    """
        .formatted(
            WriteColumns.forgetting("i.o_status"),
            rows,
            OPEN,
            OutboxRows.OPERATION,
            OutboxRows.PAYMENT,
            further,
            TOLD_OF_FINISH.sql());
  }

  private static Future<RowSet<Row>> finishAll(Sql sql, List<Finish> rows) {
    boolean plain = rows.stream().allMatch(PaymentWrites::endsAlone);
    return (plain ? PLAIN_FINISH : FINISH).run(sql, rows);
  }

  /** Whether none of {@link #FURTHER_ENDS} could find anything. */
  private static boolean endsAlone(Finish finish) {
    PaymentStatus to = finish.change().to();
    return finish.also() == null
        && !finish.operation().givesBack()
        && to != PaymentStatus.CANCELED
        && to != PaymentStatus.REQUIRES_ACTION;
  }

  static Future<Map<Object, Long>> runFinish(Sql sql, Finish finish) {
    return finishAll(sql, List.of(finish)).map(PaymentWrites::sequences);
  }

  private static <R> Future<Map<Object, Long>> run(
      Database database, BatchStatement<R> statement, List<R> rows) {
    return statement.run(database::query, rows).map(PaymentWrites::sequences);
  }

  private static Map<Object, Long> sequences(Iterable<Row> rows) {
    var sequences = new HashMap<Object, Long>();
    for (Row row : rows) {
      UUID id = row.getUUID("row_id");
      if (id != null) {
        sequences.put(id, row.getLong("sequence"));
      }
    }
    return sequences;
  }

  private static Columns<Write> writeColumns() {
    var columns = new Columns<Write>();
    WriteColumns.payment(columns, Write::payment);
    WriteColumns.begin(columns, Write::operation);
    WriteColumns.key(columns, Write::key);
    WriteColumns.method(columns, Write::method);
    return WriteColumns.cause(columns, Write::cause);
  }

  private static Columns<Reservation> reserveColumns() {
    var columns =
        new Columns<Reservation>()
            .text("merchant_id", row -> row.refund().merchantId())
            .uuid("payment_id", row -> row.refund().paymentId())
            .bool("livemode", row -> row.refund().livemode())
            .integer("lane", row -> Lanes.of(row.refund().paymentId()));
    WriteColumns.begin(columns, Reservation::operation);
    WriteColumns.key(columns, Reservation::key);
    return WriteColumns.cause(columns, Reservation::cause);
  }

  private static Columns<FailOver> failOverColumns() {
    var columns =
        new Columns<FailOver>()
            .text("merchant_id", row -> row.payment().merchantId())
            .uuid("payment_id", row -> row.payment().id())
            .bool("livemode", row -> row.payment().livemode())
            .integer("lane", row -> Lanes.of(row.payment().id()))
            .text("from_status", row -> row.payment().status().wire())
            .uuid("f_id", row -> row.ended().id())
            .integer("f_attempts", row -> row.ended().attempts())
            .text("f_reference", row -> row.end().pspReference())
            .text("f_charge_reference", row -> row.end().pspChargeReference())
            .json("f_result", row -> FinishColumns.result(row.end()))
            .text("f_event", row -> row.end().cause().event());
    WriteColumns.begin(columns, FailOver::begin);
    return columns
        .text("c_event", FailOver::begun)
        .text("c_reference", row -> row.end().cause().reference())
        .text("c_actor", row -> row.end().cause().actor());
  }
}
