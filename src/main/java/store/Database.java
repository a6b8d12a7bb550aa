package store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A bounded pool of connections, and the one place where a failure of PostgreSQL or of the way to
 * it becomes a {@link StoreException} that says whether the statement may have been executed.
 */
public final class Database {
  /**
   * What keeps the plans of batched statements to the tables' keys. A plan that nothing but a
   * disabled step can begin counts as endlessly dear, which PostgreSQL would compile for each time.
   */
  public static final Map<String, String> BATCH_SETTINGS =
      Map.of(
          "enable_seqscan", "off",
          "enable_hashjoin", "off",
          "enable_mergejoin", "off",
          "enable_bitmapscan", "off",
          "jit", "off",
          "plan_cache_mode", "force_generic_plan");

  /**
   * Commits are there for everybody at once and on disk a moment later: a crash of the database may
   * lose the last of them.
   */
  private static final Map<String, String> COMMITS_NOT_WAITED_FOR =
      Map.of("synchronous_commit", "off");

  private final Connections connections;
  private final Duration answerTimeout;

  private Database(Connections connections, Duration answerTimeout) {
    this.connections = connections;
    this.answerTimeout = answerTimeout;
  }

  /**
   * Where and how to connect.
   *
   * @param statementTimeout after which PostgreSQL itself ends a statement
   * @param acquireTimeout how long to wait for a connection
   * @param maxWaiting how many may wait for a connection; more are refused at once
   * @param tls how the connection is protected
   */
  public record Options(
      String host,
      int port,
      String database,
      String user,
      String password,
      Duration statementTimeout,
      Duration acquireTimeout,
      int maxWaiting,
      Tls tls) {

    /** Options for a database that is reached without TLS, as on one machine. */
    public Options(
        String host,
        int port,
        String database,
        String user,
        String password,
        Duration statementTimeout,
        Duration acquireTimeout) {
      this(host, port, database, user, password, statementTimeout, acquireTimeout, 2_048, Tls.NONE);
    }

    @Override
    public String toString() {
      return "Options[" + host + ":" + port + "/" + database + " user=" + user + "]";
    }
  }

  /**
   * How the connection is protected.
   *
   * @param mode PostgreSQL's sslmode: disable, prefer, require, verify-ca, verify-full
   * @param rootCertificate a PEM file with the authorities to trust, null for none
   */
  public record Tls(String mode, @Nullable String rootCertificate) {
    public static final Tls NONE = new Tls("disable", null);
  }

  /** A pool for reads and rare writes. */
  public static Database open(Vertx vertx, Options options, String name, int connections) {
    return open(vertx, options, name, connections, connectOptions(options));
  }

  /**
   * A pool for batched statements. Its sessions never scan, hash or merge the big tables: on young
   * or growing tables the planner otherwise sometimes joins the rows of a batch by such a plan, and
   * throughput falls by a factor (DESIGN 7).
   */
  public static Database openForBatches(
      Vertx vertx, Options options, String name, int connections) {
    PgConnectOptions connect = connectOptions(options);
    BATCH_SETTINGS.forEach(connect::addProperty);
    return open(vertx, options, name, connections, connect);
  }

  /**
   * The same for statements that are done again where a crash has lost them: their commits wait for
   * no disk, and make no other commit wait.
   */
  public static Database openForRepeatedBatches(
      Vertx vertx, Options options, String name, int connections) {
    PgConnectOptions connect = connectOptions(options);
    BATCH_SETTINGS.forEach(connect::addProperty);
    COMMITS_NOT_WAITED_FOR.forEach(connect::addProperty);
    return open(vertx, options, name, connections, connect);
  }

