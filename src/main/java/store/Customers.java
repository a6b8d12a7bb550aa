package store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.Command.Page;
import payments.Command.Paged;
import payments.Customer;
import payments.PublicId;

/** The merchants' customers, and their twins at the PSPs. */
public final class Customers {
  private static final String COLUMNS =
      "c.merchant_id, c.customer_id, c.livemode, c.version, c.deleted, c.parameters";

  private static final String FIND =
      "SELECT "
          + COLUMNS
          + " FROM customer c WHERE c.merchant_id = $1 AND c.customer_id = $2 AND c.livemode = $3";

  private static final String PAGE =
      "SELECT "
          + COLUMNS
          + """
           FROM customer c
          WHERE c.merchant_id = $1 AND c.livemode = $2 AND c.customer_id > $3 AND c.customer_id < $4 AND NOT c.deleted%s
          ORDER BY c.customer_id %s LIMIT $5
          """;

  private static final String OF_EMAIL = " AND c.email = $6";

  private static final Columns<Change> CHANGE_COLUMNS = changeColumns();

  /** The customer comes into being only if the key could be claimed with it. */
  private static final String CREATE =
      """
      WITH given AS (SELECT * FROM %s),
      claimed AS (%s SELECT %s FROM given i WHERE i.k_key IS NOT NULL ON CONFLICT DO NOTHING RETURNING key)
      INSERT INTO customer (merchant_id, customer_id, livemode, version, deleted, email, parameters)
      SELECT i.merchant_id, i.customer_id, i.livemode, 1, false, i.email, i.parameters FROM given i
      WHERE i.k_key IS NULL OR EXISTS (SELECT FROM claimed)
      ON CONFLICT DO NOTHING
      RETURNING customer_id
      """
          .formatted(CHANGE_COLUMNS.unnest(), WriteColumns.KEY_TARGET, WriteColumns.KEY_VALUES);

  private static final String UPDATE =
      """
      WITH changed AS (
        UPDATE customer c SET version = c.version + 1, email = i.email, parameters = i.parameters
        FROM %s
        WHERE c.merchant_id = i.merchant_id AND c.customer_id = i.customer_id AND c.livemode = i.livemode
          AND c.version = i.from_version AND NOT c.deleted
          AND NOT EXISTS (SELECT FROM idempotency_key k
            WHERE k.merchant_id = i.merchant_id AND k.livemode = i.livemode AND k.key = i.k_key)
        RETURNING i.*),
      claimed AS (%s SELECT %s FROM changed i WHERE i.k_key IS NOT NULL)
      SELECT customer_id FROM changed
      """
          .formatted(CHANGE_COLUMNS.unnest(), WriteColumns.KEY_TARGET, WriteColumns.KEY_VALUES);

  private static final String DELETE =
      """
      UPDATE customer SET deleted = true, version = version + 1
      WHERE merchant_id = $1 AND customer_id = $2 AND livemode = $3 AND NOT deleted
      """;

  private static final String DETACH_ALL =
      "UPDATE payment_method SET customer_id = NULL WHERE merchant_id = $1 AND customer_id = $2";

  private static final String PSP_REFERENCE =
      "SELECT psp_reference FROM psp_customer WHERE merchant_id = $1 AND customer_id = $2 AND"
          + " psp_account_id = $3";

  private static final String ADD_PSP_REFERENCE =
      """
      INSERT INTO psp_customer (merchant_id, customer_id, psp_account_id, psp_reference) VALUES ($1, $2, $3, $4)
      ON CONFLICT DO NOTHING
      """;

  private final Database database;

  public Customers(Database database) {
    this.database = database;
  }

  /** A customer as it is to be, with the key that is claimed and answered in the same commit. */
  private record Change(Customer customer, Write.@Nullable KeyClaim key) {}

  private static Columns<Change> changeColumns() {
    var columns =
        new Columns<Change>()
            .text("merchant_id", row -> row.customer.merchantId())
            .uuid("customer_id", row -> row.customer.id())
            .bool("livemode", row -> row.customer.livemode())
            .bigint("from_version", row -> row.customer.version() - 1)
            .text("email", row -> row.customer.parameters().text("email"))
            .json("parameters", row -> Json.parameters(row.customer.parameters()))
            .uuid("payment_id", row -> null);
    return WriteColumns.key(columns, Change::key);
  }

  /** A customer, deleted ones too. */
  public Future<Optional<Customer>> find(String merchantId, boolean livemode, UUID customerId) {
    return database
        .read(FIND, Tuple.of(merchantId, customerId, livemode))
        .map(rows -> Optional.ofNullable(PaymentReads.first(rows)).map(Customers::customer));
  }

  /** A page of the customers that are not deleted, newest first. */
  public Future<Paged<Customer>> list(
      String merchantId, boolean livemode, Page page, @Nullable String email) {
    Paging bounds = Paging.of(page, PublicId.CUSTOMER);
    Tuple parameters =
        Tuple.of(merchantId, livemode, bounds.above(), bounds.below(), bounds.rows());
    if (email != null) {
      parameters.addString(email);
    }
    return database
        .read(PAGE.formatted(email == null ? "" : OF_EMAIL, bounds.order()), parameters)
        .map(rows -> bounds.paged(rows, Customers::customer));
  }

  /** Whether the customer was made; false where its key is taken or it is there already. */
  public Future<Boolean> create(Customer customer, Write.@Nullable KeyClaim key) {
    return database
        .query(CREATE, CHANGE_COLUMNS.tuple(List.of(new Change(customer, key))))
        .map(rows -> rows.size() > 0);
  }

  /**
   * Whether the change was made; false where the customer is not at the version before it any more,
   * is deleted, or the key is taken.
   */
  public Future<Boolean> update(Customer customer, Write.@Nullable KeyClaim key) {
    return database
        .query(UPDATE, CHANGE_COLUMNS.tuple(List.of(new Change(customer, key))))
        .map(rows -> rows.size() > 0)
        .recover(StoreException::duplicateIsFalse);
  }

  /**
   * Deletes a customer, who stays known as deleted, and lets go of the payment methods; whether
   * there was one to delete.
   */
  public Future<Boolean> delete(String merchantId, boolean livemode, UUID customerId) {
    return database.transaction(
        sql ->
            sql.query(DELETE, Tuple.of(merchantId, customerId, livemode))
                .compose(
                    deleted ->
                        deleted.rowCount() == 0
                            ? Future.succeededFuture(false)
                            : sql.query(DETACH_ALL, Tuple.of(merchantId, customerId)).map(true)));
  }

  /** The PSP's twin of a customer, where there is one. */
  public Future<Optional<String>> pspReference(
      String merchantId, UUID customerId, String pspAccountId) {
    return database
        .read(PSP_REFERENCE, Tuple.of(merchantId, customerId, pspAccountId))
        .map(
            rows ->
                Optional.ofNullable(PaymentReads.first(rows))
                    .map(row -> row.getString("psp_reference")));
  }

  /** Keeps the PSP's twin of a customer; the first one stays. */
  public Future<Void> addPspReference(
      String merchantId, UUID customerId, String pspAccountId, String reference) {
    return database
        .query(ADD_PSP_REFERENCE, Tuple.of(merchantId, customerId, pspAccountId, reference))
        .mapEmpty();
  }

  private static Customer customer(Row row) {
    return new Customer(
        row.getString("merchant_id"),
        row.getBoolean("livemode"),
        row.getUUID("customer_id"),
        row.getLong("version"),
        row.getBoolean("deleted"),
        Json.parameters(row.getJsonObject("parameters")));
  }
}
