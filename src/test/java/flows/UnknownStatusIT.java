package flows;

import static flows.FactBench.answer;
import static flows.FactBench.approved;
import static flows.FactBench.noAnswer;
import static org.assertj.core.api.Assertions.assertThat;

import flows.FactBench.Paid;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import payments.CaptureMethod;
import payments.IdSource;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.OperatorOutcome;
import psp.PspFact;
import psp.PspResult;
import psp.PspResult.Accepted;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;
import psp.Sending;
import support.Books;

/**
 * A PSP's word that nobody knows (DESIGN 4), and what it has taken in without a result: told to a
 * person, and never called undone by one.
 */
final class UnknownStatusIT {
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
    bench.asked = sending -> new Unknown(UnknownReason.NOT_FOUND, "not told");
  }

  @AfterEach
  void theBooksBalance() {
    Books.balance(bench.postgres);
  }

  @ParameterizedTest
  @EnumSource(
      value = OperationKind.class,
      names = {"AUTHORIZE", "CAPTURE", "VOID", "REFUND"})
  void isHeldRaisedOnceAndSettlesWhenThePspSaysAnother(OperationKind kind) {
    Operation operation = charmed(kind);
    assertThat(operation.status()).isEqualTo(OperationStatus.UNKNOWN);
    assertThat(operation.heldReason()).isEqualTo("unknown_status");
    assertThat(operation.pspReference()).isEqualTo(reference(operation));
    assertThat(looksAgain(operation)).isTrue();
    assertThat(bench.state(operation.paymentId())).containsOnlyOnce("anomaly unknown_status t");

    bench.script.add(answer(sending -> charm(reference(operation))));
    assertThat(bench.recover(operation)).isEqualTo(OperationStatus.UNKNOWN);
    bench.script.add(noAnswer());
    assertThat(bench.recover(operation)).isEqualTo(OperationStatus.UNKNOWN);
    assertThat(bench.operation(operation.id()).heldReason())
        .as("silence takes no word back")
        .isEqualTo("unknown_status");
    assertThat(looksAgain(operation)).isTrue();
    assertThat(bench.state(operation.paymentId())).containsOnlyOnce("anomaly unknown_status t");
    assertThat(refusal(operation)).contains("status").contains("not known");

    assertThat(bench.recover(operation)).isEqualTo(OperationStatus.SUCCEEDED);
    assertThat(bench.operation(operation.id()).heldReason()).isNull();
  }

  /**
   * The PSP's answer to the first request is what it repeats; how it stands now it says if asked.
   */
  @Test
  void isAskedHowItStandsNowWhereThePspShowsIt() {
    Operation operation = charmed(OperationKind.AUTHORIZE);
    bench.script.add(answer(sending -> charm(reference(operation))));
    bench.asked = sending -> approved(String.valueOf(sending.reference()), 1_000, true);
    assertThat(bench.recover(operation)).isEqualTo(OperationStatus.SUCCEEDED);
  }

  /** Whoever is asked too often says nothing of how it stands, and when to ask again. */
  @Test
  void isRaisedThoughThePspWantsNoMoreQuestions() {
    bench.script.add(noAnswer());
    bench.pay(CaptureMethod.AUTOMATIC);
    Operation operation = bench.operations("authorize").getFirst();
    bench.script.add(answer(sending -> charm(reference(operation))));
    bench.asked =
        sending ->
            new Unknown(UnknownReason.RATE_LIMITED, "HTTP 429")
                .withRetryAfter(Duration.ofMinutes(3));
    assertThat(bench.recover(operation)).isEqualTo(OperationStatus.UNKNOWN);
    assertThat(bench.operation(operation.id()).heldReason()).isEqualTo("unknown_status");
    assertThat(bench.state(operation.paymentId())).containsOnlyOnce("anomaly unknown_status t");
    assertThat(
            bench.number(
                "SELECT count(*) FROM operation WHERE recover_at > now() + interval '2 minutes' AND"
                    + " operation_id = '"
                    + operation.id()
                    + "'"))
        .as("it is left alone for as long as it asks for")
        .isEqualTo(1);
  }

  @Test
  void staysHeldThroughALookAgainInVain() {
    Operation operation = charmed(OperationKind.AUTHORIZE);
    lookAgain(operation);
    bench.script.add(noAnswer());
    bench.recover(operation);
    assertThat(bench.operation(operation.id()).heldReason()).isEqualTo("unknown_status");
    assertThat(refusal(operation)).contains("status");
  }

  @Test
  void isRaisedWhereAWebhookSaysIt() {
    Paid paid = bench.pay(CaptureMethod.MANUAL);
    var word = charm(paid.intent());
    bench.tell(new PspFact.Authorization(paid.intent(), paid.key(), word, word, word, false, null));
    assertThat(bench.state(paid.id()))
        .startsWith("requires_capture")
        .containsOnlyOnce("anomaly unknown_status t");
  }

  @ParameterizedTest
  @EnumSource(
      value = OperationKind.class,
      names = {"CAPTURE", "VOID", "REFUND"})
  void whatThePspHasTakenInIsShownAfterItsOwnDeadlineAndIsNeverUndone(OperationKind kind) {
    Operation operation =
        begun(kind, sending -> new Accepted("psp_" + sending.idempotencyKey(), null));
    assertThat(operation.status()).isEqualTo(OperationStatus.ACCEPTED);
    Operation old = aged(operation, Duration.ofHours(2));
    bench.recover(old);
    assertThat(bench.operation(old.id()).heldReason()).as("it may take days").isNull();
    Operation older = aged(old, Duration.ofHours(121));
    bench.recover(older);
    assertThat(bench.operation(older.id()).heldReason()).isEqualTo("no_result");
    assertThat(looksAgain(older)).isTrue();
    assertThat(refusal(older)).contains("its end is the PSP's word");
  }

  // ---- what it starts from

  private static Unknown charm(String reference) {
    return Unknown.status("charmed", reference, null);
  }

  private static String reference(Operation operation) {
    return (operation.kind() == OperationKind.AUTHORIZE ? "pi_" : "psp_")
        + operation.pspIdempotencyKey();
  }

  private static Operation charmed(OperationKind kind) {
    return begun(
        kind,
        sending ->
            charm((kind == OperationKind.AUTHORIZE ? "pi_" : "psp_") + sending.idempotencyKey()));
  }

  /** An operation that the PSP answers with this. */
  private static Operation begun(OperationKind kind, Function<Sending, PspResult> result) {
    switch (kind) {
      case AUTHORIZE -> {
        bench.script.add(answer(result));
        bench.pay(CaptureMethod.AUTOMATIC);
      }
      case CAPTURE -> bench.capture(paid(CaptureMethod.MANUAL, result), null);
      case VOID -> bench.cancel(paid(CaptureMethod.MANUAL, result));
      case REFUND -> bench.refund(paid(CaptureMethod.AUTOMATIC, result), 400);
      case COMPLETE_AUTHENTICATION -> throw new IllegalArgumentException(kind.wire());
    }
    return bench.operations(kind.wire()).getFirst();
  }

  /** A payment of which the PSP answers the next sending with this. */
  private static Paid paid(CaptureMethod method, Function<Sending, PspResult> result) {
    Paid paid = bench.pay(method);
    bench.script.add(answer(result));
    return paid;
  }

  private static Operation aged(Operation operation, Duration by) {
    var older =
        new IdSource(Clock.offset(Clock.systemUTC(), by.negated()), new SecureRandom()).next();
    bench.postgres.execute(
        "UPDATE operation SET operation_id = '%s' WHERE operation_id = '%s'"
            .formatted(older, operation.id()));
    return bench.operation(older);
  }

  private static boolean looksAgain(Operation operation) {
    return bench.number(
            "SELECT count(*) FROM operation WHERE recover_at IS NOT NULL AND operation_id = '"
                + operation.id()
                + "'")
        == 1;
  }

  private static void lookAgain(Operation operation) {
    assertThat(bench.lookAgain(operation)).isInstanceOf(OperatorOutcome.Done.class);
  }

  private static String refusal(Operation operation) {
    return ((OperatorOutcome.Refused) bench.closeAsFailed(operation)).message();
  }
}
