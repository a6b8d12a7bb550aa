package store;

import static org.assertj.core.api.Assertions.assertThat;
import static store.StoreFixture.ACCOUNT;
import static store.StoreFixture.CAUSE;
import static store.StoreFixture.MERCHANT;
import static store.StoreFixture.charge;
import static store.StoreFixture.creation;
import static store.StoreFixture.finish;
import static store.StoreFixture.result;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import payments.AnomalyKind;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Payment;
import payments.PaymentStatus;
import support.HeldTransaction;

/**
 * Writers that meet over the same rows, each on a node of its own, in the order that a test says:
 * the rows are held until all wait for them, one behind the other.
 */
final class Race implements AutoCloseable {
  /** What became of a write. */
  enum Verdict {
    WRITTEN,
    /** Its guard said no. */
    REFUSED,
    /** A unique constraint said no. */
    DUPLICATE,
    /** Its operation was open and its payment not as expected. */
    OVERTAKEN,
    /** It met another in a ring, and is to be tried again. */
    PASSING,
    IN_DOUBT
  }

  final StoreFixture store = new StoreFixture();
  final PaymentWrites one = store.node();
  final PaymentWrites two = store.node();
  final PaymentWrites three = store.node();
  final FactWrites facts =
      new FactWrites(
          store.vertx.getOrCreateContext(),
          Database.openForBatches(store.vertx, store.server.options(), "facts", 1),
          new Batcher.Limits(64, 1, 1_000),
          Batcher.BatchObserver.NONE);

