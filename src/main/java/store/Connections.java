package store;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnectOptions;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bounded pool of connections that keeps none on which the database is silent. The client's pool
 * can neither drop a connection that owes an answer, so that whoever got it next would wait behind
 * that answer, nor give one up that is never greeted, which would keep its place for ever. So the
 * whole pool is left for a new one. What its other connections are at goes on, and is over before
 * the pool is closed with all its sockets.
 *
 * <p>Until the first connection of a new pool is greeted, one at a time asks for it and everybody
 * else is refused at once: nothing piles up before a database that does not answer.
 */
final class Connections {
  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

  private final Context context;
  private final PgConnectOptions connect;
  private final PoolOptions options;
  private final long acquireNanos;
  private final Duration answer;
  private final Set<Pool> left = ConcurrentHashMap.newKeySet();
  private volatile Generation now;
  private volatile boolean closed;

  /**
   * A pool in the caller's context, with which it is closed.
   *
   * @param options with the time that one waits for a connection
   * @param answer what no answer takes longer than
   */
  Connections(Vertx vertx, PgConnectOptions connect, PoolOptions options, Duration answer) {
    this.context = vertx.getOrCreateContext();
    this.connect = connect;
    this.options = options;
    this.acquireNanos = options.getConnectionTimeoutUnit().toNanos(options.getConnectionTimeout());
    this.answer = answer;
    this.now = new Generation(true);
  }

  /** A connection; {@link StoreException.Unavailable} where there is none in time. */
  Future<Lease> acquire() {
    return now.acquire();
  }

  /** How many connections there are at most. */
  int places() {
    return options.getMaxSize();
  }

  Future<Void> close() {
    closed = true;
    return Future.join(Stream.concat(Stream.of(now.pool), left.stream()).map(Pool::close).toList())
        .mapEmpty();
  }

  /** A new pool takes this one's place, unless it has been left already. */
  private void leave(Generation old, String why) {
    context.runOnContext(
        ignored -> {
          if (closed || now != old) {
            return;
          }
          LOG.warn("database pool={} is left for a new one: {}", options.getName(), why);
          now = new Generation(false);
          left.add(old.pool);
          context
              .owner()
              .timer(answer.toMillis(), TimeUnit.MILLISECONDS)
              .onComplete(over -> end(old.pool));
        });
  }

  private void end(Pool pool) {
    pool.close()
        .onComplete(
            done -> {
              left.remove(pool);
              if (done.failed()) {
                LOG.warn("database pool={} closed: {}", options.getName(), done.cause().toString());
              }
            });
  }

  /** A connection in somebody's hands. It is given back or left, once. */
  static final class Lease {
    private final Generation generation;
    private final SqlConnection connection;

    private Lease(Generation generation, SqlConnection connection) {
      this.generation = generation;
      this.connection = connection;
    }

    SqlConnection connection() {
      return connection;
    }

    /** For whoever needs one next. */
    void giveBack() {
      generation.leased.decrementAndGet();
      connection.close();
    }

    /** For nobody: it is ended with its pool, and so are the others that lead where it does. */
    void leave(String why) {
      generation.leave(why);
    }
  }

  /** One pool after the other. */
  private final class Generation {
    private final Pool pool;
    private final long begunNanos = System.nanoTime();
    private final AtomicInteger asking = new AtomicInteger();
    private final AtomicInteger leased = new AtomicInteger();
    private volatile boolean isLeft;
    private volatile boolean trusted;
    private volatile long connectBegunNanos = begunNanos;

    /**
     * @param trusted whether many may ask before the first was greeted
     */
    Generation(boolean trusted) {
      this.trusted = trusted;
      Supplier<Future<SqlConnectOptions>> where =
          () -> {
            connectBegunNanos = System.nanoTime();
            return Future.succeededFuture(connect);
          };
      this.pool = PgBuilder.pool().with(options).connectingTo(where).using(context.owner()).build();
    }

    Future<Lease> acquire() {
      boolean first = asking.incrementAndGet() == 1;
      if (isLeft || !(first || trusted)) {
        asking.decrementAndGet();
        return Future.failedFuture(
            new StoreException.Unavailable("the database does not answer, as others found", null));
      }
      int leasedBefore = leased.get();
      long sinceNanos = System.nanoTime();
      return pool.getConnection()
          .transform(
              done -> {
                asking.decrementAndGet();
                if (done.succeeded()) {
                  trusted = true;
                  leased.incrementAndGet();
                  return Future.succeededFuture(new Lease(this, done.result()));
                }
                if (isStuck(leasedBefore, sinceNanos)) {
                  leave("a connection is never greeted");
                }
                return Future.failedFuture(
                    new StoreException.Unavailable(
                        "no database connection: " + done.cause().getMessage(), done.cause()));
              });
    }

    /**
     * Whether a place was held all the while that somebody waited, not by one who has a connection
     * but by a connect that takes longer than any answer.
     */
    private boolean isStuck(int leasedBefore, long sinceNanos) {
      long nowNanos = System.nanoTime();
      long silentNanos = nowNanos - (trusted ? connectBegunNanos : begunNanos);
      return nowNanos - sinceNanos >= acquireNanos
          && leasedBefore < places()
          && leased.get() < places()
          && silentNanos >= answer.toNanos();
    }

    void leave(String why) {
      isLeft = true;
      Connections.this.leave(this, why);
    }
  }
}
