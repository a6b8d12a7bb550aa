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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bounded pool of connections that keeps none on which the database is silent. The client's pool
 * can neither drop a connection that owes an answer, so that whoever got it next would wait behind
 * that answer, nor give one up that is never greeted, which would keep its place for ever. So the
 * whole pool is left for a new one. What its other connections are at goes on, as does who waits
 * for one of them; when the last is through, the pool is closed with all its sockets.
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
  private final long answerNanos;
  private final AtomicLong standbyLeftNanos;
  private final Set<Generation> left = ConcurrentHashMap.newKeySet();
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
    this.answerNanos = answer.toNanos();
    this.standbyLeftNanos = new AtomicLong(System.nanoTime() - answerNanos);
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
    return Future.join(
            Stream.concat(Stream.of(now), left.stream()).map(each -> each.pool.close()).toList())
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
          left.add(old);
          old.endIfUnused();
        });
  }

  /** In the context, as what leaves a pool is. */
  private void end(Generation old) {
    if (closed || old.ending || !left.contains(old)) {
      return;
    }
    old.ending = true;
    // Nobody gets them any more; but until given back they count as in use.
    old.owing.forEach(SqlConnection::close);
    old.pool
        .close()
        .onComplete(
            done -> {
              left.remove(old);
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
      connection.close();
      generation.through();
    }

    /**
     * Of a standby: the next ones go to where the database is by now. That is not looked for more
     * often than an answer may take, or a database that only reads would get new connections all
     * the time.
     */
    void giveBackOfStandby() {
      connection.close();
      generation.leaveStandby();
      generation.through();
    }

    /** For nobody, because it owes an answer: it is ended with its pool. */
    void leave() {
      generation.owing.add(connection);
      generation.leave("a connection owes an answer");
      generation.through();
    }
  }

  /** One pool after the other. */
  private final class Generation {
    private final Pool pool;
    private final long begunNanos = System.nanoTime();
    private final AtomicInteger asking = new AtomicInteger();
    private final AtomicInteger leased = new AtomicInteger();
    private final Set<SqlConnection> owing = ConcurrentHashMap.newKeySet();
    private volatile boolean isLeft;
    private boolean ending;
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
        endIfUnused();
        return Future.failedFuture(
            new StoreException.Unavailable("the database does not answer, as others found", null));
      }
      int leasedBefore = leased.get();
      long sinceNanos = System.nanoTime();
      return pool.getConnection()
          .transform(
              done -> {
                if (done.succeeded()) {
                  trusted = true;
                  leased.incrementAndGet();
                  asking.decrementAndGet();
                  return Future.succeededFuture(new Lease(this, done.result()));
                }
                asking.decrementAndGet();
                if (isStuck(leasedBefore, sinceNanos)) {
                  leave("a connection is never greeted");
                }
                endIfUnused();
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
          && silentNanos >= answerNanos;
    }

    void leave(String why) {
      isLeft = true;
      Connections.this.leave(this, why);
    }

    void leaveStandby() {
      long last = standbyLeftNanos.get();
      long nowNanos = System.nanoTime();
      if (!isLeft
          && nowNanos - last >= answerNanos
          && standbyLeftNanos.compareAndSet(last, nowNanos)) {
        leave("it leads to a standby");
      }
    }

    /** One who had a connection has it no more. */
    void through() {
      leased.decrementAndGet();
      endIfUnused();
    }

    /** Ends it where it is left, nobody has a connection and nobody can get one any more. */
    void endIfUnused() {
      // In this order: who gets one has it before asking for it no more.
      if (isLeft && asking.get() == 0 && leased.get() == 0) {
        context.runOnContext(ignored -> end(this));
      }
    }
  }
}
