package store;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import ledger.Transfer;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.AnomalyKind;
import payments.Decline;
import payments.DisputeStatus;
import payments.Operation;
import payments.OperationStatus;
import payments.PaymentStatus;

/**
 * What PSPs did without being asked by us, as our state: each effect is one statement in which
 * everything hangs on one guarded row, so that it is written once however often and by however many
 * nodes it is tried. Each returns whether it was written now; where it was not, matters stand
 * otherwise than was thought.
 */
public final class FactWrites {
  /** {@code changed i} is the payment's change; what it tells and books hangs on it. */
  private static final String BOOKED =
      """
      booked AS (
        INSERT INTO ledger_transfer (merchant_id, transfer_id, payment_id, operation_id, rule, debit, credit, amount, currency,
          livemode)
        SELECT i.merchant_id, i.t_id, i.payment_id, i.t_operation, i.t_rule, i.t_debit, i.t_credit, i.t_amount, i.t_currency,
          i.livemode
        FROM changed i WHERE i.t_id IS NOT NULL),
      raised AS (
        INSERT INTO anomaly (merchant_id, anomaly_id, payment_id, operation_id, kind, detail)
        SELECT i.merchant_id, i.a_id, i.payment_id, i.a_operation, i.a_kind, i.a_detail
        FROM changed i WHERE i.a_id IS NOT NULL AND (i.a_always OR i.over)
        ON CONFLICT (merchant_id, operation_id, kind) DO NOTHING)
      """;

  /** The charge that a change is about and that it leaves as it is. */
  private static final String CHARGE =
      "(SELECT %s FROM operation o WHERE o.merchant_id = i.merchant_id AND o.operation_id = i.e_operation)"
          .formatted(OutboxRows.OPERATION);

  /**
   * What follows the guarded row {@code done i}: amounts change in whatever status the payment is.
   */
  private static final String COUNTED =
      """
      changed AS (
        UPDATE payment p SET sequence = p.sequence + 1, refund_reserved = p.refund_reserved + i.d_reserved,
          refunded = p.refunded + i.d_refunded, disputed = p.disputed + i.d_disputed
        FROM done i
        WHERE p.merchant_id = i.merchant_id AND p.payment_id = i.payment_id
        RETURNING i.*, p.sequence, p.status, p.refund_reserved + p.refunded + p.disputed > p.captured AS over,
          %s AS p_after),
      %s,
      %s,
      whole AS MATERIALIZED (
        SELECT CASE WHEN (SELECT count(*) FROM done) = (SELECT count(*) FROM changed) THEN true
          ELSE refuse_partial_write() END AS ok)
      SELECT changed.payment_id, whole.ok FROM whole LEFT JOIN changed ON true
      """
          .formatted(
              OutboxRows.PAYMENT, BOOKED, told("i.status", "i.status", "i.o_after", "i.x_after"));

  static final Columns<HoldChange> HOLD_COLUMNS = FactColumns.hold();

  /**
   * Only a hold that is as it was read, with no capture or void of ours under way. That is the
   * guard of a capture's row, too: a hold is captured once.
   */
  static final String HOLD_CHANGED =
      """
      WITH changed AS (
        UPDATE payment p SET status = i.to_status, version = p.version + 1, sequence = p.sequence + 1, authorized = 0,
          captured = p.captured + i.taken, next_action_url = NULL,
          cancellation_reason = coalesce(i.cancellation_reason, p.cancellation_reason),
          canceled_at = CASE WHEN i.to_status = 'canceled' THEN i.at ELSE p.canceled_at END
        FROM %s
        WHERE p.merchant_id = i.merchant_id AND p.payment_id = i.payment_id AND p.status = i.from_status
          AND p.version = i.from_version AND p.latest_charge = i.e_operation
        RETURNING i.*, p.sequence, p.livemode, p.lane, false AS over, %s AS p_after),
      captured AS (
        INSERT INTO operation (merchant_id, operation_id, payment_id, livemode, lane, node, kind, status, amount, currency,
          psp_account_id, psp_idempotency_key, request, psp_reference, attempts, charge_id, gives_back, parameters)
        SELECT i.merchant_id, i.o_id, i.payment_id, i.livemode, i.lane, i.o_node, i.o_kind, i.o_status, i.o_amount,
          i.o_currency, i.o_account, i.o_psp_key, i.o_request, i.o_reference, i.o_attempts, i.o_charge, i.o_gives_back,
          i.o_parameters
        FROM changed i WHERE i.o_id IS NOT NULL),
      %s,
      %s
      SELECT payment_id FROM changed
      """
          .formatted(
              HOLD_COLUMNS.unnest(),
              OutboxRows.PAYMENT,
              BOOKED,
              told("i.from_status", "i.to_status", CHARGE, "NULL"));

