package store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import support.Await;
import support.TcpProxy;
import support.TestDatabase;
import telemetry.Telemetry;

/** Connections on which an answer is owed and does not come, or that lead to a standby. */
final class HungDatabaseIT {
  private final Telemetry telemetry = new Telemetry();
  private final Vertx vertx =
      Vertx.builder()
          .with(new VertxOptions().setMetricsOptions(telemetry.vertxMetricsOptions()))
          .withMetrics(telemetry.vertxMetrics())
          .build();

  @AfterEach
  void close() {
    vertx.close().await();
    telemetry.close();
  }

  private Database database(Database.Options where) {
    return Database.open(vertx, where, "hung", 1);
  }

  private static Database.Options impatient(Database.Options where, int port) {
    return options(where, port, Duration.ofMillis(500));
  }

  private static Database.Options options(
      Database.Options where, int port, Duration statementTimeout) {
    return new Database.Options(
        "127.0.0.1",
        port,
        where.database(),
        where.user(),
        where.password(),
        statementTimeout,
        Duration.ofSeconds(20));
  }

  @Test
  void nobodyWaitsBehindAnAnswerThatNeverComes() {
    var server = TestDatabase.create();
    try (var way = TcpProxy.to(server.options().port())) {
      var database = database(impatient(server.options(), way.port()));
      database.ping().await();
      var hold = way.holdReply("owed".getBytes(StandardCharsets.UTF_8));

      var owed = database.query("SELECT 'owed'", Tuple.tuple());
      hold.await();
      hold.holdNoMore();
      assertThat(failure(owed))
          .isInstanceOfSatisfying(
              StoreException.InDoubt.class, inDoubt -> assertThat(inDoubt.timedOut()).isTrue());
      Await.until("others are served", () -> failure(database.ping()) == null);
    }
  }

  @Test
  void aReadWithoutAnAnswerLeavesNothingInDoubt() {
    var server = TestDatabase.create();
    try (var way = TcpProxy.to(server.options().port())) {
      var database = database(impatient(server.options(), way.port()));
      database.ping().await();
      way.holdReply("owed".getBytes(StandardCharsets.UTF_8));

      assertThat(failure(database.read("SELECT 'owed'", Tuple.tuple())))
          .isInstanceOf(StoreException.Unavailable.class);
    }
  }

  @Test
  void oneAsksASilentDatabaseAndTheOthersAreRefusedAtOnce() {
    var server = TestDatabase.create();
    try (var way = TcpProxy.to(server.options().port())) {
      var database = database(impatient(server.options(), way.port()));
      database.ping().await();
      way.holdReply("owed".getBytes(StandardCharsets.UTF_8));
      var greeting = way.holdRequest("application_name".getBytes(StandardCharsets.UTF_8));
      assertThat(failure(database.query("SELECT 'owed'", Tuple.tuple())))
          .isInstanceOf(StoreException.InDoubt.class);

      var asked = new ArrayList<Future<Void>>();
      Await.until(
          "one asks",
          () -> {
            asked.add(database.ping());
            return greeting.held() > 0;
          });
      List<Future<Void>> others = Stream.generate(database::ping).limit(50).toList();
      assertThat(others)
          .allSatisfy(it -> assertThat(failure(it)).isInstanceOf(StoreException.Unavailable.class));
      assertThat(asked).filteredOn(it -> !it.isComplete()).as("still asks").hasSize(1);

      greeting.release();
      Await.until("all are served", () -> failure(database.ping()) == null);
    }
  }

