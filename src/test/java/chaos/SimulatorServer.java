package chaos;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import simulator.SimulatorMain;
import simulator.Truth;
import support.JavaProcess;

/** The simulator in a process of its own: PSPs that outlive whatever happens to the gateway. */
final class SimulatorServer implements AutoCloseable {
  private static final String READY = "simulator listens on ";
  private static final int KEPT_EVENTS = 200_000;

  private final JavaProcess process;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI url;

  SimulatorServer(Path directory, long seed) throws IOException {
    process =
        JavaProcess.startMain(
            directory,
            "768m",
            SimulatorMain.class,
            "--port",
            "0",
            "--seed",
            Long.toString(seed),
            "--kept-events",
            Integer.toString(KEPT_EVENTS));
    String ready = process.awaitLine(line -> line.contains(READY));
    url = URI.create(ready.substring(ready.indexOf(READY) + READY.length()).strip());
  }

  int port() {
    return url.getPort();
  }

  URI url() {
    return url;
  }

  /** What really happened, of all accounts. */
  Truth truth() {
    return Truth.fromJson(new JsonObject(did()));
  }

  /** What really happened, as it tells it. */
  String did() {
    return get("truth");
  }

  /** Has an account's events sent somewhere. */
  void sendEvents(String account, String to, String secret) {
    post(
        "webhooks",
        new JsonObject()
            .put("account", account)
            .put("url", to)
            .put("secrets", new JsonArray().add(secret)));
  }

  /** Sends an account's events nowhere any more. */
  void sendNoEvents(String account) {
    send(HttpRequest.newBuilder(at("webhooks?account=" + account)).DELETE());
  }

  /** From now on a share of the calls or events fails like this. */
  void fault(JsonObject fault) {
    post("faults", fault);
  }

  /** No more faults, and what hangs is let go. */
  void noFaults() {
    send(HttpRequest.newBuilder(at("faults")).DELETE());
    post("faults/release", new JsonObject());
  }

  /** Calls that hang now. */
  int hanging() {
    return new JsonObject(get("faults")).getInteger("hanging");
  }

  /** Calls that came in so far. */
  int calls() {
    return new JsonObject(heard()).getJsonArray("calls").size();
  }

  /** The calls that it still knows, as it tells them. */
  String heard() {
    return get("calls");
  }

  /** Takes no connections for a while. */
  void refuse(long forMs) {
    post("refuse", new JsonObject().put("for_ms", forMs));
  }

  /** Whether it takes connections. */
  boolean reachable() {
    try {
      var health = HttpRequest.newBuilder(at("health")).GET().build();
      return client.send(health, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException refused) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Sends every event that was lost on its way. */
  void sendDroppedEvents() {
    post("webhooks/resend", new JsonObject().put("dropped", true));
    post("webhooks/release", new JsonObject());
  }

  /** Sends all events again, as PSPs do when they are asked. */
  void sendAllEventsAgain() {
    post("webhooks/resend", new JsonObject().put("match", new JsonObject()));
  }

  /** Whether no event is on its way any more, after a wait that is bounded. */
  boolean eventsIdle(long forMs) {
    return new JsonObject(get("webhooks/idle?for_ms=" + forMs)).getBoolean("idle");
  }

  /** Events recorded, delivered, dropped and so on. */
  JsonObject eventCounts() {
    return new JsonObject(get("webhooks")).getJsonObject("counts");
  }

  private URI at(String path) {
    return url.resolve("/_simulator/" + path);
  }

  private String get(String path) {
    return send(HttpRequest.newBuilder(at(path)).GET());
  }

  private void post(String path, JsonObject body) {
    send(
        HttpRequest.newBuilder(at(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.encode())));
  }

  private String send(HttpRequest.Builder request) {
    HttpResponse<String> answer;
    try {
      answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError("the simulator does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    if (answer.statusCode() != 200) {
      throw new AssertionError(answer.request().uri() + ": " + answer.body());
    }
    return answer.body();
  }

  @Override
  public void close() throws InterruptedException {
    client.shutdownNow();
    process.close();
  }
}
