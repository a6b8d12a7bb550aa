package flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import payments.OperationKind;
import payments.OperationStatus;

/** When recovery looks at an open operation. */
class RecoveryPlanTest {
  private static final RecoveryPlan PLAN = RecoveryPlan.DEFAULT;

  @ParameterizedTest
  @CsvSource({
    "0, 1",
    "1, 1",
    "2, 5",
    "3, 30",
    "4, 120",
    "5, 600",
    "6, 3600",
    // the last one repeats
    "7, 3600",
    "1000000, 3600",
  })
  void anUnknownOutcomeIsLookedAtByTheSchedule(int looks, long seconds) {
    assertThat(PLAN.delayMs(OperationStatus.UNKNOWN, looks, middle())).isEqualTo(seconds * 1000);
    assertThat(PLAN.delayMs(OperationStatus.PENDING, looks, middle())).isEqualTo(seconds * 1000);
  }

  /** A PSP that says a year keeps no outcome from us. */
  @ParameterizedTest
  @CsvSource({"0, 0", "7, 7000", "3600, 3600000", "31536000, 3600000"})
  void whatThePspAsksToWaitIsWaitedButNoLongerThanTheSchedulesLongest(long asked, long waited) {
    assertThat(PLAN.restMs(OperationKind.REFUND, Duration.ZERO, Duration.ofSeconds(asked)))
        .isEqualTo(waited);
    assertThat(PLAN.restMs(OperationKind.REFUND, Duration.ZERO, null)).isZero();
  }

  /** It would not be sent again afterwards, and a success would be given back. */
  @ParameterizedTest
  @CsvSource({
    "AUTHORIZE, 5, 3600, 560",
    "AUTHORIZE, 5, 7, 7",
    "COMPLETE_AUTHENTICATION, 5, 3600, 560",
    "CAPTURE, 5, 3600, 3600",
    // too late for an answer in time: the schedule goes on
    "AUTHORIZE, 566, 3600, 0",
    "COMPLETE_AUTHENTICATION, 86400, 3600, 0",
  })
  void whatThePspAsksToWaitIsNotWaitedThroughTheDeadlineOfWhatAuthorizes(
      OperationKind kind, long age, long asked, long waited) {
    assertThat(PLAN.restMs(kind, Duration.ofSeconds(age), Duration.ofSeconds(asked)))
        .isEqualTo(waited * 1000);
  }

  @Test
  void fourLooksAreTakenInTheFirstMinute() {
    long waited = 0;
    for (int looks = 1; looks <= 3; looks++) {
      waited += PLAN.delayMs(OperationStatus.UNKNOWN, looks, highest());
    }
    assertThat(Duration.ofMillis(waited)).isLessThan(Duration.ofMinutes(1));
  }

  @ParameterizedTest
  @CsvSource({
    "ACCEPTED, 0, 60000",
    "ACCEPTED, 1, 60000",
    "ACCEPTED, 2, 66000",
    "ACCEPTED, 1000000, 3600000",
  })
  void whatSomebodyElseEndsIsLookedAtMoreAndMoreRarely(
      OperationStatus status, int looks, long milliseconds) {
    assertThat(PLAN.delayMs(status, looks, middle())).isBetween(milliseconds - 1, milliseconds);
  }

  @Test
  void aCustomerWhoComesBackIsNoticedWithinATenthOfTheTimeItTook() {
    long waited = 0;
    while (waited < PLAN.challengeDeadline().toMillis()) {
      long next = PLAN.challengeDelayMs(Duration.ofMillis(waited), middle());
      assertThat(next).isBetween(1L, 10_000 + waited / 10);
      waited += next;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 10000",
    "60000, 16000",
    "1800000, 190000",
    // the deadline is not slept through
    "3599000, 1000",
    "3600000, 370000",
    "86400000, 3600000",
  })
  void anAuthenticationIsLookedAtMoreAndMoreRarely(long waitedMs, long milliseconds) {
    assertThat(PLAN.challengeDelayMs(Duration.ofMillis(waitedMs), middle()))
        .isBetween(milliseconds - 1, milliseconds);
  }

