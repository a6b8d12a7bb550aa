package flows;

import static flows.FactBench.answer;
import static flows.FactBench.approved;
import static flows.FactBench.declined;
import static org.assertj.core.api.Assertions.assertThat;

import flows.FactBench.Paid;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import payments.Answer;
import payments.CaptureMethod;
import payments.Command;
import payments.Operation;
import payments.OperationStatus;
import payments.Parameters;
import payments.RequestContext;
import psp.PspResult;
import psp.PspResult.ActionRequired;
import psp.PspResult.Details;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;
import support.Books;

/**
 * Authentications that end without the customer, at a PSP that finishes them by itself: the
 * authorization is voided first, and the customer may be finishing at that very moment.
 */
final class EndChallengeIT {
  private static FactBench bench;

  @BeforeAll
  static void start() {
    bench = new FactBench();
  }

  @AfterAll
  static void close() {
    Books.balance(bench.postgres);
    bench.close();
  }

  @BeforeEach
  void empty() {
    bench.script.clear();
    bench.asked = EndChallengeIT::stillWaiting;
  }

  private static PspResult stillWaiting(psp.Sending sending) {
    return new ActionRequired("pi_" + sending.operationId(), "https://psp.test/3ds", Details.NONE);
  }

  private static Paid challenged(CaptureMethod method) {
    bench.script.add(answer(EndChallengeIT::stillWaiting));
    return bench.pay(method);
  }

  private static Paid overdue(CaptureMethod method) {
    return bench.age(challenged(method), Duration.ofMinutes(61));
  }

  private static OperationStatus look(Paid paid) {
    return bench.recover(bench.operation(paid.charge()));
  }

  private static String status(Paid paid) {
    return bench.text("SELECT status FROM payment WHERE payment_id = '" + paid.id() + "'");
  }

  private static String operations(Paid paid) {
    return bench.text(
        "SELECT concat_ws(' ', kind, status) FROM operation WHERE payment_id = '"
            + paid.id()
            + "' ORDER BY operation_id");
  }

  private static Answer confirm(Paid paid) {
    return bench.run(
        new Command.ConfirmPayment(
            new RequestContext(
                FactBench.MERCHANT,
                false,
                "req_confirm",
                "key_test",
                false,
                new RequestContext.Idempotency("confirm-" + paid.id(), "/confirm", "print"),
                List.of()),
            paid.id(),
            null,
            new Command.Confirmation(
                "pm_card_mastercard", null, Parameters.EMPTY, false, null, Parameters.EMPTY)));
  }

  @Test
  void voidsWhatNobodyFinishedInTime() {
    Paid paid = overdue(CaptureMethod.AUTOMATIC);
    look(paid);
    assertThat(status(paid)).isEqualTo("requires_payment_method");
    assertThat(operations(paid)).isEqualTo("authorize failed\nvoid succeeded");
    assertThat(bench.history(paid.id()))
        .containsExactly("created_and_confirmed", "action_required", "void_begun", "declined");
    assertThat(
            bench.text(
                "SELECT last_error ->> 'reason' FROM payment WHERE payment_id = '"
                    + paid.id()
                    + "'"))
        .isEqualTo("AUTHENTICATION_FAILED");
  }

