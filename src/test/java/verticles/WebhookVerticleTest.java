package verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import store.Inbox.Arrival;
import store.Inbox.Stored;
import store.StoreException;
import support.Await;

/** The answers that PSPs get, and what is in the inbox by then. */
final class WebhookVerticleTest {
  private WebhookServer server;

  @BeforeEach
  void start() throws Exception {
    server = new WebhookServer();
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void storesTheEventsOfAGenuineWebhookAndSaysSo() throws Exception {
    HttpResponse<String> answer = server.post("/webhooks/stripe/psp_b", "good", "one two");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("understood");
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/words");
    Buffer body = Buffer.buffer("body at " + WebhookServer.NOW);
    assertThat(server.arrivals)
        .containsExactly(
            new Arrival("m2", "psp_b", "one", "type", "of one", body, null),
            new Arrival("m2", "psp_b", "two", "type", "of two", body, null));
    Await.until("the inbox is woken", () -> server.wakes.get() == 1);
    assertThat(counted("sluice.webhooks.accepted", "psp_b")).isEqualTo(2);
  }

  @Test
  void answersOnlyWhenAllOfItIsDurable() throws Exception {
    var promises = hold();
    CompletableFuture<HttpResponse<String>> answer = server.postLater("one two");
    Await.until("both are being stored", () -> promises.size() == 2);
    promises.get(1).complete(Stored.NEW);
    // Another request on the same loop gets its answer: the first one had the time for its own.
    assertThat(server.post(WebhookServer.PATH, "bad", "x").statusCode()).isEqualTo(400);
    assertThat(answer).isNotDone();
    promises.get(0).complete(Stored.KNOWN);
    assertThat(answer.join().statusCode()).isEqualTo(200);
  }

  @Test
  void acknowledgesWhatIsKnownAndWakesNobody() throws Exception {
    server.inbox = arrival -> Future.succeededFuture(Stored.KNOWN);
    assertThat(server.post("one").statusCode()).isEqualTo(200);
    assertThat(server.wakes).hasValue(0);
    assertThat(counted("sluice.webhooks.duplicates", "psp_a")).isEqualTo(1);
    assertThat(counted("sluice.webhooks.accepted", "psp_a")).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "bad, 400, signature, that is not good",
    "odd, 400, unreadable, that is odd",
    "unknown, 403, no_secret, no secret here",
    "broken, 500, internal, Something went wrong on our side."
  })
  void refusesWhatIsNotGenuineAndStoresNothing(
      String signature, int status, String code, String message) throws Exception {
    HttpResponse<String> answer = server.post(WebhookServer.PATH, signature, "one");
    assertError(answer, status, code);
    assertThat(answer.body()).contains(message);
    assertThat(server.arrivals).isEmpty();
    assertThat(server.refused("psp_a", code)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/webhooks",
        "/webhooks/stripe",
        "/webhooks/stripe/",
        "/webhooks/stripe/psp_c",
        "/webhooks/adyen/psp_a",
        "/webhooks/stripe/psp_a/",
        "/webhooks/stripe/psp_a/more",
        "/webhooks/stripe/PSP_A",
        "/webhooks/stripe/psp%5Fa",
        "/webhooks//psp_a",
        "/v1/payment_intents"
      })
  void knowsNoOtherPath(String path) throws Exception {
    assertError(server.post(path, "good", "one"), 404, "not_found");
    assertThat(server.refused("none", "not_found")).isEqualTo(1);
    assertThat(server.arrivals).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "DELETE", "OPTIONS", "PATCH", "INVENTED"})
  void takesPostsOnly(String method) throws Exception {
    HttpResponse<String> answer =
        server.send(
            server.request(WebhookServer.PATH).method(method, BodyPublishers.ofString("one")));
    assertError(answer, 405, "method");
    assertThat(answer.headers().firstValue("Allow")).contains("POST");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void refusesABodyAboveTheLimitAnnouncedOrNot(boolean announced) throws Exception {
    byte[] large = "x".repeat(1_001).getBytes(StandardCharsets.UTF_8);
    var request = server.request(WebhookServer.PATH).header("X-Signature", "good");
    request.POST(
        announced
            ? BodyPublishers.ofByteArray(large)
            : BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(large)));
    assertError(server.send(request), 413, "too_large");
    assertThat(server.post("x".repeat(1_000)).statusCode()).isEqualTo(200);
  }

  @Test
  void refusesWhatIsNoHttp() throws Exception {
    assertThat(raw("nonsense\r\n\r\n")).contains(" 400 ", "malformed");
    String huge =
        "POST " + WebhookServer.PATH + " HTTP/1.1\r\nX: " + "x".repeat(20_000) + "\r\n\r\n";
    assertThat(raw(huge)).contains(" 400 ", "malformed");
  }

  @Test
  void asksForAnotherSendingWhenTheDatabaseIsAway() throws Exception {
    List<Throwable> causes =
        List.of(
            new StoreException.Unavailable("no connection", null),
            new StoreException.InDoubt("connection lost", null),
            new StoreException.Refused("too slow", "57014", null, null));
    for (Throwable cause : causes) {
      server.inbox = arrival -> Future.failedFuture(cause);
      HttpResponse<String> answer = server.post("one");
      assertError(answer, 503, "unavailable");
      assertThat(answer.headers().firstValue("Retry-After")).contains("5");
    }
    server.inbox =
        arrival -> Future.failedFuture(new StoreException.Refused("odd", "22021", null, null));
    assertError(server.post("one"), 500, "internal");
  }

  @Test
  void refusesAboveItsLimitUntilOneEnds() throws Exception {
    server.close();
    server = new WebhookServer(WebhookServer.settings(2, 1_000, Duration.ofSeconds(20)));
    var promises = hold();
    var first = server.postLater("one");
    var second = server.postLater("two");
    Await.until("both are at work", () -> promises.size() == 2);
    HttpResponse<String> refused = server.post("three");
    assertError(refused, 503, "overloaded");
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    promises.forEach(promise -> promise.complete(Stored.NEW));
    assertThat(first.join().statusCode()).isEqualTo(200);
    assertThat(second.join().statusCode()).isEqualTo(200);
    server.inbox = arrival -> Future.succeededFuture(Stored.NEW);
    assertThat(server.post("three").statusCode()).isEqualTo(200);
  }

  @Test
  void holdsNoMoreOfAllBodiesThanItsLimit() throws Exception {
    var promises = hold();
    var large = server.postLater("x".repeat(600));
    Await.until("it is being stored", () -> promises.size() == 1);
    assertError(server.post("y".repeat(600)), 503, "overloaded");
    promises.getFirst().complete(Stored.NEW);
    assertThat(large.join().statusCode()).isEqualTo(200);
    server.inbox = arrival -> Future.succeededFuture(Stored.NEW);
    for (int at = 0; at < 10; at++) {
      assertThat(server.post("z".repeat(600)).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void doesNotWaitForeverForABodyOrForTheInbox() throws Exception {
    server.close();
    server = new WebhookServer(WebhookServer.settings(1, 1_000, Duration.ofMillis(200)));
    String half =
        "POST " + WebhookServer.PATH + " HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf";
    assertThat(raw(half)).startsWith("HTTP/1.1 408").contains("late");
    var promises = hold();
    assertError(server.post("one"), 503, "unavailable");
    // What is stored late keeps its place until it is done.
    assertError(server.post("two"), 503, "overloaded");
    promises.getFirst().complete(Stored.NEW);
    server.inbox = arrival -> Future.succeededFuture(Stored.NEW);
    Await.until("the place is free", () -> server.post("three").statusCode() == 200);
  }

  @Test
  void givesThePlaceOfAPspThatGoesAwayToTheNext() throws Exception {
    server.close();
    server = new WebhookServer(WebhookServer.settings(1, 1_000, Duration.ofSeconds(30)));
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      String half =
          "POST " + WebhookServer.PATH + " HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf";
      socket.getOutputStream().write(half.getBytes(StandardCharsets.UTF_8));
      Await.until("it has the place", () -> server.post("two").statusCode() == 503);
    }
    Await.until("the place is free", () -> server.post("three").statusCode() == 200);
  }

  @Test
  void letsWhatIsAtWorkEndWhenItStops() throws Exception {
    var promises = hold();
    var answer = server.postLater("one");
    Await.until("it is being stored", () -> promises.size() == 1);
    Future<Void> stopped = server.undeploy();
    Await.until("no connection is taken", this::refusesConnections);
    assertThat(stopped.isComplete()).isFalse();
    promises.getFirst().complete(Stored.NEW);
    assertThat(answer.join().statusCode()).isEqualTo(200);
    ApiServer.await(stopped);
  }

  private boolean refusesConnections() {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      return !socket.isConnected();
    } catch (IOException refused) {
      return true;
    }
  }

  /** From now on events are stored only when the test says so. */
  private List<Promise<Stored>> hold() {
    var promises = new CopyOnWriteArrayList<Promise<Stored>>();
    Function<Arrival, Future<Stored>> holding =
        arrival -> {
          Promise<Stored> promise = Promise.promise();
          promises.add(promise);
          return promise.future();
        };
    server.inbox = holding;
    return promises;
  }

  private double counted(String name, String account) {
    return server.registry.get(name).tag("account", account).counter().count();
  }

  /** It would keep a connection busy for as long as it likes, with what nobody reads. */
  @ParameterizedTest
  @ValueSource(strings = {"POST /nowhere", "PUT " + WebhookServer.PATH})
  void hangsUpOnWhoGoesOnSendingAfterARefusal(String line) throws Exception {
    String head = line + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n";
    assertThat(raw(head + "a part"))
        .startsWith("HTTP/1.1 40")
        .containsIgnoringCase("connection: close");
  }

  private String raw(String request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void assertError(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(new JsonObject(answer.body()).getJsonObject("error").getMap())
        .containsEntry("code", code)
        .containsOnlyKeys("code", "message");
  }
}
