package store;

import static org.assertj.core.api.Assertions.assertThat;
import static store.StoreFixture.creation;
import static store.StoreFixture.finish;
import static store.StoreFixture.result;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import ledger.PostingRule;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import payments.AnomalyKind;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Payment;
import payments.PaymentStatus;
import store.Finish.PaymentChange;

/** The operation log as recovery on several nodes sees it. */
final class OperationLogIT {
  private static final List<Integer> ALL_LANES = IntStream.range(0, Lanes.COUNT).boxed().toList();
  private static StoreFixture store;

  @BeforeAll
  static void open() {
    store = new StoreFixture();
  }

  @BeforeEach
  void nothingDue() {
    store.server.execute("UPDATE operation SET recover_at = NULL");
  }

  @AfterAll
  static void close() {
    store.close();
  }

  @Test
  void givesARowThatIsDueToOneNodeAndAgainAfterACrash() {
    var open = new ArrayList<UUID>();
    for (int at = 0; at < 40; at++) {
      open.add(due().id());
    }
    var claims = new ArrayList<Future<List<Operation>>>();
    for (int at = 0; at < 6; at++) {
      claims.add(store.log.claimDue(ALL_LANES, 15, 60_000, "node-" + at));
    }
    var claimed = new ArrayList<>(claims.stream().flatMap(each -> result(each).stream()).toList());
    claimed.addAll(result(store.log.claimDue(ALL_LANES, 100, 60_000, "last")));
    assertThat(claimed.stream().map(Operation::id)).containsExactlyInAnyOrderElementsOf(open);
    assertThat(claimed).allSatisfy(it -> assertThat(it.attempts()).isEqualTo(2));
    assertThat(result(store.log.claimDue(ALL_LANES, 100, 60_000, "later"))).isEmpty();

    // The claimers crashed and their claims ran out.
    store.server.execute(
        "UPDATE operation SET recover_at = now() - interval '1 second' WHERE recover_at IS NOT"
            + " NULL");
    assertThat(result(store.log.claimDue(ALL_LANES, 100, 60_000, "later")))
        .hasSize(40)
        .allSatisfy(it -> assertThat(it.attempts()).isEqualTo(3));
  }

  @Test
  void claimsOnlyItsOwnLanesAndNothingThatIsClosed() {
    Operation mine = due();
    int lane = Lanes.of(mine.paymentId());
    var others = ALL_LANES.stream().filter(it -> it != lane).toList();
    assertThat(result(store.log.claimDue(others, 100, 60_000, "n"))).isEmpty();
    store.server.execute(
        "UPDATE operation SET status = 'succeeded' WHERE operation_id = '" + mine.id() + "'");
    assertThat(result(store.log.claimDue(List.of(lane), 100, 60_000, "n"))).isEmpty();
  }

  @Test
  void adoptsOnlyWhatThisNodeLeftInFlight() {
    Operation mine = begun();
    Operation unknown = begun();
    Operation others = begun();
    store.server.execute(
        "UPDATE operation SET status = 'unknown' WHERE operation_id = '" + unknown.id() + "'");
    store.server.execute(
        "UPDATE operation SET node = 'another' WHERE operation_id = '" + others.id() + "'");
    assertThat(result(store.log.adopt("node_test"))).isOne();
    assertThat(result(store.log.claimDue(ALL_LANES, 10, 60_000, "n")).stream().map(Operation::id))
        .containsExactly(mine.id());
  }

  @Test
  void reschedulesNothingThatIsClosed() {
    Operation operation = begun();
    assertThat(result(store.log.reschedule(operation, 0L, "why", "ref"))).isTrue();
    assertThat(store.read(operation).pspReference()).isEqualTo("ref");
    assertThat(
            store.server.number(
                "SELECT count(*) FROM operation WHERE held_reason IS NOT NULL AND operation_id = '"
                    + operation.id()
                    + "'"))
        .isEqualTo(1);
    result(store.writes.finish(store.captured(operation)));
    Operation closed = store.read(operation);
    assertThat(closed.heldReason()).isNull();
    assertThat(result(store.log.reschedule(operation, 0L, null, null))).isFalse();
    assertThat(result(store.log.reschedule(closed, 0L, null, null))).isFalse();
    assertThat(result(store.log.claimDue(ALL_LANES, 10, 60_000, "n"))).isEmpty();
  }

