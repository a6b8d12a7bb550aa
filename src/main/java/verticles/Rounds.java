package verticles;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Background work in rounds that never overlap: the next one comes after a rest where there is more
 * to do or when something wakes it, and after the poll interval otherwise. A failed round is logged
 * and tried again after the interval. Belongs to one event loop.
 */
final class Rounds {
  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

  /** Rounds that may fail in a row before the work counts as unhealthy. */
  private static final int FAILURES_ALLOWED = 5;

  private final Vertx vertx;
  private final String name;
  private final Duration interval;
  private final Rest rest;
  private final Supplier<Future<Boolean>> round;
  private volatile Health health = new Health(0, "has not run yet");
  private boolean running;
  private boolean woken;
  private @Nullable Long timer;
  private @Nullable Promise<Void> stopped;
  private long startedNanos;
  private long notBeforeNanos = System.nanoTime();

  /** What lies between two rounds at least. */
  interface Rest {
    /** Just so much that a long backlog leaves the event loop to others. */
    Rest SHORTEST = roundNanos -> 1_000_000;

    /**
     * How long to rest.
     *
     * @param roundNanos how long the round before took
     */
    long nanos(long roundNanos);
  }

  private record Health(int failures, String cause) {
    Health failed(Throwable again) {
      return new Health(failures + 1, String.valueOf(again.getMessage()));
    }
  }

  /**
   * Rounds that do not run before {@link #start}.
   *
   * @param name what the log calls the work
   * @param round does one round; its result tells whether there is more to do at once
   */
  Rounds(Vertx vertx, String name, Duration interval, Supplier<Future<Boolean>> round) {
    this(vertx, name, interval, Rest.SHORTEST, round);
  }

  /** The same with a rest of one's own; it is never longer than the interval. */
  Rounds(Vertx vertx, String name, Duration interval, Rest rest, Supplier<Future<Boolean>> round) {
    this.rest = rest;
    this.vertx = vertx;
    this.name = name;
    this.interval = interval;
    this.round = round;
  }

  void start() {
    run();
  }

  /** Something is there to do: the next round need not wait for the interval. */
  void wake() {
    boolean wokenAlready = woken;
    woken = true;
    if (running || wokenAlready || stopped != null) {
      return;
    }
    long left = restLeftMs();
    if (left <= 0) {
      run();
    } else {
      cancelTimer();
      timer = vertx.setTimer(left, ignored -> run());
    }
  }

  private long restLeftMs() {
    return Math.ceilDiv(notBeforeNanos - System.nanoTime(), 1_000_000L);
  }

  /** Begins no other round; completes when the one that runs has ended. */
  Future<Void> stop() {
    Promise<Void> promise = Promise.promise();
    stopped = promise;
    cancelTimer();
    if (!running) {
      promise.complete();
    }
    return promise.future();
  }

  /** Succeeds while rounds run; fails with the cause otherwise. May be asked from any thread. */
  Future<Void> healthy() {
    Health now = health;
    return now.failures < FAILURES_ALLOWED
        ? Future.succeededFuture()
        : Future.failedFuture(name + " does not run: " + now.cause);
  }

  private void run() {
    if (stopped != null) {
      return;
    }
    cancelTimer();
    running = true;
    woken = false;
    startedNanos = System.nanoTime();
    Future<Boolean> done;
    try {
      done = round.get();
    } catch (RuntimeException broken) {
      done = Future.failedFuture(broken);
    }
    done.onComplete(
        result -> {
          running = false;
          long now = System.nanoTime();
          notBeforeNanos = now + Math.min(rest.nanos(now - startedNanos), interval.toNanos());
          boolean again = woken;
          if (result.failed()) {
            health = health.failed(result.cause());
            LOG.warn("a round of {} failed: {}", name, result.cause().toString());
            again = false;
            woken = false;
          } else {
            health = new Health(0, "");
            again |= result.result();
          }
          next(again);
        });
  }

  private void next(boolean soon) {
    Promise<Void> promise = stopped;
    if (promise != null) {
      promise.tryComplete();
      return;
    }
    timer =
        vertx.setTimer(soon ? Math.max(1, restLeftMs()) : interval.toMillis(), ignored -> run());
  }

  private void cancelTimer() {
    Long waiting = timer;
    if (waiting != null) {
      vertx.cancelTimer(waiting);
      timer = null;
    }
  }
}
