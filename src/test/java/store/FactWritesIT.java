package store;

import static org.assertj.core.api.Assertions.assertThat;
import static store.StoreFixture.ACCOUNT;
import static store.StoreFixture.CAUSE;
import static store.StoreFixture.MERCHANT;
import static store.StoreFixture.charge;
import static store.StoreFixture.result;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ledger.PostingRule;
import ledger.Transfer;
import money.Money;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import payments.AnomalyKind;
import payments.Decline;
import payments.DeclineCode;
import payments.DisputeStatus;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Payment;
import payments.PaymentStatus;
import store.FactWrites.Anomaly;
import store.FactWrites.Change;
import store.FactWrites.DisputeChange;
import store.FactWrites.HoldChange;
import store.FactWrites.RefundAtPsp;
import store.FactWrites.RefundChange;

/** Each effect of a fact is written once, whole, and only over what it was decided on. */
final class FactWritesIT {
  private static final Decline DECLINE =
      new Decline(DeclineCode.GENERIC_DECLINE, "expired_card", "no", null, null);

  private static StoreFixture store;
  private static Database batches;

  /** Several nodes: what one of them writes at once is a batch, and its guards hold within it. */
  private static List<FactWrites> nodes;

  private static final AtomicInteger NEXT = new AtomicInteger();
  private static FactReads reads;

  @BeforeAll
  static void open() {
    store = new StoreFixture();
    batches = Database.openForBatches(store.vertx, store.server.options(), "facts", 8);
    var context = store.vertx.getOrCreateContext();
    var limits = new Batcher.Limits(64, 1, 1_000);
    nodes =
        Stream.generate(
                () ->
                    new FactWrites(
                        store.vertx.getOrCreateContext(),
                        batches,
                        limits,
                        Batcher.BatchObserver.NONE))
            .limit(5)
            .toList();
    reads = new FactReads(context, batches, limits, Batcher.BatchObserver.NONE);
  }

  @AfterAll
  static void close() {
    store.close();
  }

  /** The writes of one node after the other. */
  private static FactWrites writes() {
    return nodes.get(NEXT.getAndIncrement() % nodes.size());
  }

  /** Writes the same at once from many sides; how often it was written. */
  private static long atOnce(Supplier<Future<Boolean>> write) {
    List<Future<Boolean>> all = IntStream.range(0, 20).mapToObj(i -> write.get()).toList();
    result(Future.join(all));
    return all.stream().filter(Future::result).count();
  }

  private static Change change(
      Payment payment, UUID operation, @Nullable Transfer transfer, @Nullable Anomaly anomaly) {
    return new Change(MERCHANT, payment.id(), operation, transfer, anomaly, CAUSE);
  }

  private static Anomaly anomaly(UUID operation, boolean always) {
    return new Anomaly(
        store.ids.next(), operation, AnomalyKind.REFUND_OVER_CAPTURED, "too much", always);
  }

  private static long sequenceOf(Payment payment) {
    long sequence = store.read(payment).sequence();
    String of = " WHERE payment_id = '" + payment.id() + "'";
    assertThat(store.number("SELECT count(*) FROM payment_event" + of)).isEqualTo(sequence);
    assertThat(store.number("SELECT count(*) FROM outbox" + of)).isEqualTo(sequence);
    assertThat(store.number("SELECT count(*) FROM payment_change" + of)).isEqualTo(sequence);
    return sequence;
  }

  private static String lastChange(Payment payment, String expression) {
    return store.text(
        "SELECT "
            + expression
            + " FROM payment_change WHERE payment_id = '"
            + payment.id()
            + "' ORDER BY sequence DESC LIMIT 1");
  }

  /** A payment whose amount is held. */
  private static Payment hold(long minor) {
    Payment payment = store.payment(PaymentStatus.PROCESSING, minor);
    Operation authorize = store.operation(payment, OperationKind.AUTHORIZE, minor);
    result(store.writes.create(StoreFixture.creation(payment, authorize, null)));
    result(
        store.writes.finish(
            StoreFixture.finish(
                authorize,
                OperationStatus.SUCCEEDED,
                Finish.PaymentChange.move(PaymentStatus.PROCESSING, PaymentStatus.REQUIRES_CAPTURE)
                    .amounts(minor, 0)
                    .shows(authorize.id(), null),
                null,
                null)));
    return store.read(payment);
  }

  private static HoldChange ended(Payment payment, PaymentStatus to, long taken) {
    Transfer transfer =
        taken == 0
            ? null
            : PostingRule.CAPTURE.transfer(
                store.ids.next(), charge(payment), ACCOUNT, Money.of(taken, "usd"));
    return new HoldChange(
        change(payment, charge(payment), transfer, null),
        PaymentStatus.REQUIRES_CAPTURE,
        payment.version(),
        to,
        taken,
        to == PaymentStatus.CANCELED ? "automatic" : null,
        StoreFixture.FINISHED_AT,
        null);
  }

