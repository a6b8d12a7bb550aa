package store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import payments.PaymentMethod;

/** The payment methods that merchants know by id. */
public final class PaymentMethods {
  private static final String FIND =
      "SELECT "
          + Rows.PAYMENT_METHOD
          + " FROM payment_method m WHERE m.merchant_id = $1 AND m.payment_method_id = $2 AND"
          + " m.livemode = $3";

  private final Database database;

  public PaymentMethods(Database database) {
    this.database = database;
  }

  public Future<Optional<PaymentMethod>> find(String merchantId, boolean livemode, String id) {
    return database
        .query(FIND, Tuple.of(merchantId, id, livemode))
        .map(rows -> Optional.ofNullable(PaymentReads.first(rows)).map(Rows::paymentMethod));
  }
}