  static final Columns<CaptureReversal> REVERSAL_COLUMNS = FactColumns.reversal();

  /** Only what is captured as it was read; the hold stands as before the capture. */
  static final String CAPTURE_REVERSED =
      """
      WITH changed AS (
        UPDATE payment p SET status = i.to_status, version = p.version + 1, sequence = p.sequence + 1,
          authorized = p.amount, captured = 0
        FROM %s
        WHERE p.merchant_id = i.merchant_id AND p.payment_id = i.payment_id AND p.status = 'succeeded'
          AND p.version = i.from_version AND p.latest_charge = i.e_operation
        RETURNING i.*, p.sequence, p.livemode, p.lane, p.refund_reserved + p.refunded + p.disputed > 0 AS over,
          %s AS p_after),
      undone AS (
        UPDATE operation o SET status = 'failed', result = coalesce(o.result, '{}') || i.o_result, updated_at = now()
        FROM changed i
        WHERE o.merchant_id = i.merchant_id AND o.payment_id = i.payment_id AND o.kind = 'capture'
          AND o.status = 'succeeded'),
      warned AS (
        INSERT INTO anomaly (merchant_id, anomaly_id, payment_id, operation_id, kind, detail)
        SELECT i.merchant_id, i.w_id, i.payment_id, i.w_operation, i.w_kind, i.w_detail
        FROM changed i WHERE i.over
        ON CONFLICT (merchant_id, operation_id, kind) DO NOTHING),
      %s,
      %s
      SELECT payment_id FROM changed
      """
          .formatted(
              REVERSAL_COLUMNS.unnest(),
              OutboxRows.PAYMENT,
              BOOKED,
              told("'succeeded'", "i.to_status", CHARGE, "NULL"));

  static final Columns<RefundChange> REFUND_COLUMNS = FactColumns.refund();

  static final String REFUND_CHANGED =
      """
      WITH done AS (
        UPDATE operation o SET status = i.o_to, psp_reference = coalesce(o.psp_reference, i.o_reference),
          result = CASE WHEN i.o_result IS NULL THEN o.result - 'decline'
            ELSE coalesce(o.result, '{}') || i.o_result END,
          recover_at = now() + i.recover_in_ms * interval '1 millisecond', held_reason = NULL, updated_at = now()
        FROM %s
        WHERE o.merchant_id = i.merchant_id AND o.operation_id = i.e_operation AND o.status = i.o_from
          AND (i.o_from = 'succeeded' OR o.psp_reference IS NULL)
        RETURNING i.*, o.livemode, o.lane, %s AS o_after, NULL::jsonb AS x_after),
      %s
      """
          .formatted(REFUND_COLUMNS.unnest(), OutboxRows.OPERATION, COUNTED);

  static final Columns<RefundAtPsp> REFUND_AT_PSP_COLUMNS = FactColumns.refundAtPsp();

  /** The unique index on what the PSP calls a refund is the guard. */
  static final String REFUNDED_AT_PSP =
      """
      WITH i AS MATERIALIZED (SELECT * FROM %s),
      begun AS (
        INSERT INTO operation AS o (merchant_id, operation_id, payment_id, livemode, lane, node, kind, status, amount,
          currency, psp_account_id, psp_idempotency_key, request, psp_reference, psp_charge_reference, attempts, charge_id,
          gives_back, result, parameters, recover_at)
        SELECT i.merchant_id, i.o_id, i.payment_id, i.livemode, i.lane, i.o_node, i.o_kind, i.o_status, i.o_amount,
          i.o_currency, i.o_account, i.o_psp_key, i.o_request, i.o_reference, i.o_charge_reference, i.o_attempts, i.o_charge,
          i.o_gives_back, i.o_result, i.o_parameters, now() + i.recover_in_ms * interval '1 millisecond'
        FROM i
        ON CONFLICT DO NOTHING RETURNING o.operation_id, %s AS o_after),
      done AS (
        SELECT i.*, begun.o_after, NULL::jsonb AS x_after FROM i JOIN begun ON begun.operation_id = i.o_id),
      %s
      """
          .formatted(REFUND_AT_PSP_COLUMNS.unnest(), OutboxRows.OPERATION, COUNTED);

