package flows;

import static flows.FactBench.accepted;
import static flows.FactBench.answer;
import static flows.FactBench.approved;
import static flows.FactBench.captured;
import static flows.FactBench.challenged;
import static flows.FactBench.declined;
import static flows.FactBench.ended;
import static flows.FactBench.failed;
import static flows.FactBench.held;
import static flows.FactBench.noAnswer;
import static flows.FactBench.processing;
import static flows.FactBench.refunded;
import static flows.FactBench.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import flows.FactBench.Paid;
import flows.FactOutcome.Applied;
import flows.FactOutcome.NotOurs;
import flows.FactOutcome.NotYet;
import flows.FactOutcome.NothingNew;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import payments.Answer;
import payments.AttemptOutcome;
import payments.CaptureMethod;
import payments.CardChecks;
import payments.Operation;
import payments.OperationStatus;
import psp.PspFact;
import psp.PspResult;
import psp.PspResult.ActionRequired;
import psp.PspResult.Details;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;
import psp.Sending;
import support.Books;

/** What PSPs tell of authorizations and of our own refunds, as our state. */
final class ApplyFactIT {
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
  void nothingIsScripted() {
    bench.script.clear();
    bench.asked =
        sending -> {
          throw new AssertionError("nothing here is looked up");
        };
  }

  @AfterEach
  void theBooksBalance() {
    Books.balance(bench.postgres);
  }

  // ---- before the answer, after it, without one

