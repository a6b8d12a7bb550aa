package verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import routes.ops.HealthChecks;
import telemetry.Telemetry;

class OpsVerticleTest {
  private final Vertx vertx = Vertx.vertx();
  private final Telemetry telemetry = new Telemetry();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final HealthChecks health =
      new HealthChecks(Duration.ofMillis(50), Duration.ofSeconds(1), now::get);
  private final AtomicInteger port = new AtomicInteger();
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void deploy() {
    OpsVerticle.Options options =
        new OpsVerticle.Options(
            "127.0.0.1",
            0,
            health,
            telemetry::scrape,
            "letmein",
            context ->
                router ->
                    router.get("/things").handler(request -> request.response().end("things")),
            port::set);
    vertx.deployVerticle(new OpsVerticle(options)).await();
  }

  @AfterEach
  void close() {
    client.close();
    vertx.close().await();
    telemetry.close();
  }

  @Test
  void isLiveAndNotReadyWhileStarting() throws Exception {
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    assertThat(check("gateway").getString("detail")).isEqualTo("starting");
  }

  @Test
  void isReadyWhenStartedAndEveryCheckHolds() throws Exception {
    health.register("database", Future::succeededFuture);
    health.started();

    assertThat(get("/health/ready").statusCode()).isEqualTo(200);
    assertThat(check("database").getString("status")).isEqualTo("up");
  }

  @Test
  void isNotReadyWhileDraining() throws Exception {
    health.started();
    health.drain();

    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    assertThat(check("gateway").getString("detail")).isEqualTo("draining");
  }

  @Test
  void saysWhichCheckFailedAndWhy() throws Exception {
    health.register("database", () -> Future.failedFuture("connection refused"));
    health.register(
        "broken",
        () -> {
          throw new IllegalStateException("no recovery");
        });
    health.started();

    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    assertThat(check("database").getString("detail")).isEqualTo("connection refused");
    assertThat(check("broken").getString("detail")).isEqualTo("no recovery");
  }

  @Test
  void aCheckThatHangsCountsAsDown() throws Exception {
    Promise<Void> never = Promise.promise();
    health.register("database", never::future);
    health.started();

    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    assertThat(check("database").getString("detail")).isEqualTo("no answer in 50 ms");
  }

  @Test
  void asksACheckOnceWhileItsResultIsFresh() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    health.register(
        "database",
        () -> {
          asked.incrementAndGet();
          return Future.succeededFuture();
        });
    health.started();

    get("/health/ready");
    get("/health/ready");
    assertThat(asked).hasValue(1);
    now.set(Instant.EPOCH.plusSeconds(2));
    get("/health/ready");
    assertThat(asked).hasValue(2);
  }

  @Test
  void showsMetricsAsText() throws Exception {
    HttpResponse<String> metrics = get("/metrics");

    assertThat(metrics.headers().firstValue("Content-Type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
    assertThat(metrics.body()).contains("jvm_memory_used_bytes");
  }

  @Test
  void listsWhatIsThereWithTheOperatorsRoutes() throws Exception {
    assertThat(new JsonObject(get("/").body()).getJsonArray("routes"))
        .containsExactly(
            "GET /health/live", "GET /health/ready", "GET /metrics", "GET /ops/things");
    assertThat(get("/ops/things").statusCode()).isEqualTo(401);
    assertThat(get("/nothing").statusCode()).isEqualTo(404);
  }

  private JsonObject check(String name) throws IOException, InterruptedException {
    return new JsonObject(get("/health/ready").body()).getJsonObject("checks").getJsonObject(name);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
