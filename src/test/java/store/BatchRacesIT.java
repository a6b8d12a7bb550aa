package store;

import static org.assertj.core.api.Assertions.assertThat;
import static store.Race.Verdict.DUPLICATE;
import static store.Race.Verdict.IN_DOUBT;
import static store.Race.Verdict.REFUSED;
import static store.Race.Verdict.WRITTEN;
import static store.Race.verdict;
import static store.StoreFixture.creation;
import static store.StoreFixture.over;
import static store.StoreFixture.reservation;
import static store.StoreFixture.result;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Payment;
import payments.PaymentStatus;
import store.Race.Sent;
import store.Race.Verdict;
import support.HeldTransaction;

/**
 * Statements of many rows, one of which meets a row that another transaction is just writing: the
 * others do not suffer for it, whatever becomes of that one.
 */
final class BatchRacesIT {
  /** In each batch; the one that meets another transaction is in the middle. */
  private static final int SIZE = 5;

  private static final int MET = 2;

  private static Race race;
  private static StoreFixture store;

  @BeforeAll
  static void open() {
    race = new Race();
    store = race.store;
  }

  @AfterAll
  static void close() {
    race.close();
  }

  @AfterEach
  void audit() {
    race.audit();
  }

  /** A node whose statements are counted, by their rows. */
  private static final class Node {
    final Context context = store.vertx.getOrCreateContext();
    final List<Integer> statements = new CopyOnWriteArrayList<>();
    final PaymentWrites writes =
        new PaymentWrites(
            context,
            Database.openForBatches(store.vertx, store.server.options(), "batches", 1),
            new Batcher.Limits(256, 1, 10_000),
            statements::add);

    /** A row that goes alone, so that all which are given with it go together behind it. */
    List<Future<Verdict>> together(Write alone, List<Write> rows, boolean begins) {
      return onContext(
          Stream.concat(Stream.of(alone), rows.stream())
              .<Supplier<Future<Optional<Long>>>>map(
                  row -> () -> begins ? writes.begin(row) : writes.create(row))
              .toList());
    }

    List<Future<Verdict>> reserveTogether(Operation alone, List<Operation> refunds) {
      return onContext(
          Stream.concat(Stream.of(alone), refunds.stream())
              .<Supplier<Future<Optional<Long>>>>map(
                  refund -> () -> writes.reserve(reservation(refund, null)))
              .toList());
    }

    List<Future<Verdict>> finishTogether(Sent alone, List<Sent> ends) {
      return onContext(
          Stream.concat(Stream.of(alone), ends.stream())
              .<Supplier<Future<Optional<Long>>>>map(
                  sent -> () -> writes.finish(store.captured(sent.operation())))
              .toList());
    }

    /** Without those that went alone. */
    private List<Future<Verdict>> onContext(List<Supplier<Future<Optional<Long>>>> rows) {
      Promise<List<Future<Verdict>>> given = Promise.promise();
      context.runOnContext(
          ignored -> given.complete(rows.stream().map(row -> verdict(row.get())).toList()));
      List<Future<Verdict>> all = result(given.future());
      assertThat(result(all.getFirst())).isEqualTo(WRITTEN);
      return all.subList(1, all.size());
    }
  }

  private static List<Verdict> verdicts(List<Future<Verdict>> rows) {
    return rows.stream().map(StoreFixture::result).toList();
  }

  /** What all of a batch come to, and what the one comes to that met another transaction. */
  private static Verdict[] all(Verdict met) {
    var verdicts = new ArrayList<>(Collections.nCopies(SIZE, WRITTEN));
    verdicts.set(MET, met);
    return verdicts.toArray(Verdict[]::new);
  }

  private static List<Sent> sent() {
    return Stream.generate(() -> race.sent(100, null)).limit(SIZE).toList();
  }

