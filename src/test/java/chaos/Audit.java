package chaos;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import payments.PublicId;
import simulator.Authorization;
import support.Books;
import support.Rows;

/**
 * Whether everything is as everybody was told: what merchants were answered, the gateway's rows,
 * the ledger, what the PSPs did, Kafka and the merchant's endpoint, held against each other to the
 * last minor unit. It is for when nothing is under way any more.
 */
final class Audit {
  /** What may be wrong. */
  enum Wrong {
    /** A merchant was answered in a way that it should not have been, or differently twice. */
    ANSWER,
    /** Nobody answered a merchant, also when all was well again. */
    NOT_ANSWERED,
    /** What was acknowledged is not there. */
    PAYMENT_LOST,
    /** A payment is of another amount, or has taken or given back another one, than was told. */
    AMOUNT,
    /** A payment has another status than was told. */
    STATUS,
    /** The money of one payment is at the PSPs more than once. */
    CHARGED_TWICE,
    /** A PSP has a charge of which the gateway does not know. */
    UNKNOWN_CHARGE,
    /** A payment's money is not what the PSP has of it. */
    PSP,
    /** A payment's money is not what the ledger has of it. */
    LEDGER,
    /** What {@link Books} found. */
    BOOKS,
    /** An operation has no outcome, though every PSP is well. */
    OPEN_OPERATION,
    /** Something is left for an operator. */
    ANOMALY,
    /** A webhook of a PSP was given up. */
    DEAD_LETTER,
    /** A webhook of a PSP was not worked. */
    INBOX,
    /** A change was not moved to the event log. */
    OUTBOX,
    /** A request has no answer kept. */
    NO_ANSWER_KEPT,
    /** A payment's history has a gap. */
    HISTORY,
    /** A change is not in the event log. */
    EVENT_LOST,
    /** Kafka has not got all changes of a payment. */
    KAFKA_LOST,
    /** Kafka has got a payment's change before the one before it. */
    KAFKA_ORDER,
    /** A delivery to the merchant is not at its end. */
    DELIVERY,
    /** The merchant was not told what the gateway says that it was told. */
    NOT_DELIVERED,
    /** What merchants are to be told of was not told. */
    NOT_TOLD
  }

  /** Something wrong. */
  record Finding(Wrong wrong, String what) {}

  private static final int MOST_SHOWN = 5;
  private static final String[] ACCOUNTS = {Town.STRIPE_KEY, Town.ADYEN_KEY};

  private final Evidence evidence;
  private final Rows database;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, List<String>> payments = new HashMap<>();

  private Audit(Evidence evidence) {
    this.evidence = evidence;
    this.database = evidence.database();
  }

  /** Everything that is wrong. */
  static List<Finding> of(Evidence evidence, Collection<Purchase> purchases) {
    var audit = new Audit(evidence);
    audit.readPayments();
    purchases.forEach(audit::asTold);
    audit.asAtPsps();
    audit.ledger();
    audit.nothingLeft();
    audit.history();
    audit.kafka();
    audit.merchant();
    return List.copyOf(audit.findings);
  }

  /** The kinds of what is wrong. */
  static Set<Wrong> kinds(Collection<Finding> findings) {
    var kinds = EnumSet.noneOf(Wrong.class);
    findings.forEach(finding -> kinds.add(finding.wrong()));
    return kinds;
  }

  private void wrong(Wrong wrong, String what) {
    findings.add(new Finding(wrong, what));
  }

  /** Every row of a query is something wrong. */
  private void none(Wrong wrong, String sql) {
    for (List<String> row : database.rows(sql + " LIMIT " + MOST_SHOWN)) {
      wrong(wrong, String.join(" ", row));
    }
  }

  private void readPayments() {
    database
        .rows(
            """
            SELECT payment_id, status, amount, currency, captured, refunded, CASE WHEN status = 'requires_capture' THEN authorized ELSE 0 END,
              sequence FROM payment
            """)
        .forEach(row -> payments.put(row.getFirst(), row));
  }

  private static String publicId(String uuid) {
    return PublicId.PAYMENT.of(UUID.fromString(uuid));
  }

