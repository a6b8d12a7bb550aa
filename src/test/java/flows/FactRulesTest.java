package flows;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import money.Money;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import payments.AttemptOutcome;
import payments.CaptureMethod;
import payments.CardChecks;
import payments.DisputeStatus;
import payments.OperationKind;
import payments.OperationStatus;
import payments.PaymentStatus;
import psp.PspFact;
import psp.PspFact.Dispute.Stage;
import psp.PspResult;
import psp.PspResult.Accepted;
import psp.PspResult.ActionRequired;
import psp.PspResult.Approved;
import psp.PspResult.Declined;
import psp.PspResult.Details;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;
import store.Standing;
import store.Standing.DisputePart;
import store.Standing.OperationPart;
import store.Standing.PaymentPart;

/** What a PSP's word means in every state: the table. */
final class FactRulesTest {
  private static final UUID CHARGE = new UUID(0, 1);
  private static final UUID REFUND = new UUID(0, 2);
  private static final UUID PAYMENT = new UUID(0, 3);
  private static final UUID OTHER = new UUID(0, 4);
  private static final Money AMOUNT = Money.of(1_000, "usd");

  private static PspResult result(String name) {
    return switch (name) {
      case "held" -> Given.approved(AMOUNT, false);
      case "taken" -> Given.approved(AMOUNT, true);
      case "part" -> Given.approved(Money.of(700, "usd"), true);
      case "more" -> Given.approved(Money.of(1_001, "usd"), true);
      case "euros" -> Given.approved(Money.of(1_000, "eur"), true);
      case "gone" -> Given.approved(AMOUNT, false);
      case "no" -> Given.declined();
      case "challenge" -> new ActionRequired("psp_1", "https://psp.test", Details.NONE);
      case "accepted" -> new Accepted("psp_1", null);
      case "nothing" -> new Unknown(UnknownReason.NOT_FOUND, "nothing");
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** The fact of an intent in a state. */
  private static PspFact intent(String state) {
    return switch (state) {
      case "held" -> fact("held", "nothing", "nothing", null);
      case "taken" -> fact("taken", "taken", "no", null);
      case "part" -> fact("part", "part", "no", null);
      case "more", "euros" -> fact(state, state, "no", null);
      case "expired" -> fact("no", "no", "gone", "automatic");
      case "canceled" -> fact("no", "no", "gone", "duplicate");
      case "failed" -> fact("no", "nothing", "nothing", null);
      case "challenge" -> fact("challenge", "nothing", "nothing", null);
      case "processing" -> fact("accepted", "accepted", "nothing", null);
      case "created" -> fact("nothing", "nothing", "nothing", null);
      default -> throw new IllegalArgumentException(state);
    };
  }

  private static PspFact fact(
      String asAuthorize, String asCapture, String asVoid, @Nullable String endReason) {
    return new PspFact.Authorization(
        "psp_1",
        "key",
        result(asAuthorize),
        result(asCapture),
        result(asVoid),
        endReason != null,
        endReason);
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

  private static PaymentPart payment(
      PaymentStatus status, CaptureMethod method, long authorized, long captured) {
    return new PaymentPart(
        PAYMENT, false, status, 3, 5, AMOUNT, method, authorized, captured, CHARGE, false);
  }

  private static String name(FactStep step) {
    return switch (step) {
      case FactStep.Settle settle ->
          "settle "
              + settle.operation().kind().wire()
              + (settle.result() instanceof Declined
                      && settle.operation().kind() != OperationKind.AUTHORIZE
                      && settle.operation().kind() != OperationKind.REFUND
                  ? " as failed"
                  : "")
              + (settle.heldBefore() == null ? "" : " held before");
      case FactStep.GiveBack giveBack -> giveBack.ask() ? "give back if it stands" : "give back";
      case FactStep.EndHold end -> end.event().name().toLowerCase(Locale.ROOT);
      case FactStep.Raise raise -> raise.anomaly().wire();
      case FactStep.MoveDispute move ->
          (move.from() == null ? "new" : move.from().wire())
              + " to "
              + move.to().wire()
              + (move.fromSuspense() ? " from suspense" : "");
      case FactStep.AddRefund add ->
          "add " + add.status().wire() + (add.fromSuspense() ? " from suspense" : "");
      default -> step.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    };
  }

  @ParameterizedTest
  @CsvSource({
    // the charge, captured by hand, the intent, what to do
    "pending, false, taken, settle authorize",
    "pending, true, held, settle authorize",
    "pending, true, part, settle authorize held before",
    "pending, true, taken, settle authorize held before",
    // of more, or of another currency, nothing was held: it is no success
    "pending, true, more, settle authorize",
    "pending, true, euros, settle authorize",
    "pending, false, failed, settle authorize",
    "unknown, false, failed, settle authorize",
    "pending, true, canceled, ask",
    "unknown, true, expired, ask",
    "accepted, false, canceled, ask",
    "pending, false, challenge, settle authorize",
    "pending, false, processing, settle authorize",
    "accepted, false, processing, nothing",
    "accepted, false, challenge, settle authorize",
    "pending, false, created, nothing",
    "awaiting_customer, false, taken, settle authorize",
    "awaiting_customer, true, part, settle authorize held before",
    "awaiting_customer, false, failed, ask",
    "awaiting_customer, false, expired, ask",
    "awaiting_customer, false, challenge, nothing",
    "awaiting_customer, false, processing, nothing",
    "failed, false, taken, give back",
    "failed, true, held, give back if it stands",
    "canceled, false, taken, give back",
    "failed, false, failed, nothing",
    "failed, false, processing, nothing",
    "canceled, true, expired, nothing",
  })
  void saysWhatFollowsForAChargeThatIsNotApproved(
      String status, boolean byHand, String intent, String expected) {
    var now =
        new Standing(
            operation(CHARGE, OperationKind.AUTHORIZE, OperationStatus.ofWire(status), null),
            null,
            payment(
                PaymentStatus.PROCESSING,
                byHand ? CaptureMethod.MANUAL : CaptureMethod.AUTOMATIC,
                0,
                0),
            null,
            null,
            null);
    assertThat(name(FactRules.next(intent(intent), now))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    // the payment, what is open, its status, the intent, what to do
    "requires_capture, , , held, nothing",
    "requires_capture, , , taken, captured_at_psp",
    "requires_capture, , , part, captured_at_psp",
    "requires_capture, , , expired, expired",
    "requires_capture, , , canceled, voided_at_psp",
    "requires_capture, , , failed, nothing",
    "requires_capture, , , processing, nothing",
    "processing, capture, pending, held, nothing",
    "processing, capture, pending, taken, settle capture",
    "processing, capture, unknown, expired, settle capture as failed",
    "processing, capture, pending, part, settle capture as failed",
    "processing, capture, pending, processing, settle capture",
    "processing, capture, accepted, processing, nothing",
    "processing, void, pending, held, nothing",
    "processing, void, pending, canceled, settle void",
    "processing, void, unknown, taken, settle void as failed",
    "processing, , , taken, wait",
    "succeeded, , , taken, nothing",
    "succeeded, , , held, nothing",
    "succeeded, , , failed, nothing",
    "succeeded, , , part, captured_differs",
    "succeeded, , , expired, ended_after_capture",
    "canceled, , , expired, nothing",
    "canceled, , , held, nothing",
    "canceled, , , taken, give back",
    "requires_action, , , taken, odd",
  })
  void saysWhatFollowsForAChargeThatIsApproved(
      String status,
      @Nullable String open,
      @Nullable String openStatus,
      String intent,
      String expected) {
    boolean succeeded = status.equals("succeeded");
    var now =
        new Standing(
            operation(CHARGE, OperationKind.AUTHORIZE, OperationStatus.SUCCEEDED, "psp_1"),
            null,
            payment(
                PaymentStatus.ofWire(status),
                CaptureMethod.MANUAL,
                succeeded ? 0 : 1_000,
                succeeded ? 1_000 : 0),
            open == null || openStatus == null
                ? null
                : operation(
                    OTHER, OperationKind.ofWire(open), OperationStatus.ofWire(openStatus), null),
            null,
            null);
    assertThat(name(FactRules.next(intent(intent), now))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    // our refund, its id at the PSP, what is told, what to do
    "pending, , taken, settle refund",
    "unknown, , no, settle refund",
    "pending, , accepted, settle refund",
    "accepted, psp_1, accepted, nothing",
    "accepted, psp_1, nothing, nothing",
    "succeeded, psp_1, taken, nothing",
    "succeeded, psp_1, accepted, nothing",
    "succeeded, psp_1, no, reverserefund",
    "failed, psp_1, taken, nothing",
    "failed, psp_1, accepted, nothing",
    "failed, , taken, reviverefund",
    "failed, , accepted, reviverefund",
    "failed, , no, notefailed",
    "failed, , nothing, nothing",
  })
  void saysWhatFollowsForARefundOfOurs(
      String status, @Nullable String reference, String told, String expected) {
    var now =
        new Standing(
            operation(REFUND, OperationKind.REFUND, OperationStatus.ofWire(status), reference),
            null,
            payment(PaymentStatus.SUCCEEDED, CaptureMethod.AUTOMATIC, 0, 1_000),
            null,
            null,
            null);
    assertThat(name(FactRules.next(refund("key", told), now))).isEqualTo(expected);
  }

  private static PspFact refund(@Nullable String key, String told) {
    return new PspFact.Refund("psp_1", key, "psp_charge", null, AMOUNT, null, result(told));
  }

  @ParameterizedTest
  @CsvSource({
    // the charge, captured, the payment, given back, what is told, what to do
    "succeeded, 1000, succeeded, false, taken, add succeeded",
    "succeeded, 1000, succeeded, false, accepted, add accepted",
    "succeeded, 1000, succeeded, false, no, add failed",
    "succeeded, 1000, succeeded, false, nothing, nothing",
    "succeeded, 0, requires_capture, false, taken, wait",
    "succeeded, 0, canceled, false, taken, nothing",
    "succeeded, 0, canceled, true, taken, add succeeded from suspense",
    "failed, 0, requires_payment_method, false, taken, wait",
    "failed, 0, requires_payment_method, true, taken, add succeeded from suspense",
    "unknown, 0, processing, false, taken, wait",
  })
  void saysWhatFollowsForARefundMadeAtThePsp(
      String charge,
      long captured,
      String status,
      boolean givenBack,
      String told,
      String expected) {
    var now =
        new Standing(
            null,
            operation(CHARGE, OperationKind.AUTHORIZE, OperationStatus.ofWire(charge), "p"),
            payment(PaymentStatus.ofWire(status), CaptureMethod.MANUAL, 0, captured),
            null,
            givenBack
                ? operation(OTHER, OperationKind.REFUND, OperationStatus.PENDING, null)
                : null,
            null);
    assertThat(name(FactRules.next(refund(null, told), now))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    // how it stands, what is told, its amount, what to do
    ", INQUIRY, 1000, new to inquiry",
    ", INQUIRY_CLOSED, 1000, new to inquiry_closed",
    ", OPEN, 1000, new to open",
    ", WON, 1000, new to open",
    ", LOST, 1000, new to open",
    "inquiry, INQUIRY, 1000, nothing",
    "inquiry, INQUIRY_CLOSED, 1000, inquiry to inquiry_closed",
    "inquiry, OPEN, 700, inquiry to open",
    "inquiry, LOST, 1000, inquiry to open",
    "inquiry_closed, INQUIRY, 1000, nothing",
    "inquiry_closed, OPEN, 1000, inquiry_closed to open",
    "open, INQUIRY, 700, nothing",
    "open, OPEN, 1000, nothing",
    "open, OPEN, 700, dispute_differs",
    "open, WON, 1000, open to won",
    "open, LOST, 700, open to lost",
    "won, OPEN, 1000, nothing",
    "won, WON, 700, dispute_differs",
    "won, LOST, 1000, odd",
    "lost, WON, 1000, odd",
    "lost, INQUIRY, 1000, nothing",
    "lost, LOST, 0, odd",
  })
  void saysWhatFollowsForADispute(@Nullable String known, Stage told, long minor, String expected) {
    var now =
        new Standing(
            null,
            operation(CHARGE, OperationKind.AUTHORIZE, OperationStatus.SUCCEEDED, "p"),
            payment(PaymentStatus.SUCCEEDED, CaptureMethod.AUTOMATIC, 0, 1_000),
            null,
            null,
            known == null ? null : new DisputePart(OTHER, DisputeStatus.ofWire(known), AMOUNT));
    var fact =
        new PspFact.Dispute("dp_1", "p", Money.of(minor, "usd"), told, "fraudulent", Instant.EPOCH);
    assertThat(name(FactRules.next(fact, now))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    // the charge, captured, the payment, what gives it back, what to do with a refund and a dispute
    "failed, 0, requires_payment_method, , wait, wait",
    "failed, 0, requires_payment_method, void pending, wait, wait",
    "canceled, 0, canceled, void unknown, wait, wait",
    "canceled, 0, canceled, void succeeded, nothing, wait",
    "canceled, 0, canceled, refund pending, add succeeded from suspense, new to open from suspense",
    "failed, 1000, succeeded, refund pending, add succeeded from suspense, new to open from"
        + " suspense",
    "succeeded, 0, canceled, refund succeeded, add succeeded from suspense, new to open from"
        + " suspense",
    "succeeded, 1000, succeeded, , add succeeded, new to open",
  })
  void saysWhoseMoneyARefundAndADisputeTake(
      String charge,
      long captured,
      String status,
      @Nullable String givingBack,
      String ofRefund,
      String ofDispute) {
    String[] back = givingBack == null ? new String[0] : givingBack.split(" ");
    var now =
        new Standing(
            null,
            operation(CHARGE, OperationKind.AUTHORIZE, OperationStatus.ofWire(charge), "p"),
            payment(PaymentStatus.ofWire(status), CaptureMethod.MANUAL, 0, captured),
            null,
            back.length == 0
                ? null
                : operation(
                    OTHER, OperationKind.ofWire(back[0]), OperationStatus.ofWire(back[1]), null),
            null);
    var dispute = new PspFact.Dispute("dp_1", "p", AMOUNT, Stage.LOST, "fraudulent", Instant.EPOCH);
    assertThat(name(FactRules.next(refund(null, "taken"), now))).isEqualTo(ofRefund);
    assertThat(name(FactRules.next(dispute, now))).isEqualTo(ofDispute);
  }

  @Test
  void keepsWhatCarriesOurKeyAndLetsGoOfWhatDoesNot() {
    var nothing = new Standing(null, null, null, null, null, null);
    assertThat(name(FactRules.next(intent("taken"), nothing))).isEqualTo("wait");
    assertThat(name(FactRules.next(refund("key", "taken"), nothing))).isEqualTo("wait");
    assertThat(name(FactRules.next(refund(null, "taken"), nothing))).isEqualTo("unmatched");
    var dispute = new PspFact.Dispute("dp_1", "p", AMOUNT, Stage.LOST, "fraudulent", Instant.EPOCH);
    assertThat(name(FactRules.next(dispute, nothing))).isEqualTo("unmatched");
  }

  @Test
  void aSuccessThatIsNotThePaymentsChargeCannotBe() {
    var now =
        new Standing(
            operation(OTHER, OperationKind.AUTHORIZE, OperationStatus.SUCCEEDED, "psp_1"),
            null,
            payment(PaymentStatus.SUCCEEDED, CaptureMethod.AUTOMATIC, 0, 1_000),
            null,
            null,
            null);
    assertThat(name(FactRules.next(intent("taken"), now))).isEqualTo("odd");
  }

  @ParameterizedTest
  @CsvSource({"1000, usd, addrefund", "1001, usd, addrefund", "1000, eur, odd", "0, usd, odd"})
  void aRefundMadeAtThePspIsOfThePaymentsCurrencyWhateverLimitItBreaks(
      long minor, String currency, String expected) {
    var now =
        new Standing(
            null,
            operation(CHARGE, OperationKind.AUTHORIZE, OperationStatus.SUCCEEDED, "p"),
            payment(PaymentStatus.SUCCEEDED, CaptureMethod.AUTOMATIC, 0, 1_000),
            null,
            null,
            null);
    var fact =
        new PspFact.Refund(
            "psp_1", null, "p", null, Money.of(minor, currency), null, result("taken"));
    FactStep next = FactRules.next(fact, now);
    assertThat(next.getClass().getSimpleName()).isEqualToIgnoringCase(expected);
  }

  @Test
  void putsACancelBeforeTheChallengeItEnds() {
    var now =
        new Standing(
            operation(CHARGE, OperationKind.AUTHORIZE, OperationStatus.AWAITING_CUSTOMER, "psp_1"),
            null,
            payment(PaymentStatus.PROCESSING, CaptureMethod.MANUAL, 0, 0),
            operation(OTHER, OperationKind.VOID, OperationStatus.PENDING, null),
            null,
            null);
    assertThat(name(FactRules.next(intent("taken"), now))).isEqualTo("settle void as failed");
    assertThat(name(FactRules.next(intent("expired"), now))).isEqualTo("settle void");
    assertThat(name(FactRules.next(intent("held"), now))).isEqualTo("wait");
    assertThat(name(FactRules.next(intent("failed"), now))).isEqualTo("nothing");
  }

  @Test
  void leavesALateSuccessAloneThatIsBeingGivenBack() {
    var giving = operation(OTHER, OperationKind.VOID, OperationStatus.PENDING, null);
    var now =
        new Standing(
            operation(CHARGE, OperationKind.AUTHORIZE, OperationStatus.FAILED, "psp_1"),
            null,
            payment(PaymentStatus.REQUIRES_PAYMENT_METHOD, CaptureMethod.MANUAL, 0, 0),
            null,
            giving,
            null);
    assertThat(name(FactRules.next(intent("held"), now))).isEqualTo("nothing");
    assertThat(name(FactRules.next(intent("canceled"), now))).isEqualTo("settle void");
    assertThat(name(FactRules.next(intent("taken"), now))).isEqualTo("takenlate");
  }

  /** What lets go of it names at its end what it let go of: until then the hold may be another. */
  @ParameterizedTest
  @CsvSource({
    "pending, held, wait",
    "unknown, held, wait",
    "accepted, held, wait",
    "pending, failed, nothing",
    "pending, challenge, nothing",
    "pending, canceled, settle void",
    "pending, taken, takenlate",
    "succeeded, held, nothing",
    "succeeded, canceled, nothing",
  })
  void aHoldWaitsForWhatLetsGoOfItInCase(String status, String intent, String expected) {
    var inCase =
        new OperationPart(
            OTHER,
            OperationKind.VOID,
            OperationStatus.ofWire(status),
            1,
            AMOUNT,
            null,
            status.equals("succeeded") ? "psp_1" : null,
            CHARGE,
            true,
            null,
            null,
            true,
            null);
    var now =
        new Standing(
            operation(CHARGE, OperationKind.AUTHORIZE, OperationStatus.FAILED, null),
            null,
            payment(PaymentStatus.REQUIRES_PAYMENT_METHOD, CaptureMethod.MANUAL, 0, 0),
            null,
            inCase,
            null);
    assertThat(name(FactRules.next(intent(intent), now))).isEqualTo(expected);
  }

  /** The customer is back: the PSP's word about the authorization answers what they brought. */
  @ParameterizedTest
  @CsvSource({
    "pending, taken, settle complete_authentication",
    "unknown, failed, settle complete_authentication as failed",
    "pending, processing, settle complete_authentication",
    "unknown, processing, settle complete_authentication",
    "accepted, processing, nothing",
    "accepted, taken, settle complete_authentication",
    "pending, challenge, nothing",
    "pending, created, nothing",
  })
  void aWordAboutTheAuthorizationAnswersWhatTheCustomerBrought(
      String status, String intent, String expected) {
    var now =
        new Standing(
            operation(CHARGE, OperationKind.AUTHORIZE, OperationStatus.AWAITING_CUSTOMER, "psp_1"),
            null,
            payment(PaymentStatus.PROCESSING, CaptureMethod.AUTOMATIC, 0, 0),
            operation(
                OTHER, OperationKind.COMPLETE_AUTHENTICATION, OperationStatus.ofWire(status), null),
            null,
            null);
    assertThat(name(FactRules.next(intent(intent), now))).isEqualTo(expected);
  }

  /** A hold that the network approved stood until it was let go of. */
  @ParameterizedTest
  @CsvSource({
    "manual, approved_by_network, psp_1, true",
    "manual, declined_by_network, psp_1, false",
    "manual, reversed_after_approval, psp_1, false",
    "manual, , psp_1, false",
    "manual, approved_by_network, , false",
    "automatic, approved_by_network, psp_1, false",
    "automatic_async, approved_by_network, psp_1, false",
  })
  void whatTheNetworkApprovedWasHeldBeforeItWasLetGoOf(
      String method, @Nullable String network, @Nullable String reference, boolean held) {
    var details =
        new Details(
            null,
            CardChecks.NONE,
            new AttemptOutcome(
                network, null, null, null, null, null, null, null, null, null, null));
    var declined = new Declined(Given.DECLINE, reference, "psp_ch_1", details);
    OperationPart charge =
        operation(CHARGE, OperationKind.AUTHORIZE, OperationStatus.UNKNOWN, "psp_1");
    var payment = payment(PaymentStatus.PROCESSING, CaptureMethod.ofWire(method), 0, 0);

    assertThat(FactRules.declined(charge, payment, declined))
        .isEqualTo(
            new FactStep.Settle(
                charge,
                declined,
                held ? new Approved("psp_1", "psp_ch_1", AMOUNT, false, null, details) : null));
  }

  @ParameterizedTest
  @CsvSource({
    "taken, 1000, nothing",
    "taken, 999, refund_differs",
    "taken, 1001, refund_differs",
    "accepted, 999, nothing",
    "nothing, 999, nothing",
    "no, 999, reverserefund",
  })
  void aRefundThatSucceededWithAnotherAmountIsRaised(String told, long minor, String expected) {
    var now =
        new Standing(
            operation(REFUND, OperationKind.REFUND, OperationStatus.SUCCEEDED, "psp_1"),
            null,
            payment(PaymentStatus.SUCCEEDED, CaptureMethod.AUTOMATIC, 0, 1_000),
            null,
            null,
            null);
    var fact =
        new PspFact.Refund(
            "psp_1", "key", "psp_charge", null, Money.of(minor, "usd"), null, result(told));
    assertThat(name(FactRules.next(fact, now))).isEqualTo(expected);
  }

  /** What was booked when it opened is booked when it ends; before, the PSP's latest word is. */
  @ParameterizedTest
  @CsvSource({
    ", OPEN, 700",
    "inquiry, INQUIRY_CLOSED, 700",
    "inquiry, OPEN, 700",
    "inquiry_closed, LOST, 700",
    "open, WON, 1000",
    "open, LOST, 1000",
  })
  void aDisputeEndsWithTheAmountThatItOpenedWith(@Nullable String known, Stage told, long minor) {
    var now =
        new Standing(
            null,
            operation(CHARGE, OperationKind.AUTHORIZE, OperationStatus.SUCCEEDED, "p"),
            payment(PaymentStatus.SUCCEEDED, CaptureMethod.AUTOMATIC, 0, 1_000),
            null,
            null,
            known == null ? null : new DisputePart(OTHER, DisputeStatus.ofWire(known), AMOUNT));
    var fact =
        new PspFact.Dispute("dp_1", "p", Money.of(700, "usd"), told, "fraudulent", Instant.EPOCH);
    assertThat(FactRules.next(fact, now))
        .isInstanceOfSatisfying(
            FactStep.MoveDispute.class,
            move -> assertThat(move.amount()).isEqualTo(Money.of(minor, "usd")));
  }

  /** What is told under our key of another object than the one that is given back. */
  @Test
  void tellsAPersonOfASecondSuccessAndLeavesTheFirstAlone() {
    for (OperationKind kind : List.of(OperationKind.VOID, OperationKind.REFUND)) {
      var now =
          new Standing(
              operation(CHARGE, OperationKind.AUTHORIZE, OperationStatus.FAILED, "psp_first"),
              null,
              payment(PaymentStatus.REQUIRES_PAYMENT_METHOD, CaptureMethod.MANUAL, 0, 0),
              null,
              operation(OTHER, kind, OperationStatus.PENDING, null),
              null);
      assertThat(name(FactRules.next(intent("held"), now))).isEqualTo("second_success");
      assertThat(name(FactRules.next(intent("taken"), now))).isEqualTo("second_success");
      assertThat(name(FactRules.next(intent("canceled"), now))).isEqualTo("nothing");
      assertThat(name(FactRules.next(intent("failed"), now))).isEqualTo("nothing");
    }
  }
}
