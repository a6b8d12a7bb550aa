package chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import simulator.Call;
import simulator.Simulator;
import simulator.SimulatorOptions;
import simulator.Truth;
import support.Await;
import support.Books;
import support.GatewayProcess;
import support.TcpProxy;
import support.TestDatabase;

/**
 * A gateway process between a database and a PSP that outlive it. Nothing in the gateway knows of
 * the tests: where it dies is decided by holding what it sends, or what is sent to it, on the way.
 */
final class CrashSite implements AutoCloseable {
  static final String KEY = "Idempotency-Key";
  private static final String OPEN = "('pending', 'unknown', 'accepted', 'awaiting_customer')";

  /**
   * A statement that is held holds up those of its sort in its verticle, and commands go to one
   * after the other: there is one for each of a dozen in a row. Nobody who waits for what is held
   * gives it up.
   */
  private static final String[] MANY_UNDER_WAY = {
    "-XX:ActiveProcessorCount=48", "--event-loops=12", "--timeouts.database-statement=19s"
  };

  private final Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final Simulator simulator = Simulator.start(vertx, SimulatorOptions.defaults()).await();
  private final TestDatabase database = TestDatabase.create();
  private final TcpProxy databaseWay = TcpProxy.to(database.options().port());
  private final TcpProxy pspWay = TcpProxy.to(simulator.port());
  private GatewayProcess gateway;
  private TcpProxy.@Nullable Hold late;

  CrashSite(Path directory) throws IOException {
    this.directory = directory;
    gateway = launch();
  }

  private GatewayProcess launch() throws IOException {
    return GatewayProcess.start(
        directory, database, databaseWay.port(), pspWay.port(), MANY_UNDER_WAY);
  }

  GatewayProcess gateway() {
    return gateway;
  }

  /** Kills the gateway where it is; what it had under way stays where it is. */
  void kill() throws InterruptedException {
    gateway.kill();
    gateway.close();
  }

  /** SIGTERM; returns when the gateway has ended. */
  void stop() throws InterruptedException {
    gateway.process().terminate();
    gateway.process().awaitExit();
    gateway.close();
  }

  /** Starts the gateway again. */
  void start() throws IOException {
    gateway = launch();
  }

  /**
   * An operation as the log has it.
   *
   * @param pspPayment the PSP's name for its payment, empty while unknown
   */
  record Logged(UUID id, String status, String pspKey, String pspPayment) {}

  /** The operations of requests with this key. */
  List<Logged> logged(String key) {
    return loggedWhere("idempotency_key = '" + key + "'");
  }

  /** The operations that meet a condition, newest first. */
  List<Logged> loggedWhere(String condition) {
    String sql =
        """
        SELECT operation_id, status, psp_idempotency_key, coalesce((SELECT max(a.psp_reference) FROM operation a
          WHERE a.payment_id = o.payment_id AND a.kind = 'authorize'), '')
        FROM operation o WHERE %s ORDER BY operation_id DESC
        """
            .formatted(condition);
    var found = new ArrayList<Logged>();
    try (var connection = database.connect();
        var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        found.add(
            new Logged(
                rows.getObject(1, UUID.class),
                rows.getString(2),
                rows.getString(3),
                rows.getString(4)));
      }
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
    return found;
  }

  /** The calls that reached the PSP under one of our keys there. */
  List<Call> calls(String pspKey) {
    return simulator.calls().stream().filter(it -> pspKey.equals(it.idempotencyKey())).toList();
  }

  /** What really happened at the PSP. */
  Truth truth() {
    return simulator.truth().account(GatewayProcess.PSP_KEY);
  }

  /**
   * Sends a request, waits until it has come to a step, and checks that it is there. There it stays
   * until the gateway {@link #die dies}; others may be brought to their steps meanwhile.
   *
   * @param condition finds its operation in the log
   * @return the answer, which only {@link Step#REPLIED} has
   */
  CompletableFuture<HttpResponse<String>> bringTo(
      Step step, Work work, Work.Request request, String condition, String... headers) {
    byte[] ours = ours(work);
    TcpProxy.Hold hold =
        switch (step) {
          case BEFORE_BEGIN -> databaseWay.holdRequest(ours);
          case BEGUN -> databaseWay.holdReply(ours);
          case CALL_LOST, CALL_LATE -> pspWay.holdRequest(ours);
          case CHARGED, ANSWERED, FINISHED, REPLIED -> pspWay.holdReply(ours);
        };
    var answer = gateway.send(request.path(), request.form(), headers);
    hold.await();
    hold.holdNoMore();
    if (step == Step.ANSWERED || step == Step.FINISHED) {
      // Only the finish names the operation by its id.
      byte[] id = bytes(loggedWhere(condition).getFirst().id());
      var finish = step == Step.ANSWERED ? databaseWay.holdRequest(id) : databaseWay.holdReply(id);
      hold.release();
      finish.await();
      finish.holdNoMore();
    } else if (step == Step.REPLIED) {
      hold.release();
      answer.join();
    }
    if (step == Step.CALL_LATE) {
      late = hold;
    }
    verify(step, condition);
    return answer;
  }

