package store;

import static org.assertj.core.api.Assertions.assertThat;
import static store.StoreFixture.CAUSE;
import static store.StoreFixture.creation;
import static store.StoreFixture.failure;
import static store.StoreFixture.finish;
import static store.StoreFixture.result;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import payments.Answer;
import payments.Decline;
import payments.DeclineCode;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Parameters;
import payments.Payment;
import payments.PaymentStatus;
import store.Finish.PaymentChange;

/** The end of one operation and the beginning of the next, in one statement and one commit. */
final class FailOverIT {
  private static final Decline DECLINE =
      new Decline(DeclineCode.PROCESSING_ERROR, "raw", "message", null, null);

  private static StoreFixture store;

  @BeforeAll
  static void open() {
    store = new StoreFixture();
  }

  @AfterAll
  static void close() {
    assertThat(gaps()).as("payments whose history has gaps").isZero();
    assertThat(
            store.number(
                "SELECT count(*) FROM (SELECT payment_id FROM operation WHERE status IN"
                    + " ('pending', 'unknown', 'accepted') GROUP BY payment_id HAVING count(*) > 1)"
                    + " s"))
        .as("payments with two open operations")
        .isZero();
    store.close();
  }

  private static long gaps() {
    return store.number(
        "SELECT count(*) FROM payment p WHERE p.sequence <> (SELECT count(*) FROM payment_event e"
            + " WHERE e.merchant_id = p.merchant_id AND e.payment_id = p.payment_id) OR p.sequence"
            + " <> (SELECT count(*) FROM outbox o WHERE o.payment_id = p.payment_id)");
  }

  /** A payment whose first operation is being sent, with the one that would come after it. */
  private record Case(Payment payment, Operation first, Operation second) {
    FailOver failOver() {
      return new FailOver(
          payment,
          new Finish(
              StoreFixture.FINISHED_AT,
              first,
              OperationStatus.FAILED,
              "ref_first",
              null,
              null,
              payments.CardChecks.NONE,
              payments.AttemptOutcome.NONE,
              DECLINE,
              null,
              null,
              PaymentChange.NONE,
              null,
              null,
              null,
              null,
              new Write.Cause("failed_over", CAUSE.reference(), CAUSE.actor()),
              null),
          new Write.Begin(
              second, "node_test", 60_000, new Parameters(Map.of("account", "b")), null),
          "authorize_begun");
    }
  }

  private static Case begun(@Nullable String key) {
    Payment payment = store.payment(PaymentStatus.PROCESSING, 700);
    Operation first = store.operation(payment, OperationKind.AUTHORIZE, 700, key);
    result(store.writes.create(creation(payment, first, key)));
    return new Case(payment, first, store.operation(payment, OperationKind.AUTHORIZE, 700, key));
  }

  private static void move(Case it) {
    store.server.execute(
        "UPDATE payment SET status = 'requires_payment_method' WHERE payment_id = '"
            + it.payment.id()
            + "'");
  }

  private static Future<Optional<Long>> failOver(Case it) {
    return store.writes.failOver(it.failOver());
  }

  @Test
  void endsTheFirstBeginsTheSecondAndLeavesTheRequestUnanswered() {
    Case it = begun("fail-over-1");

    assertThat(result(failOver(it))).contains(3L);

    Operation first = store.read(it.first);
    assertThat(first.status()).isEqualTo(OperationStatus.FAILED);
    assertThat(first.decline()).isEqualTo(DECLINE);
    assertThat(first.pspReference()).isEqualTo("ref_first");
    assertThat(store.read(it.second).status()).isEqualTo(OperationStatus.PENDING);
    assertThat(
            store.text(
                "SELECT recover_at IS NULL FROM operation WHERE operation_id = '"
                    + it.first.id()
                    + "'"))
        .isEqualTo("t");
    assertThat(
            store.text(
                "SELECT routing ->> 'account' FROM operation WHERE operation_id = '"
                    + it.second.id()
                    + "'"))
        .isEqualTo("b");
    Payment payment = store.read(it.payment);
    assertThat(payment.status()).isEqualTo(PaymentStatus.PROCESSING);
    assertThat(payment.version()).isEqualTo(2);
    assertThat(payment.lastError()).isNull();
    var key = result(store.keys.find(StoreFixture.MERCHANT, false, "fail-over-1")).orElseThrow();
    assertThat(key.answer()).isNull();
    assertThat(key.operationId()).isEqualTo(it.second.id());
  }

