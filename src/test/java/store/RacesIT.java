package store;

import static org.assertj.core.api.Assertions.assertThat;
import static store.Race.Verdict.DUPLICATE;
import static store.Race.Verdict.IN_DOUBT;
import static store.Race.Verdict.REFUSED;
import static store.Race.Verdict.WRITTEN;
import static store.Race.ordered;
import static store.Race.told;
import static store.Race.verdict;
import static store.StoreFixture.ACCOUNT;
import static store.StoreFixture.CAUSE;
import static store.StoreFixture.MERCHANT;
import static store.StoreFixture.charge;
import static store.StoreFixture.creation;
import static store.StoreFixture.finish;
import static store.StoreFixture.over;
import static store.StoreFixture.reservation;
import static store.StoreFixture.result;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import ledger.PostingRule;
import money.Money;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import payments.AnomalyKind;
import payments.Answer;
import payments.Decline;
import payments.DeclineCode;
import payments.DisputeStatus;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Payment;
import payments.PaymentStatus;
import store.Finish.PaymentChange;
import store.Race.Sent;
import store.Race.Verdict;
import support.HeldTransaction;

/**
 * The races of DESIGN 3 and 4 over one payment or one operation, each in the orders that it can
 * have: the second waits in PostgreSQL for the first, and then finds what the first left.
 */
final class RacesIT {
  private static final Decline NO =
      new Decline(DeclineCode.GENERIC_DECLINE, "raw", "no", null, null);

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

  // ---- one open operation

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofACaptureAndACancelTheFirstBegins(boolean captureFirst) {
    Payment payment = race.held(1_000);
    var kinds = ordered(captureFirst, OperationKind.CAPTURE, OperationKind.VOID);
    Operation first = store.operation(payment, kinds.getFirst(), 1_000);
    Operation second = store.operation(payment, kinds.getLast(), 1_000);
    try (var held = race.holding(payment)) {
      assertThat(
              race.inOrder(
                  held,
                  List.of(
                      begin(race.one, payment, first, null),
                      begin(race.two, payment, second, null))))
          .containsExactly(WRITTEN, REFUSED);
    }
    begun(payment, first, second);
  }

