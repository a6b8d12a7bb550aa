package flows;

import static flows.FactBench.answer;
import static flows.FactBench.approved;
import static flows.FactBench.noAnswer;
import static org.assertj.core.api.Assertions.assertThat;

import flows.FactBench.Paid;
import io.vertx.core.Promise;
import money.Money;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import payments.AnomalyKind;
import payments.CaptureMethod;
import payments.Operation;
import payments.OperationStatus;
import payments.OperatorOutcome;
import psp.PspResult;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;
import store.OperationLog;
import support.Books;

/**
 * A PSP that says it did another amount than was asked, and does not say it twice: what it said
 * stands, is never called undone, and is what goes back (DESIGN 3).
 */
final class HeldWordIT {
  private static FactBench bench;

  @BeforeAll
  static void open() {
    bench = new FactBench();
  }

  @AfterAll
  static void close() {
    bench.close();
  }

  @BeforeEach
  void thePspTellsNothing() {
    bench.script.clear();
    bench.asked = sending -> new Unknown(UnknownReason.NOT_FOUND, "it tells by webhook only");
  }

  @AfterEach
  void theBooksBalance() {
    Books.balance(bench.postgres);
  }

  /** A payment of 1,000 of which the PSP says that it took, or holds, 500. */
  private static Paid part(CaptureMethod method) {
    bench.script.add(
        answer(
            sending ->
                approved(Paid.of(sending).intent(), 500, method == CaptureMethod.AUTOMATIC)));
    Paid paid = bench.pay(method);
    assertThat(held(paid)).isEqualTo("amount_mismatch");
    return paid;
  }

  private static String held(Paid paid) {
    return String.valueOf(bench.operation(paid.charge()).heldReason());
  }

  private static void looksAgainInVain(Paid paid) {
    Operation charge = bench.operation(paid.charge());
    assertThat(bench.lookAgain(charge)).isInstanceOf(OperatorOutcome.Done.class);
    assertThat(bench.recover(charge)).isEqualTo(OperationStatus.UNKNOWN);
    assertThat(held(paid)).isEqualTo("amount_mismatch");
    assertThat(bench.closeAsFailed(charge)).isInstanceOf(OperatorOutcome.Refused.class);
  }

  @Test
  void standsThroughALookInVain() {
    Paid paid = part(CaptureMethod.AUTOMATIC);
    bench.script.add(noAnswer());
    looksAgainInVain(paid);
    assertThat(bench.state(paid.id())).containsOnlyOnce("anomaly amount_mismatch t");
  }

  @ParameterizedTest
  @EnumSource(
      value = CaptureMethod.class,
      names = {"AUTOMATIC", "MANUAL"})
  void goesBackOnceItIsTooLate(CaptureMethod method) {
    Paid paid = bench.age(part(method));
    bench.lookAgain(bench.operation(paid.charge()));
    assertThat(bench.recover(bench.operation(paid.charge()))).isEqualTo(OperationStatus.CANCELED);
    boolean taken = method == CaptureMethod.AUTOMATIC;
    Operation giving = bench.operations(taken ? "refund" : "void").getFirst();
    assertThat(giving.givesBack()).isTrue();
    assertThat(giving.amount().minor()).isEqualTo(500);
    assertThat(bench.state(paid.id()))
        .startsWith("canceled")
        .contains("anomaly late_success t")
        .contains(taken ? "suspense:psp_demo -500" : "canceled");
    assertThat(bench.recover(giving)).isEqualTo(OperationStatus.SUCCEEDED);
    assertThat(bench.state(paid.id())).doesNotContain("suspense");
  }

  /** The node dies between what the PSP said and what the merchant is to be told. */
  @Test
  void standsThroughACrash() {
    bench.script.add(sending -> Promise.<PspResult>promise().future());
    bench.onContextLater(
        () ->
            new CommandFlows(bench.services).run(bench.payment(CaptureMethod.AUTOMATIC, "dying")));
    bench.awaitNumber("SELECT count(*) FROM operation WHERE idempotency_key = 'dying'");
    Operation charge = bench.operations("authorize").getFirst();
    bench.onContext(
        () ->
            bench
                .services
                .log()
                .hold(
                    new OperationLog.Anomaly(
                        bench.services.ids().next(), charge, AnomalyKind.AMOUNT_MISMATCH, "500"),
                    new OperationLog.Said("psp_1", null, Money.of(500, "usd"), true)));
    bench.script.add(noAnswer());
    assertThat(bench.recover(charge)).isEqualTo(OperationStatus.UNKNOWN);
    assertThat(bench.operation(charge.id()).heldReason()).isEqualTo("amount_mismatch");
    assertThat(bench.closeAsFailed(charge)).isInstanceOf(OperatorOutcome.Refused.class);
  }

  /** Not reached, it may still say more. */
  @Test
  void doesNotGoBackWhileThePspIsOnlyNotReached() {
    Paid paid = bench.age(part(CaptureMethod.AUTOMATIC));
    bench.asked = sending -> new Unknown(UnknownReason.TIMEOUT, "no answer in time");
    looksAgainInVain(paid);
  }
}
