package flows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import payments.AttemptOutcome;
import payments.CaptureMethod;
import payments.CardChecks;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Parameters;
import payments.Payment;
import payments.PaymentStatus;
import psp.PspResult.Details;
import store.Finish.PaymentChange;

/** Records as a write leaves them: the rules that the statement's SET clauses follow, too. */
class AfterTest {
  private static final UUID OTHER = new UUID(5, 5);
  private static final AttemptOutcome TOLD =
      new AttemptOutcome(
          "approved_by_network",
          "authorized",
          null,
          "normal",
          12,
          "ok",
          null,
          null,
          null,
          null,
          null);
  private static final CardChecks CHECKS = new CardChecks(null, null, "pass");

  @Test
  void aChangeOfNothingIsStillTold() {
    Payment before = Given.payment(PaymentStatus.SUCCEEDED);
    Payment after = After.payment(before, PaymentChange.NONE, Given.NOW);

    assertThat(after).usingRecursiveComparison().ignoringFields("sequence").isEqualTo(before);
    assertThat(after.sequence()).isEqualTo(before.sequence() + 1);
  }

  @Test
  void onlyAMoveCountsTheVersion() {
    Payment before = Given.payment(PaymentStatus.PROCESSING);

    assertThat(
            After.payment(
                    before,
                    PaymentChange.move(PaymentStatus.PROCESSING, PaymentStatus.SUCCEEDED),
                    Given.NOW)
                .version())
        .isEqualTo(before.version() + 1);
    // Refunds side by side must not make each other's payment a stale one.
    assertThat(After.payment(before, PaymentChange.counters(5, 0), Given.NOW).version())
        .isEqualTo(before.version());
  }

  @Property
  void amountsAreDifferencesThatCommute(
      @ForAll @LongRange(min = 0, max = 1_000_000) long reserved,
      @ForAll @LongRange(min = 0, max = 1_000_000) long refunded) {
    Payment before =
        Given.payment(
            PaymentStatus.SUCCEEDED,
            CaptureMethod.AUTOMATIC,
            new Given.Amounts(0, 5_000_000, 0, 0, 0));
    PaymentChange reserve = PaymentChange.counters(reserved, 0);
    PaymentChange settle = PaymentChange.counters(-refunded, refunded);

    Payment oneWay = After.payment(After.payment(before, reserve, Given.NOW), settle, Given.NOW);
    Payment otherWay = After.payment(After.payment(before, settle, Given.NOW), reserve, Given.NOW);

    assertThat(oneWay).isEqualTo(otherWay);
    assertThat(oneWay.refundReserved()).isEqualTo(reserved - refunded);
    assertThat(oneWay.refunded()).isEqualTo(refunded);
  }

  @Test
  void theNextActionEndsWithEveryMoveAndStaysWithoutOne() {
    Payment before = Given.payment(PaymentStatus.REQUIRES_ACTION);

    assertThat(
            After.payment(
                    before,
                    PaymentChange.move(PaymentStatus.REQUIRES_ACTION, PaymentStatus.SUCCEEDED),
                    Given.NOW)
                .nextActionUrl())
        .isNull();
    assertThat(After.payment(before, PaymentChange.counters(1, 0), Given.NOW).nextActionUrl())
        .isEqualTo(before.nextActionUrl());
  }

  @Test
  void methodChargeAndErrorAreLeftReplacedOrCleared() {
    Payment before = Given.payment(PaymentStatus.PROCESSING);
    PaymentChange move =
        PaymentChange.move(PaymentStatus.PROCESSING, PaymentStatus.REQUIRES_PAYMENT_METHOD);

    Payment left = After.payment(before, move, Given.NOW);
    assertThat(left.paymentMethodId()).isEqualTo("pm_shown");
    assertThat(left.latestCharge()).isEqualTo(Given.CHARGE);
    assertThat(left.lastError()).isEqualTo(Given.DECLINE);

    Payment replaced = After.payment(before, move.shows(OTHER, "pm_other"), Given.NOW);
    assertThat(replaced.paymentMethodId()).isEqualTo("pm_other");
    assertThat(replaced.latestCharge()).isEqualTo(OTHER);

    Payment cleared = After.payment(before, move.shows(null, "").error(null), Given.NOW);
    assertThat(cleared.paymentMethodId()).isNull();
    assertThat(cleared.latestCharge()).isEqualTo(Given.CHARGE);
    assertThat(cleared.lastError()).isNull();
  }

