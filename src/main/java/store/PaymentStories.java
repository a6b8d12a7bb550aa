package store;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import payments.Payment;
import payments.PaymentStory;
import payments.PaymentStory.Change;
import payments.PaymentStory.Step;

/** One payment with everything around it, as operators see it. */
public final class PaymentStories {
  private static final int MOST = 1_000;

  /** By the merchants there are, so that the payment's key serves. */
  private static final String PAYMENT =
      "SELECT "
          + Rows.PAYMENT
          + " FROM payment p WHERE p.merchant_id = ANY ($1) AND p.payment_id = $2";

  private static final String STEPS =
      "SELECT "
          + Rows.OPERATION
          + ", o.recover_at, o.routing FROM operation o WHERE o.merchant_id = $1 AND o.payment_id ="
          + " $2 ORDER BY o.operation_id LIMIT "
          + MOST;

  private static final String HISTORY =
      """
      SELECT sequence, event, from_status, to_status, operation_id, cause, actor, created_at
      FROM payment_event WHERE merchant_id = $1 AND payment_id = $2 ORDER BY sequence DESC LIMIT
      """
          + MOST;

  private static final String ANOMALIES =
      """
      SELECT a.merchant_id, a.anomaly_id, a.payment_id, a.operation_id, a.kind, a.detail, a.created_at, a.resolved_at,
        a.resolution
      FROM operation o JOIN anomaly a ON a.merchant_id = o.merchant_id AND a.operation_id = o.operation_id
      WHERE o.merchant_id = $1 AND o.payment_id = $2 ORDER BY a.created_at LIMIT
      """
          + MOST;

  private final Database database;

  public PaymentStories(Database database) {
    this.database = database;
  }

  /** The story of a payment of one of these merchants. */
  public Future<Optional<PaymentStory>> find(Collection<String> merchants, UUID paymentId) {
    return database
        .query(PAYMENT, Tuple.of(merchants.toArray(new String[0]), paymentId))
        .compose(
            rows -> {
              Row row = PaymentReads.first(rows);
              return row == null
                  ? Future.succeededFuture(Optional.empty())
                  : story(Rows.payment(row)).map(Optional::of);
            });
  }

  private Future<PaymentStory> story(Payment payment) {
    return list(payment, STEPS, row -> step(row, payment))
        .compose(
            steps ->
                list(payment, HISTORY, PaymentStories::change)
                    .compose(
                        history ->
                            list(payment, ANOMALIES, Anomalies::anomaly)
                                .map(
                                    anomalies ->
                                        new PaymentStory(
                                            payment, steps, history.reversed(), anomalies))));
  }

  private <T> Future<List<T>> list(Payment payment, String sql, Function<Row, T> fromRow) {
    return database
        .query(sql, Tuple.of(payment.merchantId(), payment.id()))
        .map(
            rows -> {
              List<T> all = new ArrayList<>();
              rows.forEach(row -> all.add(fromRow.apply(row)));
              return all;
            });
  }

  private static Step step(Row row, Payment payment) {
    JsonObject routing = row.getJsonObject("routing");
    return new Step(
        Rows.operation(row, payment),
        Rows.instant(row.getOffsetDateTime("recover_at")),
        routing == null ? null : Json.parameters(routing));
  }

  private static Change change(Row row) {
    return new Change(
        row.getLong("sequence"),
        row.getString("event"),
        row.getString("from_status"),
        row.getString("to_status"),
        row.getUUID("operation_id"),
        row.getString("cause"),
        row.getString("actor"),
        Rows.instantOf(row.getOffsetDateTime("created_at")));
  }
}
