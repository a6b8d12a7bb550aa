package support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import simulator.Authorization;
import simulator.Simulator;
import simulator.Truth;

/**
 * The audit that holds after everything: the ledger sums to zero per currency, payments agree with
 * the ledger, the simulator's truth agrees with both, and nothing was charged twice.
 */
public final class Books {
  /** Whether a dispute {@code d} is about the payment's money, and not about a late success. */
  private static final String OF_PAYMENT =
      """
      EXISTS (SELECT FROM operation c JOIN payment q ON q.merchant_id = c.merchant_id AND q.payment_id = c.payment_id
        WHERE c.merchant_id = d.merchant_id AND c.operation_id = d.charge_id AND c.status = 'succeeded'
          AND q.status <> 'canceled')\
      """;

  /** Read once: audits are many. */
  private static final class Published {
    static final Set<String> EVENTS = new EventSchemas().events();
  }

  private final Rows database;
  private final Supplier<Truth> truth;
  private final List<String> pspKeys;

  public Books(TestGateway gateway) {
    this(gateway.database(), gateway.simulator(), TestGateway.PSP_KEY);
  }

  /**
   * The books of whatever gateways work on a database.
   *
   * @param pspKeys name their accounts at the simulator
   */
  public Books(TestDatabase database, Simulator simulator, String... pspKeys) {
    this(database, simulator::truth, pspKeys);
  }

  /** The books over what a simulator says that happened, wherever it runs. */
  public Books(Rows database, Supplier<Truth> truth, String... pspKeys) {
    this.database = database;
    this.truth = truth;
    this.pspKeys = List.of(pspKeys);
  }

  /** Fails unless payments, ledger and simulator agree to the last minor unit. */
  public void balance() {
    balance(database);
    assertThat(receivable()).as("what the PSP owes us by our ledger").isEqualTo(atTheSimulator());
  }

  /** Fails where the money of one payment is, or is held, at the simulator twice. */
  public void chargedOnce() {
    Map<String, Integer> charges = moneyAtPsps(database, truth.get(), pspKeys);
    charges.values().removeIf(number -> number == 1);
    assertThat(charges).as("payments whose money is at the PSPs more than once").isEmpty();
  }

  /** How many charges of each payment hold or took money at these accounts of PSPs. */
  public static Map<String, Integer> moneyAtPsps(
      Rows database, Truth truth, Collection<String> pspKeys) {
    var payments = new HashMap<String, String>();
    database
        .rows("SELECT psp_idempotency_key, payment_id FROM operation WHERE kind = 'authorize'")
        .forEach(row -> payments.put(row.getFirst(), row.getLast()));
    var charges = new LinkedHashMap<String, Integer>();
    for (String key : pspKeys) {
      for (var charge : truth.account(key).charges()) {
        boolean keeps =
            charge.status() == Authorization.Status.AUTHORIZED
                || charge.capturedMinor() > charge.refundedMinor();
        // Stripe's objects carry our key in their metadata, Adyen's as their reference.
        String ours = charge.metadata().get("operation_id");
        String payment = payments.get(ours == null ? charge.metadata().get("reference") : ours);
        if (keeps && payment != null) {
          charges.merge(payment, 1, Integer::sum);
        }
      }
    }
    return charges;
  }

  /** What holds in a database whatever the PSP says. */
  public static void balance(Rows database) {
    ledgerBalances(database);
    paymentsAgreeWithTheirOperations(database);
    disputesAgree(database);
    noCardDataIsKept(database);
  }

  /** Adyen's encrypted fields are the only card data that any request of ours holds. */
  private static void noCardDataIsKept(Rows database) {
    assertThat(
            database.number(
                """
                SELECT count(*) FROM operation WHERE status NOT IN ('pending', 'unknown')
                  AND (kept_request IS NOT NULL OR regexp_replace(request, '"encrypted\\w+":"\\*\\*\\*"', '', 'g') LIKE '%"encrypted%')
                """))
        .as("answered operations that keep card data")
        .isZero();
  }

  private static void ledgerBalances(Rows database) {
    assertThat(
            database.number(
                """
                SELECT count(*) FROM (
                  SELECT currency, sum(amount) FROM (
                    SELECT currency, debit AS account, amount FROM ledger_transfer
                    UNION ALL SELECT currency, credit, -amount FROM ledger_transfer) lines
                  GROUP BY currency HAVING sum(amount) <> 0) unbalanced
                """))
        .as("currencies in which the ledger does not sum to zero")
        .isZero();
    assertThat(
            sums(
                database,
                """
                SELECT p.currency, sum(p.captured - p.refunded)
                  - coalesce((SELECT sum(d.amount) FROM dispute d WHERE d.status = 'lost' AND d.currency = p.currency
                    AND %s), 0)
                FROM payment p GROUP BY p.currency
                """
                    .formatted(OF_PAYMENT)))
        .as("what payments hold, and what the ledger owes the merchant")
        .isEqualTo(balanceOf(database, "merchant_payable", -1));
    assertThat(
            sums(
                database,
                """
                SELECT p.currency, coalesce((SELECT sum(d.amount) FROM dispute d
                  WHERE d.status = 'open' AND d.currency = p.currency), 0)
                FROM payment p GROUP BY p.currency
                """))
        .as("what open disputes hold, and the ledger's reserve")
        .isEqualTo(balanceOf(database, "dispute_reserve", 1));
  }