  @Test
  void aWebhookThatOvertakesTheAnswerFinishesTheOperationAndTheAnswerFindsItDone() {
    bench.script.add(
        sending ->
            bench
                .telling(captured(Paid.of(sending), 1_000))
                .map(
                    told ->
                        new PspResult.Approved(
                            "pi_" + sending.operationId(),
                            null,
                            sending.amount(),
                            true,
                            null,
                            new Details(Given.CARD, CardChecks.NONE, AttemptOutcome.NONE))));
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC, "order-" + UUID.randomUUID());
    assertThat(paid.answer().status()).isEqualTo(200);
    assertThat(paid.answer().body()).contains("\"status\":\"succeeded\"");
    assertThat(bench.history(paid.id())).hasSize(2).endsWith("captured");
    assertThat(bench.operation(paid.charge()).card()).isEqualTo(Given.CARD);
    assertThat(bench.text(cause(paid))).startsWith("evt_").endsWith(" psp:psp_demo");
    assertThat(
            bench.text(
                "SELECT answer_body FROM idempotency_key WHERE payment_id = '" + paid.id() + "'"))
        .isEqualTo(paid.answer().body());
  }

  private static String cause(Paid paid) {
    return "SELECT cause || ' ' || actor FROM payment_event WHERE payment_id = '"
        + paid.id()
        + "' ORDER BY sequence DESC LIMIT 1";
  }

  @Test
  void whatOnlyRepeatsTheAnswerWritesNothing() {
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    String before = bench.state(paid.id());
    assertThat(bench.tellAtOnce(captured(paid, 1_000), 5)).containsOnly(new NothingNew(paid.id()));
    assertThat(bench.onContext(() -> bench.facts.known(List.of(bench.told(held(paid))))))
        .containsExactly(java.util.Optional.of(new NothingNew(paid.id())));
    assertThat(bench.state(paid.id())).isEqualTo(before);
    assertThat(bench.history(paid.id())).hasSize(2);
  }

  @Test
  void settlesAnOperationWithoutAnAnswerOnceHoweverOftenItIsTold() {
    bench.script.add(noAnswer());
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    assertThat(bench.tellAtOnce(captured(paid, 1_000), 20)).contains(new Applied(paid.id()));
    assertThat(bench.state(paid.id()))
        .startsWith("succeeded authorized 0 captured 1000")
        .contains("merchant_payable -1000")
        .contains("psp_receivable:psp_demo 1000")
        .doesNotContain("anomaly");
    assertThat(bench.tell(captured(paid, 1_000))).isEqualTo(new NothingNew(paid.id()));
  }

  @Test
  void takesADeclineThatOvertakesTheAnswerForFinal() {
    bench.script.add(noAnswer());
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    assertThat(bench.tell(failed(paid))).isEqualTo(new Applied(paid.id()));
    assertThat(bench.state(paid.id())).startsWith("requires_payment_method");
  }

  @Test
  void keepsWhatCarriesOurKeyAndHasNoOperation() {
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    bench.postgres.execute(
        "UPDATE operation SET psp_idempotency_key = 'gone', psp_reference = 'gone' WHERE"
            + " operation_id = '"
            + paid.charge()
            + "'");
    assertThat(bench.tell(captured(paid, 1_000)))
        .isInstanceOf(NotYet.class)
        .asString()
        .contains(paid.key());
  }

  @Test
  void takesWhatCarriesNoKeyOfOursAndMatchesNothingForOthers() {
    var fact =
        new PspFact.Authorization(
            "pi_foreign",
            null,
            approved("pi_foreign", 5, true),
            approved("pi_foreign", 5, true),
            declined("pi_foreign"),
            false,
            null);
    assertThat(bench.tell(fact)).isEqualTo(new NotOurs());
  }

  @Test
  void doesNotTakeWhatWasMadeUnderAUsedAgainKeyForTheOperationOfToday() {
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    var old = approved("pi_of_long_ago", 1_000, true);
    var fact =
        new PspFact.Authorization(
            "pi_of_long_ago", paid.key(), old, old, declined("pi_of_long_ago"), false, null);
    assertThat(bench.tell(fact)).isInstanceOf(NotYet.class);
  }

  // ---- challenges

  private Paid awaiting(CaptureMethod method) {
    bench.script.add(
        answer(
            sending ->
                new ActionRequired(
                    "pi_" + sending.operationId(), "https://psp.test/3ds", Details.NONE)));
    return bench.pay(method);
  }

  @Test
  void asksHowAChallengeStandsWhereAFailureIsTold() {
    Paid paid = awaiting(CaptureMethod.AUTOMATIC);
    bench.asked = sending -> challengedNow(paid);
    assertThat(bench.tell(failed(paid))).isEqualTo(new NothingNew(paid.id()));
    bench.asked = sending -> new Unknown(UnknownReason.TIMEOUT, "no answer");
    assertThat(bench.tell(failed(paid))).isInstanceOf(NotYet.class);
    assertThat(bench.state(paid.id())).startsWith("requires_action");
    bench.asked = sending -> declined(paid.intent());
    assertThat(bench.tell(failed(paid))).isEqualTo(new Applied(paid.id()));
    assertThat(bench.state(paid.id())).startsWith("requires_payment_method");
  }

  private static PspResult challengedNow(Paid paid) {
    return new ActionRequired(paid.intent(), "https://psp.test/3ds", Details.NONE);
  }

  @Test
  void aFailureBeforeTheCustomersNextTryEndsAsItsSuccess() {
    Paid paid = awaiting(CaptureMethod.AUTOMATIC);
    bench.asked = sending -> approved(paid.intent(), 1_000, true);
    assertThat(bench.tell(failed(paid))).isEqualTo(new Applied(paid.id()));
    assertThat(bench.tell(captured(paid, 1_000))).isEqualTo(new NothingNew(paid.id()));
    assertThat(bench.state(paid.id())).startsWith("succeeded");
  }

  @Test
  void aSuccessDuringACancelWaitsForItsEnd() {
    Paid paid = awaiting(CaptureMethod.AUTOMATIC);
    Promise<PspResult> answer = Promise.promise();
    bench.script.add(sending -> answer.future());
    Future<Answer> cancel =
        bench.onContextLater(() -> new CommandFlows(bench.services).run(bench.cancelOf(paid)));
    bench.awaitNumber(
        "SELECT count(*) FROM operation WHERE kind = 'void' AND payment_id = '" + paid.id() + "'");
    // Taken: the cancel cannot succeed any more, and the success is the payment's.
    assertThat(bench.tell(captured(paid, 1_000))).isEqualTo(new Applied(paid.id()));
    answer.complete(declined(paid.intent()));
    cancel.await();
    assertThat(bench.state(paid.id())).startsWith("succeeded authorized 0 captured 1000");
    assertThat(bench.history(paid.id())).endsWith("void_failed", "captured");
  }

  // ---- the same in both orders

  @Test
  void aPairOfFactsOfAnOpenChargeEndsTheSameInBothOrders() {
    sameInBothOrders(CaptureMethod.AUTOMATIC, paid -> captured(paid, 1_000), FactBench::processing);
    sameInBothOrders(CaptureMethod.AUTOMATIC, paid -> captured(paid, 1_000), FactBench::challenged);
    sameInBothOrders(CaptureMethod.AUTOMATIC, paid -> failed(paid), FactBench::processing);
    sameInBothOrders(CaptureMethod.MANUAL, FactBench::held, FactBench::processing);
    sameInBothOrders(CaptureMethod.MANUAL, FactBench::held, paid -> captured(paid, 1_000));
    sameInBothOrders(CaptureMethod.MANUAL, FactBench::held, paid -> captured(paid, 700));
    sameInBothOrders(CaptureMethod.AUTOMATIC, FactBench::failed, FactBench::challenged);
  }

  private void sameInBothOrders(
      CaptureMethod method,
      java.util.function.Function<Paid, PspFact> one,
      java.util.function.Function<Paid, PspFact> other) {
    sameInBothOrders(method, one, other, sending -> declined("pi_" + sending.operationId()));
  }

  private void sameInBothOrders(
      CaptureMethod method,
      java.util.function.Function<Paid, PspFact> one,
      java.util.function.Function<Paid, PspFact> other,
      java.util.function.Function<Sending, PspResult> asked) {
    bench.asked = asked;
    bench.script.add(noAnswer());
    Paid first = bench.pay(method);
    bench.tell(one.apply(first));
    bench.tell(other.apply(first));
    bench.tell(one.apply(first));
    bench.script.add(noAnswer());
    Paid second = bench.pay(method);
    bench.tell(other.apply(second));
    bench.tell(one.apply(second));
    bench.tell(other.apply(second));
    assertThat(bench.state(second.id())).isEqualTo(bench.state(first.id()));
  }

  @Test
  void aHoldWhoseEndIsToldFirstIsCanceledAsOneThatWasToldInItsOrder() {
    sameInBothOrders(
        CaptureMethod.MANUAL,
        FactBench::held,
        paid -> ended(paid, "automatic"),
        sending -> letGoOf("pi_" + sending.operationId()));
    bench.script.add(noAnswer());
    Paid paid = bench.pay(CaptureMethod.MANUAL);
    assertThat(bench.tell(ended(paid, "automatic"))).isEqualTo(new Applied(paid.id()));
    assertThat(bench.history(paid.id())).endsWith("authorized", "expired");
    assertThat(bench.state(paid.id()))
        .startsWith("canceled authorized 0 captured 0")
        .contains("automatic")
        .contains("authorize succeeded 1000");
  }

  /** What a PSP answers of a hold that it has let go of: no, though the network had approved. */
  private static PspResult letGoOf(String reference) {
    return new PspResult.Declined(
        FactBench.NO,
        reference,
        "ch_" + reference,
        new Details(
            null,
            CardChecks.NONE,
            new AttemptOutcome(
                "approved_by_network",
                "authorized",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null)));
  }

  @Test
  void aHoldThatIsToldAfterItsEndIsNotGivenBack() {
    bench.script.add(noAnswer());
    Paid paid = bench.pay(CaptureMethod.MANUAL);
    bench.asked = sending -> declined(paid.intent());
    bench.tell(ended(paid, "automatic"));
    assertThat(bench.tell(held(paid))).isEqualTo(new NothingNew(paid.id()));
    assertThat(bench.state(paid.id())).doesNotContain("anomaly").doesNotContain("void");
  }

  // ---- holds that end without us

  @Test
  void aCaptureAtThePspIsBookedOnce() {
    Paid paid = bench.pay(CaptureMethod.MANUAL);
    assertThat(bench.tellAtOnce(captured(paid, 600), 20)).contains(new Applied(paid.id()));
    assertThat(bench.state(paid.id()))
        .startsWith("succeeded authorized 0 captured 600")
        .contains("merchant_payable -600");
    assertThat(bench.history(paid.id()).stream().filter("captured_at_psp"::equals)).hasSize(1);
    // Stale: it is not held any more.
    assertThat(bench.tell(held(paid))).isEqualTo(new NothingNew(paid.id()));
    Operation refund = bench.refund(paid, 600);
    assertThat(refund.status()).isEqualTo(OperationStatus.SUCCEEDED);
  }

  @Test
  void aHoldThatExpiresOrIsLetGoOfCancelsThePayment() {
    Paid expired = bench.pay(CaptureMethod.MANUAL);
    assertThat(bench.tellAtOnce(ended(expired, "automatic"), 20))
        .contains(new Applied(expired.id()));
    assertThat(bench.state(expired.id())).startsWith("canceled authorized 0").contains("automatic");
    assertThat(bench.history(expired.id())).endsWith("expired");
    Paid voided = bench.pay(CaptureMethod.MANUAL);
    bench.tell(ended(voided, "requested_by_customer"));
    assertThat(bench.history(voided.id())).endsWith("voided_at_psp");
    assertThat(bench.tell(held(voided))).isEqualTo(new NothingNew(voided.id()));
  }

  @Test
  void anExpiryDuringACaptureEndsBoth() {
    Paid paid = bench.pay(CaptureMethod.MANUAL);
    bench.script.add(noAnswer());
    bench.capture(paid, null);
    assertThat(bench.tellAtOnce(ended(paid, "automatic"), 5)).contains(new Applied(paid.id()));
    assertThat(bench.state(paid.id())).startsWith("canceled authorized 0 captured 0");
    assertThat(bench.history(paid.id())).endsWith("capture_failed", "expired");
  }

  @Test
  void aCaptureAtThePspDuringOurVoidEndsBoth() {
    Paid paid = bench.pay(CaptureMethod.MANUAL);
    bench.script.add(noAnswer());
    bench.cancel(paid);
    assertThat(bench.tellAtOnce(captured(paid, 1_000), 5)).contains(new Applied(paid.id()));
    assertThat(bench.state(paid.id())).startsWith("succeeded authorized 0 captured 1000");
    assertThat(bench.history(paid.id())).endsWith("void_failed", "captured_at_psp");
  }

  @Test
  void settlesOurOwnCaptureAndVoid() {
    Paid taken = bench.pay(CaptureMethod.MANUAL);
    bench.script.add(noAnswer());
    bench.capture(taken, 400L);
    assertThat(bench.tell(held(taken))).isEqualTo(new NothingNew(taken.id()));
    assertThat(bench.tell(captured(taken, 400))).isEqualTo(new Applied(taken.id()));
    assertThat(bench.state(taken.id())).startsWith("succeeded authorized 0 captured 400");
    Paid voided = bench.pay(CaptureMethod.MANUAL);
    bench.script.add(noAnswer());
    bench.cancel(voided);
    assertThat(bench.tell(ended(voided, null))).isEqualTo(new Applied(voided.id()));
    assertThat(bench.history(voided.id())).endsWith("voided");
  }

  @Test
  void aContradictionOfWhatIsDoneIsRaisedOnceAndChangesNothing() {
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    assertThat(bench.tell(ended(paid, "automatic"))).isEqualTo(new Applied(paid.id()));
    assertThat(bench.tell(ended(paid, "automatic"))).isEqualTo(new NothingNew(paid.id()));
    assertThat(bench.tell(captured(paid, 900))).isEqualTo(new Applied(paid.id()));
    assertThat(bench.state(paid.id()))
        .startsWith("succeeded authorized 0 captured 1000")
        .contains("anomaly captured_differs")
        .contains("anomaly ended_after_capture");
  }

  // ---- late successes

  @Test
  void aSuccessOfAClosedChargeIsGivenBackOnce() {
    bench.script.add(answer(sending -> declined("pi_" + sending.operationId())));
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    assertThat(bench.tellAtOnce(captured(paid, 1_000), 20)).contains(new Applied(paid.id()));
    Operation giving = bench.operations("refund").getFirst();
    assertThat(giving.givesBack()).isTrue();
    assertThat(bench.tell(captured(paid, 1_000))).isEqualTo(new NothingNew(paid.id()));
    assertThat(bench.tell(refunded(paid, giving, succeeded(giving))))
        .isEqualTo(new Applied(paid.id()));
    assertThat(bench.state(paid.id())).doesNotContain("suspense").contains("late_success f");
    // And should that fail after all, the money waits in suspense again.
    assertThat(bench.tell(refunded(paid, giving, failed(giving))))
        .isEqualTo(new Applied(paid.id()));
    assertThat(bench.state(paid.id()))
        .contains("suspense:psp_demo -1000")
        .contains("anomaly give_back_reversed");
  }

  @Test
  void anAuthorizationThatIsToldAfterItsDeadlineIsGivenBack() {
    bench.script.add(noAnswer());
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    Paid old = bench.age(paid);
    assertThat(bench.tell(captured(old, 1_000))).isEqualTo(new Applied(paid.id()));
    assertThat(bench.state(paid.id()))
        .startsWith("canceled authorized 0 captured 0")
        .contains("suspense:psp_demo -1000");
  }

  @Test
  void moneyTakenFromACanceledPaymentIsGivenBack() {
    Paid paid = bench.pay(CaptureMethod.MANUAL);
    bench.cancel(paid);
    assertThat(bench.tellAtOnce(captured(paid, 1_000), 5)).contains(new Applied(paid.id()));
    assertThat(bench.state(paid.id()))
        .startsWith("canceled")
        .contains("refund pending 1000 t")
        .contains("suspense:psp_demo -1000");
  }

  // ---- our refunds

  @Test
  void settlesARefundWithoutAnAnswerByItsKey() {
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    bench.script.add(noAnswer());
    Operation refund = bench.refund(paid, 300);
    assertThat(bench.tellAtOnce(refunded(paid, refund, accepted(refund)), 5))
        .contains(new Applied(paid.id()));
    assertThat(bench.tellAtOnce(refunded(paid, refund, succeeded(refund)), 20))
        .contains(new Applied(paid.id()));
    assertThat(bench.tell(refunded(paid, refund, accepted(refund))))
        .isEqualTo(new NothingNew(paid.id()));
    assertThat(bench.state(paid.id())).contains("reserved 0 refunded 300");
  }

  @Test
  void aRefundThatFailsAfterItsSuccessIsReversedOnce() {
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    Operation refund = bench.refund(paid, 300);
    assertThat(bench.tellAtOnce(refunded(paid, refund, failed(refund)), 20))
        .contains(new Applied(paid.id()));
    assertThat(bench.state(paid.id()))
        .contains("refunded 0")
        .contains("refund failed 300")
        .contains("merchant_payable -1000");
    // The success is older than the failure, whenever it comes.
    assertThat(bench.tell(refunded(paid, refund, succeeded(refund))))
        .isEqualTo(new NothingNew(paid.id()));
    assertThat(bench.history(paid.id()).stream().filter("refund_reversed"::equals)).hasSize(1);
  }

  @Test
  void successAndFailureOfARefundEndTheSameInBothOrders() {
    Paid first = bench.pay(CaptureMethod.AUTOMATIC);
    Paid second = bench.pay(CaptureMethod.AUTOMATIC);
    bench.script.add(noAnswer());
    Operation one = bench.refund(first, 300);
    bench.tell(refunded(first, one, succeeded(one)));
    bench.tell(refunded(first, one, failed(one)));
    bench.script.add(noAnswer());
    Operation other = bench.refund(second, 300);
    bench.tell(refunded(second, other, failed(other)));
    bench.tell(refunded(second, other, succeeded(other)));
    assertThat(bench.state(second.id())).isEqualTo(bench.state(first.id()));
  }

  @Test
  void aRefundThatWasRefusedAndIsThereAllTheSameIsBooked() {
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    bench.script.add(
        answer(sending -> new PspResult.Declined(FactBench.NO, null, null, Details.NONE)));
    Operation refund = bench.refund(paid, 300);
    assertThat(refund.status()).isEqualTo(OperationStatus.FAILED);
    assertThat(bench.tellAtOnce(refunded(paid, refund, accepted(refund)), 5))
        .contains(new Applied(paid.id()));
    assertThat(bench.state(paid.id())).contains("reserved 300 refunded 0");
    assertThat(bench.tellAtOnce(refunded(paid, refund, succeeded(refund)), 20))
        .contains(new Applied(paid.id()));
    assertThat(bench.state(paid.id())).contains("reserved 0 refunded 300");
  }

  @Test
  void aRefusedRefundEndsTheSameHoweverItsObjectsStoryIsTold() {
    Paid first = refusedRefund();
    Operation one = bench.operations("refund").getFirst();
    bench.tell(refunded(first, one, succeeded(one)));
    bench.tell(refunded(first, one, failed(one)));
    Paid second = refusedRefund();
    Operation other = bench.operations("refund").getFirst();
    bench.tell(refunded(second, other, failed(other)));
    bench.tell(refunded(second, other, succeeded(other)));
    assertThat(bench.state(second.id())).isEqualTo(bench.state(first.id()));
  }

  private Paid refusedRefund() {
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    bench.script.add(
        answer(sending -> new PspResult.Declined(FactBench.NO, null, null, Details.NONE)));
    bench.refund(paid, 300);
    return paid;
  }

  @Test
  void aWrongAmountIsHeldForAnOperatorAndRaisedOnce() {
    bench.script.add(noAnswer());
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    bench.tell(captured(paid, 999));
    bench.tell(captured(paid, 999));
    assertThat(bench.state(paid.id())).startsWith("processing").contains("amount_mismatch t");
    assertThat(bench.operation(paid.charge()).heldReason()).isEqualTo("amount_mismatch");
    assertThat(bench.tell(captured(paid, 1_000))).isEqualTo(new Applied(paid.id()));
  }

  @Test
  void knowsFactsOfAStageAsNothingNew() {
    bench.script.add(noAnswer());
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    assertThat(bench.tell(processing(paid))).isEqualTo(new Applied(paid.id()));
    assertThat(bench.tell(processing(paid))).isEqualTo(new NothingNew(paid.id()));
    assertThat(bench.tell(challenged(paid))).isEqualTo(new Applied(paid.id()));
    assertThat(bench.tell(challenged(paid))).isEqualTo(new NothingNew(paid.id()));
    assertThat(bench.tell(processing(paid))).isEqualTo(new NothingNew(paid.id()));
  }
}