  Race() {
    // Who waits in a ring is found sooner, so that no test waits a second for it.
    store.server.execute(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''50ms''',"
            + " current_database()); END $$");
  }

  /** Lets writers wait for what is held, one after the other, and lets go. */
  List<Verdict> inOrder(HeldTransaction held, List<Supplier<Future<Verdict>>> writers) {
    return inOrder(held, false, writers);
  }

  /**
   * The same where what is held may be committed.
   *
   * @param commits whether it is, or is rolled back
   */
  List<Verdict> inOrder(
      HeldTransaction held, boolean commits, List<Supplier<Future<Verdict>>> writers) {
    var verdicts = new ArrayList<Future<Verdict>>();
    for (Supplier<Future<Verdict>> writer : writers) {
      verdicts.add(writer.get());
      held.awaitWaiting(verdicts.size());
    }
    held.end(commits);
    return verdicts.stream().map(StoreFixture::result).toList();
  }

  /** The writers in their order, or the other way round. */
  static <T> List<T> ordered(boolean firstFirst, T first, T second) {
    return firstFirst ? List.of(first, second) : List.of(second, first);
  }

  static Future<Verdict> verdict(Future<Optional<Long>> write) {
    return told(write.map(Optional::isPresent));
  }

  static Future<Verdict> told(Future<Boolean> write) {
    return write
        .map(written -> written ? Verdict.WRITTEN : Verdict.REFUSED)
        .recover(
            cause ->
                verdict(cause)
                    .map(Future::succeededFuture)
                    .orElseGet(() -> Future.failedFuture(cause)));
  }

  private static Optional<Verdict> verdict(Throwable cause) {
    if (cause instanceof StoreException.InDoubt) {
      return Optional.of(Verdict.IN_DOUBT);
    }
    if (!(cause instanceof StoreException.Refused refused)) {
      return Optional.empty();
    }
    if (refused.duplicate()) {
      return Optional.of(Verdict.DUPLICATE);
    }
    if (refused.overtaken()) {
      return Optional.of(Verdict.OVERTAKEN);
    }
    return refused.passing() ? Optional.of(Verdict.PASSING) : Optional.empty();
  }

  // ---- what is held

  HeldTransaction holding(Payment payment) {
    return HeldTransaction.locking(store.server, "payment", of(payment));
  }

  HeldTransaction holding(Operation operation) {
    return HeldTransaction.locking(
        store.server, "operation", "operation_id = '" + operation.id() + "'");
  }

  /** Another request that claims a key and has not committed yet. */
  HeldTransaction claiming(String key) {
    return new HeldTransaction(store.server, claim(key));
  }

  static String claim(String key) {
    return "INSERT INTO idempotency_key (merchant_id, livemode, key, path, fingerprint,"
        + " request_id, actor, publishable, expand) VALUES ('"
        + MERCHANT
        + "', false, '"
        + key
        + "', '/v1/test', 'print', 'req_other', 'key_test', false, '')";
  }

  /** An operation that another node begins and has not committed yet. */
  HeldTransaction beginning(UUID id, UUID paymentId, String kind) {
    return new HeldTransaction(
        store.server,
        "INSERT INTO operation (merchant_id, operation_id, payment_id, livemode, lane, node, kind,"
            + " status, amount, currency, psp_account_id, psp_idempotency_key, request, attempts,"
            + " parameters) VALUES ('%s', '%s', '%s', false, 0, 'other', '%s', 'pending', 1, 'usd', '%s', 'psp-%s', 'POST /x', 1, '{}')"
                .formatted(MERCHANT, id, paymentId, kind, ACCOUNT, id));
  }

  // ---- payments

  static String of(Payment payment) {
    return "payment_id = '" + payment.id() + "'";
  }

  /** An operation that is being sent, with its payment. */
  record Sent(Payment payment, Operation operation) {}

  Sent sent(long minor, @Nullable String key) {
    Payment payment = store.payment(PaymentStatus.PROCESSING, minor);
    Operation authorize = store.operation(payment, OperationKind.AUTHORIZE, minor, key);
    result(store.writes.create(creation(payment, authorize, key)));
    return new Sent(payment, authorize);
  }

  /** A payment whose amount is held. */
  Payment held(long minor) {
    Sent sent = sent(minor, null);
    result(
        store.writes.finish(
            finish(
                sent.operation,
                OperationStatus.SUCCEEDED,
                Finish.PaymentChange.move(PaymentStatus.PROCESSING, PaymentStatus.REQUIRES_CAPTURE)
                    .amounts(minor, 0)
                    .shows(sent.operation.id(), null),
                null,
                null)));
    return store.read(sent.payment);
  }

  /** A refund whose amount is reserved. */
  Operation reserved(Payment payment, long minor) {
    Operation refund = store.operation(payment, OperationKind.REFUND, minor);
    result(store.writes.reserve(StoreFixture.reservation(refund, null)));
    return refund;
  }

  static FactWrites.Change change(
      Payment payment,
      UUID operation,
      ledger.@Nullable Transfer transfer,
      FactWrites.@Nullable Anomaly anomaly) {
    return new FactWrites.Change(MERCHANT, payment.id(), operation, transfer, anomaly, CAUSE);
  }

  /** Raised where refunds and disputes are more than was captured. */
  FactWrites.Anomaly over(Payment payment) {
    return new FactWrites.Anomaly(
        store.ids.next(), charge(payment), AnomalyKind.REFUND_OVER_CAPTURED, "too much", false);
  }

  long anomalies(Payment payment) {
    return store.number("SELECT count(*) FROM anomaly WHERE " + of(payment));
  }

  long transfers(Payment payment) {
    return store.number("SELECT count(*) FROM ledger_transfer WHERE " + of(payment));
  }

  // ---- the audit

  /** What holds of all payments after every race. */
  void audit() {
    assertThat(
            store.text(
                """
                SELECT p.payment_id FROM payment p
                WHERE (p.sequence, p.sequence, p.sequence, p.sequence) IS DISTINCT FROM (
                  (SELECT count(*) FROM payment_event e WHERE e.payment_id = p.payment_id),
                  (SELECT max(e.sequence) FROM payment_event e WHERE e.payment_id = p.payment_id),
                  (SELECT count(*) FROM outbox e WHERE e.payment_id = p.payment_id)
                    + (SELECT count(*) FROM event_log e WHERE e.payment_id = p.payment_id),
                  (SELECT count(*) FROM payment_change e WHERE e.payment_id = p.payment_id))
                """))
        .as("payments with a gap, or not with one event for each change")
        .isEmpty();
    assertThat(
            store.text(
                """
                SELECT p.payment_id FROM payment p
                WHERE p.captured - p.refunded <> coalesce((
                  SELECT sum(CASE 'merchant_payable' WHEN t.credit THEN t.amount WHEN t.debit THEN -t.amount ELSE 0 END)
                  FROM ledger_transfer t WHERE t.payment_id = p.payment_id), 0)
                """))
        .as("payments that the ledger does not agree with")
        .isEmpty();
    assertThat(
            store.text(
                """
                SELECT p.payment_id FROM payment p
                CROSS JOIN LATERAL (
                  SELECT coalesce(sum(o.amount) FILTER (WHERE o.status IN ('pending', 'unknown', 'accepted')), 0) AS reserved,
                    coalesce(sum(o.amount) FILTER (WHERE o.status = 'succeeded'), 0) AS refunded
                  FROM operation o WHERE o.payment_id = p.payment_id AND o.kind = 'refund' AND NOT o.gives_back) r
                WHERE p.refund_reserved <> r.reserved OR p.refunded <> r.refunded
                """))
        .as("payments that their refunds do not agree with")
        .isEmpty();
    assertThat(
            store.text(
                """
                SELECT payment_id FROM operation
                WHERE kind <> 'refund' AND NOT gives_back AND status IN ('pending', 'unknown', 'accepted')
                GROUP BY payment_id HAVING count(*) > 1
                """))
        .as("payments with two open operations")
        .isEmpty();
  }

  @Override
  public void close() {
    store.close();
  }
}