  @Test
  void leavesWhatIsNotOverdueToTheCustomer() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    assertThat(look(paid)).isEqualTo(OperationStatus.AWAITING_CUSTOMER);
    assertThat(operations(paid)).isEqualTo("authorize awaiting_customer");
  }

  /** Nothing proves that the customer has not finished: it is asked again, not voided. */
  @Test
  void voidsNothingWhileThePspCannotBeHeard() {
    Paid paid = overdue(CaptureMethod.AUTOMATIC);
    bench.asked = sending -> new Unknown(UnknownReason.TIMEOUT, "no answer");
    look(paid);
    assertThat(status(paid)).isEqualTo("requires_action");
    assertThat(operations(paid)).isEqualTo("authorize awaiting_customer");
  }

  @Test
  void takesTheCustomerWhoFinishedBeforeTheDeadlineWasLookedAt() {
    Paid paid = overdue(CaptureMethod.AUTOMATIC);
    bench.asked = sending -> approved(paid.intent(), 1_000, true);
    assertThat(look(paid)).isEqualTo(OperationStatus.SUCCEEDED);
    assertThat(status(paid)).isEqualTo("succeeded");
  }

  /** The customer passes after the PSP was asked and before it voids. */
  @Test
  void takesTheCustomerWhoFinishesWhileItIsVoided() {
    Paid paid = overdue(CaptureMethod.AUTOMATIC);
    bench.script.add(
        answer(
            sending -> {
              bench.asked = again -> approved(paid.intent(), 1_000, true);
              return declined(paid.intent());
            }));
    look(paid);
    assertThat(status(paid)).isEqualTo("requires_action");
    assertThat(operations(paid)).isEqualTo("authorize awaiting_customer\nvoid failed");
    assertThat(
            bench.number(
                "SELECT count(*) FROM operation WHERE operation_id = '"
                    + paid.charge()
                    + "' AND recover_at <= now()"))
        .as("what became of it is asked at once")
        .isEqualTo(1);
    assertThat(look(paid)).isEqualTo(OperationStatus.SUCCEEDED);
    assertThat(status(paid)).isEqualTo("succeeded");
    assertThat(bench.history(paid.id())).endsWith("void_begun", "void_failed", "captured");
  }

  /** The same, told by a webhook while the answer to the void is outstanding. */
  @Test
  void takesAWebhookOfTheCustomersSuccessWhileTheVoidIsUnderWay() {
    Paid paid = overdue(CaptureMethod.AUTOMATIC);
    bench.script.add(answer(sending -> new Unknown(UnknownReason.TIMEOUT, "no answer")));
    look(paid);
    assertThat(status(paid)).isEqualTo("processing");
    bench.tell(FactBench.captured(paid, 1_000));
    assertThat(status(paid)).isEqualTo("succeeded");
    assertThat(operations(paid)).isEqualTo("authorize succeeded\nvoid failed");
  }

  @Test
  void settlesAVoidWhoseAnswerWasLost() {
    Paid paid = overdue(CaptureMethod.MANUAL);
    bench.script.add(answer(sending -> new Unknown(UnknownReason.TIMEOUT, "no answer")));
    look(paid);
    assertThat(status(paid)).isEqualTo("processing");
    Operation voiding = bench.operations("void").getFirst();
    assertThat(bench.recover(voiding)).isEqualTo(OperationStatus.SUCCEEDED);
    assertThat(status(paid)).isEqualTo("requires_payment_method");
    assertThat(operations(paid)).isEqualTo("authorize failed\nvoid succeeded");
  }

  @Test
  void takesTheWebhookOfTheVoidForItsAnswer() {
    Paid paid = overdue(CaptureMethod.AUTOMATIC);
    bench.script.add(answer(sending -> new Unknown(UnknownReason.TIMEOUT, "no answer")));
    look(paid);
    bench.tell(FactBench.ended(paid, "abandoned"));
    assertThat(status(paid)).isEqualTo("requires_payment_method");
    assertThat(operations(paid)).isEqualTo("authorize failed\nvoid succeeded");
  }

  @Test
  void confirmsWithAnotherCardOnceTheFirstAuthenticationIsVoid() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    Answer answer = confirm(paid);
    assertThat(answer.body()).contains("\"status\":\"succeeded\"");
    assertThat(operations(paid))
        .isEqualTo("authorize canceled\nvoid succeeded\nauthorize succeeded");
    assertThat(bench.history(paid.id()))
        .endsWith("void_begun", "challenge_ended", "confirmed", "captured");
    assertThat(confirm(paid).body()).as("a replay").isEqualTo(answer.body());
    assertThat(operations(paid))
        .isEqualTo("authorize canceled\nvoid succeeded\nauthorize succeeded");
  }

  @Test
  void doesNotChargeAnotherCardWhereTheFirstOneHasJustPaid() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    bench.script.add(
        answer(
            sending -> {
              bench.asked = again -> approved(paid.intent(), 1_000, true);
              return declined(paid.intent());
            }));
    Answer answer = confirm(paid);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("already succeeded");
    assertThat(status(paid)).isEqualTo("succeeded");
    assertThat(operations(paid)).isEqualTo("authorize succeeded\nvoid failed");
  }

  @Test
  void doesNotChargeAnotherCardWhileNobodyKnowsWhetherTheFirstOneIsVoid() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    bench.script.add(answer(sending -> new Unknown(UnknownReason.TIMEOUT, "no answer")));
    assertThat(confirm(paid).status()).isEqualTo(400);
    assertThat(status(paid)).isEqualTo("processing");
    assertThat(operations(paid)).isEqualTo("authorize awaiting_customer\nvoid unknown");
    assertThat(bench.recover(bench.operations("void").getFirst()))
        .isEqualTo(OperationStatus.SUCCEEDED);
    assertThat(status(paid)).isEqualTo("requires_confirmation");
    assertThat(confirm(paid).body()).contains("\"status\":\"succeeded\"");
  }

  @Test
  void changesTheAmountOnceTheAuthenticationIsVoid() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    Answer answer =
        bench.run(
            new Command.UpdatePayment(
                new RequestContext(
                    FactBench.MERCHANT, false, "req_u", "key_test", false, null, List.of()),
                paid.id(),
                700L,
                null,
                null,
                null,
                null,
                null,
                Parameters.EMPTY,
                Parameters.EMPTY));
    assertThat(answer.body())
        .contains("\"status\":\"requires_confirmation\"")
        .contains("\"amount\":700");
    assertThat(operations(paid)).isEqualTo("authorize canceled\nvoid succeeded");
  }
}