  /** The first has written, and is undone because its key was taken meanwhile. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofACaptureAndACancelTheSecondBeginsWhereTheFirstIsUndone(boolean undone) {
    Payment payment = race.held(1_000);
    Operation capture = store.operation(payment, OperationKind.CAPTURE, 1_000);
    Operation cancel = store.operation(payment, OperationKind.VOID, 1_000);
    String key = "capture-" + payment.id();
    try (var held = race.claiming(key)) {
      assertThat(
              race.inOrder(
                  held,
                  undone,
                  List.of(
                      begin(race.one, payment, capture, key),
                      begin(race.two, payment, cancel, null))))
          .containsExactly(undone ? DUPLICATE : WRITTEN, undone ? WRITTEN : REFUSED);
    }
    begun(payment, undone ? cancel : capture, undone ? capture : cancel);
  }

  private static void begun(Payment before, Operation first, Operation second) {
    Payment now = store.read(before);
    assertThat(now.status()).isEqualTo(PaymentStatus.PROCESSING);
    assertThat(now.version()).isEqualTo(before.version() + 1);
    assertThat(now.sequence()).isEqualTo(before.sequence() + 1);
    assertThat(store.read(first).status()).isEqualTo(OperationStatus.PENDING);
    assertThat(store.found(second)).isEmpty();
  }

  /** What the guard of the payment's row does not see, the index does. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noOperationBeginsBesideOneThatIsJustBeingWritten(boolean commits) {
    Payment payment = race.held(1_000);
    Operation capture = store.operation(payment, OperationKind.CAPTURE, 1_000);
    try (var held = race.beginning(store.ids.next(), payment.id(), "void")) {
      assertThat(race.inOrder(held, commits, List.of(begin(race.one, payment, capture, null))))
          .containsExactly(commits ? DUPLICATE : WRITTEN);
    }
    assertThat(store.read(payment).version()).isEqualTo(payment.version() + (commits ? 0 : 1));
    assertThat(store.found(capture).isPresent()).isNotEqualTo(commits);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofAHoldThatEndsAtThePspAndACaptureTheFirstCounts(boolean endFirst) {
    Payment payment = race.held(1_000);
    Operation capture = store.operation(payment, OperationKind.CAPTURE, 1_000);
    var end =
        new FactWrites.HoldChange(
            Race.change(payment, charge(payment), null, null),
            PaymentStatus.REQUIRES_CAPTURE,
            payment.version(),
            PaymentStatus.CANCELED,
            0,
            "automatic",
            StoreFixture.FINISHED_AT,
            null);
    Supplier<Future<Verdict>> ends = () -> told(race.facts.holdChanged(end));
    try (var held = race.holding(payment)) {
      assertThat(
              race.inOrder(held, ordered(endFirst, ends, begin(race.one, payment, capture, null))))
          .containsExactly(WRITTEN, REFUSED);
    }
    assertThat(store.read(payment).status())
        .isEqualTo(endFirst ? PaymentStatus.CANCELED : PaymentStatus.PROCESSING);
    assertThat(store.found(capture).isPresent()).isNotEqualTo(endFirst);
  }

  private static Supplier<Future<Verdict>> begin(
      PaymentWrites node, Payment payment, Operation operation, @Nullable String key) {
    return () -> verdict(node.begin(over(payment, PaymentStatus.PROCESSING, operation, key)));
  }

  // ---- one key

  /** The first has claimed the key, and is undone because its operation is there already. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofTwoPaymentsUnderOneKeyOneIsMade(boolean firstUndone) {
    Payment first = store.payment(PaymentStatus.PROCESSING, 100);
    Payment second = store.payment(PaymentStatus.PROCESSING, 100);
    String key = "create-" + first.id();
    Operation one = store.operation(first, OperationKind.AUTHORIZE, 100, key);
    Operation other = store.operation(second, OperationKind.AUTHORIZE, 100, key);
    try (var held = race.beginning(one.id(), store.ids.next(), "authorize")) {
      assertThat(
              race.inOrder(
                  held,
                  firstUndone,
                  List.of(
                      () -> verdict(race.one.create(creation(first, one, key))),
                      () -> verdict(race.two.create(creation(second, other, key))))))
          .containsExactly(firstUndone ? DUPLICATE : WRITTEN, firstUndone ? WRITTEN : REFUSED);
    }
    assertThat(result(store.keys.find(MERCHANT, false, key)).orElseThrow().operationId())
        .isEqualTo(firstUndone ? other.id() : one.id());
    assertThat(
            store.number(
                "SELECT count(*) FROM payment WHERE payment_id IN ('%s', '%s')"
                    .formatted(first.id(), second.id())))
        .isOne();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aKeyThatIsJustBeingClaimedIsWaitedFor(boolean commits) {
    String key = "claimed-" + store.ids.next();
    var context = StoreFixture.context(key);
    try (var held = race.claiming(key)) {
      Future<Boolean> claim =
          store
              .keys
              .claim(
                  context,
                  java.util.Objects.requireNonNull(context.idempotency()),
                  store.ids.next())
              .map(java.util.Optional::isPresent);
      held.awaitWaiting(1);
      held.end(commits);
      assertThat(result(claim)).isNotEqualTo(commits);
    }
  }

  // ---- amounts

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofTwoRefundsThatDoNotBothFitTheFirstIsReserved(boolean smallFirst) {
    Payment payment = store.taken(1_000);
    var amounts = ordered(smallFirst, 600L, 700L);
    Operation first = store.operation(payment, OperationKind.REFUND, amounts.getFirst());
    Operation second = store.operation(payment, OperationKind.REFUND, amounts.getLast());
    try (var held = race.holding(payment)) {
      assertThat(
              race.inOrder(
                  held, List.of(reserve(race.one, first, null), reserve(race.two, second, null))))
          .containsExactly(WRITTEN, REFUSED);
    }
    assertThat(store.read(payment).refundReserved()).isEqualTo(amounts.getFirst());
    assertThat(store.found(second)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofTwoRefundsTheSecondIsReservedWhereTheFirstIsUndone(boolean undone) {
    Payment payment = store.taken(1_000);
    Operation first = store.operation(payment, OperationKind.REFUND, 600);
    Operation second = store.operation(payment, OperationKind.REFUND, 700);
    String key = "refund-" + payment.id();
    try (var held = race.claiming(key)) {
      assertThat(
              race.inOrder(
                  held,
                  undone,
                  List.of(reserve(race.one, first, key), reserve(race.two, second, null))))
          .containsExactly(undone ? DUPLICATE : WRITTEN, undone ? WRITTEN : REFUSED);
    }
    assertThat(store.read(payment).refundReserved()).isEqualTo(undone ? 700 : 600);
  }

  @Test
  void ofOneRefundThatIsAskedForAtTwoNodesUnderOneKeyOneIsReserved() {
    Payment payment = store.taken(1_000);
    Operation first = store.operation(payment, OperationKind.REFUND, 300);
    Operation second = store.operation(payment, OperationKind.REFUND, 300);
    String key = "once-" + payment.id();
    try (var held = race.holding(payment)) {
      assertThat(
              race.inOrder(
                  held, List.of(reserve(race.one, first, key), reserve(race.two, second, key))))
          .containsExactly(WRITTEN, DUPLICATE);
    }
    assertThat(store.read(payment).refundReserved()).isEqualTo(300);
    assertThat(result(store.keys.find(MERCHANT, false, key)).orElseThrow().operationId())
        .isEqualTo(first.id());
  }

  /** Till it has failed, and that is committed, its amount is not there for others. */
  @Test
  void aRefundThatFailsMakesRoomForTheNextOneOnceItHasFailed() {
    Payment payment = store.taken(1_000);
    Operation failing = race.reserved(payment, 800);
    Operation next = store.operation(payment, OperationKind.REFUND, 500);
    try (var held = race.holding(payment)) {
      Future<Verdict> fails =
          verdict(
              race.one.finish(
                  finish(
                      failing,
                      OperationStatus.FAILED,
                      PaymentChange.counters(-800, 0),
                      null,
                      null)));
      held.awaitWaiting(1);
      assertThat(result(reserve(race.two, next, null).get())).isEqualTo(REFUSED);
      held.rollback();
      assertThat(result(fails)).isEqualTo(WRITTEN);
    }
    assertThat(result(reserve(race.two, next, null).get())).isEqualTo(WRITTEN);
    assertThat(store.read(payment).refundReserved()).isEqualTo(500);
  }

