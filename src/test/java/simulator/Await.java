package simulator;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition, within a bound that only a broken program reaches. */
public final class Await {
  private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();
  private static final long GLANCE_NANOS = Duration.ofMillis(5).toNanos();

  private Await() {}

  public static void until(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw new AssertionError("waited in vain");
      }
      LockSupport.parkNanos(GLANCE_NANOS);
    }
  }
}