  @Test
  void endsAHoldOnce() {
    Payment payment = hold(1_000);
    long before = sequenceOf(payment);
    assertThat(atOnce(() -> writes().holdChanged(ended(payment, PaymentStatus.SUCCEEDED, 700))))
        .isEqualTo(1);
    Payment after = store.read(payment);
    assertThat(after.status()).isEqualTo(PaymentStatus.SUCCEEDED);
    assertThat(after.authorized()).isZero();
    assertThat(after.captured()).isEqualTo(700);
    assertThat(after.version()).isEqualTo(payment.version() + 1);
    assertThat(sequenceOf(payment)).isEqualTo(before + 1);
    assertThat(lastChange(payment, "(payment).status || ' ' || (operation).operation_id"))
        .isEqualTo("succeeded " + charge(payment));
  }

  @Test
  void cancelsAHoldWithItsReasonAndTime() {
    Payment payment = hold(1_000);
    assertThat(result(writes().holdChanged(ended(payment, PaymentStatus.CANCELED, 0)))).isTrue();
    Payment after = store.read(payment);
    assertThat(after.cancellationReason()).isEqualTo("automatic");
    assertThat(after.canceledAt()).isEqualTo(StoreFixture.FINISHED_AT);
  }

  @Test
  void leavesAHoldAloneThatIsNotAsItWasRead() {
    Payment payment = hold(1_000);
    Operation capture = store.operation(payment, OperationKind.CAPTURE, 1_000);
    result(store.writes.begin(StoreFixture.over(payment, PaymentStatus.PROCESSING, capture, null)));
    assertThat(result(writes().holdChanged(ended(payment, PaymentStatus.CANCELED, 0)))).isFalse();
    assertThat(store.read(payment).status()).isEqualTo(PaymentStatus.PROCESSING);
  }

  private static Operation refund(Payment payment, long minor) {
    Operation refund = store.operation(payment, OperationKind.REFUND, minor);
    result(store.writes.reserve(StoreFixture.reservation(refund, null)));
    result(store.writes.finish(store.refunded(refund)));
    return refund;
  }

  @Test
  void reversesARefundOnce() {
    Payment payment = store.taken(1_000);
    Operation refund = refund(payment, 300);
    assertThat(
            atOnce(
                () ->
                    writes()
                        .refundChanged(
                            new RefundChange(
                                change(
                                    payment,
                                    refund.id(),
                                    store.transfer(PostingRule.REFUND_REVERSED, refund),
                                    null),
                                OperationStatus.SUCCEEDED,
                                OperationStatus.FAILED,
                                "re_1",
                                0,
                                -300,
                                DECLINE,
                                null))))
        .isEqualTo(1);
    assertThat(store.read(payment).refunded()).isZero();
    assertThat(store.read(refund).status()).isEqualTo(OperationStatus.FAILED);
    assertThat(store.read(refund).decline()).isEqualTo(DECLINE);
    assertThat(lastChange(payment, "(operation).status")).isEqualTo("failed");
    sequenceOf(payment);
  }

  @Test
  void addsARefundMadeAtThePspOnceAndRaisesWhatItBreaks() {
    Payment payment = store.taken(1_000);
    assertThat(
            atOnce(
                () -> {
                  Operation made = store.atPsp(payment, 1_200, null);
                  return writes()
                      .refundedAtPsp(
                          new RefundAtPsp(
                              change(
                                  payment,
                                  made.id(),
                                  store.transfer(PostingRule.REFUND, made),
                                  anomaly(charge(payment), false)),
                              made,
                              "node",
                              0,
                              1_200,
                              null));
                }))
        .isEqualTo(1);
    assertThat(store.read(payment).refunded()).isEqualTo(1_200);
    assertThat(
            store.number("SELECT count(*) FROM anomaly WHERE payment_id = '" + payment.id() + "'"))
        .isEqualTo(1);
    assertThat(lastChange(payment, "(operation).psp_reference")).isEqualTo("re_of_" + payment.id());
    assertThat(
            store.number(
                "SELECT count(*) FROM operation WHERE recover_at IS NOT NULL AND payment_id = '"
                    + payment.id()
                    + "'"))
        .isZero();
    sequenceOf(payment);
  }

  @Test
  void writesWhatIsToldOfManyPaymentsAtOnceTogether() {
    var statements = new AtomicInteger();
    var node =
        new FactWrites(
            store.vertx.getOrCreateContext(),
            batches,
            new Batcher.Limits(64, 1, 1_000),
            rows -> statements.incrementAndGet());
    List<RefundAtPsp> refunds =
        IntStream.range(0, 20).mapToObj(at -> refundAtPsp(store.taken(1_000))).toList();
    assertThat(result(node.refundedAtPsp(refunds.getFirst()))).isTrue();
    statements.set(0);

    List<Future<Boolean>> written = refunds.stream().map(node::refundedAtPsp).toList();
    result(Future.join(written));

    assertThat(written.getFirst().result()).as("known already").isFalse();
    assertThat(written.subList(1, 20)).allSatisfy(each -> assertThat(each.result()).isTrue());
    assertThat(statements).as("the first alone, most of the rest together").hasValueLessThan(15);
    assertThat(refunds.stream().map(each -> each.change().paymentId()))
        .allSatisfy(
            payment ->
                assertThat(
                        store.number(
                            "SELECT refunded FROM payment WHERE payment_id = '" + payment + "'"))
                    .isEqualTo(400));
  }

