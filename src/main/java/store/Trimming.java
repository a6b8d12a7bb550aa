package store;

import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * Letting go of what is old in small statements, one after the other: each is quick, and together
 * they keep up with what is written.
 */
public final class Trimming {
  /** Rows that one statement deletes at most. */
  public static final int BATCH = 10_000;

  /**
   * Statements of one go: with a go a minute that is eight thousand rows a second, more than a
   * database of one machine takes in.
   */
  private static final int BATCHES = 50;

  private Trimming() {}

  /**
   * Runs a statement again while it finds a full batch.
   *
   * @param batch deletes {@link #BATCH} rows at most and tells how many
   * @return how many were deleted in all
   */
  public static Future<Integer> run(Supplier<Future<Integer>> batch) {
    return run(batch, BATCHES, 0);
  }

  private static Future<Integer> run(Supplier<Future<Integer>> batch, int left, int before) {
    return batch
        .get()
        .compose(
            deleted ->
                deleted < BATCH || left == 1
                    ? Future.succeededFuture(before + deleted)
                    : run(batch, left - 1, before + deleted));
  }
}
