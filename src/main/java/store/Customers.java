package store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.UUID;
import payments.Customer;

/** The merchants' customers. */
public final class Customers {
  private static final String COLUMNS =
      "c.merchant_id, c.customer_id, c.livemode, c.version, c.deleted, c.parameters";

  private static final String FIND =
      "SELECT "
          + COLUMNS
          + " FROM customer c WHERE c.merchant_id = $1 AND c.customer_id = $2 AND c.livemode = $3";

  private static final String PSP_REFERENCE =
      "SELECT psp_reference FROM psp_customer WHERE merchant_id = $1 AND customer_id = $2 AND"
          + " psp_account_id = $3";

  private final Database database;

  public Customers(Database database) {
    this.database = database;
  }

  /** A customer, deleted ones too. */
  public Future<Optional<Customer>> find(String merchantId, boolean livemode, UUID customerId) {
    return database
        .query(FIND, Tuple.of(merchantId, customerId, livemode))
        .map(rows -> Optional.ofNullable(PaymentReads.first(rows)).map(Customers::customer));
  }

  /** The PSP's twin of a customer, where there is one. */
  public Future<Optional<String>> pspReference(
      String merchantId, UUID customerId, String pspAccountId) {
    return database
        .query(PSP_REFERENCE, Tuple.of(merchantId, customerId, pspAccountId))
        .map(
            rows ->
                Optional.ofNullable(PaymentReads.first(rows))
                    .map(row -> row.getString("psp_reference")));
  }

  static Customer customer(Row row) {
    return new Customer(
        row.getString("merchant_id"),
        row.getBoolean("livemode"),
        row.getUUID("customer_id"),
        row.getLong("version"),
        row.getBoolean("deleted"),
        Json.parameters(row.getJsonObject("parameters")));
  }
}
