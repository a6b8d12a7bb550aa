package outbox;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import store.BatchSize;
import store.Outbox;
import store.Outbox.Move;
import store.Outbox.NewChange;
import store.Outbox.Told;

/**
 * Gives state changes their place in the event log, and merchants their events. A change is moved
 * once, whoever moves it, and the changes of one payment in their order: ids rise within a payment,
 * and an earlier change is committed before a later one can be.
 *
 * <p>Belongs to one event loop.
 */
public final class Publisher {
  /**
   * A change becomes visible at its commit, which comes after its id was drawn but never as much
   * later as this: a statement has five seconds. Above it nothing is expected below an id that was
   * seen.
   */
  private static final Duration SETTLED = Duration.ofMinutes(1);

  /**
   * All is looked over again this often, so that even a commit that took longer is not left behind.
   */
  private static final Duration LOOK_OVER_ALL = Duration.ofMinutes(10);

  private final Outbox outbox;
  private final Supplier<UUID> ids;
  private final LongSupplier nanoTime;
  private final BatchSize batchSize;
  private List<Integer> lanes = List.of();
  private long after;
  private long seen;
  private long seenNanos;
  private long startedNanos;

  /**
   * A publisher that starts from the oldest change.
   *
   * @param ids time-ordered ids for events
   * @param batchSize changes moved at once, fewer while that many take too long
   */
  public Publisher(Outbox outbox, Supplier<UUID> ids, LongSupplier nanoTime, int batchSize) {
    this.outbox = outbox;
    this.ids = ids;
    this.nanoTime = nanoTime;
    this.batchSize = new BatchSize(batchSize);
    startOver();
  }

  /**
   * What one round did.
   *
   * @param changes how many were moved by it
   * @param more whether there may be more to move at once
   */
  public record Round(long changes, long deliveries, boolean more) {}

  /** Moves the oldest changes of these lanes. */
  public Future<Round> round(List<Integer> mine) {
    boolean others = !mine.equals(lanes);
    if (others || nanoTime.getAsLong() - startedNanos > LOOK_OVER_ALL.toNanos()) {
      // Lanes that were another node's may hold older changes.
      lanes = mine;
      startOver();
    }
    if (mine.isEmpty()) {
      return Future.succeededFuture(new Round(0, 0, false));
    }
    int number = batchSize.now();
    long readNanos = nanoTime.getAsLong();
    return outbox
        .oldest(after, mine, number)
        .compose(changes -> move(changes, changes.size() >= number, readNanos))
        .onFailure(batchSize::failed);
  }

  private Future<Round> move(List<NewChange> changes, boolean full, long readNanos) {
    if (changes.isEmpty()) {
      return Future.succeededFuture(new Round(0, 0, false));
    }
    return outbox
        .move(changes.stream().map(this::told).toList())
        .map(
            moved -> {
              moveOn(changes.getLast().id(), full, readNanos);
              if (full) {
                batchSize.done();
              }
              return new Round(moved.changes(), moved.deliveries(), full);
            });
  }

  private Move told(NewChange change) {
    return new Move(
        change,
        MerchantEventTypes.of(change.event(), change.operationKind(), change.operationStatus())
            .stream()
            .map(type -> new Told(ids.get(), type))
            .toList());
  }

  /**
   * What was seen has settled when it is read again after a while; what a full batch did not come
   * to waits all the same, and must not be passed over.
   */
  private void moveOn(long last, boolean full, long readNanos) {
    if (readNanos - seenNanos <= SETTLED.toNanos()) {
      return;
    }
    if (full && last < seen) {
      after = last;
      return;
    }
    after = seen;
    seen = Math.max(seen, last);
    seenNanos = nanoTime.getAsLong();
  }

  private void startOver() {
    after = 0;
    seen = 0;
    seenNanos = nanoTime.getAsLong();
    startedNanos = seenNanos;
  }
}