  static final Columns<DisputeChange> DISPUTE_COLUMNS = FactColumns.dispute();

  static final String DISPUTE_CHANGED =
      """
      WITH i AS MATERIALIZED (SELECT * FROM %s),
      made AS (
        INSERT INTO dispute AS d (merchant_id, dispute_id, payment_id, charge_id, livemode, psp_account_id, psp_reference,
          amount, currency, status, reason, created_at)
        SELECT i.merchant_id, i.x_id, i.payment_id, i.e_operation, i.livemode, i.x_account, i.x_reference, i.x_amount,
          i.x_currency, i.x_to, i.x_reason, i.x_opened
        FROM i WHERE i.x_from IS NULL
        ON CONFLICT DO NOTHING RETURNING d.dispute_id, to_jsonb(d) AS x_after),
      moved AS (
        UPDATE dispute d SET status = i.x_to, amount = i.x_amount, reason = i.x_reason, updated_at = now()
        FROM i
        WHERE i.x_from IS NOT NULL AND d.merchant_id = i.merchant_id AND d.psp_account_id = i.x_account
          AND d.psp_reference = i.x_reference AND d.dispute_id = i.x_id AND d.status = i.x_from
        RETURNING d.dispute_id, to_jsonb(d) AS x_after),
      done AS (
        SELECT i.*, %s AS o_after, w.x_after
        FROM i JOIN (SELECT * FROM made UNION ALL SELECT * FROM moved) w ON w.dispute_id = i.x_id),
      %s
      """
          .formatted(DISPUTE_COLUMNS.unnest(), CHARGE, COUNTED);

  private static final String NOTE =
      """
      UPDATE operation SET psp_reference = $3
      WHERE merchant_id = $1 AND operation_id = $2 AND status = 'failed' AND psp_reference IS NULL
      """;

  /** What is told of another object is added, and is to be looked at though the rest is done. */
  private static final String RAISE =
      """
      INSERT INTO anomaly AS a (merchant_id, anomaly_id, payment_id, operation_id, kind, detail) VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (merchant_id, operation_id, kind) DO UPDATE
        SET detail = a.detail || '; ' || excluded.detail, resolved_at = NULL, resolution = NULL
        WHERE position($7::text IN a.detail) = 0
      """;

  private final Database database;
  private final Batcher<HoldChange, Boolean> holds;
  private final Batcher<CaptureReversal, Boolean> reversals;
  private final Batcher<RefundChange, Boolean> refunds;
  private final Batcher<RefundAtPsp, Boolean> refundsAtPsp;
  private final Batcher<DisputeChange, Boolean> disputes;

  /**
   * The writes of one context.
   *
   * @param batches opened for batches, so that no plan scans a table
   */
  public FactWrites(
      Context context, Database batches, Batcher.Limits limits, Batcher.BatchObserver observer) {
    this.database = batches;
    var made = new Batches(context, batches, limits, observer);
    holds = made.of(HOLD_CHANGED, HOLD_COLUMNS, HoldChange::change);
    reversals = made.of(CAPTURE_REVERSED, REVERSAL_COLUMNS, CaptureReversal::change);
    refunds = made.of(REFUND_CHANGED, REFUND_COLUMNS, RefundChange::change);
    refundsAtPsp = made.of(REFUNDED_AT_PSP, REFUND_AT_PSP_COLUMNS, RefundAtPsp::change);
    disputes = made.of(DISPUTE_CHANGED, DISPUTE_COLUMNS, DisputeChange::change);
  }

  private static String told(String from, String to, String operation, String dispute) {
    return new OutboxRows.Telling(
            "changed", "i.sequence", from, to, "i.e_operation", "i.p_after", operation, dispute)
        .sql();
  }

  /** Makes the batchers, each with at most one row of a payment at a time. */
  private record Batches(
      Context context, Database database, Batcher.Limits limits, Batcher.BatchObserver observer) {
    <R> Batcher<R, Boolean> of(String sql, Columns<R> columns, Function<R, Change> change) {
      return new Batcher<>(
          context,
          limits,
          row -> change.apply(row).paymentId,
          row -> change.apply(row).paymentId,
          rows -> database.query(sql, columns.tuple(rows)).map(FactWrites::written),
          observer);
    }
  }

