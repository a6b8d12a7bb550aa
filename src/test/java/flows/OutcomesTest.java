package flows;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ledger.PostingRule;
import ledger.Transfer;
import money.Money;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import payments.AnomalyKind;
import payments.CaptureMethod;
import payments.Decline;
import payments.DeclineCode;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Parameters;
import payments.Payment;
import payments.PaymentEvent;
import payments.PaymentStatus;
import payments.Transitions;
import psp.PspResult;
import psp.PspResult.Accepted;
import psp.PspResult.ActionRequired;
import psp.PspResult.Declined;
import psp.PspResult.Details;
import psp.PspResult.NotSent;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;

/**
 * What each of a PSP's results means: what closes an operation, what leaves it open, what is wrong.
 */
class OutcomesTest {
  private final Outcomes outcomes = new Outcomes(() -> Given.TRANSFER);

  /**
   * Every result for every situation. A situation is an operation and its payment while that is
   * open; a meaning names what the operation becomes, its event in the history, and where the
   * payment goes.
   */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          charge          | taken    | closed succeeded captured -> succeeded
          charge          | held     | wrong capture_mismatch
          charge          | declined | closed failed declined -> requires_payment_method
          charge          | action   | waiting awaiting_customer action_required -> requires_action
          charge          | accepted | waiting accepted authorize_accepted
          charge          | unknown  | open
          charge          | not sent | closed failed declined -> requires_payment_method

          async charge    | taken    | closed succeeded captured -> succeeded
          async charge    | held     | wrong capture_mismatch

          hold            | held     | closed succeeded authorized -> requires_capture
          hold            | taken    | wrong capture_mismatch
          hold            | declined | closed failed declined -> requires_payment_method
          hold            | action   | waiting awaiting_customer action_required -> requires_action
          hold            | accepted | waiting accepted authorize_accepted
          hold            | unknown  | open
          hold            | not sent | closed failed declined -> requires_payment_method

          unknown charge  | taken    | closed succeeded captured -> succeeded
          unknown charge  | declined | closed failed declined -> requires_payment_method
          unknown charge  | action   | waiting awaiting_customer action_required -> requires_action
          unknown charge  | accepted | waiting accepted authorize_accepted
          unknown charge  | unknown  | open
          unknown charge  | not sent | open

          crashed charge  | taken    | closed succeeded captured -> succeeded
          crashed charge  | unknown  | open
          crashed charge  | not sent | open

          accepted charge | taken    | closed succeeded captured -> succeeded
          accepted charge | declined | closed failed declined -> requires_payment_method
          accepted charge | accepted | waiting accepted authorize_accepted
          accepted charge | unknown  | open
          accepted charge | not sent | open

          challenge       | taken    | closed succeeded captured -> succeeded
          challenge       | held     | wrong capture_mismatch
          challenge       | declined | closed failed declined -> requires_payment_method
          challenge       | action   | open
          challenge       | accepted | open
          challenge       | unknown  | open
          challenge       | not sent | open

          challenge while a cancel is under way | taken    | open
          challenge while a cancel is under way | declined | open
          challenge while a cancel is under way | action   | open
          challenge while a cancel is under way | accepted | open
          challenge while a cancel is under way | unknown  | open
          challenge while a cancel is under way | not sent | open

          authentication  | taken    | closed succeeded captured -> succeeded
          authentication  | declined | closed failed declined -> requires_payment_method
          authentication  | action   | closed succeeded action_required -> requires_action
          authentication  | details refused | closed failed authentication_refused -> requires_action
          authentication  | accepted | waiting accepted complete_authentication_accepted
          authentication  | unknown  | open
          authentication  | not sent | open

          capture         | taken    | closed succeeded captured -> succeeded
          capture         | declined | closed failed capture_failed -> requires_capture
          capture         | action   | wrong unexpected_challenge
          capture         | accepted | waiting accepted capture_accepted
          capture         | unknown  | open
          capture         | not sent | open