  private static Map<String, Long> balanceOf(Rows database, String account, int sign) {
    return sums(
        database,
        """
        SELECT p.currency, coalesce(sum(t.net), 0) FROM (SELECT DISTINCT currency FROM payment) p
        LEFT JOIN (
          SELECT currency, CASE WHEN debit = '%1$s' THEN amount ELSE -amount END * %2$d AS net
          FROM ledger_transfer WHERE '%1$s' IN (credit, debit)) t ON t.currency = p.currency
        GROUP BY p.currency
        """
            .formatted(account, sign));
  }

  private static void paymentsAgreeWithTheirOperations(Rows database) {
    assertThat(
            database.number(
                """
                SELECT count(*) FROM payment p WHERE refund_reserved + refunded + disputed > captured
                  AND NOT EXISTS (SELECT FROM anomaly a WHERE a.merchant_id = p.merchant_id AND a.payment_id = p.payment_id
                    AND a.kind = 'refund_over_captured')
                """))
        .as("payments with more refunded than captured, of which nobody is told")
        .isZero();
    assertThat(
            database.number(
                """
                SELECT count(*) FROM payment p WHERE p.refund_reserved <> coalesce((
                  SELECT sum(o.amount) FROM operation o
                  WHERE o.merchant_id = p.merchant_id AND o.payment_id = p.payment_id AND o.kind = 'refund'
                    AND NOT o.gives_back AND o.status IN ('pending', 'unknown', 'accepted')), 0)
                """))
        .as("payments whose reservation is not that of their open refunds")
        .isZero();
    assertThat(
            database.number(
                """
                SELECT count(*) FROM payment p WHERE p.refunded <> coalesce((
                  SELECT sum(o.amount) FROM operation o
                  WHERE o.merchant_id = p.merchant_id AND o.payment_id = p.payment_id AND o.kind = 'refund'
                    AND NOT o.gives_back AND o.status = 'succeeded'), 0)
                """))
        .as("payments of which not as much is refunded as their refunds say")
        .isZero();
    assertThat(
            database.number(
                """
                SELECT count(*) FROM payment p WHERE p.sequence <> (SELECT count(*) FROM payment_event e
                  WHERE e.merchant_id = p.merchant_id AND e.payment_id = p.payment_id)
                """))
        .as("payments whose history has gaps")
        .isZero();
    assertThat(Published.EVENTS)
        .as("events that consumers are told of, and those that happened")
        .containsAll(
            sums(database, "SELECT event, 0::bigint FROM payment_event GROUP BY event").keySet());
  }

  private static void disputesAgree(Rows database) {
    assertThat(
            database.number(
                """
                SELECT count(*) FROM payment p WHERE p.disputed <> coalesce((
                  SELECT sum(d.amount) FROM dispute d
                  WHERE d.merchant_id = p.merchant_id AND d.payment_id = p.payment_id AND d.status IN ('open', 'lost')
                    AND %s), 0)
                """
                    .formatted(OF_PAYMENT)))
        .as("payments of which not as much is disputed as their disputes say")
        .isZero();
  }

  private Map<String, Long> receivable() {
    var owed =
        sums(
            database,
            """
            SELECT currency, sum(CASE WHEN debit LIKE 'psp_receivable:%' THEN amount
                                      WHEN credit LIKE 'psp_receivable:%' THEN -amount ELSE 0 END)
            FROM ledger_transfer GROUP BY currency
            """);
    owed.values().removeIf(amount -> amount == 0);
    return owed;
  }

  private Map<String, Long> atTheSimulator() {
    var owed = new LinkedHashMap<String, Long>();
    for (String key : pspKeys) {
      var truth = this.truth.get().account(key);
      truth.capturedMinor().forEach((currency, amount) -> owed.merge(currency, amount, Long::sum));
      truth.refundedMinor().forEach((currency, amount) -> owed.merge(currency, -amount, Long::sum));
      truth.disputedMinor().forEach((currency, amount) -> owed.merge(currency, -amount, Long::sum));
    }
    owed.values().removeIf(amount -> amount == 0);
    return owed;
  }

  private static Map<String, Long> sums(Rows database, String sql) {
    var sums = new LinkedHashMap<String, Long>();
    database
        .rows("SELECT * FROM (" + sql + ") s ORDER BY 1")
        .forEach(row -> sums.put(row.getFirst(), Long.valueOf(row.getLast())));
    return sums;
  }
}
