package outbox;

import store.StoreException;

/**
 * How much one statement may do: half of it after one that ran into its time limit, for it would do
 * so again, and a little more again after each full one that did not.
 */
final class BatchSize {
  /**
   * Of the most, what it grows by: slowly, for a statement that is too large costs its whole time.
   */
  private static final int STEPS = 16;

  private final int most;
  private int now;

  BatchSize(int most) {
    this.most = most;
    this.now = most;
  }

  int now() {
    return now;
  }

  /** A full statement was done. */
  void done() {
    now = Math.min(most, now + Math.max(1, most / STEPS));
  }

  void failed(Throwable cause) {
    if (cause instanceof StoreException.Refused refused && refused.timedOut()) {
      now = Math.max(1, now / 2);
    }
  }
}
