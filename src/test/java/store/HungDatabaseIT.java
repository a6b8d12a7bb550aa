package store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
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

/** Connections on which an answer is owed and does not come, each in a pool that has one place. */
final class HungDatabaseIT {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private Database database(Database.Options where) {
    return Database.open(vertx, where, "hung", 1);
  }

  private static Database.Options impatient(Database.Options where, int port) {
    return new Database.Options(
        "127.0.0.1",
        port,
        where.database(),
        where.user(),
        where.password(),
        Duration.ofMillis(500),
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

  private static @Nullable Throwable failure(Future<?> future) {
    try {
      future.await();
      return null;
    } catch (RuntimeException cause) {
      return cause;
    }
  }
}