  /** Another node has ended one of the operations, and commits it or not. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anEndThatAnotherNodeIsJustWritingIsLeftOutWhereThatCommits(boolean commits) {
    var node = new Node();
    List<Sent> sent = sent();
    Operation met = sent.get(MET).operation();
    List<Future<Verdict>> rows;
    try (var payment = race.holding(sent.get(MET).payment())) {
      // What the other node writes waits with the operation written, and the batch for that.
      Future<Verdict> other = verdict(race.one.finish(store.captured(met)));
      payment.awaitWaiting(1);
      rows = node.finishTogether(race.sent(100, null), sent);
      payment.awaitWaiting(2);
      if (!commits) {
        payment.killWhoWaits();
        assertThat(result(other)).isEqualTo(IN_DOUBT);
        payment.awaitWaiting(1);
      }
      payment.rollback();
      assertThat(verdicts(rows)).containsExactly(all(commits ? REFUSED : WRITTEN));
      assertThat(result(other)).isEqualTo(commits ? WRITTEN : IN_DOUBT);
    }
    assertThat(node.statements).as("all in one statement").containsExactly(1, SIZE);
    for (Sent each : sent) {
      assertThat(store.read(each.operation()).status()).isEqualTo(OperationStatus.SUCCEEDED);
      assertThat(race.transfers(each.payment())).isOne();
    }
  }

  /** Another node begins something of one of the payments, and commits it or not. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aBeginBesideWhatAnotherNodeIsJustBeginningFailsAloneWhereThatCommits(boolean commits) {
    var node = new Node();
    List<Payment> payments = Stream.generate(() -> race.held(100)).limit(SIZE).toList();
    List<Write> rows = payments.stream().map(BatchRacesIT::capture).toList();
    try (var held = race.beginning(store.ids.next(), payments.get(MET).id(), "void")) {
      List<Future<Verdict>> begun = node.together(capture(race.held(100)), rows, true);
      held.awaitWaiting(1);
      held.end(commits);
      assertThat(verdicts(begun)).containsExactly(all(commits ? DUPLICATE : WRITTEN));
    }
    if (commits) {
      assertThat(node.statements).as("tried singly").containsExactly(1, SIZE, 1, 1, 1, 1, 1);
    } else {
      assertThat(node.statements).containsExactly(1, SIZE);
    }
    for (int at = 0; at < SIZE; at++) {
      assertThat(store.read(payments.get(at)).status())
          .isEqualTo(
              at == MET && commits ? PaymentStatus.REQUIRES_CAPTURE : PaymentStatus.PROCESSING);
    }
  }

  private static Write capture(Payment payment) {
    return over(
        payment,
        PaymentStatus.PROCESSING,
        store.operation(payment, OperationKind.CAPTURE, payment.amount().minor()),
        null);
  }

  /** Another request claims the key of one of the payments, and commits it or not. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPaymentWhoseKeyIsJustBeingClaimedIsNotMadeWhereThatCommits(boolean commits) {
    var node = new Node();
    String key = "batch-" + store.ids.next();
    List<Payment> payments =
        Stream.generate(() -> store.payment(PaymentStatus.PROCESSING, 100)).limit(SIZE).toList();
    var rows = new ArrayList<Write>();
    for (int at = 0; at < SIZE; at++) {
      rows.add(made(payments.get(at), at == MET ? key : key + at));
    }
    try (var held = race.claiming(key)) {
      List<Future<Verdict>> created =
          node.together(made(store.payment(PaymentStatus.PROCESSING, 100), key + "-"), rows, false);
      held.awaitWaiting(1);
      held.end(commits);
      assertThat(verdicts(created)).containsExactly(all(commits ? REFUSED : WRITTEN));
    }
    assertThat(node.statements).containsExactly(1, SIZE);
    for (int at = 0; at < SIZE; at++) {
      Payment payment = payments.get(at);
      assertThat(
              result(store.reads.find(payment.merchantId(), payment.livemode(), payment.id()))
                  .isPresent())
          .isEqualTo(at != MET || !commits);
    }
  }

  private static Write made(Payment payment, String key) {
    return creation(payment, store.operation(payment, OperationKind.AUTHORIZE, 100, key), key);
  }

  /** Another node reserves the rest of one of the payments, and commits it or not. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRefundThatDoesNotFitBesideAnotherNodesIsLeftOutWhereThatCommits(boolean commits) {
    var node = new Node();
    List<Payment> payments = Stream.generate(() -> store.taken(100)).limit(SIZE).toList();
    Payment met = payments.get(MET);
    Operation theirs = store.operation(met, OperationKind.REFUND, 70);
    String key = "theirs-" + met.id();
    try (var held = race.claiming(key)) {
      // It has changed the payment's row and waits for its key.
      Future<Verdict> other = verdict(race.one.reserve(reservation(theirs, key)));
      held.awaitWaiting(1);
      List<Future<Verdict>> reserved =
          node.reserveTogether(
              refund(store.taken(100)), payments.stream().map(BatchRacesIT::refund).toList());
      held.awaitWaiting(2);
      held.end(!commits);
      assertThat(result(other)).isEqualTo(commits ? WRITTEN : DUPLICATE);
      assertThat(verdicts(reserved)).containsExactly(all(commits ? REFUSED : WRITTEN));
    }
    assertThat(node.statements).containsExactly(1, SIZE);
    assertThat(store.read(met).refundReserved()).isEqualTo(commits ? 70 : 60);
  }

  private static Operation refund(Payment payment) {
    return store.operation(payment, OperationKind.REFUND, 60);
  }

  /**
   * Each has one of two payments and waits for the other's: PostgreSQL ends one of them, whose rows
   * then go one by one.
   */
  @Test
  void twoBatchesThatWaitForEachOtherInARingBothGetThrough() {
    var here = new Node();
    var there = new Node();
    Payment p = store.taken(1_000);
    Payment q = store.taken(1_000);
    try (var onP = race.holding(p);
        var onQ = race.holding(q)) {
      List<Future<Verdict>> pq =
          here.reserveTogether(refund(store.taken(100)), List.of(refund(p), refund(q)));
      onP.awaitWaiting(1);
      List<Future<Verdict>> qp =
          there.reserveTogether(refund(store.taken(100)), List.of(refund(q), refund(p)));
      onQ.awaitWaiting(2);
      closeRing(onP, onQ);
      assertThat(verdicts(pq)).containsExactly(WRITTEN, WRITTEN);
      assertThat(verdicts(qp)).containsExactly(WRITTEN, WRITTEN);
    }
    assertOneWasEnded(here, there);
    assertThat(store.read(p).refundReserved()).isEqualTo(120);
    assertThat(store.read(q).refundReserved()).isEqualTo(120);
  }

