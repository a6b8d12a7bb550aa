package store;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Natural batching: while a statement is in flight, what arrives waits; when it returns, everything
 * waiting goes as one statement. It adds nothing at low load and shares the commit at high load.
 *
 * <p>At most one row per conflict key (a payment) goes into a batch, because an UPDATE from a list
 * applies only one of two rows that meet the same target. When PostgreSQL refuses a batch, its rows
 * are tried one by one, so that a poison row fails alone. When the connection is lost, every row of
 * the batch is {@link StoreException.InDoubt}.
 *
 * <p>All state is confined to one Vert.x context; callers may be on any.
 */
public final class Batcher<R, T> {
  /** Runs one statement over rows; the results of those rows that took effect, by row id. */
  public interface Statement<R, T> {
    Future<Map<Object, T>> run(List<R> rows);
  }

  /**
   * The bounds of a batcher.
   *
   * @param maxRows how many rows go into one statement at most
   * @param maxInFlight how many statements run at the same time
   * @param maxWaiting how many rows may wait; more are refused at once
   * @param apartMs how long after a statement the next one is sent at the earliest, unless it is
   *     full; 0 for at once. What is in no hurry costs fewer commits so, and one alone waits for
   *     nothing
   */
  public record Limits(int maxRows, int maxInFlight, int maxWaiting, int apartMs) {
    public Limits {
      if (maxRows < 1 || maxInFlight < 1 || maxWaiting < 1 || apartMs < 0) {
        throw new IllegalArgumentException("batch limits must be positive");
      }
    }

    /** Statements that wait for nothing but each other. */
    public Limits(int maxRows, int maxInFlight, int maxWaiting) {
      this(maxRows, maxInFlight, maxWaiting, 0);
    }
  }

  private record Waiting<R, T>(R row, Promise<Optional<T>> promise) {}

  private final Context context;
  private final Limits limits;
  private final Function<R, Object> rowId;
  private final Function<R, Object> conflictKey;
  private final Statement<R, T> statement;
  private final BatchObserver observer;
  private final ArrayDeque<Waiting<R, T>> waiting = new ArrayDeque<>();
  private int inFlight;
  private long notBeforeNanos = System.nanoTime();
  private boolean resting;

  public Batcher(
      Context context,
      Limits limits,
      Function<R, Object> rowId,
      Function<R, Object> conflictKey,
      Statement<R, T> statement,
      BatchObserver observer) {
    this.context = context;
    this.limits = limits;
    this.rowId = rowId;
    this.conflictKey = conflictKey;
    this.statement = statement;
    this.observer = observer;
  }

  /** Hears of every statement, for metrics. */
  public interface BatchObserver {
    BatchObserver NONE = rows -> {};

    void sent(int rows);
  }

  /** Adds a row to the next statement. Empty when the statement's guard did not let it through. */
  public Future<Optional<T>> submit(R row) {
    Promise<Optional<T>> promise = Promise.promise();
    if (Vertx.currentContext() == context) {
      enqueue(row, promise);
    } else {
      context.runOnContext(ignored -> enqueue(row, promise));
    }
    return promise.future();
  }

  private void enqueue(R row, Promise<Optional<T>> promise) {
    if (waiting.size() >= limits.maxWaiting) {
      promise.fail(
          new StoreException.Unavailable("too many writes are waiting for the database", null));
      return;
    }
    waiting.add(new Waiting<>(row, promise));
    sendWaiting();
  }

  private void sendWaiting() {
    while (inFlight < limits.maxInFlight && !waiting.isEmpty() && mayBeSent()) {
      notBeforeNanos = System.nanoTime() + limits.apartMs * 1_000_000L;
      List<Waiting<R, T>> batch = takeBatch();
      inFlight++;
      observer.sent(batch.size());
      run(batch)
          .onComplete(
              done -> {
                if (done.succeeded()) {
                  resolve(batch, done.result());
                  next();
                } else {
                  failed(batch, done.cause()).onComplete(ignored -> next());
                }
              });
    }
  }

  /** Whether enough waits or enough time has gone by; else it is looked at again then. */
  private boolean mayBeSent() {
    if (limits.apartMs == 0 || waiting.size() >= limits.maxRows) {
      return true;
    }
    long left = Math.ceilDiv(notBeforeNanos - System.nanoTime(), 1_000_000L);
    if (left > 0 && !resting) {
      resting = true;
      context
          .owner()
          .setTimer(
              left,
              ignored -> {
                resting = false;
                sendWaiting();
              });
    }
    return left <= 0;
  }

  private void next() {
    inFlight--;
    sendWaiting();
  }

  /**
   * Takes what waits, oldest first; a second row of the same conflict key stays for a later batch.
   */
  private List<Waiting<R, T>> takeBatch() {
    var batch = new ArrayList<Waiting<R, T>>();
    var keys = new HashSet<Object>();
    Iterator<Waiting<R, T>> all = waiting.iterator();
    while (all.hasNext() && batch.size() < limits.maxRows) {
      Waiting<R, T> next = all.next();
      if (keys.add(conflictKey.apply(next.row))) {
        batch.add(next);
        all.remove();
      }
    }
    return batch;
  }

  private Future<Map<Object, T>> run(List<Waiting<R, T>> batch) {
    Future<Map<Object, T>> result;
    try {
      result = statement.run(batch.stream().map(Waiting::row).toList());
    } catch (RuntimeException e) {
      result = Future.failedFuture(e);
    }
    Promise<Map<Object, T>> onContext = Promise.promise();
    result.onComplete(
        done -> {
          if (Vertx.currentContext() == context) {
            onContext.handle(done);
          } else {
            context.runOnContext(ignored -> onContext.handle(done));
          }
        });
    return onContext.future();
  }

  private void resolve(List<Waiting<R, T>> batch, Map<Object, T> results) {
    for (Waiting<R, T> each : batch) {
      each.promise.complete(Optional.ofNullable(results.get(rowId.apply(each.row))));
    }
  }

  /** The future completes, never fails, once every row of the batch has its answer. */
  private Future<Void> failed(List<Waiting<R, T>> batch, Throwable cause) {
    if (batch.size() == 1 || !isOfOneRow(cause)) {
      batch.forEach(each -> each.promise.fail(cause));
      return Future.succeededFuture();
    }
    return oneByOne(batch, 0);
  }

  private Future<Void> oneByOne(List<Waiting<R, T>> batch, int at) {
    if (at == batch.size()) {
      return Future.succeededFuture();
    }
    Waiting<R, T> alone = batch.get(at);
    observer.sent(1);
    return run(List.of(alone))
        .transform(
            done -> {
              if (done.succeeded()) {
                resolve(List.of(alone), done.result());
                return oneByOne(batch, at + 1);
              }
              alone.promise.fail(done.cause());
              if (isOfOneRow(done.cause())) {
                return oneByOne(batch, at + 1);
              }
              // The database is not there or not well: the rest would only wait in turn for the
              // same fate.
              for (Waiting<R, T> rest : batch.subList(at + 1, batch.size())) {
                rest.promise.fail(
                    new StoreException.Unavailable("the database stopped answering", done.cause()));
              }
              return Future.succeededFuture();
            });
  }

  /** Whether a failure is the row's own, so that the next row may fare better. */
  private static boolean isOfOneRow(Throwable cause) {
    return switch (cause) {
      case StoreException.Refused refused -> !refused.unwell();
      case StoreException ignored -> false;
      default -> true;
    };
  }
}