  private static Database open(
      Vertx vertx, Options options, String name, int connections, PgConnectOptions connect) {
    PoolOptions poolOptions =
        new PoolOptions()
            .setName(name)
            .setMaxSize(connections)
            .setMaxWaitQueueSize(options.maxWaiting)
            .setConnectionTimeout((int) options.acquireTimeout.toMillis())
            .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS);
    // PostgreSQL ends the statement first; the margin is for the way back.
    Duration answerTimeout = options.statementTimeout.plusSeconds(1);
    return new Database(new Connections(vertx, connect, poolOptions, answerTimeout), answerTimeout);
  }

  private static PgConnectOptions connectOptions(Options options) {
    var connect = new PgConnectOptions().setSslMode(SslMode.of(options.tls.mode));
    if (connect.getSslMode() != SslMode.DISABLE) {
      var ssl = new ClientSSLOptions();
      String root = options.tls.rootCertificate;
      if (root == null) {
        ssl.setTrustAll(true);
      } else {
        ssl.setTrustOptions(new PemTrustOptions().addCertPath(root));
      }
      ssl.setHostnameVerificationAlgorithm(
          connect.getSslMode() == SslMode.VERIFY_FULL ? "HTTPS" : "");
      connect.setSslOptions(ssl);
    }
    return connect
        .setHost(options.host)
        .setPort(options.port)
        .setDatabase(options.database)
        .setUser(options.user)
        .setPassword(options.password)
        .setCachePreparedStatements(true)
        .setPreparedStatementCacheMaxSize(128)
        .setPreparedStatementCacheSqlLimit(32_768)
        .addProperty("application_name", "sluice")
        // The client takes no settings of TCP: the server keeps the ways open, and ends sessions
        // whose gateway is gone.
        .addProperty("tcp_keepalives_idle", "60")
        .addProperty("tcp_keepalives_interval", "10")
        .addProperty("tcp_keepalives_count", "3")
        .addProperty("statement_timeout", String.valueOf(options.statementTimeout.toMillis()))
        .addProperty(
            "idle_in_transaction_session_timeout",
            String.valueOf(options.statementTimeout.toMillis()));
  }

  /** Runs one statement, which commits by itself. */
  public Future<RowSet<Row>> query(String sql, Tuple parameters) {
    return withConnection(
        connection -> answered(connection.preparedQuery(sql).execute(parameters)));
  }

  /** Runs a statement that changes nothing, so that nothing is in doubt where it has no answer. */
  public Future<RowSet<Row>> read(String sql, Tuple parameters) {
    return query(sql, parameters)
        .recover(
            cause ->
                Future.failedFuture(
                    cause instanceof StoreException.InDoubt
                        ? new StoreException.Unavailable(
                            "a read has no answer: " + cause.getMessage(), cause)
                        : cause));
  }

  /**
   * Runs statements in one transaction, which commits when the work succeeds and is undone when it
   * fails. Each of them may take as long as one that is alone.
   */
  <T> Future<T> transaction(Function<Sql, Future<T>> work) {
    return inTransaction(work, Transaction::commit);
  }

  /** Runs statements in a transaction that is undone, whatever came of them. */
  Future<Void> undone(Function<Sql, Future<?>> work) {
    return inTransaction(sql -> work.apply(sql).mapEmpty(), Transaction::rollback);
  }

  private <T> Future<T> inTransaction(
      Function<Sql, Future<T>> work, Function<Transaction, Future<Void>> end) {
    return withConnection(
        connection -> {
          Sql sql =
              (text, parameters) -> answered(connection.preparedQuery(text).execute(parameters));
          return answered(connection.begin())
              .compose(
                  transaction ->
                      Future.succeededFuture(sql)
                          .compose(work)
                          .compose(
                              result -> answered(end.apply(transaction)).map(result),
                              cause -> undo(transaction, cause)));
        });
  }

  /**
   * Fails in the end, with the cause; or for want of an answer, for which nothing is asked then.
   */
  private <T> Future<T> undo(Transaction transaction, Throwable cause) {
    if (cause instanceof TimeoutException) {
      return Future.failedFuture(cause);
    }
    return answered(transaction.rollback())
        .transform(
            undone ->
                Future.failedFuture(
                    undone.cause() instanceof TimeoutException ? undone.cause() : cause));
  }

  /** How many statements run at the same time at most. */
  int places() {
    return connections.places();
  }

  private <T> Future<T> withConnection(Function<SqlConnection, Future<T>> work) {
    return connections
        .acquire()
        .compose(
            lease ->
                Future.succeededFuture(lease.connection())
                    .compose(work)
                    .recover(cause -> Future.failedFuture(classified(cause)))
                    .onComplete(done -> release(lease, done.cause())));
  }

  /** Waits for an answer no longer than one can take. */
  private <T> Future<T> answered(Future<T> answer) {
    return answer.timeout(answerTimeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Where a connection goes after its use: back, unless the next one would be worse off with it.
   */
  private static void release(Connections.Lease lease, @Nullable Throwable cause) {
    if (cause instanceof StoreException.InDoubt inDoubt && inDoubt.timedOut()) {
      lease.leave();
    } else if (cause instanceof StoreException.Refused refused && refused.readOnly()) {
      lease.giveBackOfStandby();
    } else {
      lease.giveBack();
    }
  }

  private static Throwable classified(Throwable cause) {
    if (cause instanceof StoreException) {
      return cause;
    }
    if (cause instanceof PgException pg) {
      String state = String.valueOf(pg.getSqlState());
      // 08: connection; 57P: the server is going down or crashed. All else PostgreSQL has rolled
      // back.
      if (state.startsWith("08") || state.startsWith("57P")) {
        return new StoreException.InDoubt("the database ended the connection", cause);
      }
      return new StoreException.Refused(
          "the database refused a statement: " + state + " " + pg.getConstraint(),
          state,
          pg.getConstraint(),
          cause);
    }
    if (cause instanceof IllegalArgumentException || cause instanceof ClassCastException) {
      return new StoreException.Refused(
          "a statement's parameters do not encode: " + cause.getMessage(), "22000", null, cause);
    }
    // Closed connections, I/O errors, our own time limit, and whatever we do not know: it may have
    // been executed.
    return new StoreException.InDoubt("the database gave no answer: " + cause, cause);
  }

  /** Whether the database answers. */
  public Future<Void> ping() {
    return query("SELECT 1", Tuple.tuple()).mapEmpty();
  }

  public Future<Void> close() {
    return connections.close();
  }
}
