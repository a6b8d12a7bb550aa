package store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TrimmingTest {
  private final List<Integer> lanes = new ArrayList<>(List.of(Trimming.LANE, 7));
  private final Trimming trimming = new Trimming(() -> lanes);

  @Test
  void goesOnWhileThereIsAFullBatch() {
    var left = new AtomicInteger(3 * Trimming.BATCH + 7);
    assertThat(trimming.run(most -> delete(left, most)).await()).isEqualTo(3 * Trimming.BATCH + 7);
    assertThat(left).hasValue(0);
  }

  @Test
  void endsAfterAWhileHoweverMuchIsLeft() {
    var left = new AtomicInteger(Integer.MAX_VALUE);
    assertThat(trimming.run(most -> delete(left, most)).await()).isEqualTo(50 * Trimming.BATCH);
  }

  @Test
  void endsAtAFailure() {
    var tries = new AtomicInteger();
    assertThatThrownBy(
            () ->
                trimming
                    .run(
                        most ->
                            tries.incrementAndGet() == 1
                                ? Future.succeededFuture(most)
                                : Future.failedFuture("no database"))
                    .await())
        .hasMessage("no database");
    assertThat(tries).hasValue(2);
  }

  @Test
  void triesWithLessAfterATimeoutUntilItFits() {
    int fits = Trimming.BATCH / 5;
    var left = new AtomicInteger(Integer.MAX_VALUE);
    var timedOut = new StoreException.Refused("too long", "57014", null, null);
    int goes = 0;
    for (int deleted = 0; deleted == 0 && goes < 9; goes++) {
      deleted =
          trimming
              .run(most -> most > fits ? Future.failedFuture(timedOut) : delete(left, most))
              .otherwise(cause -> Integer.MAX_VALUE - left.get())
              .await();
    }
    assertThat(goes).as("halved three times").isEqualTo(4);
  }

  @Test
  void leavesItToWhoHasTheLane() {
    lanes.removeFirst();
    var left = new AtomicInteger(7);
    assertThat(trimming.run(most -> delete(left, most)).await()).isZero();
    assertThat(left).hasValue(7);
  }

  private static Future<Integer> delete(AtomicInteger left, int most) {
    int deleted = Math.min(left.get(), most);
    left.addAndGet(-deleted);
    return Future.succeededFuture(deleted);
  }
}