  @Test
  void tellsBothStepsInTheirOrder() {
    Case it = begun("fail-over-2");
    result(failOver(it));
    String mine = " WHERE payment_id = '" + it.payment.id() + "' ORDER BY ";
    assertThat(
            store.text(
                "SELECT sequence || ' ' || event || ' ' || from_status || ' ' || to_status || ' '"
                    + " || operation_id FROM payment_event"
                    + mine
                    + "sequence"))
        .endsWith(
            "2 failed_over processing processing "
                + it.first.id()
                + "\n3 authorize_begun processing processing "
                + it.second.id());
    assertThat(
            store.text(
                "SELECT sequence || ' ' || (payment).sequence || ' ' || (operation).operation_id ||"
                    + " ' ' || (operation).status FROM payment_change"
                    + mine
                    + "sequence"))
        .endsWith("2 2 " + it.first.id() + " failed\n3 3 " + it.second.id() + " pending");
  }

  @Test
  void theSecondsEndAnswersTheRequest() {
    Case it = begun("fail-over-3");
    result(failOver(it));
    var answer = new Answer(200, "paid", false);
    result(
        store.writes.finish(
            finish(
                it.second,
                OperationStatus.SUCCEEDED,
                PaymentChange.move(PaymentStatus.PROCESSING, PaymentStatus.SUCCEEDED)
                    .amounts(0, 700)
                    .shows(it.second.id(), null),
                store.transfer(ledger.PostingRule.CAPTURE, it.second),
                answer)));
    assertThat(
            result(store.keys.find(StoreFixture.MERCHANT, false, "fail-over-3"))
                .orElseThrow()
                .answer())
        .isEqualTo(answer.asReplay());
    assertThat(store.read(it.payment).captured()).isEqualTo(700);
  }

  @Test
  void writtenTwiceItIsWrittenOnce() {
    Case it = begun(null);
    assertThat(result(failOver(it))).isPresent();
    assertThat(result(failOver(it))).isEmpty();
    assertThat(store.read(it.payment).version()).isEqualTo(2);
  }

  /** Recovery may have sent it again: what the first sending said proves nothing any more. */
  @Test
  void notOnceRecoveryHasTakenIt() {
    Case it = begun(null);
    store.server.execute(
        "UPDATE operation SET recover_at = now() - interval '1 minute' WHERE operation_id = '"
            + it.first.id()
            + "'");
    result(store.log.claimDue(List.of(Lanes.of(it.payment.id())), 100, 60_000, "other"));

    assertThat(result(failOver(it))).isEmpty();
    assertThat(store.found(it.second)).isEmpty();
    assertThat(store.read(it.first).status()).isEqualTo(OperationStatus.PENDING);
    assertThat(store.read(it.payment).version()).isEqualTo(1);
  }

  @Test
  void notOverAnOperationThatIsUnknownOrClosed() {
    for (OperationStatus status :
        List.of(OperationStatus.UNKNOWN, OperationStatus.FAILED, OperationStatus.CANCELED)) {
      Case it = begun(null);
      result(store.writes.finish(finish(it.first, status, PaymentChange.NONE, null, null)));
      assertThat(result(failOver(it))).as(status.wire()).isEmpty();
      assertThat(store.found(it.second)).isEmpty();
    }
  }

