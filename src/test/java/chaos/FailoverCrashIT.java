package chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import simulator.Simulator;
import simulator.SimulatorOptions;
import support.Await;
import support.Books;
import support.GatewayProcess;
import support.TcpProxy;
import support.TestDatabase;

/**
 * SIGKILL between any two steps of a failover: there is always one operation that is open, recovery
 * finishes it where it is, and nothing is tried elsewhere after a crash.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FailoverCrashIT {
  private static final String KEY = "Idempotency-Key";

  private final Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final Simulator simulator = Simulator.start(vertx, SimulatorOptions.defaults()).await();
  private final TestDatabase database = TestDatabase.create();
  private final TcpProxy databaseWay = TcpProxy.to(database.options().port());
  private final TcpProxy pspWay = TcpProxy.to(simulator.port());
  private GatewayProcess gateway;
  private Course course = Course.ADYEN_THEN_STRIPE;

  FailoverCrashIT(@TempDir Path directory) throws IOException {
    this.directory = directory;
    gateway = launch();
  }

  private GatewayProcess launch() throws IOException {
    return GatewayProcess.startWithAdyen(
        directory, database, databaseWay.port(), pspWay.port(), course.priorityOfAdyen);
  }

  /** Which PSP is asked first. */
  enum Course {
    ADYEN_THEN_STRIPE(50),
    STRIPE_THEN_ADYEN(200);

    private final int priorityOfAdyen;

    Course(int priorityOfAdyen) {
      this.priorityOfAdyen = priorityOfAdyen;
    }

    String first() {
      return this == ADYEN_THEN_STRIPE ? "adyen_acme" : "stripe_acme";
    }

    String second() {
      return this == ADYEN_THEN_STRIPE ? "stripe_acme" : "adyen_acme";
    }

    private static String key(String account) {
      return account.equals("adyen_acme") ? GatewayProcess.ADYEN_KEY : GatewayProcess.PSP_KEY;
    }
  }

  private void at(Course wanted) throws IOException, InterruptedException {
    if (course != wanted) {
      course = wanted;
      gateway.kill();
      gateway.close();
      gateway = launch();
    }
  }

  @AfterAll
  void close() throws InterruptedException {
    books().balance();
    gateway.close();
    databaseWay.close();
    pspWay.close();
    simulator.close().await();
    vertx.close().await();
  }

  private Books books() {
    return new Books(
        database,
        simulator,
        GatewayProcess.PSP_KEY,
        GatewayProcess.SECOND_PSP_KEY,
        GatewayProcess.ADYEN_KEY);
  }

  /** Where the gateway dies. */
  enum Death {
    /** The first account has said no, and nobody heard it. */
    DECLINED(false),
    /** It was heard; the failover never reached the database. */
    FAILOVER_LOST(false),
    /** The failover was committed; its sender never heard of it, so the second was not asked. */
    FAILED_OVER(true),
    /** The second account has charged, and nobody heard it. */
    CHARGED(true);

    private final boolean wentOn;

    Death(boolean wentOn) {
      this.wentOn = wentOn;
    }
  }

  /** One death for several: each request comes to its place and stays there until all have. */
  private static final List<List<Death>> LIVES =
      List.of(
          List.of(Death.DECLINED, Death.CHARGED, Death.FAILOVER_LOST), List.of(Death.FAILED_OVER));

  @ParameterizedTest
  @EnumSource
  void leavesOneOpenOperationWhichRecoveryFinishesWhereItIs(Course wanted) throws Exception {
    at(wanted);
    for (List<Death> together : LIVES) {
      dieAt(together);
    }
  }

  private void dieAt(List<Death> deaths) throws Exception {
    for (Death death : deaths) {
      declinedByTheFirst(method(death), course.first(), course.second());
      bringTo(death, form(death), key(death));
    }
    gateway.kill();
    gateway.close();
    databaseWay.cut();
    pspWay.cut();
    gateway = launch();

    var answers = new EnumMap<Death, CompletableFuture<HttpResponse<String>>>(Death.class);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Death death : deaths) {
        answers.put(
            death, CompletableFuture.supplyAsync(() -> retry(form(death), key(death)), threads));
      }
    }
    answers.forEach((death, answer) -> assertSettled(death, answer.join()));
    books().balance();
    books().chargedOnce();
  }

  private void assertSettled(Death death, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(death + answer.body()).isEqualTo(death.wentOn ? 200 : 402);
    assertThat(operations(key(death)))
        .isEqualTo(
            death.wentOn
                ? List.of(course.first() + " failed", course.second() + " succeeded")
                : List.of(course.first() + " failed"));
    assertThat(retry(form(death), key(death)).body()).isEqualTo(answer.body());
    var payment =
        death.wentOn
            ? new JsonObject(answer.body())
            : new JsonObject(answer.body()).getJsonObject("error").getJsonObject("payment_intent");
    assertThat(payment.getString("status"))
        .isEqualTo(death.wentOn ? "succeeded" : "requires_payment_method");
  }

  private String key(Death death) {
    return course + "_" + death;
  }

  private String method(Death death) {
    return "pm_" + key(death);
  }

  private String form(Death death) {
    return "amount=1000&currency=usd&confirm=true&payment_method=" + method(death);
  }

  /** The failover's commit took so long that the request would be over by the second's answer. */
  @Test
  void doesNotAskTheSecondAccountForARequestWhoseTimeIsOver() throws Exception {
    gateway.kill();
    gateway.close();
    gateway =
        GatewayProcess.startWithTwoAccounts(
            directory,
            database,
            databaseWay.port(),
            pspWay.port(),
            200,
            "--timeouts.psp-connect=1s",
            "--timeouts.psp-call=3s",
            "--timeouts.breaker=4s",
            "--routing.time-limit=8s");
    declinedByTheFirst("pm_late", "stripe_acme", "stripe_second");
    var psp = pspWay.holdReply(bytes(GatewayProcess.PSP_KEY));
    long begun = System.nanoTime();
    var answer =
        gateway.send(
            "/v1/payment_intents",
            "amount=1000&currency=usd&confirm=true&payment_method=pm_late",
            KEY,
            "LATE");
    psp.await();
    var failover = databaseWay.holdReply(firstId("LATE"));
    psp.release();
    failover.await();
    Await.until(
        "the time is over", () -> System.nanoTime() - begun > Duration.ofMillis(5_500).toNanos());
    failover.release();

    assertThat(answer.join().statusCode()).as(answer.join().body()).isEqualTo(402);
    assertThat(operations("LATE")).isEqualTo(List.of("stripe_acme failed", "stripe_second failed"));
    assertThat(retry("amount=1000&currency=usd&confirm=true&payment_method=pm_late", "LATE").body())
        .isEqualTo(answer.join().body());
    books().balance();
    books().chargedOnce();
  }

  private void declinedByTheFirst(String method, String first, String second) {
    database.execute(
        """
        INSERT INTO payment_method (merchant_id, payment_method_id, livemode, tokens, parameters, created_at)
        VALUES ('acme', '%s', false,
          '{"%s": "pm_card_chargeDeclinedProcessingError", "%s": "pm_card_visa"}', '{}', now())
        """
            .formatted(method, first, second));
  }

  private void bringTo(Death death, String form, String key) {
    var psp =
        pspWay.holdReply(
            bytes(Course.key(death == Death.CHARGED ? course.second() : course.first())));
    gateway.send("/v1/payment_intents", form, KEY, key);
    psp.await();
    psp.holdNoMore();
    if (death == Death.FAILOVER_LOST || death == Death.FAILED_OVER) {
      // Only the failover names the first operation by its id.
      byte[] id = firstId(key);
      var failover =
          death == Death.FAILOVER_LOST ? databaseWay.holdRequest(id) : databaseWay.holdReply(id);
      psp.release();
      failover.await();
      failover.holdNoMore();
    }
    Await.until("it has come that far", () -> operations(key).size() == (death.wentOn ? 2 : 1));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private byte[] firstId(String key) {
    UUID id =
        UUID.fromString(
            texts(
                    "SELECT operation_id::text FROM operation WHERE idempotency_key = '"
                        + key
                        + "' ORDER BY operation_id")
                .getFirst());
    return ByteBuffer.allocate(16)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  private List<String> operations(String key) {
    return texts(
        "SELECT psp_account_id || ' ' || status FROM operation WHERE idempotency_key = '"
            + key
            + "' ORDER BY operation_id");
  }

  private List<String> texts(String sql) {
    var texts = new ArrayList<String>();
    try (var connection = database.connect();
        var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
    return texts;
  }

  private HttpResponse<String> retry(String form, String key) {
    var answer = new AtomicReference<HttpResponse<String>>();
    Await.until(
        "the retry of " + key + " is answered",
        () -> {
          var latest = gateway.post("/v1/payment_intents", form, KEY, key);
          answer.set(latest);
          return latest.statusCode() != 409;
        });
    return Objects.requireNonNull(answer.get());
  }
}
