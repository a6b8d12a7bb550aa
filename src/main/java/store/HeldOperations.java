package store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import payments.HeldReason;
import payments.Listing;
import payments.Operation;
import payments.OperatorOutcome;
import payments.OperatorOutcome.Why;
import payments.OperatorRequest;
import payments.Parameters;
import payments.PublicId;
import store.OperatorActions.Effect;

/** Operations that nothing settles by itself, as operators see them and deal with them. */
public final class HeldOperations {
  private static final String LIST =
      "SELECT " + Rows.OPERATION + " FROM operation o WHERE o.held_reason IS NOT NULL";

  private static final String FIND =
      "SELECT "
          + Rows.OPERATION
          + ", o.recover_at FROM operation o WHERE o.merchant_id = $1 AND o.operation_id = $2";

  /**
   * Its next look may have been far away, or never. That the PSP says it did something stands until
   * it says otherwise, whatever is not answered then.
   */
  private static final String LOOK_AGAIN =
      """
      UPDATE operation SET held_reason = CASE WHEN held_reason = ANY ($3) THEN held_reason END, recover_at = now(), updated_at = now()
      WHERE merchant_id = $1 AND operation_id = $2 AND held_reason IS NOT NULL
        AND status IN ('unknown', 'accepted', 'awaiting_customer')
      RETURNING status
      """;

  /**
   * Locks it as it was read. Nobody can claim, look at or end it before the transaction that closes
   * it is over.
   */
  private static final String LOCK =
      """
      SELECT operation_id FROM operation
      WHERE merchant_id = $1 AND operation_id = $2 AND held_reason = $3 AND status = $4 AND attempts = $5
      FOR UPDATE
      """;

  /** What a late success has still in suspense, with what refunds and disputes took of it. */
  private static final String IN_SUSPENSE =
      """
      SELECT coalesce(sum(CASE WHEN t.credit LIKE 'suspense:%' THEN t.amount ELSE -t.amount END), 0)::bigint AS minor
      FROM ledger_transfer t
      WHERE t.merchant_id = $1 AND (t.credit LIKE 'suspense:%' OR t.debit LIKE 'suspense:%')
        AND t.operation_id IN (
          SELECT $3::uuid
          UNION ALL SELECT o.operation_id FROM operation o
            WHERE o.merchant_id = $1 AND o.payment_id = $2 AND o.charge_id = $3 AND o.gives_back
          UNION ALL SELECT d.dispute_id FROM dispute d
            WHERE d.merchant_id = $1 AND d.payment_id = $2 AND d.charge_id = $3)
      """;

  private static final String RESOLVE =
      """
      UPDATE anomaly SET resolved_at = now(), resolution = $4
      WHERE merchant_id = $1 AND operation_id IN ($2, $3) AND resolved_at IS NULL
        AND kind IN %s
      """
          .formatted(GivingBack.SETTLES);

  private final Database database;
  private final OperatorActions actions;

  public HeldOperations(Database database, OperatorActions actions) {
    this.database = database;
    this.actions = actions;
  }

  /** Held operations, the latest held first. */
  public Future<Listing.Rows<Operation>> list(Listing.HeldFilter filter, Listing.Page page) {
    return new Listed(LIST, "o.updated_at", "o.operation_id::text")
        .where("o.merchant_id = $", filter.merchantId())
        .where("o.psp_account_id = $", filter.account())
        .where("o.kind = $", filter.kind())
        .where("o.held_reason = $", filter.reason())
        .where("o.payment_id = $", filter.paymentId())
        .within(filter.span())
        .read(database, page, row -> Rows.operation(row, null));
  }

  /**
   * An operation.
   *
   * @param looksAgain whether recovery goes on looking at it, and may send it
   */
  public record Found(Operation operation, boolean looksAgain) {}

  /** An operation, held or not. */
  public Future<Optional<Found>> find(String merchantId, UUID operationId) {
    return database
        .query(FIND, Tuple.of(merchantId, operationId))
        .map(
            rows -> {
              Row row = PaymentReads.first(rows);
              return row == null
                  ? Optional.empty()
                  : Optional.of(
                      new Found(
                          Rows.operation(row, null), row.getOffsetDateTime("recover_at") != null));
            });
  }