  /** Limits bind what we are asked, never what has happened. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRefundThatWasMadeAtThePspIsBookedWhicheverIsFirst(boolean factFirst) {
    Payment payment = store.taken(1_000);
    Operation ours = store.operation(payment, OperationKind.REFUND, 600);
    Operation theirs = store.atPsp(payment, 700, null);
    var fact =
        new FactWrites.RefundAtPsp(
            Race.change(
                payment,
                theirs.id(),
                store.transfer(PostingRule.REFUND, theirs),
                race.over(payment)),
            theirs,
            "node",
            0,
            700,
            null);
    Supplier<Future<Verdict>> tells = () -> told(race.facts.refundedAtPsp(fact));
    try (var held = race.holding(payment)) {
      assertThat(race.inOrder(held, ordered(factFirst, tells, reserve(race.one, ours, null))))
          .containsExactly(WRITTEN, factFirst ? REFUSED : WRITTEN);
    }
    Payment now = store.read(payment);
    assertThat(now.refunded()).isEqualTo(700);
    assertThat(now.refundReserved()).isEqualTo(factFirst ? 0 : 600);
    assertThat(race.anomalies(payment)).as("of what breaks the limit").isEqualTo(factFirst ? 0 : 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDisputeIsBookedWhicheverIsFirst(boolean disputeFirst) {
    Payment payment = store.taken(1_000);
    Operation ours = store.operation(payment, OperationKind.REFUND, 600);
    Money amount = Money.of(700, "usd");
    var id = store.ids.next();
    var dispute =
        new FactWrites.DisputeChange(
            Race.change(
                payment,
                charge(payment),
                PostingRule.DISPUTE_OPENED.transfer(store.ids.next(), id, ACCOUNT, amount),
                race.over(payment)),
            id,
            false,
            ACCOUNT,
            "dp_" + payment.id(),
            null,
            DisputeStatus.OPEN,
            amount,
            "fraudulent",
            Instant.parse("2026-01-01T00:00:00Z"),
            700);
    Supplier<Future<Verdict>> opens = () -> told(race.facts.disputeChanged(dispute));
    try (var held = race.holding(payment)) {
      assertThat(race.inOrder(held, ordered(disputeFirst, opens, reserve(race.one, ours, null))))
          .containsExactly(WRITTEN, disputeFirst ? REFUSED : WRITTEN);
    }
    assertThat(store.read(payment).disputed()).isEqualTo(700);
    assertThat(race.anomalies(payment)).isEqualTo(disputeFirst ? 0 : 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCaptureThatFailsAfterAllIsUndoneWhicheverIsFirst(boolean failsFirst) {
    Payment payment = store.taken(1_000);
    Operation refund = store.operation(payment, OperationKind.REFUND, 600);
    var reversal =
        new FactWrites.CaptureReversal(
            Race.change(
                payment,
                charge(payment),
                PostingRule.CAPTURE_REVERSED.transfer(
                    store.ids.next(), charge(payment), ACCOUNT, payment.amount()),
                new FactWrites.Anomaly(
                    store.ids.next(),
                    charge(payment),
                    AnomalyKind.CAPTURE_CONTRADICTED,
                    "failed",
                    true)),
            payment.version(),
            PaymentStatus.REQUIRES_CAPTURE,
            NO,
            race.over(payment));
    Supplier<Future<Verdict>> fails = () -> told(race.facts.captureReversed(reversal));
    try (var held = race.holding(payment)) {
      assertThat(race.inOrder(held, ordered(failsFirst, fails, reserve(race.one, refund, null))))
          .containsExactly(WRITTEN, failsFirst ? REFUSED : WRITTEN);
    }
    assertThat(store.read(payment).captured()).isZero();
    assertThat(race.anomalies(payment)).isEqualTo(failsFirst ? 1 : 2);
  }

  private static Supplier<Future<Verdict>> reserve(
      PaymentWrites node, Operation refund, @Nullable String key) {
    return () -> verdict(node.reserve(reservation(refund, key)));
  }

  // ---- three writers

  /**
   * All three decided on the operation as it was when it was sent. The first word counts, but that
   * the outcome is not known is no end: a success is written over it, and a decline, of a stage
   * that is over, is not.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "succeeded failed unknown",
        "succeeded unknown failed",
        "failed succeeded unknown",
        "failed unknown succeeded",
        "unknown succeeded failed",
        "unknown failed succeeded"
      })
  void ofThreeWritersOneEndsAnOperationAndTheFirstAnswerStays(String order) {
    String key = "three-" + store.ids.next();
    Sent sent = race.sent(1_000, key);
    List<String> words = List.of(order.split(" "));
    var nodes = List.of(race.one, race.two, race.three);
    List<Supplier<Future<Verdict>>> writers =
        java.util.stream.IntStream.range(0, 3)
            .<Supplier<Future<Verdict>>>mapToObj(
                at -> () -> verdict(nodes.get(at).finish(word(sent.operation(), words.get(at)))))
            .toList();
    List<Verdict> verdicts;
    try (var held = race.holding(sent.operation())) {
      verdicts = race.inOrder(held, writers);
    }
    String end = words.getFirst().equals("unknown") ? "succeeded" : words.getFirst();
    for (int at = 0; at < 3; at++) {
      boolean counts = at == 0 || (words.getFirst().equals("unknown") && words.get(at).equals(end));
      assertThat(verdicts.get(at)).as(words.get(at)).isEqualTo(counts ? WRITTEN : REFUSED);
    }
    boolean taken = end.equals("succeeded");
    assertThat(store.read(sent.operation()).status().wire()).isEqualTo(end);
    Payment payment = store.read(sent.payment());
    assertThat(payment.captured()).isEqualTo(taken ? 1_000 : 0);
    assertThat(payment.status())
        .isEqualTo(taken ? PaymentStatus.SUCCEEDED : PaymentStatus.REQUIRES_PAYMENT_METHOD);
    assertThat(race.transfers(payment)).isEqualTo(taken ? 1 : 0);
    assertThat(result(store.keys.find(MERCHANT, false, key)).orElseThrow().answer())
        .isEqualTo(new Answer(200, words.getFirst(), true));
  }

  private static Finish word(Operation operation, String word) {
    var answer = new Answer(200, word, false);
    return switch (word) {
      case "succeeded" ->
          finish(
              operation,
              OperationStatus.SUCCEEDED,
              PaymentChange.move(PaymentStatus.PROCESSING, PaymentStatus.SUCCEEDED)
                  .amounts(0, operation.amount().minor())
                  .shows(operation.id(), null),
              store.transfer(PostingRule.CAPTURE, operation),
              answer);
      case "failed" -> declined(operation, answer);
      default -> finish(operation, OperationStatus.UNKNOWN, PaymentChange.NONE, null, answer);
    };
  }

  private static Finish declined(Operation operation, @Nullable Answer answer) {
    return finish(
        operation,
        OperationStatus.FAILED,
        PaymentChange.move(PaymentStatus.PROCESSING, PaymentStatus.REQUIRES_PAYMENT_METHOD)
            .error(NO),
        null,
        answer);
  }

  /** The first has written the operation, and its node dies before the payment's row is its own. */
  @Test
  void whereANodeDiesWithAnEndHalfWrittenTheNextOneWritesItWhole() {
    Sent sent = race.sent(700, null);
    try (var held = race.holding(sent.payment())) {
      Future<Verdict> dying = verdict(race.one.finish(store.captured(sent.operation())));
      held.awaitWaiting(1);
      Future<Verdict> next = verdict(race.two.finish(store.captured(sent.operation())));
      held.awaitWaiting(2);
      held.killWhoWaits();
      assertThat(result(dying)).isEqualTo(IN_DOUBT);
      held.awaitWaiting(1);
      held.rollback();
      assertThat(result(next)).isEqualTo(WRITTEN);
    }
    assertThat(result(verdict(race.one.finish(store.captured(sent.operation())))))
        .isEqualTo(REFUSED);
    assertThat(store.read(sent.payment()).captured()).isEqualTo(700);
    assertThat(race.transfers(sent.payment())).isOne();
  }