  /** What a merchant was told of a purchase is so. */
  private void asTold(Purchase purchase) {
    purchase.wrong().forEach(what -> wrong(Wrong.ANSWER, what));
    if (!purchase.ended()) {
      wrong(Wrong.NOT_ANSWERED, purchase.name() + " " + purchase.kind());
    }
    String id = purchase.payment();
    if (id == null) {
      return;
    }
    UUID uuid = PublicId.PAYMENT.parse(id).orElseThrow();
    List<String> row = payments.get(uuid.toString());
    if (row == null) {
      wrong(Wrong.PAYMENT_LOST, purchase.name() + " " + id);
      return;
    }
    String what = "%s %s %s: ".formatted(purchase.name(), purchase.kind(), id);
    String told =
        "%d %s, %d taken, %d given back"
            .formatted(
                purchase.amount(), purchase.currency(), purchase.captured(), purchase.refunded());
    String is =
        "%s %s, %s taken, %s given back".formatted(row.get(2), row.get(3), row.get(4), row.get(5));
    if (!told.equals(is)) {
      wrong(Wrong.AMOUNT, what + "told " + told + ", is " + is);
    }
    if (!purchase.status().equals(row.get(1))) {
      wrong(Wrong.STATUS, what + "told " + purchase.status() + ", is " + row.get(1));
    }
  }

  /** What the PSPs have of each payment is what we have of it. */
  private void asAtPsps() {
    Books.moneyAtPsps(database, evidence.truth(), List.of(ACCOUNTS))
        .forEach(
            (payment, charges) -> {
              if (charges > 1) {
                wrong(Wrong.CHARGED_TWICE, publicId(payment) + " " + charges + " times");
              }
            });
    var byKey = new HashMap<String, String>();
    database
        .rows("SELECT psp_idempotency_key, payment_id FROM operation WHERE kind = 'authorize'")
        .forEach(row -> byKey.put(row.getFirst(), row.getLast()));
    var kept = new HashMap<String, Long>();
    var held = new HashMap<String, Long>();
    for (Authorization charge : evidence.truth().charges()) {
      String ours = charge.metadata().get("operation_id");
      String payment = byKey.get(ours == null ? charge.metadata().get("reference") : ours);
      if (payment == null) {
        wrong(Wrong.UNKNOWN_CHARGE, charge.toString());
        continue;
      }
      kept.merge(payment, charge.capturedMinor() - charge.refundedMinor(), Long::sum);
      if (charge.status() == Authorization.Status.AUTHORIZED) {
        held.merge(payment, charge.amountMinor(), Long::sum);
      }
    }
    payments.forEach(
        (payment, row) -> {
          long ours = Long.parseLong(row.get(4)) - Long.parseLong(row.get(5));
          long heldByUs = Long.parseLong(row.get(6));
          long theirs = kept.getOrDefault(payment, 0L);
          long heldThere = held.getOrDefault(payment, 0L);
          if (ours != theirs || heldByUs != heldThere) {
            wrong(
                Wrong.PSP,
                "%s: we have %d and hold %d, the PSP has %d and holds %d"
                    .formatted(publicId(payment), ours, heldByUs, theirs, heldThere));
          }
        });
  }

  private void ledger() {
    none(
        Wrong.LEDGER,
        """
        SELECT p.payment_id, p.captured - p.refunded, coalesce(l.owed, 0) FROM payment p LEFT JOIN (
          SELECT payment_id, sum(CASE WHEN debit LIKE 'psp_receivable:%' THEN amount
            WHEN credit LIKE 'psp_receivable:%' THEN -amount ELSE 0 END) AS owed
          FROM ledger_transfer GROUP BY payment_id) l USING (payment_id)
        WHERE p.captured - p.refunded <> coalesce(l.owed, 0)
        """);
    try {
      new Books(database, evidence::truth, ACCOUNTS).balance();
    } catch (AssertionError wrong) {
      wrong(Wrong.BOOKS, String.valueOf(wrong.getMessage()));
    }
  }