  /** Who waits for the first row has it then, and waits for the second one like the other. */
  private static void closeRing(HeldTransaction onFirst, HeldTransaction onSecond) {
    onFirst.rollback();
    onSecond.awaitNobodyWaitingFor(onFirst);
    onSecond.awaitWaiting(2);
    onSecond.rollback();
  }

  /** Its rows went again, one by one. */
  private static void assertOneWasEnded(Node here, Node there) {
    assertThat(Stream.of(here.statements, there.statements).map(List::copyOf))
        .as("one of both was ended")
        .containsExactlyInAnyOrder(List.of(1, 2), List.of(1, 2, 1, 1));
  }

  /** Ends lock operations first and payments then; refunds lock payments alone. */
  @Test
  void aBatchOfEndsAndOneOfRefundsThatWaitForEachOtherInARingBothGetThrough() {
    var here = new Node();
    var there = new Node();
    Payment p = store.taken(1_000);
    Payment q = store.taken(1_000);
    Operation refundOfP = race.reserved(p, 10);
    Operation refundOfQ = race.reserved(q, 10);
    Sent alone = race.sent(1, null);
    try (var onP = race.holding(p);
        var onQ = race.holding(q)) {
      List<Future<Verdict>> ends =
          here.onContext(
              List.of(
                  () -> here.writes.finish(store.captured(alone.operation())),
                  () -> here.writes.finish(store.refunded(refundOfP)),
                  () -> here.writes.finish(store.refunded(refundOfQ))));
      onP.awaitWaiting(1);
      List<Future<Verdict>> qp =
          there.reserveTogether(refund(store.taken(100)), List.of(refund(q), refund(p)));
      onQ.awaitWaiting(2);
      closeRing(onP, onQ);
      assertThat(verdicts(ends)).containsExactly(WRITTEN, WRITTEN);
      assertThat(verdicts(qp)).containsExactly(WRITTEN, WRITTEN);
    }
    assertOneWasEnded(here, there);
    for (Payment each : List.of(p, q)) {
      assertThat(store.read(each).refundReserved()).isEqualTo(60);
      assertThat(store.read(each).refunded()).isEqualTo(10);
    }
  }

  /** Nothing of it is written, nobody is told that it is, and what waited behind it goes on. */
  @Test
  void ofABatchWhoseConnectionIsLostEveryRowIsInDoubtAndCanBeWrittenAgain() {
    var node = new Node();
    List<Sent> sent = sent();
    try (var held = race.holding(sent.get(MET).payment())) {
      List<Future<Verdict>> rows = node.finishTogether(race.sent(100, null), sent);
      held.awaitWaiting(1);
      held.killWhoWaits();
      assertThat(verdicts(rows)).containsOnly(IN_DOUBT);
    }
    for (Sent each : sent) {
      assertThat(store.read(each.operation()).status()).isEqualTo(OperationStatus.PENDING);
    }
    assertThat(
            sent.stream()
                .map(each -> result(verdict(node.writes.finish(store.captured(each.operation()))))))
        .containsOnly(WRITTEN);
  }
}