          void            | held     | closed succeeded voided -> canceled
          void            | declined | closed failed void_failed -> requires_capture
          void            | action   | wrong unexpected_challenge
          void            | accepted | waiting accepted void_accepted
          void            | unknown  | open
          void            | not sent | open

          end challenge   | held     | closed succeeded voided -> canceled
          end challenge   | declined | closed failed void_failed -> requires_action
          end challenge   | action   | wrong unexpected_challenge
          end challenge   | unknown  | open
          end challenge   | not sent | open

          refund          | taken    | closed succeeded refunded
          refund          | declined | closed failed refund_failed
          refund          | action   | wrong unexpected_challenge
          refund          | accepted | waiting accepted refund_accepted
          refund          | unknown  | open
          refund          | not sent | open

          refund of a late success | taken    | closed succeeded given_back
          refund of a late success | declined | wrong give_back_refused
          refund of a late success | action   | wrong unexpected_challenge
          refund of a late success | accepted | waiting accepted refund_accepted
          refund of a late success | unknown  | open
          refund of a late success | not sent | open

          void of a late success   | held     | closed succeeded given_back
          void of a late success   | declined | wrong give_back_refused
          void of a late success   | action   | wrong unexpected_challenge
          void of a late success   | unknown  | open
          void of a late success   | not sent | open

          refund of a late success | key refused | open
          void of a late success   | key refused | open

