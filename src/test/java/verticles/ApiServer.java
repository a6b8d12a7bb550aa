package verticles;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import payments.Answer;
import payments.Command;
import payments.IdSource;
import routes.api.ApiKey;
import routes.api.ApiKeys;
import routes.api.ApiSettings;
import routes.api.CommandSender;
import routes.reference.Reference;

/** The API over real HTTP, with a core that answers what a test tells it to. */
final class ApiServer implements AutoCloseable {
  static final String SECRET = "sk_test_demo";
  static final String OTHER_SECRET = "sk_test_other";
  static final String PUBLISHABLE = "pk_test_demo";
  static final ApiSettings SETTINGS =
      new ApiSettings(
          "127.0.0.1",
          0,
          1 << 20,
          16_384,
          64,
          64,
          Duration.ofSeconds(20),
          Duration.ofSeconds(40),
          Duration.ofSeconds(20));

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger port = new AtomicInteger();
  private final List<Command> commands = new CopyOnWriteArrayList<>();
  private volatile Function<Command, Future<Answer>> core =
      command -> Future.succeededFuture(new Answer(200, "{\"object\":\"test\"}", false));

  ApiServer(ApiSettings settings) throws Exception {
    var keys =
        new ApiKeys(
            Map.of(
                ApiKeys.digest(SECRET), new ApiKey("key_secret", "m1", false, false),
                ApiKeys.digest(OTHER_SECRET), new ApiKey("key_other", "m2", false, false),
                ApiKeys.digest(PUBLISHABLE), new ApiKey("key_public", "m1", false, true)));
    CommandSender sender =
        command -> {
          commands.add(command);
          return core.apply(command);
        };
    var verticle =
        new ApiVerticle(
            settings,
            keys,
            sender,
            new IdSource(Clock.systemUTC(), RandomGenerator.getDefault()),
            new Reference(vertx),
            port::set);
    await(vertx.deployVerticle(verticle));
  }

  Vertx vertx() {
    return vertx;
  }

  void answer(Answer answer) {
    core = command -> Future.succeededFuture(answer);
  }

  void core(Function<Command, Future<Answer>> newCore) {
    core = newCore;
  }

  List<Command> commands() {
    return commands;
  }

  Command onlyCommand() {
    if (commands.size() != 1) {
      throw new AssertionError("expected one command, not " + commands);
    }
    return commands.getFirst();
  }

  int port() {
    return port.get();
  }

  String base() {
    return "http://127.0.0.1:" + port();
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base() + path))
        .timeout(Duration.ofSeconds(60))
        .header("Authorization", "Bearer " + SECRET);
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  HttpResponse<String> form(String path, String body) throws IOException, InterruptedException {
    return post(path, "application/x-www-form-urlencoded", body);
  }

  HttpResponse<String> json(String path, String body) throws IOException, InterruptedException {
    return post(path, "application/json", body);
  }

  HttpResponse<String> post(String path, String contentType, String body)
      throws IOException, InterruptedException {
    return send(
        request(path).header("Content-Type", contentType).POST(BodyPublishers.ofString(body)));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  HttpClient client() {
    return client;
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    client.close();
    await(vertx.close());
  }
}
