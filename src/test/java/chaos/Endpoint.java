package chaos;

import com.stripe.exception.SignatureVerificationException;
import com.stripe.net.Webhook;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A merchant's endpoint, which believes only what is signed, keeps what it has acknowledged, and
 * fails now and then.
 */
final class Endpoint implements AutoCloseable {
  private static final int BACKLOG = 200;
  private static final int OFTEN = 7;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<Evidence.Delivered> received = new ConcurrentLinkedQueue<>();
  private final AtomicInteger forged = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile String secret = "";
  private volatile boolean failing;

  Endpoint() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Has the gateway tell it everything. */
  void register(Town town) throws IOException {
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(town.apis().getFirst().resolve("/v1/webhook_endpoints"))
              .header("Authorization", "Bearer " + Town.SECRET_KEY)
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(HttpRequest.BodyPublishers.ofString("enabled_events[]=*&url=" + url))
              .build();
      var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new AssertionError("no endpoint: " + answer.body());
      }
      secret = new JsonObject(answer.body()).getString("secret");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      if (failing && requests.incrementAndGet() % OFTEN == 0) {
        exchange.sendResponseHeaders(500, -1);
        return;
      }
      try {
        Webhook.Signature.verifyHeader(
            body, exchange.getRequestHeaders().getFirst("Stripe-Signature"), secret, 0L);
      } catch (SignatureVerificationException e) {
        forged.incrementAndGet();
        exchange.sendResponseHeaders(400, -1);
        return;
      }
      var event = new JsonObject(body);
      received.add(new Evidence.Delivered(event.getString("id"), event.getString("type")));
      exchange.sendResponseHeaders(200, -1);
    }
  }

  /** Whether it refuses some of what comes. */
  void failing(boolean value) {
    failing = value;
  }

  /** What it has acknowledged. */
  List<Evidence.Delivered> received() {
    return List.copyOf(received);
  }

  /** What was not signed as it should be. */
  int forged() {
    return forged.get();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
