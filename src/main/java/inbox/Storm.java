package inbox;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Whether webhooks come in faster than they are stored one by one: they gather while the database
 * is at work, so their batches grow. To accept them comes first then, and to work them second.
 * Shared by all contexts.
 */
public final class Storm {
  /** A batch of so many was not stored alone in a quiet moment. */
  static final int ROWS = 64;

  /** How long after the last such batch it is still on. */
  static final long LASTS_NANOS = 100_000_000;

  private static final long NEVER = Long.MIN_VALUE;

  private final LongSupplier nanoTime;
  private final AtomicLong lastNanos = new AtomicLong(NEVER);

  /**
   * No storm so far.
   *
   * @param nanoTime as System.nanoTime
   */
  public Storm(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** So many events go to the database together. */
  public void stored(int rows) {
    if (rows >= ROWS) {
      lastNanos.set(nanoTime.getAsLong());
    }
  }

  public boolean on() {
    long last = lastNanos.get();
    return last != NEVER && nanoTime.getAsLong() - last < LASTS_NANOS;
  }
}
