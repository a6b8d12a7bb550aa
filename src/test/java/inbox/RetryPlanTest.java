package inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** When an event is looked at again, and when no more. */
final class RetryPlanTest {
  private static final RetryPlan PLAN =
      new RetryPlan(List.of(Duration.ofSeconds(1), Duration.ofSeconds(10)), Duration.ofSeconds(60));

  private final Random random = new Random(1);

  @Test
  void goesThroughTheScheduleAndGivesUp() {
    assertThat(PLAN.afterFailure(1, random).orElseThrow()).isBetween(800L, 1_200L);
    assertThat(PLAN.afterFailure(2, random).orElseThrow()).isBetween(8_000L, 12_000L);
    assertThat(PLAN.afterFailure(3, random)).isEmpty();
  }

  @Test
  void looksAtWhatMatchesNothingUntilItsTimeIsOver() {
    assertThat(PLAN.unmatched(1, 0, random).orElseThrow()).isBetween(800L, 1_200L);
    assertThat(PLAN.unmatched(9, 20_000, random).orElseThrow()).isBetween(8_000L, 12_000L);
    assertThat(PLAN.unmatched(9, 58_000, random).orElseThrow()).isEqualTo(2_000L);
    assertThat(PLAN.unmatched(9, 60_000, random)).isEmpty();
  }

  /** Where all nodes were down, an event is old before anybody has looked at it. */
  @Test
  void looksSeveralTimesHoweverOldItIs() {
    assertThat(PLAN.unmatched(1, 900_000, random).orElseThrow()).isBetween(800L, 1_200L);
    assertThat(PLAN.unmatched(3, 900_000, random).orElseThrow()).isBetween(8_000L, 12_000L);
    assertThat(PLAN.unmatched(4, 900_000, random)).isEmpty();
  }
}