  /** Recovery finds that it came too late, while a webhook tells the same success. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSuccessIsKeptOrGivenBackButNotBoth(boolean keptFirst) {
    Sent sent = race.sent(700, null);
    Supplier<Future<Verdict>> kept =
        () -> verdict(race.one.finish(store.captured(sent.operation())));
    Supplier<Future<Verdict>> late =
        () ->
            told(
                store.log.finishLate(
                    canceledLate(sent.operation()),
                    anomaly(sent.operation()),
                    store.giveBack(sent.operation())));
    try (var held = race.holding(sent.operation())) {
      assertThat(race.inOrder(held, ordered(keptFirst, kept, late)))
          .containsExactly(WRITTEN, REFUSED);
    }
    assertThat(store.text("SELECT rule FROM ledger_transfer WHERE " + Race.of(sent.payment())))
        .isEqualTo(keptFirst ? "capture" : "late_capture");
    assertThat(race.anomalies(sent.payment())).isEqualTo(keptFirst ? 0 : 1);
    assertThat(givesBack(sent.payment())).isEqualTo(keptFirst ? 0 : 1);
  }

  /** The first has raised what is told once, and its node may die before it has booked it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSuccessOfWhatIsClosedIsBookedOnceWhoeverTellsIt(boolean firstDies) {
    Sent sent = race.sent(700, null);
    result(store.writes.finish(declined(sent.operation(), null)));
    Operation closed = store.read(sent.operation());
    try (var held = race.holding(sent.payment())) {
      Future<Verdict> first = told(store.log.bookLate(late(closed)));
      held.awaitWaiting(1);
      Future<Verdict> second = told(store.log.bookLate(late(closed)));
      held.awaitWaiting(2);
      if (firstDies) {
        held.killWhoWaits();
        assertThat(result(first)).isEqualTo(IN_DOUBT);
        held.awaitWaiting(1);
      }
      held.rollback();
      assertThat(result(first)).isEqualTo(firstDies ? IN_DOUBT : WRITTEN);
      assertThat(result(second)).isEqualTo(firstDies ? WRITTEN : REFUSED);
    }
    assertThat(race.transfers(sent.payment())).isOne();
    assertThat(race.anomalies(sent.payment())).isOne();
    assertThat(givesBack(sent.payment())).isOne();
  }

  private static long givesBack(Payment payment) {
    return store.number("SELECT count(*) FROM operation WHERE gives_back AND " + Race.of(payment));
  }

  private static Finish canceledLate(Operation operation) {
    return finish(
        operation,
        OperationStatus.CANCELED,
        PaymentChange.move(PaymentStatus.PROCESSING, PaymentStatus.CANCELED),
        store.transfer(PostingRule.LATE_CAPTURE, operation),
        null);
  }

  private static LateBooking late(Operation closed) {
    return new LateBooking(
        closed,
        "psp_late",
        store.transfer(PostingRule.LATE_CAPTURE, closed),
        anomaly(closed),
        store.giveBack(closed),
        null,
        CAUSE);
  }

  private static OperationLog.Anomaly anomaly(Operation operation) {
    return new OperationLog.Anomaly(store.ids.next(), operation, AnomalyKind.LATE_SUCCESS, "told");
  }

  // ---- recovery's claim, and a failover

  /** Who has claimed it may send it again, so that only a success counts that was told before. */
  @ParameterizedTest
  @ValueSource(strings = {"succeeded", "failed"})
  void aClaimedOperationIsEndedByASuccessOnlyAndAnEndedOneIsNotClaimed(String word) {
    for (boolean claimFirst : new boolean[] {true, false}) {
      Sent sent = due();
      try (var held = race.holding(sent.operation())) {
        boolean counts = !claimFirst || word.equals("succeeded");
        assertThat(
                race.inOrder(
                    held,
                    ordered(
                        claimFirst,
                        claim(sent, "node-1"),
                        () -> verdict(race.one.finish(word(sent.operation(), word))))))
            .as("claimed first: " + claimFirst)
            .containsExactly(WRITTEN, claimFirst && counts ? WRITTEN : REFUSED);
      }
      assertThat(store.read(sent.operation()).attempts()).isEqualTo(claimFirst ? 2 : 1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofTwoNodesOneClaimsWhatIsDueAndTheOtherWhereTheFirstDies(boolean firstDies) {
    Sent sent = due();
    try (var held = race.holding(sent.operation())) {
      Future<Verdict> first = claim(sent, "node-1").get();
      held.awaitWaiting(1);
      Future<Verdict> second = claim(sent, "node-2").get();
      held.awaitWaiting(2);
      if (firstDies) {
        held.killWhoWaits();
        assertThat(result(first)).isEqualTo(IN_DOUBT);
        held.awaitWaiting(1);
      }
      held.rollback();
      assertThat(result(first)).isEqualTo(firstDies ? IN_DOUBT : WRITTEN);
      assertThat(result(second)).isEqualTo(firstDies ? WRITTEN : REFUSED);
    }
    assertThat(store.read(sent.operation()).attempts()).as("sent so often at most").isEqualTo(2);
  }

  /** Once it may have been sent again, that nothing was charged is not proved any more. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofAFailoverAndAClaimTheFirstHasTheOperation(boolean claimFirst) {
    Sent sent = due();
    Operation next = store.operation(sent.payment(), OperationKind.AUTHORIZE, 700);
    try (var held = race.holding(sent.operation())) {
      assertThat(
              race.inOrder(held, ordered(claimFirst, claim(sent, "other"), failOver(sent, next))))
          .containsExactly(WRITTEN, REFUSED);
    }
    assertThat(store.found(next).isPresent()).isNotEqualTo(claimFirst);
    assertThat(store.read(sent.operation()).status())
        .isEqualTo(claimFirst ? OperationStatus.PENDING : OperationStatus.FAILED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"succeeded", "failed", "unknown"})
  void ofAFailoverAndAnotherWordTheFirstCounts(String word) {
    for (boolean failoverFirst : new boolean[] {true, false}) {
      Sent sent = race.sent(700, null);
      Operation next = store.operation(sent.payment(), OperationKind.AUTHORIZE, 700);
      try (var held = race.holding(sent.operation())) {
        assertThat(
                race.inOrder(
                    held,
                    ordered(
                        failoverFirst,
                        failOver(sent, next),
                        () -> verdict(race.two.finish(word(sent.operation(), word))))))
            .as("failover first: " + failoverFirst)
            .containsExactly(WRITTEN, REFUSED);
      }
      assertThat(store.found(next).isPresent()).isEqualTo(failoverFirst);
      assertThat(store.read(sent.operation()).status().wire())
          .isEqualTo(failoverFirst ? "failed" : word);
    }
  }

  private static Supplier<Future<Verdict>> failOver(Sent sent, Operation next) {
    return () ->
        verdict(
            race.three.failOver(
                new FailOver(
                    sent.payment(),
                    finish(
                        sent.operation(), OperationStatus.FAILED, PaymentChange.NONE, null, null),
                    StoreFixture.begin(next),
                    "authorize_begun")));
  }

  /** One that its request has in hand for longer than it may. */
  private static Sent due() {
    Sent sent = race.sent(700, null);
    store.change(
        "UPDATE operation SET recover_at = now() - interval '1 minute' WHERE operation_id = '"
            + sent.operation().id()
            + "'");
    return sent;
  }

  private static Supplier<Future<Verdict>> claim(Sent sent, String node) {
    return () ->
        told(
            store
                .log
                .claimDue(List.of(Lanes.of(sent.payment().id())), 100, 60_000, node)
                .map(
                    claimed ->
                        claimed.stream().anyMatch(it -> it.id().equals(sent.operation().id()))));
  }

  // ---- lanes, and places in the event log

  @Test
  void ofTwoNodesThatWantALaneTheFirstHasIt() {
    var leases = new LaneLeases(store.database);
    result(leases.renew("gone", 60_000));
    store.change("DELETE FROM node; UPDATE lane_lease SET leased_until = now() - interval '1 s'");
    try (var held = HeldTransaction.locking(store.server, "lane_lease", "lane = 0")) {
      Future<List<Integer>> first = leases.renew("node-1", 60_000);
      held.awaitWaiting(1);
      Future<List<Integer>> second = leases.renew("node-2", 60_000);
      held.awaitWaiting(2);
      held.rollback();
      assertThat(result(first)).contains(0);
      assertThat(result(second)).doesNotContainAnyElementsOf(result(first));
    }
  }

  @Test
  void ofTwoNodesThatMoveAChangeToTheEventLogTheFirstDoes() {
    Sent sent = race.sent(700, null);
    int lane = Lanes.of(sent.payment().id());
    var outbox = new Outbox(store.database);
    List<Outbox.Move> moves =
        result(outbox.oldest(0, List.of(lane), 1_000)).stream()
            .map(change -> new Outbox.Move(change, List.of()))
            .toList();
    long there = store.number("SELECT count(*) FROM event_log WHERE lane = " + lane);
    try (var held = HeldTransaction.locking(store.server, "event_lane", "lane = " + lane)) {
      Future<Outbox.Moved> first = outbox.move(moves);
      held.awaitWaiting(1);
      Future<Outbox.Moved> second = outbox.move(moves);
      held.awaitWaiting(2);
      held.rollback();
      assertThat(result(first).changes()).isEqualTo(moves.size()).isPositive();
      assertThat(result(second).changes()).isZero();
    }
    assertThat(store.number("SELECT count(*) FROM event_log WHERE lane = " + lane))
        .isEqualTo(there + moves.size());
  }
}
