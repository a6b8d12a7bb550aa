package store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.Command.Page;
import payments.Command.Paged;
import payments.Operation;
import payments.Payment;
import payments.PublicId;

/** Reads of payments and their operations. */
public final class PaymentReads {
  private static final String FIND =
      "SELECT "
          + Rows.PAYMENT
          + " FROM payment p WHERE p.merchant_id = $1 AND p.payment_id = $2 AND p.livemode = $3";

  private static final String OPERATION_BY_ID =
      "SELECT "
          + Rows.OPERATION
          + " FROM operation o WHERE o.merchant_id = $1 AND o.operation_id = $2";

  /**
   * By the key's index. A merchant may use a key again when nobody remembers it any more: then the
   * latest. Ordered by the id itself, the planner would rather read all of a merchant's operations.
   */
  static final String AUTHORIZATION_BY_KEY =
      "SELECT "
          + Rows.OPERATION
          + """
          FROM operation o
          WHERE o.psp_idempotency_key = $1 AND o.merchant_id = $2 AND o.livemode = $3 AND o.kind = 'authorize'
          ORDER BY o.operation_id::text DESC LIMIT 1
          """;

  private static final String OPERATIONS_OF =
      "SELECT "
          + Rows.OPERATION
          + " FROM operation o WHERE o.merchant_id = $1 AND o.payment_id = $2 ORDER BY"
          + " o.operation_id DESC LIMIT 1000";

  /**
   * The bounds of a page by id: creation time is in the id, so a created filter is a range of the
   * same index.
   */
  private static final String PAGE_OF_PAYMENTS =
      "SELECT "
          + Rows.PAYMENT
          + """
          FROM payment p
          WHERE p.merchant_id = $1 AND p.livemode = $2 AND p.payment_id > $3 AND p.payment_id < $4
            AND ($5::uuid IS NULL OR p.customer_id = $5)
          ORDER BY p.payment_id %s LIMIT $6
          """;

  private static final String PAGE_OF_OPERATIONS =
      "SELECT "
          + Rows.OPERATION
          + """
          FROM operation o
          WHERE o.merchant_id = $1 AND o.livemode = $2 AND o.operation_id > $3 AND o.operation_id < $4
            AND %s AND NOT o.gives_back AND ($5::uuid IS NULL OR o.payment_id = $5) AND ($6::uuid IS NULL OR o.charge_id = $6)
          ORDER BY o.operation_id %s LIMIT $7
          """;

  private static final String OPERATIONS_OF_CUSTOMER =
      """
      AND EXISTS (SELECT FROM payment p
        WHERE p.merchant_id = o.merchant_id AND p.payment_id = o.payment_id AND p.customer_id = $8)
      ORDER BY
      """;

  private final Database database;

  public PaymentReads(Database database) {
    this.database = database;
  }

  public Future<Optional<Payment>> find(String merchantId, boolean livemode, UUID paymentId) {
    return database
        .read(FIND, Tuple.of(merchantId, paymentId, livemode))
        .map(rows -> Optional.ofNullable(first(rows)).map(Rows::payment));
  }

  /** An operation with its charge totals left at zero; empty where it is not of that mode. */
  public Future<Optional<Operation>> operation(
      String merchantId, boolean livemode, UUID operationId) {
    return database
        .read(OPERATION_BY_ID, Tuple.of(merchantId, operationId))
        .map(
            rows ->
                Optional.ofNullable(first(rows))
                    .map(row -> Rows.operation(row, null))
                    .filter(operation -> operation.livemode() == livemode));
  }

  /** The authorize operation that a PSP knows by this key; its charge totals are left at zero. */
  public Future<Optional<Operation>> authorization(
      String merchantId, boolean livemode, String pspKey) {
    return database
        .read(AUTHORIZATION_BY_KEY, Tuple.of(pspKey, merchantId, livemode))
        .map(rows -> Optional.ofNullable(first(rows)).map(row -> Rows.operation(row, null)));
  }

  /** The operations of a payment, newest first, charges with their totals. */
  public Future<List<Operation>> operationsOf(Payment payment) {
    return database
        .read(OPERATIONS_OF, Tuple.of(payment.merchantId(), payment.id()))
        .map(
            rows -> {
              var operations = new ArrayList<Operation>();
              rows.forEach(row -> operations.add(Rows.operation(row, payment)));
              return List.copyOf(operations);
            });
  }

  /** A page of payments, newest first. */
  public Future<Paged<Payment>> payments(
      String merchantId, boolean livemode, Page page, @Nullable UUID customerId) {
    Paging bounds = Paging.of(page, PublicId.PAYMENT);
    Tuple parameters =
        Tuple.of(merchantId, livemode, bounds.above(), bounds.below(), customerId, bounds.rows());
    return database
        .read(PAGE_OF_PAYMENTS.formatted(bounds.order()), parameters)
        .map(rows -> bounds.paged(rows, Rows::payment));
  }

  /** Which operations a list shows. */
  public enum Shown {
    REFUNDS("o.kind = 'refund'", PublicId.REFUND),
    CHARGES("o.kind = 'authorize'", PublicId.CHARGE);

    private final String condition;
    private final PublicId id;

    Shown(String condition, PublicId id) {
      this.condition = condition;
      this.id = id;
    }
  }

  /** A page of charges or refunds, newest first; charge totals are left at zero. */
  public Future<Paged<Operation>> operations(
      String merchantId,
      boolean livemode,
      Shown shown,
      Page page,
      @Nullable UUID paymentId,
      @Nullable UUID chargeId,
      @Nullable UUID customerId) {
    Paging bounds = Paging.of(page, shown.id);
    String sql = PAGE_OF_OPERATIONS.formatted(shown.condition, bounds.order());
    Tuple parameters =
        Tuple.of(merchantId, livemode, bounds.above(), bounds.below(), paymentId, chargeId)
            .addInteger(bounds.rows());
    if (customerId != null) {
      sql = sql.replace("ORDER BY", OPERATIONS_OF_CUSTOMER);
      parameters.addUUID(customerId);
    }
    return database
        .read(sql, parameters)
        .map(rows -> bounds.paged(rows, row -> Rows.operation(row, null)));
  }

  static @Nullable Row first(Iterable<Row> rows) {
    var all = rows.iterator();
    return all.hasNext() ? all.next() : null;
  }
}