  @ParameterizedTest
  @EnumSource(PaymentStatus.class)
  void onlyAMoveToCanceledSetsWhenItWasCanceled(PaymentStatus to) {
    Payment after =
        After.payment(
            Given.payment(PaymentStatus.PROCESSING),
            PaymentChange.move(PaymentStatus.PROCESSING, to),
            Given.NOW);

    assertThat(after.canceledAt()).isEqualTo(to == PaymentStatus.CANCELED ? Given.NOW : null);
  }

  @Test
  void anOperationKeepsWhatAnEarlierStageToldWhereALaterOneIsSilent() {
    Operation challenged =
        After.operation(
            Given.operation(OperationKind.AUTHORIZE, OperationStatus.PENDING),
            OperationStatus.AWAITING_CUSTOMER,
            null,
            "psp_1",
            null,
            new Details(Given.CARD, CHECKS, TOLD),
            Given.NOW);
    Operation done =
        After.operation(
            challenged,
            OperationStatus.SUCCEEDED,
            null,
            null,
            "psp_ch_1",
            Details.NONE,
            Given.NOW.plusSeconds(9));

    assertThat(done.pspReference()).isEqualTo("psp_1");
    assertThat(done.pspChargeReference()).isEqualTo("psp_ch_1");
    assertThat(done.card()).isEqualTo(Given.CARD);
    assertThat(done.checks()).isEqualTo(CHECKS);
    assertThat(done.outcome()).isEqualTo(TOLD);
    assertThat(done.updatedAt()).isEqualTo(Given.NOW.plusSeconds(9));
  }

  @Test
  void anOperationsRequestKeyAndAmountNeverChange() {
    Operation before = Given.operation(OperationKind.CAPTURE, OperationStatus.PENDING);
    Operation after =
        After.operation(
            before,
            OperationStatus.FAILED,
            Given.DECLINE,
            "psp_1",
            null,
            new Details(Given.CARD, CHECKS, TOLD),
            Given.NOW);

    assertThat(after)
        .usingRecursiveComparison()
        .ignoringFields("status", "pspReference", "card", "checks", "outcome", "decline")
        .isEqualTo(before);
  }

  @Test
  void otherWordsChangeNothingElse() {
    Operation before = Given.operation(OperationKind.REFUND, OperationStatus.SUCCEEDED);
    Operation after = After.described(before, Parameters.EMPTY);

    assertThat(after.parameters()).isEqualTo(Parameters.EMPTY);
    assertThat(after).usingRecursiveComparison().ignoringFields("parameters").isEqualTo(before);
  }

  @Test
  void totalsAreShownOnTheChargeThatHoldsThemOnly() {
    Payment payment =
        After.payment(
            Given.payment(
                PaymentStatus.SUCCEEDED,
                CaptureMethod.AUTOMATIC,
                new Given.Amounts(0, 1099, 0, 99, 0)),
            PaymentChange.NONE.shows(Given.OPERATION, null),
            Given.NOW);
    Operation succeeded = Given.operation(OperationKind.AUTHORIZE, OperationStatus.SUCCEEDED);
    Operation failed = Given.operation(OperationKind.AUTHORIZE, OperationStatus.FAILED);

    Operation shown = After.withTotals(succeeded, payment);
    assertThat(shown.capturedAmount()).isEqualTo(1099);
    assertThat(shown.refundedAmount()).isEqualTo(99);
    assertThat(After.withTotals(failed, payment).capturedAmount()).isZero();

    Payment ofAnother = After.payment(payment, PaymentChange.NONE.shows(OTHER, null), Given.NOW);
    assertThat(After.withTotals(succeeded, ofAnother).capturedAmount()).isZero();
  }

  @Property
  void whatIsLeftToRefundIsNeverNegative(
      @ForAll @LongRange(min = 0, max = 1_000) long captured,
      @ForAll @LongRange(min = 0, max = 1_000) long reserved,
      @ForAll @LongRange(min = 0, max = 1_000) long refunded,
      @ForAll @LongRange(min = 0, max = 1_000) long disputed) {
    long refundable =
        Given.payment(
                PaymentStatus.SUCCEEDED,
                CaptureMethod.AUTOMATIC,
                new Given.Amounts(0, captured, reserved, refunded, disputed))
            .refundable();

    assertThat(refundable).isBetween(0L, captured);
    assertThat(refundable).isEqualTo(Math.max(0, captured - reserved - refunded - disputed));
  }
}