  @Test
  void booksALateSuccessOnceHoweverManyTellIt() {
    Operation open = begun();
    var told = new ArrayList<Future<Boolean>>();
    for (int at = 0; at < 12; at++) {
      Finish late =
          finish(
              open,
              OperationStatus.CANCELED,
              PaymentChange.move(PaymentStatus.PROCESSING, PaymentStatus.CANCELED),
              store.transfer(PostingRule.LATE_CAPTURE, open),
              null);
      told.add(store.log.finishLate(late, anomaly(open), store.giveBack(open)));
    }
    assertThat(told.stream().filter(StoreFixture::result)).hasSize(1);
    assertBookedOnce(open);
  }

  @Test
  void booksTheLateSuccessOfAClosedOperationOnce() {
    Operation open = begun();
    result(
        store.writes.finish(
            finish(
                open,
                OperationStatus.FAILED,
                PaymentChange.move(PaymentStatus.PROCESSING, PaymentStatus.REQUIRES_PAYMENT_METHOD),
                null,
                null)));
    Operation closed = store.read(open);
    var told = new ArrayList<Future<Boolean>>();
    for (int at = 0; at < 12; at++) {
      told.add(
          store.log.bookLate(
              new LateBooking(
                  closed,
                  "psp_late",
                  store.transfer(PostingRule.LATE_CAPTURE, closed),
                  anomaly(closed),
                  store.giveBack(closed),
                  null,
                  new Write.Cause("late_success_booked", "evt_1", "psp:psp_demo"))));
    }
    assertThat(told.stream().filter(StoreFixture::result)).hasSize(1);
    assertBookedOnce(closed);
    assertThat(store.read(closed).status()).isEqualTo(OperationStatus.FAILED);
    assertThat(store.read(closed).pspReference())
        .as("what comes of the success is told by its id")
        .isEqualTo("psp_late");
  }

  private static void assertBookedOnce(Operation operation) {
    String of = " WHERE payment_id = '" + operation.paymentId() + "'";
    assertThat(store.number("SELECT count(*) FROM ledger_transfer" + of)).isOne();
    assertThat(store.number("SELECT count(*) FROM anomaly" + of)).isOne();
    assertThat(store.number("SELECT count(*) FROM operation" + of + " AND gives_back")).isOne();
  }

  private static OperationLog.Anomaly anomaly(Operation operation) {
    return new OperationLog.Anomaly(store.ids.next(), operation, AnomalyKind.LATE_SUCCESS, "told");
  }

  /** A browser that waits asks ten times a second, and others may ask as well. */
  @Test
  void wakesAChallengeOnceInAWhileHoweverOftenItIsAskedTo() {
    Payment payment = store.payment(PaymentStatus.PROCESSING, 100);
    Operation operation = store.operation(payment, OperationKind.AUTHORIZE, 100);
    result(store.writes.create(creation(payment, operation, null)));
    store.server.execute(
        "UPDATE operation SET status = 'awaiting_customer', recover_at = now() + interval '1 hour',"
            + " updated_at = now() - interval '1 minute' WHERE operation_id = '"
            + operation.id()
            + "'");
    result(store.log.wakeChallenge(payment, 30_000));
    assertThat(result(store.log.claimDue(ALL_LANES, 100, 60_000, "n"))).hasSize(1);
    result(store.log.wakeChallenge(payment, 30_000));
    assertThat(result(store.log.claimDue(ALL_LANES, 100, 60_000, "n")))
        .as("the first look is under way")
        .isEmpty();
  }

  private static Operation due() {
    Operation operation = begun();
    store.server.execute(
        "UPDATE operation SET recover_at = now() - interval '1 second' WHERE operation_id = '"
            + operation.id()
            + "'");
    return operation;
  }

  private static Operation begun() {
    Payment payment = store.payment(PaymentStatus.PROCESSING, 100);
    Operation operation = store.operation(payment, OperationKind.AUTHORIZE, 100);
    result(store.writes.create(creation(payment, operation, null)));
    return operation;
  }
}