  /** Kills the gateway; what it had under way is lost, but not what is late. */
  void die() throws InterruptedException {
    kill();
    if (late == null) {
      databaseWay.cut();
      pspWay.cut();
    }
  }

  /** Lets the call of {@link Step#CALL_LATE} arrive; returns when the PSP has done with it. */
  void letTheLateCallArrive() {
    TcpProxy.Hold hold = late;
    if (hold == null) {
      throw new IllegalStateException("no call is late");
    }
    hold.release();
    hold.awaitGone();
    late = null;
  }

  /** Holds the begins of a work before they reach the database. */
  TcpProxy.Hold holdBegin(Work work) {
    return databaseWay.holdRequest(ours(work));
  }

  /** Holds what the PSP answers to a work. */
  TcpProxy.Hold holdAnswers(Work work) {
    return pspWay.holdReply(ours(work));
  }

  /** Waits until the gateway no longer lets anybody in. */
  void awaitNewConnectionsAreRefused() {
    Await.until(
        "new connections are refused",
        () -> {
          try (var socket = new Socket(gateway.api().getHost(), gateway.api().getPort())) {
            return !socket.isConnected();
          } catch (ConnectException refused) {
            return true;
          }
        });
  }

  /** In requests to the database only a begin names the PSP's key. */
  private static byte[] ours(Work work) {
    return ("sluice-" + work.kind() + "-").getBytes(StandardCharsets.UTF_8);
  }

  private void verify(Step step, String condition) {
    if (!step.begun()) {
      assertThat(loggedWhere(condition)).isEmpty();
      return;
    }
    Await.until("the begin is committed", () -> !loggedWhere(condition).isEmpty());
    if (step.finished()) {
      Await.until(
          "the finish is committed",
          () -> loggedWhere(condition + " AND status IN " + OPEN).isEmpty());
    } else {
      assertThat(loggedWhere(condition)).extracting(Logged::status).containsExactly("pending");
    }
    assertThat(calls(loggedWhere(condition).getFirst().pspKey())).hasSize(step.called() ? 1 : 0);
  }

  private static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(16)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  /** Repeats a request with its key until it is no longer under way. */
  HttpResponse<String> retry(Work.Request request, String key) {
    var answer = new AtomicReference<HttpResponse<String>>();
    Await.until(
        "the retry of " + key + " is answered",
        () -> {
          var latest = gateway.post(request.path(), request.form(), KEY, key);
          answer.set(latest);
          return latest.statusCode() != 409;
        });
    return Objects.requireNonNull(answer.get());
  }

  /** Waits until nothing is open. */
  void awaitSettled() {
    Await.until(
        "no operation is open",
        () -> database.number("SELECT count(*) FROM operation WHERE status IN " + OPEN) == 0);
  }

  /** One operation, one charge, and every call for it the same to the byte. */
  void assertMovedOnce(Work work, Logged operation) {
    assertThat(calls(operation.pspKey()))
        .isNotEmpty()
        .extracting(call -> call.path() + call.body())
        .containsOnly(first(operation.pspKey()));
    var moved = truth().payment(operation.pspPayment());
    assertThat(moved.charges())
        .singleElement()
        .satisfies(
            charge -> {
              assertThat(charge.status()).isEqualTo(work.end().charge());
              assertThat(charge.capturedMinor()).isEqualTo(work.end().capturedMinor());
              assertThat(charge.refundedMinor()).isEqualTo(work.end().refundedMinor());
            });
    assertThat(moved.refunds()).hasSize(work == Work.REFUND ? 1 : 0);
  }

  private String first(String pspKey) {
    Call call = calls(pspKey).getFirst();
    return call.path() + call.body();
  }

  /** The books balance, and the PSP did nothing that the log does not know. */
  void audit() {
    assertThat(truth().charges())
        .hasSize((int) database.number("SELECT count(*) FROM operation WHERE kind = 'authorize'"));
    assertThat(truth().refunds())
        .hasSize((int) database.number("SELECT count(*) FROM operation WHERE kind = 'refund'"));
    new Books(database, simulator, GatewayProcess.PSP_KEY).balance();
  }

  @Override
  public void close() throws InterruptedException {
    gateway.close();
    databaseWay.close();
    pspWay.close();
    simulator.close().await();
    vertx.close().await();
  }
}
