package store;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import payments.CardChecks;
import payments.CardDetails;
import payments.Command.Page;
import payments.Command.Paged;
import payments.PaymentMethod;

/** The payment methods that merchants know by id. */
public final class PaymentMethods {
  private static final String FIND =
      "SELECT "
          + Rows.PAYMENT_METHOD
          + " FROM payment_method m WHERE m.merchant_id = $1 AND m.payment_method_id = $2 AND"
          + " m.livemode = $3";

  /** Their ids may be a PSP's and carry no time, so a cursor is looked up. */
  private static final String PAGE =
      "SELECT "
          + Rows.PAYMENT_METHOD
          + """
           FROM payment_method m
          WHERE m.merchant_id = $1 AND m.livemode = $2 AND m.customer_id = $3
            AND ($4::text IS NULL OR (m.created_at, m.payment_method_id) < (
              SELECT a.created_at, a.payment_method_id FROM payment_method a
              WHERE a.merchant_id = $1 AND a.payment_method_id = $4))
            AND ($5::text IS NULL OR (m.created_at, m.payment_method_id) > (
              SELECT b.created_at, b.payment_method_id FROM payment_method b
              WHERE b.merchant_id = $1 AND b.payment_method_id = $5))
          ORDER BY m.created_at %1$s, m.payment_method_id %1$s LIMIT $6
          """;

  private static final Columns<PaymentMethod> COLUMNS = columns();

  /**
   * The customer's row is locked against a deletion, which would otherwise miss the payment method
   * that it is to let go of.
   */
  private static final String ATTACH =
      """
      WITH owner AS (
        SELECT i.* FROM %s JOIN customer c ON c.merchant_id = i.merchant_id AND c.customer_id = i.m_customer
          AND c.livemode = i.m_livemode AND NOT c.deleted
        FOR SHARE OF c),
      attached AS (
        INSERT INTO payment_method AS m (merchant_id, payment_method_id, livemode, customer_id, card, tokens, parameters,
          created_at, attached_at)
        SELECT %s, now() FROM owner i
        ON CONFLICT (merchant_id, payment_method_id) DO UPDATE SET customer_id = excluded.customer_id,
          card = coalesce(excluded.card, m.card), tokens = m.tokens || excluded.tokens,
          parameters = excluded.parameters || m.parameters, attached_at = now()
          WHERE m.livemode = excluded.livemode AND (m.customer_id IS NULL OR m.customer_id = excluded.customer_id)
        RETURNING m.*)
      SELECT EXISTS (SELECT FROM owner) AS has_owner, %s FROM (SELECT) AS one LEFT JOIN attached m ON true
      """
          .formatted(COLUMNS.unnest(), WriteColumns.METHOD_VALUES, Rows.PAYMENT_METHOD);

  private static final String DETACH =
      """
      UPDATE payment_method SET customer_id = NULL
      WHERE merchant_id = $1 AND payment_method_id = $2 AND livemode = $3 AND customer_id = $4
      """;

  private static final String LEARN_CARD =
      """
      UPDATE payment_method SET card = $4
      WHERE merchant_id = $1 AND payment_method_id = $2 AND livemode = $3 AND card IS NULL
      """;

  private static final String SPEND =
      """
      UPDATE payment_method SET tokens = tokens - $4
      WHERE merchant_id = $1 AND payment_method_id = $2 AND livemode = $3 AND tokens ->> $4 LIKE '{%'
      """;

  /** The condition is the index's, word for word. */
  private static final String FORGET =
      """
      UPDATE payment_method m SET tokens = (
        SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each_text(m.tokens) WHERE value NOT LIKE '{%')
      WHERE (m.merchant_id, m.payment_method_id) IN (
        SELECT merchant_id, payment_method_id FROM payment_method
        WHERE created_at < now() - $1 * interval '1 millisecond' AND tokens @? '$.* ? (@ starts with "{")'
        ORDER BY created_at LIMIT $2)
      """;

  private final Database database;

  public PaymentMethods(Database database) {
    this.database = database;
  }

  private static Columns<PaymentMethod> columns() {
    var columns = new Columns<PaymentMethod>().text("merchant_id", PaymentMethod::merchantId);
    return WriteColumns.method(columns, method -> method);
  }

  public Future<Optional<PaymentMethod>> find(String merchantId, boolean livemode, String id) {
    return database
        .read(FIND, Tuple.of(merchantId, id, livemode))
        .map(rows -> Optional.ofNullable(PaymentReads.first(rows)).map(Rows::paymentMethod));
  }

  /** A page of a customer's payment methods, newest first. */
  public Future<Paged<PaymentMethod>> list(
      String merchantId, boolean livemode, UUID customerId, Page page) {
    boolean backwards = page.endingBefore() != null;
    return database
        .read(
            PAGE.formatted(backwards ? "ASC" : "DESC"),
            Tuple.of(merchantId, livemode, customerId, page.startingAfter(), page.endingBefore())
                .addInteger(page.limit() + 1))
        .map(rows -> Paging.paged(rows, page.limit(), backwards, Rows::paymentMethod));
  }

  /** What attaching came to. */
  public sealed interface Attached {
    record Done(PaymentMethod method) implements Attached {}

    /** The customer is not there, or is deleted. */
    record NoCustomer() implements Attached {}

    /** Another customer has it. */
    record Taken() implements Attached {}
  }

  /**
   * Stores a payment method with the customer it now belongs to, over what was known of it.
   *
   * @param method with its customer
   */
  public Future<Attached> attach(PaymentMethod method) {
    return database
        .query(ATTACH, COLUMNS.tuple(List.of(method)))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              if (!row.getBoolean("has_owner")) {
                return new Attached.NoCustomer();
              }
              return row.getString("payment_method_id") == null
                  ? new Attached.Taken()
                  : new Attached.Done(Rows.paymentMethod(row));
            });
  }

  /** Whether the customer had the payment method and let go of it. */
  public Future<Boolean> detach(PaymentMethod method, UUID customerId) {
    return database
        .query(DETACH, Tuple.of(method.merchantId(), method.id(), method.livemode(), customerId))
        .map(rows -> rows.rowCount() > 0);
  }

  /**
   * Forgets what a browser's component gave of a card for an account, now that it is paid with;
   * what the PSP stores goes by another token, which stays.
   */
  public Future<Void> spend(PaymentMethod method, String pspAccountId) {
    return database
        .query(SPEND, Tuple.of(method.merchantId(), method.id(), method.livemode(), pspAccountId))
        .mapEmpty();
  }

  /**
   * Forgets what browsers' components gave of cards that nobody has paid with since; the number of
   * payment methods.
   *
   * @param age how old they are at least
   */
  public Future<Integer> forgetComponents(Duration age, int atMost) {
    return database.query(FORGET, Tuple.of(age.toMillis(), atMost)).map(rows -> rows.rowCount());
  }

  /** Keeps the card of a payment method of which none was known. */
  public Future<Void> learnCard(PaymentMethod method, CardDetails card, CardChecks checks) {
    JsonObject json = Json.card(card, checks);
    return database
        .query(LEARN_CARD, Tuple.of(method.merchantId(), method.id(), method.livemode(), json))
        .mapEmpty();
  }
}