  @Test
  void aConnectionThatIsNeverGreetedKeepsNoPlace() throws IOException {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var tick = Duration.ofMillis(200);
      var database =
          database(
              new Database.Options(
                  "127.0.0.1", silent.getLocalPort(), "any", "any", "any", tick, tick));
      var first = database.ping();
      try (Socket ungreeted = silent.accept()) {
        assertThat(failure(first)).isInstanceOf(StoreException.Unavailable.class);
        ungreeted.setSoTimeout(10);
        Await.until(
            "it is given up",
            () -> {
              assertThat(failure(database.ping())).isInstanceOf(StoreException.Unavailable.class);
              return hasEnded(ungreeted);
            });
      }
      silent.accept().close();
    }
  }

  private static boolean hasEnded(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read(new byte[1024]) < 0;
    } catch (SocketTimeoutException open) {
      return false;
    }
  }

  @Test
  void aStandbyIsLeftForWhereTheDatabaseIsNow() {
    var server = TestDatabase.create();
    var database = database(impatient(server.options(), server.options().port()));
    database
        .query("SELECT set_config('default_transaction_read_only', 'on', false)", Tuple.tuple())
        .await();

    assertThat(failure(database.query("CREATE TEMP TABLE written ()", Tuple.tuple())))
        .isInstanceOfSatisfying(
            StoreException.Refused.class, refused -> assertThat(refused.unwell()).isTrue());
    Await.until(
        "another connection is made",
        () -> failure(database.query("CREATE TEMP TABLE written ()", Tuple.tuple())) == null);
  }

  @Test
  void aDatabaseThatOnlyReadsMakesNoStormOfConnections() {
    int places = 4;
    var patience = Duration.ofSeconds(60);
    var server = TestDatabase.create();
    onlyReads(server);
    try (var way = TcpProxy.to(server.options().port())) {
      var database =
          Database.open(vertx, options(server.options(), way.port(), patience), "hung", places);
      long begunNanos = System.nanoTime();
      for (int wave = 0; wave < 50; wave++) {
        var writes = Stream.generate(() -> write(database)).limit(2L * places).toList();
        writes.forEach(it -> assertThat(failure(it)).isInstanceOf(StoreException.class));
      }
      long times = (System.nanoTime() - begunNanos) / patience.toNanos();

      assertThat(way.opened()).isLessThanOrEqualTo(Math.toIntExact(places * (2 + times)));
    }
  }

  @Test
  void aPoolThatLedToAStandbyIsClosedOnceNobodyUsesIt() {
    var server = TestDatabase.create();
    onlyReads(server);
    try (var way = TcpProxy.to(server.options().port())) {
      var database =
          Database.open(
              vertx, options(server.options(), way.port(), Duration.ofMinutes(10)), "hung", 2);
      Stream.generate(() -> database.query("SELECT pg_sleep(0.1)", Tuple.tuple()))
          .limit(2)
          .toList()
          .forEach(it -> it.await());
      assertThat(sessions(server)).isEqualTo(2);

      assertThat(failure(write(database))).isInstanceOf(StoreException.Refused.class);
      Await.until("all its connections have ended", () -> sessions(server) == 0);
    }
  }

  private static void onlyReads(TestDatabase server) {
    server.execute(
        "ALTER DATABASE %s SET default_transaction_read_only = on"
            .formatted(server.options().database()));
  }

  private static Future<?> write(Database database) {
    return database.query("CREATE TEMP TABLE written ()", Tuple.tuple());
  }

  private static int sessions(TestDatabase server) {
    return Integer.parseInt(
        server
            .rows(
                """
                SELECT count(*)::text FROM pg_stat_activity
                 WHERE datname = current_database() AND application_name = 'sluice'
                """)
            .getFirst()
            .getFirst());
  }

  @Test
  void whoWaitedWhenThePoolWasLeftIsServed() {
    var server = TestDatabase.create();
    try (var way = TcpProxy.to(server.options().port())) {
      var database =
          Database.open(
              vertx, options(server.options(), way.port(), Duration.ofSeconds(2)), "hung", 2);
      way.holdReply("owed".getBytes(StandardCharsets.UTF_8));
      var owed = database.query("SELECT 'owed'", Tuple.tuple());
      // On the one place that is left: longer than what is owed and an answer after it.
      var waiting =
          Stream.generate(() -> database.query("SELECT pg_sleep(0.3)", Tuple.tuple()))
              .limit(28)
              .toList();

      assertThat(failure(owed)).isInstanceOf(StoreException.InDoubt.class);
      assertThat(waiting).filteredOn(it -> !it.isComplete()).as("still waiting").isNotEmpty();
      assertThat(waiting).allSatisfy(it -> assertThat(failure(it)).isNull());
    }
  }

  @Test
  void whatIsLeftCountsAsInUseNoMore() {
    var server = TestDatabase.create();
    try (var way = TcpProxy.to(server.options().port())) {
      var database = database(impatient(server.options(), way.port()));
      way.holdReply("owed".getBytes(StandardCharsets.UTF_8));
      assertThat(failure(database.query("SELECT 'owed'", Tuple.tuple())))
          .isInstanceOf(StoreException.InDoubt.class);
      Await.until("no session is left", () -> sessions(server) == 0);
      Await.until(
          "none is in use",
          () ->
              telemetry.registry().get("vertx.pool.in.use").tag("pool_name", "hung").gauge().value()
                  == 0);
    }
  }

  @Test
  void aTransactionMayWaitInEachOfItsStatements() {
    var server = TestDatabase.create();
    var database =
        database(options(server.options(), server.options().port(), Duration.ofSeconds(3)));
    Future<Integer> slow =
        database.transaction(
            sql -> {
              Future<Integer> done = Future.succeededFuture(0);
              for (int at = 0; at < 5; at++) {
                done =
                    done.compose(
                        before ->
                            sql.query("SELECT pg_sleep(0.9)", Tuple.tuple())
                                .map(rows -> before + rows.size()));
              }
              return done;
            });
    assertThat(slow.await()).isEqualTo(5);
  }

  @Test
  void aTransactionWithoutAnAnswerIsGivenUpAfterTheTimeOfOne() {
    var server = TestDatabase.create();
    try (var way = TcpProxy.to(server.options().port())) {
      var database = database(impatient(server.options(), way.port()));
      var hold = way.holdReply("owed".getBytes(StandardCharsets.UTF_8));
      Future<?> owed =
          database.transaction(
              sql ->
                  sql.query("SELECT 1", Tuple.tuple())
                      .compose(one -> sql.query("SELECT 'owed'", Tuple.tuple())));
      hold.await();
      hold.holdNoMore();
      assertThat(failure(owed))
          .isInstanceOfSatisfying(
              StoreException.InDoubt.class, inDoubt -> assertThat(inDoubt.timedOut()).isTrue());
      Await.until("no session is left", () -> sessions(server) == 0);
      Await.until("others are served", () -> failure(database.ping()) == null);
    }
  }

  private static @Nullable Throwable failure(Future<?> future) {
    try {
      future.await();
      return null;
    } catch (RuntimeException cause) {
      return cause;
    }
  }
}
