package store;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import payments.Listing;
import payments.OperatorAction;
import payments.OperatorOutcome;
import payments.OperatorOutcome.Done;
import payments.OperatorOutcome.Why;
import payments.OperatorRequest;
import payments.Parameters;

/**
 * What operators do, each with its row in the audit log, in one commit: there is no effect without
 * a row and no row without its effect.
 */
public final class OperatorActions {
  private static final String COLUMNS =
      "action_id, idempotency_key, operator, action, target, reason, result, created_at";

  /** Requests with the same key go one after the other, so the second finds what the first did. */
  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtextextended('operator_action ' || $1, 0))::text";

  private static final String BY_KEY =
      "SELECT " + COLUMNS + " FROM operator_action WHERE idempotency_key = $1";

  private static final String INSERT =
      "INSERT INTO operator_action (action_id, idempotency_key, operator, action, target, reason,"
          + " result) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING "
          + COLUMNS;

  private static final String LIST = "SELECT " + COLUMNS + " FROM operator_action WHERE true";

  private final Database database;
  private final Supplier<UUID> ids;

  /**
   * The audit log.
   *
   * @param ids gives each action its id
   */
  public OperatorActions(Database database, Supplier<UUID> ids) {
    this.database = database;
    this.ids = ids;
  }

  /** What an effect came to inside its transaction. */
  sealed interface Effect {

    /** It was made. */
    record Made(Parameters result) implements Effect {}

    /** It may not be made, and nothing was written. */
    record Refused(Why why, String message) implements Effect {}

    static Effect refused(Why why, String message) {
      return new Refused(why, message);
    }
  }

  /**
   * Does what an operator asks, once per idempotency key.
   *
   * @param effect is given the transaction to write in
   */
  Future<OperatorOutcome> perform(OperatorRequest request, Function<Sql, Future<Effect>> effect) {
    return perform(request, (sql, action) -> effect.apply(sql));
  }

  /**
   * The same for an effect that names the action it belongs to.
   *
   * @param effect is given the transaction to write in and the action's id
   */
  Future<OperatorOutcome> perform(
      OperatorRequest request, BiFunction<Sql, UUID, Future<Effect>> effect) {
    return database.transaction(
        sql -> {
          UUID action = ids.get();
          return locked(sql, request)
              .compose(
                  known ->
                      known
                          .map(Future::succeededFuture)
                          .orElseGet(
                              () ->
                                  effect
                                      .apply(sql, action)
                                      .compose(made -> told(sql, action, request, made))));
        });
  }

  /** What an earlier request with the same key came to; empty where there was none. */
  public Future<Optional<OperatorOutcome>> earlier(OperatorRequest request) {
    String key = request.idempotencyKey();
    return key == null
        ? Future.succeededFuture(Optional.empty())
        : database.query(BY_KEY, Tuple.of(key)).map(rows -> replay(request, rows));
  }

  private static Future<Optional<OperatorOutcome>> locked(Sql sql, OperatorRequest request) {
    String key = request.idempotencyKey();
    return key == null
        ? Future.succeededFuture(Optional.empty())
        : sql.query(LOCK, Tuple.of(key))
            .compose(mine -> sql.query(BY_KEY, Tuple.of(key)))
            .map(rows -> replay(request, rows));
  }

  private static Optional<OperatorOutcome> replay(OperatorRequest request, Iterable<Row> rows) {
    return Optional.ofNullable(PaymentReads.first(rows)).map(row -> replay(request, action(row)));
  }

  private static OperatorOutcome replay(OperatorRequest request, OperatorAction known) {
    return known.request().equals(request)
        ? new Done(known, true)
        : OperatorOutcome.refused(
            Why.KEY_REUSED,
            "this idempotency key belongs to another request of " + known.request().operator());
  }

  private static Future<OperatorOutcome> told(
      Sql sql, UUID action, OperatorRequest request, Effect effect) {
    return switch (effect) {
      case Effect.Refused refused ->
          Future.succeededFuture(OperatorOutcome.refused(refused.why(), refused.message()));
      case Effect.Made made ->
          sql.query(
                  INSERT,
                  Tuple.of(
                          action,
                          request.idempotencyKey(),
                          request.operator(),
                          request.action(),
                          new JsonObject(request.target().values()),
                          request.reason())
                      .addValue(new JsonObject(made.result().values())))
              .map(rows -> new Done(action(rows.iterator().next()), false));
    };
  }

  /** Actions, newest first. */
  public Future<Listing.Rows<OperatorAction>> list(Listing.ActionFilter filter, Listing.Page page) {
    return new Listed(LIST, "created_at", "action_id::text")
        .where("operator = $", filter.operator())
        .where("action = $", filter.action())
        .within(filter.span())
        .read(database, page, OperatorActions::action);
  }

  private static OperatorAction action(Row row) {
    return new OperatorAction(
        row.getUUID("action_id"),
        new OperatorRequest(
            row.getString("operator"),
            row.getString("action"),
            Json.parameters(row.getJsonObject("target")),
            row.getString("reason"),
            row.getString("idempotency_key")),
        Json.parameters(row.getJsonObject("result")),
        Rows.instantOf(row.getOffsetDateTime("created_at")));
  }
}