  /** A merchant may change what a payment says, not its money, while a PSP is asked. */
  @Test
  void overAPaymentThatSaysSomethingElseMeanwhile() {
    Case it = begun(null);
    store.server.execute(
        "UPDATE payment SET version = version + 1 WHERE payment_id = '" + it.payment.id() + "'");

    assertThat(result(failOver(it))).contains(3L);
    assertThat(store.read(it.first).status()).isEqualTo(OperationStatus.FAILED);
    assertThat(store.read(it.second).status()).isEqualTo(OperationStatus.PENDING);
    assertThat(store.read(it.payment).version()).isEqualTo(3);
  }

  /** The payment does not stand as it did when the next request was made: nothing is written. */
  @Test
  void notOverAPaymentThatHasMoved() {
    Case it = begun(null);
    move(it);
    assertThat(failure(failOver(it)))
        .isInstanceOfSatisfying(
            StoreException.Refused.class, refused -> assertThat(refused.overtaken()).isTrue());
    assertThat(store.read(it.first).status()).isEqualTo(OperationStatus.PENDING);
    assertThat(store.found(it.second)).isEmpty();
  }

  /** There is no moment between the two: what cannot begin leaves the other as it was. */
  @Test
  void whereTheSecondCannotBeWrittenTheFirstStays() {
    Case it = begun(null);
    Case other = begun(null);
    // The second's id is taken by another operation.
    var clash = new Case(it.payment, it.first, other.first);
    assertThat(failure(store.writes.failOver(clash.failOver())))
        .isInstanceOfSatisfying(
            StoreException.Refused.class, refused -> assertThat(refused.duplicate()).isTrue());
    assertThat(store.read(it.first).status()).isEqualTo(OperationStatus.PENDING);
    assertThat(store.read(it.payment).version()).isEqualTo(1);
    assertThat(result(failOver(it))).isPresent();
  }

  @Test
  void manyGoInOneStatementAndAPoisonedOneFailsAlone() {
    var cases = new ArrayList<Case>();
    for (int i = 0; i < 50; i++) {
      cases.add(begun(null));
    }
    move(cases.get(20));
    var done = cases.stream().map(FailOverIT::failOver).toList();
    for (int i = 0; i < cases.size(); i++) {
      if (i == 20) {
        assertThat(failure(done.get(i))).isInstanceOf(StoreException.Refused.class);
      } else {
        assertThat(result(done.get(i))).contains(3L);
      }
    }
  }

  /** A webhook, recovery and the answer may all come at once: one of them ends the operation. */
  @Test
  void ofAFailoverAndAnEndAtTheSameTimeOneWins() {
    PaymentWrites other = store.node();
    int failedOver = 0;
    for (int i = 0; i < 100; i++) {
      Case it = begun(null);
      Finish declined =
          finish(
              it.first,
              OperationStatus.FAILED,
              PaymentChange.move(PaymentStatus.PROCESSING, PaymentStatus.REQUIRES_PAYMENT_METHOD)
                  .error(DECLINE),
              null,
              null);
      Future<Optional<Long>> finishing;
      Future<Optional<Long>> failingOver;
      if (i % 2 == 0) {
        finishing = other.finish(declined);
        failingOver = failOver(it);
      } else {
        failingOver = failOver(it);
        finishing = other.finish(declined);
      }
      boolean ended = result(finishing).isPresent();
      boolean wentOn = result(failingOver).isPresent();
      assertThat(ended).isNotEqualTo(wentOn);
      assertThat(store.found(it.second).isPresent()).isEqualTo(wentOn);
      assertThat(store.read(it.payment).status())
          .isEqualTo(wentOn ? PaymentStatus.PROCESSING : PaymentStatus.REQUIRES_PAYMENT_METHOD);
      failedOver += wentOn ? 1 : 0;
    }
    assertThat(failedOver).as("either may win").isBetween(0, 100);
  }
}