  /** Has recovery look at one at once, as if it had not been held. */
  public Future<OperatorOutcome> lookAgain(
      OperatorRequest request, String merchantId, UUID operationId) {
    return actions.perform(
        request,
        sql ->
            sql.query(
                    LOOK_AGAIN,
                    Tuple.of(merchantId, operationId, HeldReason.standing().toArray(new String[0])))
                .compose(
                    rows ->
                        rows.size() == 0
                            ? notHeld(sql, merchantId, operationId)
                            : Future.succeededFuture(
                                new Effect.Made(
                                    new Parameters(
                                        Map.of("status", rows.iterator().next().getString(0)))))));
  }

  private static Future<Effect> notHeld(Sql sql, String merchantId, UUID operationId) {
    return sql.query(FIND, Tuple.of(merchantId, operationId))
        .map(
            rows ->
                rows.size() == 0
                    ? Effect.refused(Why.NOT_FOUND, "there is no such operation")
                    : Effect.refused(
                        Why.STATE,
                        "it is not held: it is " + rows.iterator().next().getString("status")));
  }

  /**
   * Writes the end that an operator gives a held operation, by the same guarded statement as every
   * other end. What gives a late success back ends only where nothing of that is left to give.
   *
   * @param operation as it was read
   * @param end the end as it is decided on that, given the id of the operator's action
   */
  public Future<OperatorOutcome> close(
      OperatorRequest request, Operation operation, Function<UUID, Finish> end, Parameters result) {
    return actions
        .perform(
            request,
            (sql, action) ->
                sql.query(
                        LOCK,
                        Tuple.of(
                            operation.merchantId(),
                            operation.id(),
                            operation.heldReason(),
                            operation.status().wire(),
                            operation.attempts()))
                    .compose(
                        locked ->
                            locked.size() == 0
                                ? Future.succeededFuture(changed())
                                : owed(sql, operation)
                                    .compose(
                                        owed ->
                                            owed == 0
                                                ? end(sql, end.apply(action), action, result)
                                                : Future.succeededFuture(stillOwed(owed)))))
        .recover(
            cause ->
                cause instanceof StoreException.Refused refused && refused.overtaken()
                    ? Future.succeededFuture(
                        OperatorOutcome.refused(
                            Why.STATE, "its payment has changed meanwhile: look at it again"))
                    : Future.failedFuture(cause));
  }

  private static Effect changed() {
    return Effect.refused(Why.STATE, "it has changed meanwhile: look at it again, then decide");
  }

  private static Effect stillOwed(long minor) {
    return Effect.refused(
        Why.STATE,
        "it gives a late success back, of which "
            + minor
            + " (in minor units) wait in suspense: put it right at the PSP, then look again");
  }

  /** What there is to give back still; zero for what gives nothing back. */
  private static Future<Long> owed(Sql sql, Operation operation) {
    return operation.givesBack()
        ? sql.query(
                IN_SUSPENSE,
                Tuple.of(operation.merchantId(), operation.paymentId(), operation.chargeId()))
            .map(rows -> rows.iterator().next().getLong("minor"))
        : Future.succeededFuture(0L);
  }

  private static Future<Effect> end(Sql sql, Finish finish, UUID action, Parameters result) {
    return PaymentWrites.runFinish(sql, finish)
        .compose(
            done ->
                done.isEmpty()
                    ? Future.succeededFuture(changed())
                    : resolve(sql, finish.operation(), action).map(new Effect.Made(result)));
  }

  private static Future<Void> resolve(Sql sql, Operation operation, UUID action) {
    return operation.givesBack()
        ? sql.query(
                RESOLVE,
                Tuple.of(
                    operation.merchantId(),
                    operation.id(),
                    operation.chargeId(),
                    "given back otherwise, operator_action:" + PublicId.digits(action)))
            .mapEmpty()
        : Future.succeededFuture();
  }
}