  private static RefundAtPsp refundAtPsp(Payment payment) {
    Operation made = store.atPsp(payment, 400, null);
    return new RefundAtPsp(
        change(payment, made.id(), store.transfer(PostingRule.REFUND, made), null),
        made,
        "node",
        0,
        400,
        null);
  }

  @Test
  void raisesNothingWhereNoLimitIsBroken() {
    Payment payment = store.taken(1_000);
    Operation made = store.atPsp(payment, 1_000, DECLINE);
    assertThat(
            result(
                writes()
                    .refundedAtPsp(
                        new RefundAtPsp(
                            change(payment, made.id(), null, anomaly(charge(payment), false)),
                            made,
                            "node",
                            0,
                            0,
                            null))))
        .isTrue();
    assertThat(store.read(made).decline()).isEqualTo(DECLINE);
    assertThat(lastChange(payment, "(operation).result -> 'decline' ->> 'reason'"))
        .as("what is told of it has the reason, too")
        .isEqualTo(DECLINE.code().name());
    assertThat(
            store.number("SELECT count(*) FROM anomaly WHERE payment_id = '" + payment.id() + "'"))
        .isZero();
  }

  private static DisputeChange dispute(
      Payment payment, UUID id, @Nullable DisputeStatus from, DisputeStatus to, long disputed) {
    PostingRule rule =
        switch (to) {
          case INQUIRY, INQUIRY_CLOSED -> null;
          case OPEN -> PostingRule.DISPUTE_OPENED;
          case WON -> PostingRule.DISPUTE_WON;
          case LOST -> PostingRule.DISPUTE_LOST;
        };
    Money amount = Money.of(400, "usd");
    return new DisputeChange(
        change(
            payment,
            charge(payment),
            rule == null ? null : rule.transfer(store.ids.next(), id, ACCOUNT, amount),
            null),
        id,
        false,
        ACCOUNT,
        "dp_of_" + payment.id(),
        from,
        to,
        amount,
        "fraudulent",
        Instant.parse("2026-01-01T00:00:00Z"),
        disputed);
  }

  @Test
  void movesADisputeOnceFromStageToStage() {
    Payment payment = store.taken(1_000);
    assertThat(
            atOnce(
                () ->
                    writes()
                        .disputeChanged(
                            dispute(payment, store.ids.next(), null, DisputeStatus.INQUIRY, 0))))
        .isEqualTo(1);
    UUID id =
        UUID.fromString(
            store.text("SELECT dispute_id FROM dispute WHERE payment_id = '" + payment.id() + "'"));
    assertThat(
            atOnce(
                () ->
                    writes()
                        .disputeChanged(
                            dispute(payment, id, DisputeStatus.INQUIRY, DisputeStatus.OPEN, 400))))
        .isEqualTo(1);
    assertThat(store.read(payment).disputed()).isEqualTo(400);
    assertThat(
            atOnce(
                () ->
                    writes()
                        .disputeChanged(
                            dispute(payment, id, DisputeStatus.OPEN, DisputeStatus.WON, -400))))
        .isEqualTo(1);
    assertThat(store.read(payment).disputed()).isZero();
    assertThat(
            lastChange(
                payment,
                "concat_ws(' ', dispute->>'status', (operation).kind, (operation).status)"))
        .isEqualTo("won authorize succeeded");
    sequenceOf(payment);
  }

  @Test
  void findsByWhatThePspCallsItBeforeOurKey() {
    Payment payment = store.taken(1_000);
    Operation first = refund(payment, 100);
    Operation second = store.operation(payment, OperationKind.REFUND, 100);
    result(store.writes.reserve(StoreFixture.reservation(second, null)));
    var known =
        result(
            reads.look(
                List.of(
                    question(null, "ref_" + first.id()),
                    question(first.pspIdempotencyKey(), "ref_" + first.id()),
                    question(second.pspIdempotencyKey(), "ref_" + first.id()),
                    question(second.pspIdempotencyKey(), "re_new"),
                    question(first.pspIdempotencyKey(), "re_of_another_time"),
                    question(null, "re_nobody"))));
    assertThat(known.stream().map(it -> it.operation() == null ? null : it.operation().id()))
        .as("an operation of another key is not what an object with our key is about")
        .containsExactly(first.id(), first.id(), second.id(), second.id(), null, null);
    assertThat(known.getFirst().payment()).isNotNull();
  }

  private static FactReads.Question question(@Nullable String key, String reference) {
    return new FactReads.Question(
        MERCHANT, ACCOUNT, FactReads.About.REFUND, key, reference, null, true);
  }
}
