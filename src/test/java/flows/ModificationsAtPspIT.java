package flows;

import static flows.FactBench.answer;
import static flows.FactBench.approved;
import static flows.FactBench.declined;
import static flows.FactBench.noAnswer;
import static org.assertj.core.api.Assertions.assertThat;

import flows.FactBench.Paid;
import flows.FactOutcome.Applied;
import flows.FactOutcome.NotYet;
import flows.FactOutcome.NothingNew;
import io.vertx.core.Future;
import java.util.List;
import money.Money;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import payments.CaptureMethod;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import psp.PspFact;
import psp.PspResult;
import psp.PspResult.Accepted;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;
import support.Books;

/**
 * What a PSP tells of captures and releases that it only took in, and that have ids of their own.
 */
final class ModificationsAtPspIT {
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
  }

  @AfterEach
  void theBooksBalance() {
    Books.balance(bench.postgres);
  }

  private static PspFact capture(Paid paid, String reference, @Nullable String key, long minor) {
    return new PspFact.Modification(
        OperationKind.CAPTURE,
        reference,
        key,
        paid.intent(),
        null,
        Money.of(minor, "usd"),
        approved(reference, minor, true),
        false);
  }

  /** It was not done, or is not any more. */
  private static PspFact failed(OperationKind kind, Paid paid, String reference) {
    return failed(kind, paid, reference, kind == OperationKind.CAPTURE);
  }

  private static PspFact failed(
      OperationKind kind, Paid paid, String reference, boolean takenBack) {
    return failed(kind, paid, reference, null, takenBack);
  }

  private static PspFact failed(
      OperationKind kind, Paid paid, String reference, @Nullable String key, boolean takenBack) {
    return new PspFact.Modification(
        kind,
        reference,
        key,
        paid.intent(),
        paid.key(),
        Money.of(1_000, "usd"),
        declined(reference),
        takenBack);
  }

  private static PspFact released(Paid paid, String reference) {
    return new PspFact.Modification(
        OperationKind.VOID,
        reference,
        null,
        paid.intent(),
        null,
        Money.of(1_000, "usd"),
        approved(reference, 1_000, false),
        false);
  }

  private static PspFact expired(Paid paid) {
    PspResult silent = new Unknown(UnknownReason.NOT_FOUND, "says nothing of it");
    return new PspFact.Authorization(
        paid.intent(), null, declined(paid.intent()), silent, silent, true, "expired");
  }

  /** A held payment whose capture the PSP has taken in. */
  private static Paid capturing(String reference, @Nullable Long minor) {
    Paid paid = bench.pay(CaptureMethod.MANUAL);
    bench.script.add(answer(sending -> new Accepted(reference, null)));
    bench.capture(paid, minor);
    return paid;
  }

  private static String status(Paid paid) {
    return bench.text("SELECT status FROM payment WHERE payment_id = '" + paid.id() + "'");
  }

  @Test
  void aCaptureThatWasTakenInIsDoneWhenThePspSaysSo() {
    Paid paid = capturing("cap_1", 700L);
    assertThat(status(paid)).isEqualTo("processing");

    assertThat(bench.tell(capture(paid, "cap_1", null, 700))).isInstanceOf(Applied.class);
    assertThat(status(paid)).isEqualTo("succeeded");
    assertThat(bench.tell(capture(paid, "cap_1", null, 700))).isInstanceOf(NothingNew.class);
    assertThat(bench.history(paid.id())).endsWith("capture_accepted", "captured");
  }

  @Test
  void aCaptureWithoutAnAnswerIsKnownByOurKey() {
    Paid paid = bench.pay(CaptureMethod.MANUAL);
    bench.script.add(noAnswer());
    bench.capture(paid, null);
    Operation capture = bench.operations("capture").getFirst();

    assertThat(bench.tell(capture(paid, "cap_2", capture.pspIdempotencyKey(), 1_000)))
        .isInstanceOf(Applied.class);
    assertThat(status(paid)).isEqualTo("succeeded");
    assertThat(bench.operation(capture.id()).pspReference()).isEqualTo("cap_2");
  }

  /** A capture of 700 without an answer, of which nothing had told that the PSP has it. */
  private static Operation closedByAnOperator(Paid paid) {
    bench.script.add(noAnswer());
    bench.capture(paid, 700L);
    Operation capture = bench.operations("capture").getFirst();
    bench.postgres.execute(
        "UPDATE operation SET held_reason = 'unsettled', recover_at = NULL WHERE operation_id = '"
            + capture.id()
            + "'");
    assertThat(bench.closeAsFailed(capture)).isInstanceOf(payments.OperatorOutcome.Done.class);
    assertThat(status(paid)).isEqualTo("requires_capture");
    return capture;
  }

  @Test
  void aCaptureThatAnOperatorClosedIsBookedAsWhatItIsAndMayFail() {
    Paid paid = bench.pay(CaptureMethod.MANUAL);
    String key = closedByAnOperator(paid).pspIdempotencyKey();

    PspFact done = capture(paid, "cap_closed", key, 700);
    assertThat(bench.tell(done)).isInstanceOf(Applied.class);
    assertThat(bench.tell(done)).isInstanceOf(NothingNew.class);
    assertThat(bench.state(paid.id()))
        .startsWith("succeeded authorized 0 captured 700")
        .contains("merchant_payable -700")
        .doesNotContain("anomaly");
    PspFact failure = failed(OperationKind.CAPTURE, paid, "cap_closed", key, true);
    assertThat(bench.tell(failure)).isInstanceOf(Applied.class);
    assertThat(bench.state(paid.id()))
        .startsWith("requires_capture")
        .contains("captured 0")
        .contains("anomaly capture_contradicted t")
        .doesNotContain("merchant_payable");
    assertThat(bench.tell(failure)).isInstanceOf(NothingNew.class);
    assertThat(bench.tell(done)).as("the older word").isInstanceOf(NothingNew.class);
    assertThat(status(paid)).isEqualTo("requires_capture");
  }

  /** Then the success that is told afterwards is the older word, and its money never came. */
  @Test
  void aFailureOfACaptureThatAnOperatorClosedIsRemembered() {
    Paid paid = bench.pay(CaptureMethod.MANUAL);
    String key = closedByAnOperator(paid).pspIdempotencyKey();
    PspFact failure = failed(OperationKind.CAPTURE, paid, "cap_first_failed", key, true);
    assertThat(bench.tell(failure)).isInstanceOf(Applied.class);
    assertThat(bench.tell(failure)).isInstanceOf(NothingNew.class);
    bench.tell(capture(paid, "cap_first_failed", key, 700));
    assertThat(bench.state(paid.id()))
        .startsWith("requires_capture")
        .contains("captured 0")
        .contains("anomaly capture_contradicted t")
        .doesNotContain("merchant_payable");
  }

  @Test
  void aCaptureFromTheDashboardWaitsForOurs() {
    Paid paid = capturing("cap_3", 700L);
    PspFact another = capture(paid, "cap_another", null, 300);
    assertThat(bench.tell(another)).isInstanceOf(NotYet.class);

    bench.tell(failed(OperationKind.CAPTURE, paid, "cap_3"));
    assertThat(bench.tell(another)).isInstanceOf(Applied.class);
    assertThat(bench.history(paid.id())).endsWith("capture_failed", "captured_at_psp");
  }

  /** Its failure is told by the PSP's id of it, as that of one of ours is. */
  @Test
  void aCaptureFromTheDashboardIsAnOperationThatMayFail() {
    Paid paid = bench.pay(CaptureMethod.MANUAL);
    PspFact capture = capture(paid, "cap_d", null, 700);
    PspFact failure = failed(OperationKind.CAPTURE, paid, "cap_d");
    assertThat(bench.tell(failure)).as("told first").isInstanceOf(NotYet.class);
    assertThat(bench.tellAtOnce(capture, 10)).contains(new Applied(paid.id()));
    assertThat(bench.tell(capture)).isInstanceOf(NothingNew.class);
    assertThat(bench.state(paid.id()))
        .contains("captured 700")
        .contains("capture succeeded 700")
        .contains("merchant_payable -700");
    Operation made = bench.operations("capture").getFirst();
    assertThat(made.pspReference()).isEqualTo("cap_d");
    assertThat(made.chargeId()).isEqualTo(paid.charge());

    assertThat(bench.tell(failure)).isInstanceOf(Applied.class);
    assertThat(status(paid)).isEqualTo("requires_capture");
    assertThat(bench.state(paid.id()))
        .contains("captured 0")
        .contains("capture failed 700")
        .contains("anomaly capture_contradicted t")
        .doesNotContain("merchant_payable");
    assertThat(bench.tell(failure)).isInstanceOf(NothingNew.class);
  }

  /** With us a hold is captured once. */
  @Test
  void aSecondCaptureFromTheDashboardIsRaised() {
    Paid theirs = bench.pay(CaptureMethod.MANUAL);
    bench.tell(capture(theirs, "cap_first", null, 500));
    bench.tell(capture(theirs, "cap_second", null, 500));
    Paid ours = capturing("cap_ours", 500L);
    bench.tell(capture(ours, "cap_ours", null, 500));
    bench.tell(capture(ours, "cap_theirs", null, 500));
    for (Paid paid : List.of(theirs, ours)) {
      assertThat(status(paid)).isEqualTo("succeeded");
      assertThat(bench.state(paid.id()))
          .contains("captured 500")
          .containsOnlyOnce("anomaly captured_again t");
    }
  }

  @Test
  void aCaptureThatFailsAfterwardsIsBookedBackAndMayBeMadeAgain() {
    Paid paid = capturing("cap_4", null);
    bench.tell(capture(paid, "cap_4", null, 1_000));
    PspFact failure = failed(OperationKind.CAPTURE, paid, "cap_4");

    assertThat(bench.tell(failure)).isInstanceOf(Applied.class);
    assertThat(status(paid)).isEqualTo("requires_capture");
    assertThat(bench.state(paid.id()))
        .contains("authorized 1000 captured 0")
        .contains("capture failed 1000")
        .contains("anomaly capture_contradicted t");

    bench.script.add(answer(sending -> new Accepted("cap_5", null)));
    bench.capture(paid, null);
    bench.tell(capture(paid, "cap_5", null, 1_000));
    assertThat(status(paid)).isEqualTo("succeeded");
    assertThat(bench.tell(failure)).as("of the first one").isInstanceOf(NothingNew.class);
    assertThat(bench.history(paid.id()))
        .endsWith("capture_reversed", "capture_begun", "capture_accepted", "captured");
  }

  @Test
  void aFailureThatIsToldFirstEndsInTheSameState() {
    Paid ordered = capturing("cap_6", null);
    bench.tell(capture(ordered, "cap_6", null, 1_000));
    bench.tell(failed(OperationKind.CAPTURE, ordered, "cap_6"));
    Paid shuffled = capturing("cap_7", null);
    bench.tell(failed(OperationKind.CAPTURE, shuffled, "cap_7"));
    bench.tell(capture(shuffled, "cap_7", null, 1_000));

    assertThat(bench.state(shuffled.id())).isEqualTo(bench.state(ordered.id()));
  }

  @Test
  void whatWasTakenWithTheAuthorizationMayFailToo() {
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    bench.refund(paid, 300);

    assertThat(bench.tell(failed(OperationKind.CAPTURE, paid, "cap_8")))
        .isInstanceOf(Applied.class);
    assertThat(status(paid)).isEqualTo("requires_capture");
    assertThat(bench.state(paid.id()))
        .contains("captured 0 reserved 0 refunded 300")
        .contains("anomaly refund_over_captured t");
  }

  @Test
  void aFailedCaptureFromTheDashboardLeavesOursAsItIs() {
    Paid paid = capturing("cap_9", null);
    bench.tell(capture(paid, "cap_9", null, 1_000));

    bench.tell(failed(OperationKind.CAPTURE, paid, "cap_dashboard"));
    assertThat(status(paid)).isEqualTo("succeeded");
    assertThat(bench.state(paid.id()))
        .contains("captured 1000")
        .contains("anomaly unknown_capture_failed t");
  }

  /** As from the dashboard: nothing was left to capture. */
  @Test
  void aCaptureThatIsOnlyRefusedTakesNothingBack() {
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    PspFact refused = failed(OperationKind.CAPTURE, paid, "cap_refused", false);
    bench.tell(refused);
    assertThat(bench.tell(refused)).isInstanceOf(NothingNew.class);
    assertThat(status(paid)).isEqualTo("succeeded");
    assertThat(bench.state(paid.id()))
        .contains("captured 1000")
        .containsOnlyOnce("anomaly unknown_capture_failed t");
  }

  /** The answer is lost, so that what the PSP calls the authorization is not known yet. */
  @Test
  void aFailureThatOvertakesTheAnswerWaitsForIt() {
    bench.script.add(noAnswer());
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    PspFact capture = failed(OperationKind.CAPTURE, paid, "cap_early");
    PspFact refund =
        new PspFact.Refund(
            "re_early",
            null,
            paid.intent(),
            paid.key(),
            Money.of(300, "usd"),
            null,
            declined("re_early"));
    assertThat(bench.tell(capture)).isInstanceOf(NotYet.class);
    assertThat(bench.tell(refund)).isInstanceOf(NotYet.class);
    assertThat(bench.tell(failed(OperationKind.VOID, paid, "void_early")))
        .isInstanceOf(NotYet.class);

    bench.tell(
        new PspFact.Authorized(paid.intent(), paid.key(), approved(paid.intent(), 1_000, false)));
    assertThat(status(paid)).isEqualTo("succeeded");
    assertThat(bench.tell(refund)).isInstanceOf(Applied.class);
    assertThat(bench.tell(capture)).isInstanceOf(Applied.class);
    assertThat(status(paid)).isEqualTo("requires_capture");
  }

  @Test
  void aFailureBeforeTheAuthorizationIsDoneWaitsForIt() {
    bench.script.add(answer(sending -> new Accepted("pi_" + sending.operationId(), null)));
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    PspFact failure = failed(OperationKind.CAPTURE, paid, "cap_10");
    assertThat(bench.tell(failure)).isInstanceOf(NotYet.class);

    bench.tell(
        new PspFact.Authorized(paid.intent(), paid.key(), approved(paid.intent(), 1_000, false)));
    assertThat(status(paid)).isEqualTo("succeeded");
    assertThat(bench.tell(failure)).isInstanceOf(Applied.class);
    assertThat(status(paid)).isEqualTo("requires_capture");
  }

  @Test
  void whatAChargeTookIsBookedAndReversedOnce() {
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    bench.tell(failed(OperationKind.CAPTURE, paid, "cap_11"));
    bench.tell(capture(paid, "cap_11", null, 1_000));
    assertThat(status(paid)).isEqualTo("requires_capture");
    assertThat(bench.state(paid.id())).contains("anomaly captured_after_reversal t");

    bench.script.add(answer(sending -> new Accepted("cap_12", null)));
    bench.capture(paid, null);
    bench.tell(capture(paid, "cap_12", null, 1_000));
    bench.tell(failed(OperationKind.CAPTURE, paid, "cap_13"));
    assertThat(status(paid)).isEqualTo("succeeded");
    assertThat(bench.state(paid.id())).contains("anomaly unknown_capture_failed t");
  }

  @Test
  void aReleaseThatWasTakenInIsDoneWhenThePspSaysSo() {
    Paid paid = bench.pay(CaptureMethod.MANUAL);
    bench.script.add(answer(sending -> new Accepted("void_1", null)));
    bench.cancel(paid);
    assertThat(bench.tell(released(paid, "void_1"))).isInstanceOf(Applied.class);
    assertThat(status(paid)).isEqualTo("canceled");
    assertThat(bench.tell(released(paid, "void_1"))).isInstanceOf(NothingNew.class);
  }

  @Test
  void aReleaseThatThePspRefusesLaterLeavesTheHold() {
    Paid paid = bench.pay(CaptureMethod.MANUAL);
    bench.script.add(answer(sending -> new Accepted("void_2", null)));
    bench.cancel(paid);
    assertThat(bench.tell(failed(OperationKind.VOID, paid, "void_2"))).isInstanceOf(Applied.class);
    assertThat(status(paid)).isEqualTo("requires_capture");
    assertThat(bench.tell(released(paid, "void_dashboard"))).isInstanceOf(Applied.class);
    assertThat(bench.history(paid.id())).endsWith("void_failed", "voided_at_psp");
  }

  /** At such a PSP a hold's end says nothing of what was asked of it meanwhile. */
  @Test
  void aHoldThatRunsOutDuringOursEndsThePaymentOnceOursHasFailed() {
    Paid captured = capturing("cap_9", null);
    Paid released = bench.pay(CaptureMethod.MANUAL);
    bench.script.add(answer(sending -> new Accepted("void_9", null)));
    bench.cancel(released);

    assertThat(bench.tell(expired(captured))).isInstanceOf(NotYet.class);
    bench.tell(failed(OperationKind.CAPTURE, captured, "cap_9"));
    assertThat(bench.tell(expired(captured))).isInstanceOf(Applied.class);
    assertThat(bench.history(captured.id())).endsWith("capture_failed", "expired");

    assertThat(bench.tell(expired(released))).isInstanceOf(NotYet.class);
    bench.tell(failed(OperationKind.VOID, released, "void_9"));
    assertThat(bench.tell(expired(released))).isInstanceOf(Applied.class);
    assertThat(bench.history(released.id())).endsWith("void_failed", "expired");
  }

  /** What a capture leaves of a hold may run out before the capture is told. */
  @Test
  void theRestOfAHoldThatRunsOutDuringOurCaptureIsNothing() {
    Paid paid = capturing("cap_10", 700L);
    assertThat(bench.tell(expired(paid))).isInstanceOf(NotYet.class);
    bench.tell(capture(paid, "cap_10", null, 700));
    assertThat(bench.tell(expired(paid))).isInstanceOf(NothingNew.class);
    assertThat(status(paid)).isEqualTo("succeeded");
  }

  @Test
  void anAuthorizationToldBeforeItsAnswerIsWhatWasAskedFor() {
    for (CaptureMethod method :
        new CaptureMethod[] {CaptureMethod.MANUAL, CaptureMethod.AUTOMATIC}) {
      bench.script.add(
          sending ->
              bench
                  .telling(
                      new PspFact.Authorized(
                          "pi_" + sending.operationId(),
                          sending.operationId(),
                          approved("pi_" + sending.operationId(), 1_000, false)))
                  .compose(
                      told ->
                          Future.<PspResult>succeededFuture(
                              approved(
                                  "pi_" + sending.operationId(),
                                  1_000,
                                  method != CaptureMethod.MANUAL))));
      Paid paid = bench.pay(method);
      assertThat(bench.operation(paid.charge()).status()).isEqualTo(OperationStatus.SUCCEEDED);
      assertThat(status(paid))
          .isEqualTo(method == CaptureMethod.MANUAL ? "requires_capture" : "succeeded");
    }
  }
}
