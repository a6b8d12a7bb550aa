package flows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.UUID;
import money.Money;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import payments.CaptureMethod;
import payments.OperationKind;
import payments.OperationStatus;
import payments.PaymentEvent;
import payments.PaymentStatus;
import psp.PspFact;
import psp.PspResult;
import psp.PspResult.Accepted;
import psp.PspResult.Approved;
import psp.PspResult.Details;
import store.Standing;
import store.Standing.OperationPart;
import store.Standing.PaymentPart;

/** What a PSP's word on a capture or a release means that has an id of its own. */
final class ModificationRulesTest {
  private static final UUID CHARGE = new UUID(0, 1);
  private static final UUID OWN = new UUID(0, 2);
  private static final UUID PAYMENT = new UUID(0, 3);
  private static final Money AMOUNT = Money.of(1_000, "usd");

  private static PspResult result(String name) {
    return switch (name) {
      case "done" -> Given.approved(AMOUNT, true);
      case "part" -> Given.approved(Money.of(700, "usd"), true);
      case "no", "part no", "failed", "part failed" -> Given.declined();
      case "accepted" -> new Accepted("mod_1", null);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static PspFact modification(OperationKind kind, @Nullable String key, String result) {
    return new PspFact.Modification(
        kind,
        "mod_1",
        key,
        "psp_1",
        null,
        result.startsWith("part") ? Money.of(700, "usd") : AMOUNT,
        result(result),
        result.endsWith("failed"));
  }

  private static OperationPart operation(
      UUID id, OperationKind kind, OperationStatus status, @Nullable String reference) {
    return new OperationPart(
        id,
        kind,
        status,
        1,
        AMOUNT,
        reference,
        null,
        id.equals(CHARGE) ? null : CHARGE,
        false,
        null,
        null,
        false,
        null);
  }

  /** A capture or a release that failed here without an object of the PSP's. */
  @ParameterizedTest
  @CsvSource({"capture, notefailed", "void, nothing"})
  void aFailureNamesTheCaptureThatFailedHereWithoutAName(String kind, String step) {
    OperationKind of = OperationKind.ofWire(kind);
    var now =
        new Standing(
            operation(OWN, of, OperationStatus.FAILED, null),
            null,
            payment(PaymentStatus.REQUIRES_CAPTURE, CaptureMethod.MANUAL, 0),
            null,
            null,
            null);
    assertThat(name(FactRules.next(modification(of, "sluice-1", "no"), now))).isEqualTo(step);
  }

  private static PaymentPart payment(PaymentStatus status, CaptureMethod method, long captured) {
    return new PaymentPart(
        PAYMENT, false, status, 3, 5, AMOUNT, method, 0, captured, CHARGE, false);
  }

  private static String name(FactStep step) {
    return switch (step) {
      case FactStep.EndHold end -> end.event().name().toLowerCase(Locale.ROOT);
      case FactStep.Raise raise -> raise.anomaly().wire();
      case FactStep.GiveBack giveBack -> giveBack.ask() ? "give back if it stands" : "give back";
      case FactStep.Settle settle -> "settle " + settle.operation().kind().wire();
      default -> step.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    };
  }

  /** An operation of ours, known by its key or by the PSP's id of it. */
  @ParameterizedTest
  @CsvSource({
    "capture, accepted, processing, done, settle capture",
    "capture, unknown, processing, part, settle capture",
    "capture, accepted, processing, no, settle capture",
    "capture, accepted, processing, accepted, nothing",
    "capture, unknown, processing, accepted, settle capture",
    "capture, succeeded, succeeded, done, nothing",
    "capture, succeeded, succeeded, part, captured_differs",
    "capture, succeeded, succeeded, no, reversecapture",
    "capture, succeeded, succeeded, failed, reversecapture",
    "capture, succeeded, requires_capture, no, nothing",
    "capture, failed, requires_capture, no, nothing",
    "capture, failed, requires_capture, done, capture_contradicted",
    "capture, failed, succeeded, done, capture_contradicted",
    "void, accepted, processing, done, settle void",
    "void, accepted, processing, no, settle void",
    "void, succeeded, canceled, done, nothing",
    "void, succeeded, canceled, no, void_contradicted",
    "void, failed, requires_capture, done, voided_at_psp",
    "void, failed, canceled, done, nothing",
    "void, failed, requires_capture, no, nothing",
  })
  void settlesOursOrKnowsIt(
      String kind, String status, String paymentStatus, String result, String step) {
    OperationKind of = OperationKind.ofWire(kind);
    OperationPart own = operation(OWN, of, OperationStatus.ofWire(status), "mod_1");
    PaymentStatus at = PaymentStatus.ofWire(paymentStatus);
    var now =
        new Standing(
            own,
            null,
            payment(at, CaptureMethod.MANUAL, at == PaymentStatus.SUCCEEDED ? 1_000 : 0),
            own.status().open() ? own : null,
            null,
            null);
    assertThat(name(FactRules.next(modification(of, "sluice-1", result), now))).isEqualTo(step);
  }

  /** The PSP's refusal had named no object, so what it shows now is the later word. */
  @Test
  void aCaptureThatWasRefusedAndMadeAllTheSameCounts() {
    OperationPart own = operation(OWN, OperationKind.CAPTURE, OperationStatus.FAILED, null);
    var now =
        new Standing(
            own,
            null,
            payment(PaymentStatus.REQUIRES_CAPTURE, CaptureMethod.MANUAL, 0),
            null,
            null,
            null);
    assertThat(name(FactRules.next(modification(OperationKind.CAPTURE, "sluice-1", "done"), now)))
        .isEqualTo("captured_at_psp");
  }

  /** Made at the PSP, as in its dashboard: known by the authorization only. */
  @ParameterizedTest
  @CsvSource({
    "capture, done, succeeded, requires_capture, manual, , captured_at_psp",
    "capture, part, succeeded, requires_capture, manual, , captured_at_psp",
    "capture, no, succeeded, requires_capture, manual, , nothing",
    "capture, accepted, succeeded, requires_capture, manual, , nothing",
    "capture, done, succeeded, processing, manual, capture, wait",
    "capture, done, succeeded, processing, manual, void, settle void",
    "capture, done, succeeded, succeeded, automatic, , nothing",
    "capture, part, succeeded, succeeded, automatic, , captured_differs",
    "capture, failed, succeeded, succeeded, automatic, , reversecapture",
    "capture, part failed, succeeded, succeeded, automatic, , unknown_capture_failed",
    "capture, failed, succeeded, succeeded, manual, , unknown_capture_failed",
    "capture, failed, succeeded, requires_capture, automatic, , nothing",
    "capture, failed, succeeded, requires_capture, manual, , wait",
    "capture, done, succeeded, succeeded, manual, , captured_again",
    "capture, part, succeeded, succeeded, manual, , captured_again",
    "capture, failed, succeeded, processing, manual, capture, wait",
    "capture, failed, accepted, processing, automatic, , wait",
    "capture, no, succeeded, succeeded, automatic, , unknown_capture_failed",
    "capture, part no, succeeded, succeeded, automatic, , nothing",
    "capture, no, succeeded, succeeded, manual, , nothing",
    "capture, no, succeeded, processing, manual, capture, nothing",
    "capture, no, accepted, processing, automatic, , wait",
    "capture, no, unknown, processing, automatic, , wait",
    "capture, no, awaiting_customer, requires_action, automatic, , wait",
    "capture, no, awaiting_customer, processing, automatic, , wait",
    "capture, no, failed, requires_payment_method, automatic, , nothing",
    "capture, done, unknown, processing, automatic, , settle authorize",
    "capture, done, failed, requires_payment_method, automatic, , give back",
    "void, done, succeeded, requires_capture, manual, , voided_at_psp",
    "void, done, succeeded, processing, manual, void, settle void",
    "void, done, succeeded, processing, manual, capture, settle capture",
    "void, done, unknown, processing, manual, , ask",
    "void, done, succeeded, succeeded, manual, , ended_after_capture",
    "void, no, succeeded, requires_capture, manual, , nothing",
  })
  void whatWasMadeAtThePspIsHeldAgainstTheAuthorization(
      String kind,
      String result,
      String chargeStatus,
      String paymentStatus,
      String method,
      @Nullable String open,
      String step) {
    OperationKind of = OperationKind.ofWire(kind);
    PaymentStatus at = PaymentStatus.ofWire(paymentStatus);
    var now =
        new Standing(
            null,
            operation(
                CHARGE, OperationKind.AUTHORIZE, OperationStatus.ofWire(chargeStatus), "psp_1"),
            payment(at, CaptureMethod.ofWire(method), at == PaymentStatus.SUCCEEDED ? 1_000 : 0),
            open == null
                ? null
                : operation(OWN, OperationKind.ofWire(open), OperationStatus.ACCEPTED, "mod_9"),
            null,
            null);
    assertThat(name(FactRules.next(modification(of, null, result), now))).isEqualTo(step);
  }

  /** What the charge took was taken back once: what is captured since is not the charge's. */
  @ParameterizedTest
  @CsvSource({
    "failed, succeeded, , unknown_capture_failed",
    "no, succeeded, , nothing",
    "done, succeeded, , nothing",
    "done, requires_capture, , captured_after_reversal",
    "done, processing, capture, wait",
    "done, processing, void, captured_after_reversal",
    "no, requires_capture, , nothing",
  })
  void afterAReversalNothingIsBookedOnTheChargeAgain(
      String result, String paymentStatus, @Nullable String open, String step) {
    PaymentStatus at = PaymentStatus.ofWire(paymentStatus);
    var payment =
        new PaymentPart(
            PAYMENT,
            false,
            at,
            3,
            5,
            AMOUNT,
            CaptureMethod.AUTOMATIC,
            0,
            at == PaymentStatus.SUCCEEDED ? 1_000 : 0,
            CHARGE,
            true);
    var now =
        new Standing(
            null,
            operation(CHARGE, OperationKind.AUTHORIZE, OperationStatus.SUCCEEDED, "psp_1"),
            payment,
            open == null
                ? null
                : operation(OWN, OperationKind.ofWire(open), OperationStatus.ACCEPTED, "mod_9"),
            null,
            null);
    assertThat(name(FactRules.next(modification(OperationKind.CAPTURE, null, result), now)))
        .isEqualTo(step);
  }

  @Test
  void waitsForAKeyOfOursAndLeavesStrangersAlone() {
    var nothing = new Standing(null, null, null, null, null, null);
    assertThat(name(FactRules.next(modification(OperationKind.VOID, "sluice-1", "done"), nothing)))
        .isEqualTo("wait");
    assertThat(name(FactRules.next(modification(OperationKind.VOID, null, "done"), nothing)))
        .isEqualTo("unmatched");
    var authorized = new PspFact.Authorized("psp_1", "sluice-1", result("done"));
    assertThat(name(FactRules.next(authorized, nothing))).isEqualTo("wait");
  }

  /** What the PSP calls the authorization is told by its answer, which may come later. */
  @Test
  void waitsForAnAuthorizationOfOursThatHasNoAnswerYet() {
    var nothing = new Standing(null, null, null, null, null, null);
    for (PspFact fact :
        new PspFact[] {
          new PspFact.Modification(
              OperationKind.VOID,
              "mod_1",
              null,
              "psp_1",
              "sluice-1",
              AMOUNT,
              Given.declined(),
              false),
          new PspFact.Refund("mod_1", null, "psp_1", "sluice-1", AMOUNT, null, Given.declined())
        }) {
      assertThat(name(FactRules.next(fact, nothing))).isEqualTo("wait");
    }
  }

  // ---- authorizations told without a word about their capture

  @ParameterizedTest
  @CsvSource({
    "unknown, processing, automatic, done, settle authorize, true",
    "unknown, processing, manual, done, settle authorize, false",
    "awaiting_customer, requires_action, manual, done, settle authorize, false",
    "unknown, processing, manual, no, settle authorize, ",
    "succeeded, requires_capture, manual, done, nothing, ",
    "succeeded, succeeded, automatic, done, nothing, ",
    "succeeded, requires_capture, automatic, done, nothing, ",
    "succeeded, succeeded, automatic, part, authorized_differs, ",
    "succeeded, succeeded, automatic, no, nothing, ",
    "failed, requires_payment_method, automatic, done, give back, ",
    "failed, requires_payment_method, manual, done, give back, ",
  })
  void anAuthorizationWasDoneAsItWasAskedFor(
      String status,
      String paymentStatus,
      String method,
      String result,
      String step,
      @Nullable Boolean captured) {
    PaymentStatus at = PaymentStatus.ofWire(paymentStatus);
    var now =
        new Standing(
            operation(CHARGE, OperationKind.AUTHORIZE, OperationStatus.ofWire(status), "psp_1"),
            null,
            payment(at, CaptureMethod.ofWire(method), at == PaymentStatus.SUCCEEDED ? 1_000 : 0),
            null,
            null,
            null);
    FactStep next =
        FactRules.next(new PspFact.Authorized("psp_1", "sluice-1", result(result)), now);
    assertThat(name(next)).isEqualTo(step);
    if (captured != null) {
      var settled = (FactStep.Settle) next;
      assertThat(((Approved) settled.result()).captured()).isEqualTo(captured);
      assertThat(settled.heldBefore()).isNull();
    }
  }

  private static OperationPart with(
      OperationPart of, @Nullable Boolean takesAtOnce, boolean inCase) {
    return new OperationPart(
        of.id(),
        of.kind(),
        of.status(),
        of.attempts(),
        of.amount(),
        of.pspReference(),
        of.pspChargeReference(),
        of.chargeId(),
        of.givesBack(),
        of.heldReason(),
        takesAtOnce,
        inCase,
        of.reverses());
  }

  private static Standing closedCharge(
      @Nullable Boolean takesAtOnce, CaptureMethod method, @Nullable OperationPart givingBack) {
    return new Standing(
        with(
            operation(CHARGE, OperationKind.AUTHORIZE, OperationStatus.FAILED, "psp_1"),
            takesAtOnce,
            false),
        null,
        payment(PaymentStatus.REQUIRES_PAYMENT_METHOD, method, 0),
        null,
        givingBack,
        null);
  }

  /** Its payment may have been changed since it was closed. */
  @ParameterizedTest
  @CsvSource({"true, manual, true", "false, automatic, false", ", manual, false"})
  void aLateSuccessDidAsTheChargeWasAskedTo(
      @Nullable Boolean takesAtOnce, String method, boolean captured) {
    var now = closedCharge(takesAtOnce, CaptureMethod.ofWire(method), null);
    FactStep next =
        FactRules.next(new PspFact.Authorized("psp_1", "sluice-1", result("done")), now);
    assertThat(((FactStep.GiveBack) next).approved().captured()).isEqualTo(captured);
  }

  /** What nobody knew of, and is let go of by our key. */
  @ParameterizedTest
  @CsvSource({"pending, wait", "accepted, wait", "succeeded, nothing"})
  void whatIsLetGoOfInCaseIsWaitedFor(String status, String step) {
    OperationPart inCase =
        with(operation(OWN, OperationKind.VOID, OperationStatus.ofWire(status), null), null, true);
    for (boolean takesAtOnce : new boolean[] {false, true}) {
      var now = closedCharge(takesAtOnce, CaptureMethod.MANUAL, inCase);
      assertThat(
              name(
                  FactRules.next(new PspFact.Authorized("psp_1", "sluice-1", result("done")), now)))
          .isEqualTo(step);
    }
  }

  /** Under the payment's reference, before the answer has told what the cancel is called. */
  @Test
  void theEndOfWhatIsLetGoOfInCaseWaitsForItsName() {
    OperationPart inCase =
        with(operation(OWN, OperationKind.VOID, OperationStatus.PENDING, null), null, true);
    Standing closed = closedCharge(true, CaptureMethod.AUTOMATIC, inCase);
    var now =
        new Standing(null, closed.operation(), closed.payment(), null, closed.givingBack(), null);
    assertThat(name(FactRules.next(modification(OperationKind.VOID, null, "no"), now)))
        .isEqualTo("wait");
  }

  /** That there is nothing is as good as always so; that it cannot be let go of is not. */
  @ParameterizedTest
  @CsvSource({"true, true, let_go_refused", "true, false, nothing", "false, true, nothing"})
  void whatIsThereAndWasNotLetGoOfIsRaised(boolean inCase, boolean found, String step) {
    OperationPart failed =
        with(operation(OWN, OperationKind.VOID, OperationStatus.FAILED, "mod_1"), null, inCase);
    var fact =
        new PspFact.Modification(
            OperationKind.VOID,
            "mod_1",
            "sluice-let-go-1",
            found ? "psp_1" : null,
            null,
            Money.of(1_000, "usd"),
            result("no"),
            false);
    var now =
        new Standing(
            failed,
            null,
            payment(PaymentStatus.CANCELED, CaptureMethod.AUTOMATIC, 0),
            null,
            null,
            null);
    FactStep next = FactRules.next(fact, now);
    assertThat(name(next)).isEqualTo(step);
    if (next instanceof FactStep.Raise raise) {
      assertThat(raise.operationId()).as("what gives it back resolves it").isEqualTo(CHARGE);
    }
  }

  /** So that another success of its charge is known to be another. */
  @ParameterizedTest
  @CsvSource({"true, psp_1", "false, psp_ch_1"})
  void whatLetsGoInCaseIsKnownByWhatItLetGoOf(boolean inCase, String chargeReference) {
    OperationPart own =
        with(operation(OWN, OperationKind.VOID, OperationStatus.ACCEPTED, "mod_1"), null, inCase);
    var now =
        new Standing(
            own,
            null,
            payment(PaymentStatus.CANCELED, CaptureMethod.AUTOMATIC, 0),
            own,
            null,
            null);
    FactStep next = FactRules.next(modification(OperationKind.VOID, "sluice-1", "done"), now);
    assertThat(next).isInstanceOf(FactStep.Settle.class);
    assertThat(((FactStep.Settle) next).result())
        .isEqualTo(new Approved("psp_1", chargeReference, AMOUNT, true, "pm_psp", Details.NONE));
  }

  /** The PSP's own id of it is how it tells of its failure later. */
  @Test
  void aCaptureMadeAtThePspIsKnownByItsOwnIdAndAReleaseHasNone() {
    var now =
        new Standing(
            null,
            operation(CHARGE, OperationKind.AUTHORIZE, OperationStatus.SUCCEEDED, "psp_1"),
            payment(PaymentStatus.REQUIRES_CAPTURE, CaptureMethod.MANUAL, 0),
            null,
            null,
            null);
    assertThat(FactRules.next(modification(OperationKind.CAPTURE, null, "part"), now))
        .isEqualTo(
            new FactStep.EndHold(
                PaymentEvent.CAPTURED_AT_PSP, Money.of(700, "usd"), null, "mod_1"));
    assertThat(FactRules.next(modification(OperationKind.VOID, null, "done"), now))
        .isEqualTo(new FactStep.EndHold(PaymentEvent.VOIDED_AT_PSP, null, null, null));
  }

  @Test
  void whatACaptureTellsOfAChargeNamesTheAuthorizationAndNotTheCapture() {
    for (OperationStatus status :
        new OperationStatus[] {OperationStatus.UNKNOWN, OperationStatus.FAILED}) {
      OperationPart charge = operation(CHARGE, OperationKind.AUTHORIZE, status, null);
      var now =
          new Standing(
              null,
              charge,
              payment(PaymentStatus.PROCESSING, CaptureMethod.AUTOMATIC, 0),
              null,
              null,
              null);
      var approved = new Approved("psp_1", null, AMOUNT, true, null, Details.NONE);
      FactStep next = FactRules.next(modification(OperationKind.CAPTURE, null, "done"), now);
      if (next instanceof FactStep.Settle settle) {
        assertThat(settle.result()).isEqualTo(approved);
      } else {
        assertThat(next).isEqualTo(new FactStep.GiveBack(charge, approved, false));
      }
    }
  }

  /** Operators read which of both it was. */
  @ParameterizedTest
  @CsvSource({
    "failed, manual, the capture mod_1 of 1000 usd has failed",
    "no, automatic, the capture mod_1 of 1000 usd was refused",
  })
  void anUnknownCapturesEndIsToldAsWhatItIs(String result, String method, String detail) {
    var now =
        new Standing(
            null,
            operation(CHARGE, OperationKind.AUTHORIZE, OperationStatus.SUCCEEDED, "psp_1"),
            payment(PaymentStatus.SUCCEEDED, CaptureMethod.ofWire(method), 1_000),
            null,
            null,
            null);
    assertThat(FactRules.next(modification(OperationKind.CAPTURE, null, result), now))
        .isInstanceOfSatisfying(
            FactStep.Raise.class, raise -> assertThat(raise.detail()).contains(detail));
  }

  /**
   * The PSP was not through with what a late success took, and has let go of it for somebody else.
   * As long as ours is not refused, it may have been ours.
   */
  @ParameterizedTest
  @CsvSource({
    // the charge, what gives back, its status, held for, reverses, its amount, what to do
    "failed, refund, unknown, give_back_refused, true, 1000, settle refund",
    "canceled, refund, accepted, give_back_refused, true, 1000, settle refund",
    "failed, refund, unknown, , true, 1000, wait",
    "failed, refund, pending, unsettled, true, 1000, wait",
    "failed, refund, succeeded, , true, 1000, nothing",
    "failed, refund, failed, give_back_refused, true, 1000, nothing",
    // begun before that was kept: all of it is a reversal
    "failed, refund, unknown, give_back_refused, , 1000, settle refund",
    "failed, refund, unknown, , , 1000, wait",
    // what only gives money back is not what lets go
    "failed, refund, unknown, give_back_refused, , 999, nothing",
    "failed, refund, unknown, give_back_refused, false, 1000, nothing",
    "succeeded, refund, unknown, give_back_refused, true, 1000, voided_at_psp",
    // a hold's own release ends by the object of it
    "failed, void, accepted, , , 1000, settle void",
  })
  void whatIsLetGoOfForSomebodyElseEndsOurReversalOnceThatIsRefused(
      String charge,
      String kind,
      String status,
      @Nullable String heldReason,
      @Nullable Boolean reverses,
      long minor,
      String step) {
    OperationPart givingBack =
        givingBack(
            OperationKind.ofWire(kind),
            OperationStatus.ofWire(status),
            heldReason,
            reverses,
            Money.of(minor, "usd"));
    var now =
        new Standing(
            null,
            operation(CHARGE, OperationKind.AUTHORIZE, OperationStatus.ofWire(charge), "psp_1"),
            payment(PaymentStatus.REQUIRES_CAPTURE, CaptureMethod.MANUAL, 0),
            null,
            givingBack,
            null);
    FactStep next = FactRules.next(modification(OperationKind.VOID, null, "done"), now);
    assertThat(name(next)).isEqualTo(step);
    if (step.equals("settle refund")) {
      assertThat(next)
          .isEqualTo(
              new FactStep.Settle(
                  givingBack, new Approved("mod_1", null, AMOUNT, true, null, Details.NONE), null));
    }
  }

  /** That more was captured of a late success lets go of nothing. */
  @Test
  void aCaptureIsNoReversalOfWhatIsGivenBack() {
    var now =
        new Standing(
            null,
            operation(CHARGE, OperationKind.AUTHORIZE, OperationStatus.FAILED, "psp_1"),
            payment(PaymentStatus.REQUIRES_PAYMENT_METHOD, CaptureMethod.AUTOMATIC, 0),
            null,
            givingBack(
                OperationKind.REFUND, OperationStatus.UNKNOWN, "give_back_refused", true, AMOUNT),
            null);
    assertThat(name(FactRules.next(modification(OperationKind.CAPTURE, null, "done"), now)))
        .isEqualTo("nothing");
  }

  private static OperationPart givingBack(
      OperationKind kind,
      OperationStatus status,
      @Nullable String heldReason,
      @Nullable Boolean reverses,
      Money amount) {
    return new OperationPart(
        OWN, kind, status, 1, amount, null, null, CHARGE, true, heldReason, null, false, reverses);
  }

  /** What a partial capture left of a hold runs out without a word. */
  @Test
  void theRestOfAHoldMayRunOut() {
    var expired =
        new PspFact.Authorization(
            "psp_1", null, Given.declined(), result("no"), result("no"), true, "expired");
    OperationPart charge =
        operation(CHARGE, OperationKind.AUTHORIZE, OperationStatus.SUCCEEDED, "psp_1");
    for (long captured : new long[] {700, 1_000}) {
      var now =
          new Standing(
              charge,
              null,
              payment(PaymentStatus.SUCCEEDED, CaptureMethod.MANUAL, captured),
              null,
              null,
              null);
      assertThat(name(FactRules.next(expired, now)))
          .isEqualTo(captured == 700 ? "nothing" : "ended_after_capture");
    }
  }
}
