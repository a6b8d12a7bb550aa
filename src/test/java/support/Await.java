package support;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits until something holds, looking often, and fails after a bound that no slow machine reaches.
 */
public final class Await {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long LOOK_EVERY_NANOS = 10_000_000;

  private Await() {}

  /** Waits until a condition holds. */
  public static void until(String what, Callable<Boolean> condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (!condition.call()) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("did not happen in " + PATIENCE.toSeconds() + " s: " + what);
        }
        LockSupport.parkNanos(LOOK_EVERY_NANOS);
      }
    } catch (AssertionError e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("failed while waiting for: " + what, e);
    }
  }
}
