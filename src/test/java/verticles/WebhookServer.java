package verticles;

import inbox.Intake;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import psp.PspFact;
import psp.PspWebhooks;
import routes.webhooks.WebhookAccount;
import routes.webhooks.WebhookSettings;
import store.Inbox.Arrival;
import store.Inbox.Stored;
import telemetry.WebhookMeters;

/**
 * The webhooks' server over real HTTP, with an inbox that does what a test tells it to. Its PSP
 * signs with the word good; a body is the names of the webhook's events.
 */
final class WebhookServer implements AutoCloseable {
  static final String PATH = "/webhooks/stripe/psp_a";
  static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");

  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
  final AtomicInteger wakes = new AtomicInteger();
  volatile Function<Arrival, Future<Stored>> inbox = arrival -> Future.succeededFuture(Stored.NEW);
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger port = new AtomicInteger();
  private final String deployment;

  WebhookServer() throws Exception {
    this(settings(64, 1_000, Duration.ofSeconds(20)));
  }

  WebhookServer(WebhookSettings settings) throws Exception {
    var options =
        new WebhookVerticle.Options(
            settings,
            List.of(
                new WebhookAccount("stripe", "psp_a", "m1", new Words()),
                new WebhookAccount("stripe", "psp_b", "m2", new Words())),
            context ->
                new Intake(
                    context,
                    arrival -> {
                      arrivals.add(arrival);
                      return inbox.apply(arrival);
                    },
                    wakes::incrementAndGet),
            new WebhookMeters(registry),
            () -> NOW,
            port::set);
    deployment = ApiServer.await(vertx.deployVerticle(new WebhookVerticle(options)));
  }

  static WebhookSettings settings(int maxConcurrent, int maxBytes, Duration timeout) {
    return new WebhookSettings(
        "127.0.0.1",
        0,
        1_000,
        16_384,
        maxConcurrent,
        maxBytes,
        timeout,
        timeout.plusSeconds(20),
        Duration.ofSeconds(20));
  }

  /** A PSP without a dialect. */
  private static final class Words implements PspWebhooks {
    @Override
    public Check check(Function<String, @Nullable String> header, Buffer body, Instant now) {
      String signature = String.valueOf(header.apply("X-Signature"));
      return switch (signature) {
        case "good" ->
            new Genuine(
                Arrays.stream(body.toString().split(" "))
                    .map(
                        name ->
                            new Item(
                                name, "type", "of " + name, Buffer.buffer("body at " + now), null))
                    .toList());
        case "odd" -> new Refused(Refused.Why.UNREADABLE, "that is odd");
        case "unknown" -> new Refused(Refused.Why.NO_SECRET, "no secret here");
        case "broken" -> throw new IllegalStateException("broken adapter");
        default -> new Refused(Refused.Why.SIGNATURE, "that is not good");
      };
    }

    @Override
    public Acknowledgement acknowledgement() {
      return new Acknowledgement("text/words", "understood");
    }

    @Override
    public PspFact read(String type, String body) {
      return new PspFact.Irrelevant(type);
    }
  }

  int port() {
    return port.get();
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
        .timeout(Duration.ofSeconds(60));
  }

  HttpResponse<String> post(String body) throws Exception {
    return post(PATH, "good", body);
  }

  HttpResponse<String> post(String path, String signature, String body) throws Exception {
    return send(request(path).header("X-Signature", signature).POST(BodyPublishers.ofString(body)));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  CompletableFuture<HttpResponse<String>> postLater(String body) {
    return client.sendAsync(
        request(PATH).header("X-Signature", "good").POST(BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }

  double refused(String account, String reason) {
    var counter =
        registry
            .find("sluice.webhooks.refused")
            .tag("account", account)
            .tag("reason", reason)
            .counter();
    return counter == null ? 0 : counter.count();
  }

  /** Begins to stop it; done when it has stopped. */
  Future<Void> undeploy() {
    return vertx.undeploy(deployment);
  }

  @Override
  public void close() throws Exception {
    client.close();
    ApiServer.await(vertx.close());
  }
}