  @ParameterizedTest
  @CsvSource({
    // status, looks, seconds of age, seconds to the next look
    "AWAITING_CUSTOMER, 5, 60, 16",
    "AWAITING_CUSTOMER, 1, 1800, 190",
    "UNKNOWN, 3, 1800, 30",
    "PENDING, 2, 1800, 5",
    "ACCEPTED, 1, 1800, 60",
  })
  void theNextLookGoesByTheAgeOfAnAuthenticationAndByTheLooksAtTheRest(
      OperationStatus status, int looks, long age, long seconds) {
    assertThat(PLAN.nextLookMs(status, looks, Duration.ofSeconds(age), middle()))
        .isEqualTo(seconds * 1000);
  }

  /**
   * docs/runbooks/held-operation.md: after recovery.operator-after and recovery.result-deadline.
   */
  @ParameterizedTest
  @CsvSource({
    "CAPTURE, UNKNOWN, PT1H, ",
    "CAPTURE, UNKNOWN, PT1H0.001S, unsettled",
    "REFUND, PENDING, PT2H, unsettled",
    "AUTHORIZE, UNKNOWN, PT2H, unsettled",
    "COMPLETE_AUTHENTICATION, UNKNOWN, PT2H, unsettled",
    // what the PSP has taken in may take it days
    "CAPTURE, ACCEPTED, PT2H, ",
    "CAPTURE, ACCEPTED, P5D, ",
    "CAPTURE, ACCEPTED, P5DT0.001S, no_result",
    "VOID, ACCEPTED, P6D, no_result",
    "REFUND, ACCEPTED, P6D, no_result",
    // but not an authorization
    "AUTHORIZE, ACCEPTED, PT1H, ",
    "AUTHORIZE, ACCEPTED, PT2H, unsettled",
    "COMPLETE_AUTHENTICATION, ACCEPTED, PT2H, unsettled",
    // whom nobody waits for but a customer
    "AUTHORIZE, AWAITING_CUSTOMER, PT2H, ",
    "AUTHORIZE, AWAITING_CUSTOMER, P30D, ",
  })
  void operatorsSeeWhatHasNoEndInItsTime(
      OperationKind kind, OperationStatus status, Duration age, @Nullable String reason) {
    assertThat(PLAN.overdue(kind, status, age)).isEqualTo(reason);
  }

  @Property
  void chanceMovesAWaitByAFifthAtMost(
      @ForAll OperationStatus status,
      @ForAll @IntRange(min = 0, max = 50) int looks,
      @ForAll long seed) {
    long middle = PLAN.delayMs(status, looks, middle());

    assertThat((double) PLAN.delayMs(status, looks, new Random(seed)))
        .isBetween(middle * 0.8 - 1, middle * 1.2 + 1);
    assertThat(PLAN.delayMs(status, looks, lowest())).isLessThan(middle);
    assertThat(PLAN.delayMs(status, looks, highest())).isGreaterThan(middle);
  }

  @Test
  void aPlanWithoutDelaysIsNone() {
    assertThatThrownBy(
            () ->
                new RecoveryPlan(
                    List.of(),
                    0.2,
                    PLAN.pendingGrace(),
                    PLAN.authorizationDeadline(),
                    PLAN.operatorAfter(),
                    PLAN.resultDeadline(),
                    PLAN.acceptedDelay(),
                    PLAN.challengeDelay(),
                    PLAN.challengeDeadline(),
                    PLAN.keyMargin()))
        .hasMessageContaining("at least one delay");
  }

  private static RandomGenerator middle() {
    return always(Long.MIN_VALUE);
  }

  private static RandomGenerator lowest() {
    return always(0);
  }

  private static RandomGenerator highest() {
    return always(-1);
  }

  /** Chance that always falls the same way: these bits, of which nextDouble takes the upper 53. */
  private static RandomGenerator always(long bits) {
    return () -> bits;
  }
}
