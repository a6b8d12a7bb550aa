package store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TrimmingTest {
  @Test
  void goesOnWhileThereIsAFullBatch() {
    var left = new AtomicInteger(3 * Trimming.BATCH + 7);
    assertThat(Trimming.run(() -> delete(left)).await()).isEqualTo(3 * Trimming.BATCH + 7);
    assertThat(left).hasValue(0);
  }

  @Test
  void endsAfterAWhileHoweverMuchIsLeft() {
    var left = new AtomicInteger(Integer.MAX_VALUE);
    assertThat(Trimming.run(() -> delete(left)).await()).isEqualTo(50 * Trimming.BATCH);
  }

  @Test
  void endsAtAFailure() {
    var tries = new AtomicInteger();
    assertThatThrownBy(
            () ->
                Trimming.run(
                        () ->
                            tries.incrementAndGet() == 1
                                ? Future.succeededFuture(Trimming.BATCH)
                                : Future.failedFuture("no database"))
                    .await())
        .hasMessage("no database");
    assertThat(tries).hasValue(2);
  }

  private static Future<Integer> delete(AtomicInteger left) {
    int deleted = Math.min(left.get(), Trimming.BATCH);
    left.addAndGet(-deleted);
    return Future.succeededFuture(deleted);
  }
}