  private static Map<Object, Boolean> written(Iterable<Row> rows) {
    var written = new HashMap<Object, Boolean>();
    for (Row row : rows) {
      UUID payment = row.getUUID("payment_id");
      if (payment != null) {
        written.put(payment, true);
      }
    }
    return written;
  }

  /**
   * Something that should not be, told once per operation and kind.
   *
   * @param always whether it is raised in any case; else only where the payment's refunds and
   *     disputes now exceed what was captured
   */
  public record Anomaly(
      UUID id, UUID operationId, AnomalyKind kind, String detail, boolean always) {}

  /**
   * What every change has.
   *
   * @param operationId the operation that the history names: the refund, or the charge
   */
  public record Change(
      String merchantId,
      UUID paymentId,
      UUID operationId,
      @Nullable Transfer transfer,
      @Nullable Anomaly anomaly,
      Write.Cause cause) {}

  /**
   * A hold that ended at the PSP: its money was taken, or let go of.
   *
   * @param change the charge's
   * @param version the payment's, as it was read
   * @param taken in minor units
   * @param at when, as a cancellation shows it
   * @param capture the operation that took its money, where the PSP has an id of it
   */
  public record HoldChange(
      Change change,
      PaymentStatus from,
      long version,
      PaymentStatus to,
      long taken,
      @Nullable String cancellationReason,
      Instant at,
      Write.@Nullable Begin capture) {}

  /**
   * A capture that has failed after it was told to be made: all that was captured is undone.
   *
   * @param change the charge's
   * @param version the payment's, as it was read
   * @param decline why the capture failed
   * @param over raised where something of it was refunded or is in dispute
   */
  public record CaptureReversal(
      Change change, long version, PaymentStatus to, Decline decline, Anomaly over) {}

  /**
   * A refund of ours that did not stay as it was: a success that was undone, or a failure that the
   * PSP does not confirm.
   *
   * @param reference the PSP's id of the refund
   * @param reserved difference, as are the others
   * @param decline why it failed; null where it did not
   * @param recoverInMs when recovery looks at it, null for never
   */
  public record RefundChange(
      Change change,
      OperationStatus from,
      OperationStatus to,
      String reference,
      long reserved,
      long refunded,
      @Nullable Decline decline,
      @Nullable Long recoverInMs) {}

  /**
   * A refund that was made at the PSP and not by us, with what it does to the payment's amounts.
   */
  public record RefundAtPsp(
      Change change,
      Operation operation,
      String node,
      long reserved,
      long refunded,
      @Nullable Long recoverInMs) {}

  /**
   * A dispute that came or moved.
   *
   * @param change the charge's
   * @param from null where it is new
   * @param disputed what it adds to the payment's disputed amount
   */
  public record DisputeChange(
      Change change,
      UUID disputeId,
      boolean livemode,
      String accountId,
      String reference,
      @Nullable DisputeStatus from,
      DisputeStatus to,
      Money amount,
      String reason,
      Instant openedAt,
      long disputed) {}

  public Future<Boolean> holdChanged(HoldChange row) {
    return holds.submit(row).map(Optional::isPresent);
  }

  public Future<Boolean> captureReversed(CaptureReversal row) {
    return reversals.submit(row).map(Optional::isPresent);
  }

  public Future<Boolean> refundChanged(RefundChange row) {
    return refunds.submit(row).map(Optional::isPresent);
  }

  public Future<Boolean> refundedAtPsp(RefundAtPsp row) {
    return refundsAtPsp.submit(row).map(Optional::isPresent);
  }

  public Future<Boolean> disputeChanged(DisputeChange row) {
    return disputes.submit(row).map(Optional::isPresent);
  }

  /** Remembers what the PSP calls a refund or a capture that failed before we had learned it. */
  public Future<Boolean> noteReference(String merchantId, UUID operationId, String reference) {
    return database
        .query(NOTE, Tuple.of(merchantId, operationId, reference))
        .map(rows -> rows.rowCount() > 0);
  }

  /** Raises it; of an object that it already tells {@code about} nothing is added. */
  public Future<Boolean> raise(
      String merchantId, UUID paymentId, Anomaly anomaly, @Nullable String about) {
    return database
        .query(
            RAISE,
            Tuple.of(
                    merchantId,
                    anomaly.id,
                    paymentId,
                    anomaly.operationId,
                    anomaly.kind.wire(),
                    anomaly.detail)
                .addString(about))
        .map(rows -> rows.rowCount() > 0);
  }
}