  private void nothingLeft() {
    none(
        Wrong.OPEN_OPERATION,
        """
        SELECT operation_id, payment_id, kind, status, psp_account_id, attempts, held_reason, recover_at FROM operation
        WHERE status NOT IN ('succeeded', 'failed', 'canceled') OR held_reason IS NOT NULL
        """);
    none(
        Wrong.ANOMALY,
        "SELECT kind, payment_id, detail, resolution FROM anomaly WHERE resolved_at IS NULL");
    none(
        Wrong.DEAD_LETTER,
        "SELECT psp_account_id, name, status, reason FROM inbox_outcome WHERE status IN ('dead',"
            + " 'foreign')");
    none(Wrong.INBOX, "SELECT psp_account_id, name, attempts, reason, due_at FROM inbox_work");
    none(Wrong.OUTBOX, "SELECT payment_id, sequence FROM outbox");
    none(
        Wrong.NO_ANSWER_KEPT,
        "SELECT key, path, payment_id FROM idempotency_key WHERE answer_status IS NULL");
  }

  private void history() {
    none(
        Wrong.HISTORY,
        """
        SELECT p.payment_id, p.sequence, count(e.sequence), max(e.sequence) FROM payment p LEFT JOIN payment_event e USING (merchant_id, payment_id)
        GROUP BY p.payment_id, p.sequence
        HAVING count(e.sequence) <> p.sequence OR max(e.sequence) <> p.sequence
        """);
    none(
        Wrong.EVENT_LOST,
        """
        SELECT payment_id, sequence, h.event FROM payment_event h FULL JOIN event_log e USING (merchant_id, payment_id, sequence)
          FULL JOIN payment_change c USING (merchant_id, payment_id, sequence)
        WHERE h.event IS NULL OR e.position IS NULL OR (c.payment).status IS DISTINCT FROM h.to_status
        """);
  }

  /** Of each payment the first sight of each change comes right after that of the one before. */
  private void kafka() {
    var last = new HashMap<String, Long>();
    for (Evidence.Told told : evidence.told()) {
      long before = last.getOrDefault(told.payment(), 0L);
      if (told.sequence() > before + 1) {
        wrong(
            Wrong.KAFKA_ORDER,
            "%s: %d after %d".formatted(told.payment(), told.sequence(), before));
      }
      last.put(told.payment(), Math.max(before, told.sequence()));
    }
    payments.forEach(
        (payment, row) -> {
          long told = last.getOrDefault(publicId(payment), 0L);
          if (told < Long.parseLong(row.getLast())) {
            wrong(
                Wrong.KAFKA_LOST, "%s: %d of %s".formatted(publicId(payment), told, row.getLast()));
          }
        });
  }

  private void merchant() {
    none(
        Wrong.DELIVERY,
        "SELECT event_id, status, attempts, last_error FROM delivery WHERE status <> 'delivered'");
    none(
        Wrong.DELIVERY,
        """
        SELECT m.event_id, m.type, 'has no delivery' FROM merchant_event m WHERE NOT EXISTS (SELECT FROM delivery d
          WHERE d.merchant_id = m.merchant_id AND d.event_id = m.event_id)
        """);
    var delivered = new HashSet<String>();
    evidence.delivered().forEach(each -> delivered.add(each.id()));
    for (List<String> row : database.rows("SELECT event_id, type FROM merchant_event")) {
      String event = PublicId.EVENT.of(UUID.fromString(row.getFirst()));
      if (!delivered.contains(event)) {
        wrong(Wrong.NOT_DELIVERED, event + " " + row.getLast());
      }
    }
    told("p.sequence > 0", "payment_intent.created");
    told("p.status = 'succeeded'", "payment_intent.succeeded");
    told("p.status = 'canceled'", "payment_intent.canceled");
    told("p.refunded > 0", "charge.refunded");
  }

  private void told(String where, String type) {
    none(
        Wrong.NOT_TOLD,
        """
        SELECT p.payment_id, '%2$s' FROM payment p WHERE %1$s AND NOT EXISTS (SELECT FROM merchant_event m
          WHERE m.merchant_id = p.merchant_id AND m.payment_id = p.payment_id AND m.type = '%2$s')
        """
            .formatted(where, type));
  }
}
