package chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.DoubleStream;
import support.Await;
import support.Books;
import support.GatewayProcess;
import support.Metrics;
import support.RoughWay;

/**
 * One gateway, its database and its PSP, each in a process of its own, with a merchant who asks
 * many things at once.
 */
final class LoneGateway implements AutoCloseable {
  /** Requests of the merchant that are worked on at once; more are refused. */
  static final int PLACES = 60;

  /** After which the edge gives a request up. */
  static final Duration EDGE = Duration.ofSeconds(6);

  private static final String SECRET_KEY = "sk_test_lone_server";
  private static final String PSP_KEY = "sk_test_lone_psp";
  private static final long SEED = 20_261_130L;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final SimulatorServer psp;
  private final PostgresServer database;
  private final RoughWay databaseWay;
  private final GatewayProcess gateway;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  LoneGateway(Path directory) throws IOException, InterruptedException {
    psp = new SimulatorServer(directory, SEED);
    database = new PostgresServer(directory);
    databaseWay = RoughWay.to(database::port);
    // As many connections on every machine.
    gateway = GatewayProcess.launch(directory, settings(), "-XX:ActiveProcessorCount=2");
  }

  private String settings() {
    return """
    mode: test
    node-id: lone
    ops: {port: 0, check-timeout: 500ms, check-cache: 100ms}
    webhooks: {host: 127.0.0.1, port: 0}
    api: {host: 127.0.0.1, port: 0, instances: 1}
    shutdown: {readiness-delay: 0s}
    timeouts:
      {psp-connect: 1s, psp-call: 4800ms, breaker: 5200ms, database-acquire: 500ms, database-statement: 700ms,
       event-bus-reply: 5600ms, edge: %ds}
    routing: {time-limit: 5400ms}
    admission: {max-concurrent: %d, max-concurrent-per-merchant: %d}
    recovery: {poll-interval: 100ms, pending-grace: 6200ms, schedule: "200ms,500ms,1s"}
    database:
      url: postgresql://127.0.0.1:%d/%s
      password: %s
      migrator-password: %s
      ssl-mode: disable
    merchants:
      - id: lone
        keys:
          - {id: lone_server, kind: secret, mode: test, value: %s}
        psp-accounts:
          - id: stripe_lone
            psp: stripe
            mode: test
            secret-key: %s
            base-url: "%s"
    """
        .formatted(
            EDGE.toSeconds(),
            2 * PLACES,
            PLACES,
            databaseWay.port(),
            PostgresServer.DATABASE,
            PostgresServer.PASSWORD,
            PostgresServer.PASSWORD,
            SECRET_KEY,
            PSP_KEY,
            psp.url());
  }

  PostgresServer database() {
    return database;
  }

  SimulatorServer psp() {
    return psp;
  }

  /** An answer, with how long it took. */
  record Reply(HttpResponse<String> answer, Duration took) {
    int status() {
      return answer.statusCode();
    }

    String header(String name) {
      return answer.headers().firstValue(name).orElse("");
    }

    JsonObject error() {
      return new JsonObject(answer.body()).getJsonObject("error");
    }
  }

  /** Asks for a payment under a key. */
  CompletableFuture<Reply> pay(String key) {
    var request =
        HttpRequest.newBuilder(gateway.api().resolve("/v1/payment_intents"))
            .header("Authorization", "Bearer " + SECRET_KEY)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Idempotency-Key", key)
            .timeout(PATIENCE)
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "amount=1000&currency=usd&confirm=true&payment_method=pm_card_visa"))
            .build();
    long begun = System.nanoTime();
    return client
        .sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .thenApply(answer -> new Reply(answer, Duration.ofNanos(System.nanoTime() - begun)));
  }

  /** Asks for all of them at once. */
  List<CompletableFuture<Reply>> payAll(List<String> keys) {
    return keys.stream().map(this::pay).toList();
  }

  /** The same, with the answers, in the order of the keys. */
  List<Reply> payAllAndWait(List<String> keys) {
    List<CompletableFuture<Reply>> asked = payAll(keys);
    return asked.stream().map(CompletableFuture::join).toList();
  }

  /** Asks again and again under the same keys, until each of them is paid. */
  void payInTheEnd(List<String> keys) {
    var left = new ArrayList<>(keys);
    Await.until(
        "all of " + keys.size() + " are paid",
        () -> {
          List<String> asked = List.copyOf(left);
          List<Reply> replies = payAllAndWait(asked);
          for (int i = 0; i < asked.size(); i++) {
            if (replies.get(i).status() == 200) {
              assertThat(replies.get(i).answer().body()).contains("\"succeeded\"");
              left.remove(asked.get(i));
            }
          }
          return left.isEmpty();
        });
  }

  /** What the management port says. */
  HttpResponse<String> ops(String path) {
    URI at = gateway.ops().resolve(path);
    return client
        .sendAsync(
            HttpRequest.newBuilder(at).timeout(PATIENCE).build(),
            HttpResponse.BodyHandlers.ofString())
        .join();
  }

  void awaitReady() {
    Await.until("it is ready", () -> ops("/health/ready").statusCode() == 200);
  }

  /** Waits until it is not ready because of its database, as which it is alive. */
  void awaitNotReady() {
    Await.until("it is not ready", () -> ops("/health/ready").statusCode() == 503);
    JsonObject checks = new JsonObject(ops("/health/ready").body()).getJsonObject("checks");
    assertThat(checks.getJsonObject("database").getString("status"))
        .as(checks.encode())
        .isEqualTo("down");
    assertThat(checks.getJsonObject("database").getString("detail")).isNotEmpty();
    assertThat(ops("/health/live").statusCode()).isEqualTo(200);
  }

  /** Waits until no request of a merchant's is at work any more. */
  void awaitNothingInFlight() {
    Await.until("no request is in flight", () -> inFlight() == 0);
  }

  private double inFlight() {
    double[] posts =
        Metrics.values(
                ops("/metrics").body(), "vertx_http_server_active_requests", "method=\"POST\"")
            .toArray();
    assertThat(posts).isNotEmpty();
    return DoubleStream.of(posts).sum();
  }

  /** One operation stands behind each key, it succeeded, and all books agree. */
  void assertPaidOnce(List<String> keys) {
    Await.until(
        "no operation is open",
        () -> database.number("SELECT count(*) FROM operation WHERE status <> 'succeeded'") == 0);
    assertThat(operations()).containsAll(keys).doesNotHaveDuplicates();
    assertThat(psp.truth().account(PSP_KEY).charges()).hasSize(operations().size());
    new Books(database, psp::truth, PSP_KEY).balance();
  }

  /** The merchant's keys of all operations. */
  List<String> operations() {
    return database.lines("SELECT idempotency_key FROM operation");
  }

  @Override
  public void close() throws IOException, InterruptedException {
    client.shutdownNow();
    gateway.close();
    databaseWay.close();
    psp.close();
    database.close();
  }
}
