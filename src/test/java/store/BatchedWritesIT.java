package store;

import static org.assertj.core.api.Assertions.assertThat;
import static store.StoreFixture.creation;
import static store.StoreFixture.failure;
import static store.StoreFixture.reservation;
import static store.StoreFixture.result;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import payments.Operation;
import payments.OperationKind;
import payments.Payment;
import payments.PaymentStatus;

/** The durable steps of many payments and of two nodes at once, as they meet in batches. */
final class BatchedWritesIT {
  private static StoreFixture store;

  @BeforeAll
  static void open() {
    store = new StoreFixture();
  }

  @AfterAll
  static void close() {
    store.close();
  }

  @Test
  void letsOneOfManyCreatesUnderOneKeyThrough() {
    var nodes = List.of(store.writes, store.node());
    var creates = new ArrayList<Future<Optional<Long>>>();
    for (int at = 0; at < 60; at++) {
      Payment payment = store.payment(PaymentStatus.PROCESSING, 100);
      Operation operation = store.operation(payment, OperationKind.AUTHORIZE, 100);
      creates.add(nodes.get(at % 2).create(creation(payment, operation, "same-key")));
    }
    assertThat(creates.stream().filter(each -> result(each).isPresent())).hasSize(1);
    assertThat(
            store.number(
                "SELECT count(*) FROM operation WHERE idempotency_key IS NULL AND operation_id IN"
                    + " (SELECT operation_id FROM idempotency_key WHERE key = 'same-key')"))
        .isOne();
  }

  @Test
  void booksAFinishOnceHoweverOftenAndWhereverItIsWritten() {
    Payment payment = store.payment(PaymentStatus.PROCESSING, 700);
    Operation operation = store.operation(payment, OperationKind.AUTHORIZE, 700);
    result(store.writes.create(creation(payment, operation, null)));
    var other = store.node();
    var finishes = new ArrayList<Future<Optional<Long>>>();
    for (int at = 0; at < 20; at++) {
      finishes.add((at % 2 == 0 ? store.writes : other).finish(store.captured(operation)));
    }
    assertThat(finishes.stream().filter(each -> result(each).isPresent())).hasSize(1);
    assertThat(store.read(payment).captured()).isEqualTo(700);
    assertThat(transfers(payment)).isOne();
    assertThat(events(payment)).isEqualTo(2);
  }

  @Test
  void failsOnlyThePoisonRowsOfABatchOfFifty() {
    var good = new ArrayList<Future<Optional<Long>>>();
    var poison = new ArrayList<Future<Optional<Long>>>();
    int before = store.statements.get();
    for (int at = 0; at < 50; at++) {
      Payment payment = store.payment(PaymentStatus.PROCESSING, 100);
      Operation operation = store.operation(payment, OperationKind.AUTHORIZE, 100);
      switch (at) {
        case 20 -> poison.add(store.writes.create(creation(withNul(payment), operation, null)));
        case 30 -> {
          // The same operation for two payments, which the primary key refuses.
          good.add(store.writes.create(creation(payment, operation, null)));
          poison.add(
              store.writes.create(
                  creation(store.payment(PaymentStatus.PROCESSING, 100), operation, null)));
        }
        default -> good.add(store.writes.create(creation(payment, operation, null)));
      }
    }
    good.forEach(each -> assertThat(result(each)).isPresent());
    poison.forEach(each -> assertThat(failure(each)).isInstanceOf(StoreException.Refused.class));
    assertThat(store.statements.get() - before)
        .as("they met in a batch, whose rows were then tried singly")
        .isLessThan(60);
  }

  private static Payment withNul(Payment payment) {
    return new Payment(
        payment.merchantId(),
        payment.livemode(),
        payment.id(),
        payment.status(),
        1,
        payment.amount(),
        payment.captureMethod(),
        0,
        0,
        0,
        0,
        0,
        null,
        null,
        null,
        "secret",
        StoreFixture.metadata("bad", "a\u0000b"),
        null,
        null,
        null,
        null,
        1);
  }

  @Test
  void neverReservesMoreThanWasCapturedOfAThousandRefundsOnTwoNodes() {
    Payment payment = store.taken(100_000);
    var nodes = List.of(store.node(), store.node());
    var refunds = new ArrayList<Operation>();
    var reserved = new ArrayList<Future<Optional<Long>>>();
    for (int at = 0; at < 1_000; at++) {
      Operation refund = store.operation(payment, OperationKind.REFUND, 301);
      refunds.add(refund);
      reserved.add(nodes.get(at % 2).reserve(reservation(refund, null)));
    }
    var fitting = new ArrayList<Operation>();
    for (int at = 0; at < refunds.size(); at++) {
      if (result(reserved.get(at)).isPresent()) {
        fitting.add(refunds.get(at));
      }
    }
    assertThat(fitting).hasSize(100_000 / 301);
    assertThat(store.read(payment).refundReserved()).isEqualTo(100_000 / 301 * 301L);
    assertThat(
            store.number(
                "SELECT count(*) FROM operation WHERE kind = 'refund' AND payment_id = '"
                    + payment.id()
                    + "'"))
        .isEqualTo(fitting.size());

    var finished = new ArrayList<Future<Optional<Long>>>();
    for (int at = 0; at < fitting.size(); at++) {
      finished.add(nodes.get(at % 2).finish(store.refunded(fitting.get(at))));
    }
    finished.forEach(each -> assertThat(result(each)).isPresent());
    Payment after = store.read(payment);
    assertThat(after.refundReserved()).isZero();
    assertThat(after.refunded()).isEqualTo(100_000 / 301 * 301L);
    assertThat(events(payment)).as("no gap in its history").isEqualTo(after.sequence());
  }

  @Test
  void twoNodesThatWriteTheSamePaymentsInOtherOrdersBothGetThrough() {
    var payments = new ArrayList<Payment>();
    for (int at = 0; at < 40; at++) {
      payments.add(store.taken(1_000_000));
    }
    var nodes = List.of(store.node(), store.node());
    var random = new Random(7);
    int written = 0;
    for (int round = 0; round < 15; round++) {
      var reserved = new ArrayList<Future<Optional<Long>>>();
      for (PaymentWrites node : nodes) {
        var order = new ArrayList<>(payments);
        Collections.shuffle(order, random);
        for (Payment payment : order) {
          Operation refund = store.operation(payment, OperationKind.REFUND, 10);
          reserved.add(retried(() -> node.reserve(reservation(refund, null)), 5));
        }
      }
      for (Future<Optional<Long>> each : reserved) {
        assertThat(result(each)).isPresent();
        written++;
      }
    }
    assertThat(payments.stream().mapToLong(payment -> store.read(payment).refundReserved()).sum())
        .isEqualTo(written * 10L);
  }

  /** As the flows do: a deadlock's victim has written nothing and tries again. */
  private static Future<Optional<Long>> retried(
      java.util.function.Supplier<Future<Optional<Long>>> write, int tries) {
    return write
        .get()
        .recover(
            cause ->
                tries > 1 && cause instanceof StoreException.Refused refused && refused.passing()
                    ? retried(write, tries - 1)
                    : Future.failedFuture(cause));
  }

  private static long transfers(Payment payment) {
    return store.number(
        "SELECT count(*) FROM ledger_transfer WHERE payment_id = '" + payment.id() + "'");
  }

  private static long events(Payment payment) {
    return store.number(
        "SELECT count(*) FROM payment_event WHERE payment_id = '" + payment.id() + "'");
  }
}
