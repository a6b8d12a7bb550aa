package store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;
import java.util.function.Supplier;
import ledger.Transfer;
import org.jspecify.annotations.Nullable;
import payments.Operation;
import store.OutboxRows.Telling;

/**
 * A success that no payment may keep and whose operation is closed: the anomaly, the transfer into
 * suspense, the operation that gives it back, and a step in the payment's history with its event,
 * in one commit. The anomaly is the guard: the same success told twice is booked once.
 *
 * @param closed the operation that succeeded after all
 * @param reference what the PSP calls what succeeded: the operation may have been closed under
 *     another id, and what comes of the success is told by this one
 * @param transfer what was taken; null where it is only held
 * @param overtaken what was to let go of the hold, where its money was taken first; it ends here
 * @param cause who tells of it
 */
public record LateBooking(
    Operation closed,
    String reference,
    @Nullable Transfer transfer,
    OperationLog.Anomaly anomaly,
    Write.Begin giveBack,
    @Nullable UUID overtaken,
    Write.Cause cause) {

  static final String ANOMALY =
      """
      INSERT INTO anomaly (merchant_id, anomaly_id, payment_id, operation_id, kind, detail) VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (merchant_id, operation_id, kind) DO NOTHING
      """;

  private static final String OVERTAKE =
      """
      WITH resolved AS (
        UPDATE anomaly SET resolved_at = now(), resolution = 'the PSP took the money, which is refunded'
        WHERE merchant_id = $1 AND operation_id = $2 AND resolved_at IS NULL)
      UPDATE operation SET status = 'failed', recover_at = NULL, held_reason = NULL, updated_at = now()
      WHERE merchant_id = $1 AND operation_id = $2 AND gives_back AND status IN ('pending', 'unknown', 'accepted')
      """;

  /** The payment's amounts and status stay: what came late never counts as its own. */
  private static final String TELL =
      """
      WITH changed AS (
        UPDATE payment p SET sequence = p.sequence + 1
        WHERE p.merchant_id = $1 AND p.payment_id = $2
        RETURNING p.merchant_id, p.payment_id, p.sequence, p.lane, p.livemode, p.status, %s AS p_after,
          (SELECT %s FROM operation o WHERE o.merchant_id = $1 AND o.operation_id = $3::uuid) AS o_after,
          $4::text AS c_event, $5::text AS c_reference, $6::text AS c_actor),
      %s
      SELECT FROM changed
      """
          .formatted(
              OutboxRows.PAYMENT,
              OutboxRows.OPERATION,
              new Telling(
                      "changed",
                      "i.sequence",
                      "i.status",
                      "i.status",
                      "$3::uuid",
                      "i.p_after",
                      "i.o_after")
                  .sql());

  private static final String NAME =
      """
      UPDATE operation SET psp_reference = $3
      WHERE merchant_id = $1 AND operation_id = $2 AND psp_reference IS DISTINCT FROM $3
      """;

  private static final String BOOK =
      """
      INSERT INTO ledger_transfer (merchant_id, transfer_id, payment_id, operation_id, rule, debit, credit, amount, currency,
        livemode)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      """;

  /**
   * Writes it in the transaction it is given.
   *
   * @param begin begins what gives it back, in the same transaction
   */
  Future<Boolean> write(Sql sql, Supplier<Future<Void>> begin) {
    return sql.query(ANOMALY, anomalyTuple(anomaly))
        .compose(
            raised ->
                raised.rowCount() == 0
                    ? Future.succeededFuture(false)
                    : overtake(sql)
                        .compose(ignored -> name(sql))
                        .compose(ignored -> tell(sql))
                        .compose(ignored -> book(sql))
                        .compose(ignored -> begin.get())
                        .map(true));
  }

  static Tuple anomalyTuple(OperationLog.Anomaly anomaly) {
    Operation operation = anomaly.operation();
    return Tuple.of(
        operation.merchantId(),
        anomaly.id(),
        operation.paymentId(),
        operation.id(),
        anomaly.kind().wire(),
        anomaly.detail());
  }

  private Future<Void> overtake(Sql sql) {
    return overtaken == null
        ? Future.succeededFuture()
        : sql.query(OVERTAKE, Tuple.of(closed.merchantId(), overtaken)).mapEmpty();
  }

  private Future<Void> name(Sql sql) {
    return sql.query(NAME, Tuple.of(closed.merchantId(), closed.id(), reference)).mapEmpty();
  }

  private Future<Void> tell(Sql sql) {
    return sql.query(
            TELL,
            Tuple.of(
                closed.merchantId(),
                closed.paymentId(),
                closed.id(),
                cause.event(),
                cause.reference(),
                cause.actor()))
        .mapEmpty();
  }

  private Future<Void> book(Sql sql) {
    if (transfer == null) {
      return Future.succeededFuture();
    }
    return sql.query(
            BOOK,
            Tuple.of(
                    closed.merchantId(),
                    transfer.id(),
                    closed.paymentId(),
                    closed.id(),
                    transfer.rule().wire(),
                    transfer.debit())
                .addString(transfer.credit())
                .addLong(transfer.amount().minor())
                .addString(transfer.amount().currency().code())
                .addBoolean(closed.livemode()))
        .mapEmpty();
  }
}
