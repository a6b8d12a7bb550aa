package store;

/**
 * How much one statement may do: half of it after one that ran into its time limit, for it would do
 * so again, and a little more again after each full one that did not.
 */
public final class BatchSize {
  /**
   * Of the most, what it grows by: slowly, for a statement that is too large costs its whole time.
   */
  private static final int STEPS = 16;

  private final int most;
  private int now;

  /** Begins with the most. */
  public BatchSize(int most) {
    this.most = most;
    this.now = most;
  }

  public int now() {
    return now;
  }

  /** A full statement was done. */
  public void done() {
    now = Math.min(most, now + Math.max(1, most / STEPS));
  }

  /** One was not done. */
  public void failed(Throwable cause) {
    if (cause instanceof StoreException.Refused refused && refused.timedOut()) {
      now = Math.max(1, now / 2);
    }
  }
}
