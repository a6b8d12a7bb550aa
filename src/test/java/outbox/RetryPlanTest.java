package outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryPlanTest {
  private final RetryPlan plan =
      new RetryPlan(
          List.of(Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofHours(12)),
          Duration.ofDays(3));

  @Test
  void followsTheScheduleAndStaysAtItsEnd() {
    var random = new Random(7);
    for (int i = 0; i < 1_000; i++) {
      assertThat(plan.after(1, random)).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(6));
      assertThat(plan.after(2, random)).isBetween(Duration.ofSeconds(48), Duration.ofSeconds(72));
      assertThat(plan.after(3, random)).isBetween(Duration.ofMinutes(576), Duration.ofMinutes(864));
      assertThat(plan.after(1_000_000, random)).isGreaterThan(Duration.ofHours(9));
    }
  }

  @Test
  void spreadsRepeatsThatWouldComeTogether() {
    var random = new Random(7);
    long different =
        java.util.stream.IntStream.range(0, 100)
            .mapToObj(i -> plan.after(2, random))
            .distinct()
            .count();
    assertThat(different).isGreaterThan(90);
  }
}
