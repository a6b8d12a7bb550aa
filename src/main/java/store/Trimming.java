package store;

import io.vertx.core.Future;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Letting go of what is old in small statements, one after the other: each is quick, and together
 * they keep up with what is written. One node does it for all, so that no two wait for each other's
 * rows. Belongs to one event loop.
 */
public final class Trimming {
  /** Rows that one statement deletes at most. */
  static final int BATCH = 10_000;

  /**
   * Statements of one go: with a go a minute that is eight thousand rows a second, more than a
   * database of one machine takes in.
   */
  private static final int BATCHES = 50;

  /** Who has this lane trims for all. */
  static final int LANE = 0;

  private final Supplier<List<Integer>> lanes;
  private final BatchSize size = new BatchSize(BATCH);

  /**
   * Nothing let go of so far.
   *
   * @param lanes this node's at the moment
   */
  public Trimming(Supplier<List<Integer>> lanes) {
    this.lanes = lanes;
  }

  /**
   * Runs a statement again while it finds a full batch. One that runs into its time limit is tried
   * with less the next time.
   *
   * @param batch deletes so many rows at most and tells how many
   * @return how many were deleted in all
   */
  public Future<Integer> run(IntFunction<Future<Integer>> batch) {
    return lanes.get().contains(LANE) ? run(batch, BATCHES, 0) : Future.succeededFuture(0);
  }

  private Future<Integer> run(IntFunction<Future<Integer>> batch, int left, int before) {
    int most = size.now();
    return batch
        .apply(most)
        .onFailure(size::failed)
        .compose(
            deleted -> {
              if (deleted < most) {
                return Future.succeededFuture(before + deleted);
              }
              size.done();
              return left == 1
                  ? Future.succeededFuture(before + deleted)
                  : run(batch, left - 1, before + deleted);
            });
  }
}