          void in case    | held        | closed succeeded given_back
          void in case    | declined    | closed failed nothing_let_go
          void in case    | refused     | open
          void in case    | key refused | open
          void in case    | accepted    | waiting accepted void_accepted
          void in case    | unknown     | open
          void in case    | not sent    | open
          """)
  void means(String situation, String result, String meaning) {
    Situation it = Situation.of(situation);

    assertThat(words(outcomes.of(it.payment, it.operation, result(result)))).isEqualTo(meaning);
  }

  @ParameterizedTest
  @EnumSource(UnknownReason.class)
  void anUnknownOutcomeNeverClosesAnything(UnknownReason reason) {
    var unknown = new Unknown(reason, "no answer");
    for (OperationKind kind : OperationKind.values()) {
      for (OperationStatus status : notClosed()) {
        for (PaymentStatus payment : PaymentStatus.values()) {
          assertThat(outcomes.of(Given.payment(payment), Given.operation(kind, status), unknown))
              .as("%s %s on %s", status, kind, payment)
              .isNotInstanceOf(Meaning.Closed.class)
              .isNotInstanceOf(Meaning.Waiting.class);
        }
      }
    }
  }

  @Test
  void theWaitThatThePspAsksForIsKept() {
    var limited =
        new Unknown(UnknownReason.RATE_LIMITED, "429").withRetryAfter(Duration.ofSeconds(7));
    for (OperationKind kind : OperationKind.values()) {
      assertThat(
              outcomes.of(
                  Given.payment(PaymentStatus.PROCESSING),
                  Given.operation(kind, OperationStatus.UNKNOWN),
                  limited))
          .isEqualTo(new Meaning.Open("RATE_LIMITED: 429", Duration.ofSeconds(7), false));
    }
  }

  /** It has its answer, and is only waited for: that is no outcome which nobody knows. */
  @ParameterizedTest
  @CsvSource({"accepted charge, true", "challenge, true", "unknown charge, false"})
  void nothingIsUnknownOfWhatWaitsAndIsNotAskedAbout(String situation, boolean expected) {
    Situation it = Situation.of(situation);
    var notAsked = new Unknown(UnknownReason.NOT_ASKED, "it would repeat its first answer");
    assertThat(outcomes.of(it.payment, it.operation, notAsked))
        .isInstanceOfSatisfying(
            Meaning.Open.class, open -> assertThat(open.expected()).isEqualTo(expected));
  }

  /** It may mean that money moved, so that nobody may call it undone. */
  @Test
  void aWordThatNobodyKnowsIsWrongAndLookedAtAgain() {
    var unknown = Unknown.status("charmed", "psp_1", null);
    for (OperationKind kind : OperationKind.values()) {
      assertThat(
              outcomes.of(
                  Given.payment(PaymentStatus.PROCESSING),
                  Given.operation(kind, OperationStatus.UNKNOWN),
                  unknown))
          .isEqualTo(
              new Meaning.Wrong(
                  AnomalyKind.UNKNOWN_STATUS,
                  "the PSP says status charmed of psp_1, which is not known",
                  "psp_1",
                  true,
                  null,
                  null));
    }
  }

  /** The first sending may have worked, and every other repeat will be refused, too. */
  @ParameterizedTest
  @EnumSource(OperationKind.class)
  void onlyWhatACustomerBroughtIsNotSentAgainOnceItIsRefused(OperationKind kind) {
    Meaning meaning =
        outcomes.of(
            Given.payment(PaymentStatus.PROCESSING),
            Given.operation(kind, OperationStatus.UNKNOWN),
            new Unknown(UnknownReason.REFUSED_AGAIN, "HTTP 422 on a repeat"));
    assertThat(words(meaning))
        .isEqualTo(kind == OperationKind.COMPLETE_AUTHENTICATION ? "stuck" : "open");
  }

  @Test
  void onlyAnAuthorizationsVeryFirstSendingProvesNoChargeByNotBeingSent() {
    for (OperationKind kind : OperationKind.values()) {
      for (OperationStatus status : notClosed()) {
        for (int attempts : new int[] {0, 1, 2, 9}) {
          for (boolean givesBack : new boolean[] {false, true}) {
            boolean proven =
                kind == OperationKind.AUTHORIZE
                    && status == OperationStatus.PENDING
                    && attempts == 1;
            Meaning meaning =
                outcomes.of(
                    Given.payment(PaymentStatus.PROCESSING),
                    Given.operation(kind, status, attempts, givesBack),
                    new NotSent("breaker open"));
            assertThat(meaning)
                .as("%s %s, attempt %d", status, kind, attempts)
                .isInstanceOf(proven ? Meaning.Closed.class : Meaning.Open.class);
          }
        }
      }
    }
  }

  @Test
  void whatWasNotSentIsADeclineThatMayBeTriedAgain() {
    var meaning = closed("charge", new NotSent("connection refused"));

    assertThat(meaning.decline())
        .isNotNull()
        .satisfies(
            decline -> {
              assertThat(decline.code()).isEqualTo(DeclineCode.PSP_UNAVAILABLE);
              assertThat(decline.rawMessage()).isEqualTo("connection refused");
              assertThat(decline.adviceCode()).isEqualTo("try_again_later");
            });
    assertThat(meaning.transfer()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "AUTHORIZE, 1098, usd",
    "AUTHORIZE, 1100, usd",
    "AUTHORIZE, 1099, eur",
    "AUTHORIZE, 0, usd",
    "COMPLETE_AUTHENTICATION, 1098, usd",
    "CAPTURE, 1098, usd",
    "CAPTURE, 1099, cad",
    "REFUND, 1098, usd",
    "REFUND, 109900, usd",
    "REFUND, 1099, jpy",
  })
  void anotherAmountOrCurrencyIsNeverASuccess(OperationKind kind, long minor, String currency) {
    for (boolean givesBack : new boolean[] {false, true}) {
      Meaning meaning =
          outcomes.of(
              Given.payment(PaymentStatus.PROCESSING),
              Given.operation(kind, OperationStatus.PENDING, 1, givesBack),
              Given.approved(Money.of(minor, currency), true));

      assertThat(meaning)
          .isEqualTo(
              new Meaning.Wrong(
                  AnomalyKind.AMOUNT_MISMATCH,
                  "asked for 1099 usd, the PSP says " + minor + " " + currency,
                  Given.approved(Money.of(minor, currency), true)));
    }
  }

  /** What was done instead is told to a person in words. */
  @Test
  void aHoldInsteadOfMoneyAndMoneyInsteadOfAHoldAreToldApart() {
    assertThat(wrong("charge", "held").detail()).isEqualTo("the PSP holds what was to be captured");
    assertThat(wrong("hold", "taken").detail()).isEqualTo("the PSP captured what was to be held");
  }

  private Meaning.Wrong wrong(String situation, String result) {
    Situation it = Situation.of(situation);
    return (Meaning.Wrong) outcomes.of(it.payment, it.operation, result(result));
  }

  /** It says nothing of the money: its PSP does as it was asked with the authorization. */
  @ParameterizedTest
  @CsvSource({
    "COMPLETE_AUTHENTICATION, MANUAL, false",
    "COMPLETE_AUTHENTICATION, AUTOMATIC, true",
    "COMPLETE_AUTHENTICATION, AUTOMATIC_ASYNC, true",
  })
  void whatCompletesAnAuthenticationDoesAsTheAuthorizationWasAsked(
      OperationKind kind, CaptureMethod method, boolean captured) {
    Payment payment = Given.payment(PaymentStatus.PROCESSING, method, 0, 0);
    Operation operation = Given.operation(kind, OperationStatus.PENDING);
    for (boolean told : new boolean[] {false, true}) {
      assertThat(Outcomes.asAsked(payment, operation, Given.approved(Given.AMOUNT, told)))
          .isEqualTo(Given.approved(Given.AMOUNT, captured));
    }
    assertThat(Outcomes.asAsked(payment, operation, Given.declined())).isEqualTo(Given.declined());
  }

  @ParameterizedTest
  @EnumSource(
      value = OperationKind.class,
      names = "COMPLETE_AUTHENTICATION",
      mode = EnumSource.Mode.EXCLUDE)
  void whatThePspSaysOfMoneyIsTakenAsItSaysIt(OperationKind kind) {
    for (CaptureMethod method : CaptureMethod.values()) {
      for (boolean told : new boolean[] {false, true}) {
        assertThat(
                Outcomes.asAsked(
                    Given.payment(PaymentStatus.PROCESSING, method, 0, 0),
                    Given.operation(kind, OperationStatus.PENDING),
                    Given.approved(Given.AMOUNT, told)))
            .isEqualTo(Given.approved(Given.AMOUNT, told));
      }
    }
  }

  /** Details that were refused themselves say nothing of the charge (no reference). */
  @ParameterizedTest
  @CsvSource({
    "COMPLETE_AUTHENTICATION, , taken, true",
    "COMPLETE_AUTHENTICATION, , declined, true",
    "COMPLETE_AUTHENTICATION, , details refused, false",
    "COMPLETE_AUTHENTICATION, , action, false",
    "COMPLETE_AUTHENTICATION, , accepted, false",
    "COMPLETE_AUTHENTICATION, , unknown, false",
    "COMPLETE_AUTHENTICATION, , not sent, false",
    "VOID, ABANDONED, held, true",
    "VOID, SUPERSEDED, held, true",
    "VOID, ABANDONED, declined, false",
    "VOID, ABANDONED, accepted, false",
    "VOID, ABANDONED, unknown, false",
    // of a hold, or for a cancel of the payment
    "VOID, , held, false",
    "AUTHORIZE, , taken, false",
    "CAPTURE, , taken, false",
    "REFUND, , taken, false",
  })
  void onlyTheEndOfAnAuthenticationEndsTheCharge(
      OperationKind kind, EndChallenge.@Nullable Why why, String result, boolean ends) {
    assertThat(Outcomes.endsCharge(ending(kind, why), result(result))).isEqualTo(ends);
  }

  private static Operation ending(OperationKind kind, EndChallenge.@Nullable Why why) {
    return Given.operation(
        kind,
        OperationStatus.PENDING,
        1,
        false,
        why == null ? new Parameters(Map.of()) : why.parameters(),
        null);
  }

  @ParameterizedTest
  @CsvSource({
    "VOID, ABANDONED, held, closed failed declined -> requires_payment_method",
    "VOID, SUPERSEDED, held, closed canceled challenge_ended -> requires_confirmation",
    "COMPLETE_AUTHENTICATION, , taken, closed succeeded captured -> succeeded",
    "COMPLETE_AUTHENTICATION, , declined, closed failed declined -> requires_payment_method",
    "COMPLETE_AUTHENTICATION, , unknown, open",
    "COMPLETE_AUTHENTICATION, , not sent, open",
  })
  void aChargeEndsByWhatItsAuthenticationCameTo(
      OperationKind kind, EndChallenge.@Nullable Why why, String result, String meaning) {
    Meaning of =
        outcomes.ofCharge(
            Given.payment(PaymentStatus.PROCESSING),
            Given.operation(OperationKind.AUTHORIZE, OperationStatus.AWAITING_CUSTOMER),
            ending(kind, why),
            result(result));

    assertThat(words(of)).isEqualTo(meaning);
    if (why == EndChallenge.Why.ABANDONED) {
      assertThat(((Meaning.Closed) of).decline())
          .isNotNull()
          .satisfies(
              decline -> assertThat(decline.code()).isEqualTo(DeclineCode.AUTHENTICATION_FAILED));
    }
  }

  @Test
  void aChallengeThatNobodyIsThereForIsADecline() {
    Operation charge =
        Given.operation(
            OperationKind.AUTHORIZE,
            OperationStatus.PENDING,
            1,
            false,
            new Parameters(Map.of(Outcomes.NO_CHALLENGE, true)),
            null);
    Meaning meaning =
        outcomes.of(Given.payment(PaymentStatus.PROCESSING), charge, result("action"));

    assertThat(words(meaning)).isEqualTo("closed failed declined -> requires_payment_method");
    assertThat(((Meaning.Closed) meaning).decline())
        .isNotNull()
        .satisfies(
            decline -> assertThat(decline.code()).isEqualTo(DeclineCode.AUTHENTICATION_REQUIRED));
  }

  @Test
  void aVoidHasNoAmountToCompare() {
    Situation it = Situation.of("void");

    assertThat(words(outcomes.of(it.payment, it.operation, Given.approved(usd(0), false))))
        .isEqualTo("closed succeeded voided -> canceled");
  }

  /** Every final word, for every kind, on every status: it moves by the table or is wrong. */
  @ParameterizedTest
  @EnumSource(PaymentStatus.class)
  void aFinalWordMovesThePaymentByTheTableOrIsWrong(PaymentStatus status) {
    for (CaptureMethod method : CaptureMethod.values()) {
      boolean byHand = method == CaptureMethod.MANUAL;
      Payment payment = Given.payment(status, method, byHand ? 1099 : 0, 0);
      for (OperationKind kind : OperationKind.values()) {
        if (kind.exclusive()) {
          PaymentEvent success =
              switch (kind) {
                case AUTHORIZE, COMPLETE_AUTHENTICATION ->
                    byHand ? PaymentEvent.AUTHORIZED : PaymentEvent.CAPTURED;
                case CAPTURE -> PaymentEvent.CAPTURED;
                case VOID -> PaymentEvent.VOIDED;
                case REFUND -> throw new IllegalStateException("refunds move no status");
              };
          check(payment, kind, success, Given.approved(Given.AMOUNT, !byHand));
          PaymentEvent refusal =
              switch (kind) {
                case AUTHORIZE, COMPLETE_AUTHENTICATION -> PaymentEvent.DECLINED;
                case CAPTURE -> PaymentEvent.CAPTURE_FAILED;
                case VOID -> byHand ? PaymentEvent.VOID_FAILED : PaymentEvent.CHALLENGE_KEPT;
                case REFUND -> throw new IllegalStateException("refunds move no status");
              };
          check(payment, kind, refusal, Given.declined());
        }
      }
    }
  }

  private void check(Payment payment, OperationKind kind, PaymentEvent event, PspResult result) {
    Meaning meaning = outcomes.of(payment, Given.operation(kind, OperationStatus.UNKNOWN), result);
    var to = Transitions.next(payment.status(), event);
    if (to.isEmpty()) {
      assertThat(meaning)
          .isEqualTo(
              new Meaning.Wrong(
                  AnomalyKind.ILLEGAL_TRANSITION,
                  event + " for a payment that is " + payment.status().wire(),
                  "psp_1"));
      return;
    }
    assertThat(meaning).isInstanceOf(Meaning.Closed.class);
    var change = ((Meaning.Closed) meaning).change();
    assertThat(change.from()).isEqualTo(payment.status());
    assertThat(change.to()).isEqualTo(to.get());
  }

  @ParameterizedTest
  @EnumSource(PaymentStatus.class)
  void aRefundsWordMovesNoStatusWhateverItIs(PaymentStatus status) {
    for (PspResult result : List.of(Given.approved(Given.AMOUNT, true), Given.declined())) {
      Meaning meaning =
          outcomes.of(
              Given.payment(status),
              Given.operation(OperationKind.REFUND, OperationStatus.UNKNOWN),
              result);

      assertThat(meaning).isInstanceOf(Meaning.Closed.class);
      assertThat(((Meaning.Closed) meaning).change().from()).isNull();
      assertThat(((Meaning.Closed) meaning).change().to()).isNull();
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "charge, taken, CAPTURE",
    "capture, taken, CAPTURE",
    "refund, taken, REFUND",
    "refund of a late success, taken, SUSPENSE_RETURNED",
  })
  void moneyThatMovedIsBookedOnceByItsRule(String situation, String result, PostingRule rule) {
    Transfer expected = rule.transfer(Given.TRANSFER, Given.OPERATION, "stripe_demo", Given.AMOUNT);

    assertThat(closed(situation, result(result)).transfer()).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "hold, held",
    "void, held",
    "end challenge, held",
    "void of a late success, held",
    "charge, declined",
    "charge, not sent",
    "capture, declined",
    "void, declined",
    "refund, declined",
  })
  void whereNoMoneyMovedNothingIsBooked(String situation, String result) {
    assertThat(closed(situation, result(result)).transfer()).isNull();
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    // situation, result, and what the amounts become: authorized, captured, reserved, refunded
    "charge, taken, 0, 1099, 0, 0",
    "charge, declined, 0, 0, 0, 0",
    "hold, held, 1099, 0, 0, 0",
    "hold, declined, 0, 0, 0, 0",
    "capture, taken, 0, 1099, 0, 0",
    "capture, declined, 1099, 0, 0, 0",
    "void, held, 0, 0, 0, 0",
    "void, declined, 1099, 0, 0, 0",
    "end challenge, held, 0, 0, 0, 0",
    "refund, taken, 0, 5000, 0, 1099",
    "refund, declined, 0, 5000, 0, 0",
    "refund of a late success, taken, 0, 0, 0, 0",
    "void of a late success, held, 0, 0, 0, 0",
  })
  void amountsFollow(
      String situation,
      String result,
      long authorized,
      long captured,
      long reserved,
      long refunded) {
    Situation it = Situation.of(situation);
    Payment after =
        After.payment(it.payment, closed(situation, result(result)).change(), Given.NOW);

    assertThat(after.authorized()).isEqualTo(authorized);
    assertThat(after.captured()).isEqualTo(captured);
    assertThat(after.refundReserved()).isEqualTo(reserved);
    assertThat(after.refunded()).isEqualTo(refunded);
  }

  @Test
  void aPartialCaptureLetsGoOfTheRestOfTheHold() {
    Payment payment = Given.payment(PaymentStatus.PROCESSING, CaptureMethod.MANUAL, 5000, 0);
    Operation capture = Given.operation(OperationKind.CAPTURE, OperationStatus.PENDING);
    var meaning = (Meaning.Closed) outcomes.of(payment, capture, result("taken"));
    Payment after = After.payment(payment, meaning.change(), Given.NOW);

    assertThat(after.captured()).isEqualTo(1099);
    assertThat(after.authorized()).isZero();
  }

  @Test
  void aDeclineShowsTheErrorAndTheChargeAndForgetsTheMethod() {
    Situation it = Situation.of("charge");
    Payment after =
        After.payment(it.payment, closed("charge", result("declined")).change(), Given.NOW);

    assertThat(after.lastError()).isEqualTo(Given.DECLINE);
    assertThat(after.latestCharge()).isEqualTo(Given.OPERATION);
    assertThat(after.paymentMethodId()).isNull();
    assertThat(after.nextActionUrl()).isNull();
  }

  @Test
  void aSuccessShowsTheChargeAndTheMethodAndForgetsTheError() {
    for (String situation : List.of("charge", "challenge")) {
      Situation it = Situation.of(situation);
      Payment after =
          After.payment(it.payment, closed(situation, result("taken")).change(), Given.NOW);

      assertThat(after.lastError()).isNull();
      assertThat(after.latestCharge()).isEqualTo(Given.OPERATION);
      assertThat(after.paymentMethodId()).isEqualTo("pm_used");
      assertThat(after.nextActionUrl()).isNull();
    }
  }

  @Test
  void aChallengeShowsWhereToGoAndIsNoChargeYet() {
    Situation it = Situation.of("charge");
    Meaning meaning = outcomes.of(it.payment, it.operation, result("action"));
    Payment after = After.payment(it.payment, ((Meaning.Waiting) meaning).change(), Given.NOW);

    assertThat(after.status()).isEqualTo(PaymentStatus.REQUIRES_ACTION);
    assertThat(after.nextActionUrl()).isEqualTo("https://psp.example/3ds");
    assertThat(after.latestCharge()).isEqualTo(it.payment.latestCharge());
    assertThat(after.lastError()).isNull();
  }

  @Test
  void aChallengeThatThePspKeptGoesOnWhereItWas() {
    Situation it = Situation.of("end challenge");
    Payment after =
        After.payment(it.payment, closed("end challenge", result("declined")).change(), Given.NOW);

    assertThat(after.nextActionUrl()).isEqualTo(it.payment.nextActionUrl());
  }

  @Test
  void aVoidCancelsForTheReasonThatTheMerchantGave() {
    Situation it = Situation.of("void");
    Payment after = After.payment(it.payment, closed("void", result("held")).change(), Given.NOW);

    assertThat(after.cancellationReason()).isEqualTo("duplicate");
    assertThat(after.canceledAt()).isEqualTo(Given.NOW);
  }

  @Test
  void thePspsReferencesAndWordsAreKept() {
    var taken = closed("charge", result("taken"));
    assertThat(taken.reference()).isEqualTo("psp_1");
    assertThat(taken.chargeReference()).isEqualTo("psp_ch_1");
    assertThat(taken.methodToken()).isEqualTo("pm_psp");
    assertThat(taken.decline()).isNull();

    var declined = closed("charge", result("declined"));
    assertThat(declined.reference()).isEqualTo("psp_1");
    assertThat(declined.decline()).isEqualTo(Given.DECLINE);
  }

  private Meaning.Closed closed(String situation, PspResult result) {
    Situation it = Situation.of(situation);
    return (Meaning.Closed) outcomes.of(it.payment, it.operation, result);
  }

  private static List<OperationStatus> notClosed() {
    var statuses = new ArrayList<OperationStatus>();
    for (OperationStatus status : OperationStatus.values()) {
      if (status.open() || status == OperationStatus.AWAITING_CUSTOMER) {
        statuses.add(status);
      }
    }
    return statuses;
  }

  private static PspResult result(String words) {
    return switch (words) {
      case "taken" -> Given.approved(Given.AMOUNT, true);
      case "held" -> Given.approved(Given.AMOUNT, false);
      case "declined" -> Given.declined();
      case "details refused", "refused" -> new Declined(Given.DECLINE, null, null, Details.NONE);
      case "key refused" ->
          new Declined(
              new Decline(DeclineCode.KEY_REFUSED, "401", null, null, null),
              null,
              null,
              Details.NONE);
      case "action" -> new ActionRequired("psp_1", "https://psp.example/3ds", Details.NONE);
      case "accepted" -> new Accepted("psp_1", "psp_ch_1");
      case "unknown" -> new Unknown(UnknownReason.TIMEOUT, "20 s");
      case "not sent" -> new NotSent("connection refused");
      default -> throw new IllegalArgumentException(words);
    };
  }

  private static String words(Meaning meaning) {
    return switch (meaning) {
      case Meaning.Closed closed ->
          "closed %s %s%s"
              .formatted(closed.status().wire(), closed.event(), arrow(closed.change().to()));
      case Meaning.Waiting waiting ->
          "waiting %s %s%s"
              .formatted(waiting.status().wire(), waiting.event(), arrow(waiting.change().to()));
      case Meaning.Open ignored -> "open";
      case Meaning.Stuck ignored -> "stuck";
      case Meaning.Wrong wrong -> "wrong " + wrong.anomaly().wire();
    };
  }

  private static String arrow(@Nullable PaymentStatus to) {
    return to == null ? "" : " -> " + to.wire();
  }

  private static Money usd(long minor) {
    return Money.of(minor, "usd");
  }

  /** An operation that is not closed, and its payment meanwhile. */
  private record Situation(Payment payment, Operation operation) {
    static Situation of(String words) {
      Payment processing = Given.payment(PaymentStatus.PROCESSING);
      Payment byHand = Given.payment(PaymentStatus.PROCESSING, CaptureMethod.MANUAL, 0, 0);
      Payment held = Given.payment(PaymentStatus.PROCESSING, CaptureMethod.MANUAL, 1099, 0);
      Payment challenged = Given.payment(PaymentStatus.REQUIRES_ACTION);
      Payment canceled = Given.payment(PaymentStatus.CANCELED);
      Payment refunding =
          Given.payment(
              PaymentStatus.SUCCEEDED,
              CaptureMethod.AUTOMATIC,
              new Given.Amounts(0, 5000, 1099, 0, 0));
      return switch (words) {
        case "charge" -> in(processing, OperationKind.AUTHORIZE, OperationStatus.PENDING);
        case "async charge" ->
            in(
                Given.payment(PaymentStatus.PROCESSING, CaptureMethod.AUTOMATIC_ASYNC, 0, 0),
                OperationKind.AUTHORIZE,
                OperationStatus.PENDING);
        case "hold" -> in(byHand, OperationKind.AUTHORIZE, OperationStatus.PENDING);
        case "unknown charge" -> in(processing, OperationKind.AUTHORIZE, OperationStatus.UNKNOWN);
        case "crashed charge" ->
            new Situation(
                processing,
                Given.operation(OperationKind.AUTHORIZE, OperationStatus.PENDING, 2, false));
        case "accepted charge" -> in(processing, OperationKind.AUTHORIZE, OperationStatus.ACCEPTED);
        case "challenge" ->
            in(challenged, OperationKind.AUTHORIZE, OperationStatus.AWAITING_CUSTOMER);
        case "challenge while a cancel is under way" ->
            in(processing, OperationKind.AUTHORIZE, OperationStatus.AWAITING_CUSTOMER);
        case "authentication" ->
            in(processing, OperationKind.COMPLETE_AUTHENTICATION, OperationStatus.PENDING);
        case "capture" -> in(held, OperationKind.CAPTURE, OperationStatus.PENDING);
        case "void" -> in(held, OperationKind.VOID, OperationStatus.PENDING);
        case "end challenge" -> in(processing, OperationKind.VOID, OperationStatus.PENDING);
        case "refund" -> in(refunding, OperationKind.REFUND, OperationStatus.PENDING);
        case "refund of a late success" -> givingBack(canceled, OperationKind.REFUND);
        case "void of a late success" -> givingBack(canceled, OperationKind.VOID);
        case "void in case" ->
            new Situation(
                canceled,
                Given.operation(
                    OperationKind.VOID,
                    OperationStatus.PENDING,
                    1,
                    true,
                    new Parameters(Map.of(Outcomes.IN_CASE, true)),
                    null));
        default -> throw new IllegalArgumentException(words);
      };
    }

    private static Situation in(Payment payment, OperationKind kind, OperationStatus status) {
      return new Situation(payment, Given.operation(kind, status));
    }

    private static Situation givingBack(Payment payment, OperationKind kind) {
      return new Situation(payment, Given.operation(kind, OperationStatus.PENDING, 1, true));
    }
  }
}
