package store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Map;
import java.util.UUID;
import payments.Anomaly;
import payments.Listing;
import payments.OperatorOutcome;
import payments.OperatorOutcome.Why;
import payments.OperatorRequest;
import payments.Parameters;
import store.OperatorActions.Effect;

/** What should not be, as operators see it and deal with it. */
public final class Anomalies {
  private static final String LIST =
      """
      SELECT merchant_id, anomaly_id, payment_id, operation_id, kind, detail, created_at, resolved_at, resolution
      FROM anomaly WHERE true
      """;

  private static final String RESOLVE =
      """
      UPDATE anomaly SET resolved_at = now(), resolution = $3
      WHERE merchant_id = $1 AND anomaly_id = $2 AND resolved_at IS NULL RETURNING kind
      """;

  private static final String STATE =
      "SELECT resolution FROM anomaly WHERE merchant_id = $1 AND anomaly_id = $2";

  private final Database database;
  private final OperatorActions actions;

  public Anomalies(Database database, OperatorActions actions) {
    this.database = database;
    this.actions = actions;
  }

  /** Anomalies, newest first. */
  public Future<Listing.Rows<Anomaly>> list(Listing.AnomalyFilter filter, Listing.Page page) {
    return new Listed(
            filter.resolvedToo() ? LIST : LIST + " AND resolved_at IS NULL",
            "created_at",
            "anomaly_id::text")
        .where("merchant_id = $", filter.merchantId())
        .where("kind = $", filter.kind())
        .where("payment_id = $", filter.paymentId())
        .within(filter.span())
        .read(database, page, Anomalies::anomaly);
  }

  /** Notes that an operator dealt with one, and how. */
  public Future<OperatorOutcome> resolve(
      OperatorRequest request, String merchantId, UUID anomalyId) {
    return actions.perform(
        request,
        sql ->
            sql.query(RESOLVE, Tuple.of(merchantId, anomalyId, request.reason()))
                .compose(
                    rows ->
                        rows.size() == 0
                            ? notResolved(sql, merchantId, anomalyId)
                            : Future.succeededFuture(
                                new Effect.Made(
                                    new Parameters(
                                        Map.of("kind", rows.iterator().next().getString(0)))))));
  }

  private static Future<Effect> notResolved(Sql sql, String merchantId, UUID anomalyId) {
    return sql.query(STATE, Tuple.of(merchantId, anomalyId))
        .map(
            rows ->
                rows.size() == 0
                    ? Effect.refused(Why.NOT_FOUND, "there is no such anomaly")
                    : Effect.refused(
                        Why.STATE,
                        "it is resolved already: " + rows.iterator().next().getString(0)));
  }

  static Anomaly anomaly(Row row) {
    return new Anomaly(
        row.getString("merchant_id"),
        row.getUUID("anomaly_id"),
        row.getUUID("payment_id"),
        row.getUUID("operation_id"),
        row.getString("kind"),
        row.getString("detail"),
        Rows.instantOf(row.getOffsetDateTime("created_at")),
        Rows.instant(row.getOffsetDateTime("resolved_at")),
        row.getString("resolution"));
  }
}
