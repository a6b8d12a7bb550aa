package verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import payments.Answer;
import payments.Command;
import routes.api.ApiSettings;
import support.Await;

/** Bytes that no honest client sends: refused, cut off, never work, and the others are served. */
class RawHttpTest {
  private static final int PLACES = 8;
  private static final String HEAD = "Host: x\r\nAuthorization: Bearer sk_test_demo\r\n";
  private static final String GET = "GET /v1/refunds HTTP/1.1\r\n" + HEAD;
  private static final String POST = "POST /v1/customers HTTP/1.1\r\n" + HEAD;

  /** A second request that hides in the body of a first one. */
  private static final String HIDDEN = "GET /v1/charges HTTP/1.1\r\n" + HEAD + "\r\n";

  private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";
  private static final int LENGTH_OF_BOTH = 5 + HIDDEN.length();

  private ApiServer server;

  @BeforeEach
  void start() throws Exception {
    server =
        new ApiServer(
            new ApiSettings(
                "127.0.0.1",
                0,
                1 << 20,
                16_384,
                PLACES,
                PLACES,
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofSeconds(20)));
  }

  @AfterEach
  void stop() throws Exception {
    servesAsBefore();
    server.close();
  }

  /** Every place is free, which is what memory is bounded by. */
  private void servesAsBefore() throws Exception {
    var held = new ConcurrentLinkedQueue<Promise<Answer>>();
    server.core(
        command -> {
          Promise<Answer> promise = Promise.promise();
          held.add(promise);
          return promise.future();
        });
    var answers = new ArrayList<CompletableFuture<Integer>>();
    for (int i = 0; i < PLACES; i++) {
      answers.add(
          server
              .client()
              .sendAsync(
                  server.request("/v1/refunds").build(),
                  java.net.http.HttpResponse.BodyHandlers.ofString())
              .thenApply(java.net.http.HttpResponse::statusCode));
    }
    // Who waits too long is answered 504, which shows the place, too.
    Await.until("all places are taken", () -> held.size() == PLACES);
    held.forEach(promise -> promise.complete(new Answer(200, "{}", false)));
    for (CompletableFuture<Integer> answer : answers) {
      assertThat(answer.get()).isIn(200, 504);
    }
  }

  static Stream<String> broken() {
    return Stream.of(
        "GET\r\n\r\n",
        "GET /v1/refunds\r\n\r\n",
        "GET /v1/refunds HTTP/9.9\r\n" + HEAD + "\r\n",
        "G\0T /v1/refunds HTTP/1.1\r\n" + HEAD + "\r\n",
        " /v1/refunds HTTP/1.1\r\n" + HEAD + "\r\n",
        "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003abc\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        GET + "X : y\r\n\r\n",
        GET + "X: a\0b\r\n\r\n",
        GET + "no colon\r\n\r\n",
        GET + "H(x: y\r\n\r\n",
        GET + "X: " + "y".repeat(40_000) + "\r\n\r\n",
        GET + "X: y\r\n".repeat(5_000) + "\r\n",
        "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\n" + HEAD + "\r\n",
        "G".repeat(20_000),
        POST + "Content-Length: -1\r\n\r\n",
        POST + "Content-Length: +5\r\n\r\nabcde",
        POST + "Content-Length: 5a\r\n\r\nabcde",
        POST + "Content-Length: 0x5\r\n\r\nabcde",
        POST + "Content-Length: 5, 6\r\n\r\nabcdef",
        POST + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        POST + "Content-Length: 99999999999999999999\r\n\r\nx",
        CHUNKED + "zz\r\nabc\r\n0\r\n\r\n",
        CHUNKED + "-1\r\nabc\r\n0\r\n\r\n",
        CHUNKED + "FFFFFFFFFFFFFFFF\r\nabc\r\n0\r\n\r\n",
        CHUNKED + "3\r\nabcd\r\n0\r\n\r\n",
        CHUNKED + "0x3\r\nabc\r\n0\r\n\r\n",
        CHUNKED + "3;" + "e".repeat(20_000) + "\r\na=1\r\n0\r\n\r\n");
  }

  @ParameterizedTest
  @MethodSource("broken")
  void refusesWhatIsNoHttpAndHangsUp(String broken) throws Exception {
    String answer = RawHttp.answer(server.port(), broken);
    assertThat(RawHttp.statuses(answer)).hasSizeLessThan(2).allMatch(it -> it >= 400 && it < 500);
    assertThat(server.commands()).isEmpty();
  }

  static Stream<String> smuggling() {
    return Stream.of(
        POST
            + "Content-Length: "
            + LENGTH_OF_BOTH
            + "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            + HIDDEN,
        POST
            + "Transfer-Encoding: chunked\r\nContent-Length: "
            + LENGTH_OF_BOTH
            + "\r\n\r\n0\r\n\r\n"
            + HIDDEN,
        POST + "Transfer-Encoding: xchunked\r\n\r\n" + HIDDEN,
        POST + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + HIDDEN,
        POST + "Transfer-Encoding: identity\r\n\r\n" + HIDDEN,
        POST + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
        POST + "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
        POST
            + "Transfer-Encoding : chunked\r\nContent-Length: "
            + LENGTH_OF_BOTH
            + "\r\n\r\n0\r\n\r\n"
            + HIDDEN,
        POST
            + "Transfer-Encoding:\u000bchunked\r\nContent-Length: "
            + LENGTH_OF_BOTH
            + "\r\n\r\n0\r\n\r\n"
            + HIDDEN,
        POST
            + "Transfer-Encoding:\r\n chunked\r\nContent-Length: "
            + LENGTH_OF_BOTH
            + "\r\n\r\n0\r\n\r\n"
            + HIDDEN,
        POST.replace("HTTP/1.1", "HTTP/1.0")
            + "Connection: keep-alive\r\nTransfer-Encoding: chunked\r\nContent-Length: "
            + LENGTH_OF_BOTH
            + "\r\n\r\n0\r\n\r\n"
            + HIDDEN,
        POST + "Content-Length: \r\n\r\n" + HIDDEN,
        POST + "X: a\rContent-Length: 0\r\n\r\n" + HIDDEN,
        CHUNKED + "3\na=1\n0\n\n" + HIDDEN,
        CHUNKED + "3;a\nb\r\na=1\r\n0\r\n\r\n" + HIDDEN,
        CHUNKED + "0\r\nX: " + "e".repeat(40_000) + "\r\n\r\n" + HIDDEN);
  }

  /** What a proxy before us may read as one request is never two. */
  @ParameterizedTest
  @MethodSource("smuggling")
  void takesNoRequestThatHidesInAnother(String request) throws Exception {
    String answer = RawHttp.answer(server.port(), request);
    assertThat(RawHttp.statuses(answer)).hasSizeLessThan(2);
    assertThat(server.commands()).noneMatch(Command.ListCharges.class::isInstance);
  }

  static Stream<String> bombs() {
    return Stream.of(
        json("[".repeat(500_000)),
        json("{\"a\":".repeat(200_000)),
        json("{\"metadata\":" + "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_001)),
        json("{\"name\":\"\u00c3(\"}"),
        json("{\"name\":\"\u00ed\u00a0\u0080\"}"),
        json("{\"name\":\"" + "9".repeat(500_000)),
        json("{\"name\":" + "9".repeat(500_000) + "}"),
        form("name=%ff%fe"),
        form("name=\u00c0\u00af"),
        form("a[]=1&".repeat(100_000)),
        form("metadata[k]" + "[b]".repeat(300_000) + "=1"),
        form("&".repeat(900_000) + "nobody=1"),
        form("expand[999999999]=x&expand[0]=y"),
        form("metadata" + "[".repeat(100_000)));
  }

  private static String json(String body) {
    return POST
        + "Content-Type: application/json\r\nConnection: close\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private static String form(String body) {
    return POST + "Connection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  @ParameterizedTest
  @MethodSource("bombs")
  void refusesBodiesThatGrow(String bomb) throws Exception {
    String answer = RawHttp.answer(server.port(), bomb);
    assertThat(RawHttp.statuses(answer)).containsExactly(400);
    assertThat(answer.length()).isLessThan(2_000);
    assertThat(server.commands()).isEmpty();
  }

  @Test
  void cutsOffHeadsThatComeDropByDropAndServesTheOthers() throws Exception {
    try (var drippers = Executors.newCachedThreadPool()) {
      var cut = new AtomicInteger();
      var running = new ArrayList<java.util.concurrent.Future<Void>>();
      for (int i = 0; i < 40; i++) {
        running.add(drippers.submit(() -> drip(GET, cut)));
        running.add(drippers.submit(() -> drip(GET + "\r\n" + "GET /v1", cut)));
      }
      for (int i = 0; i < 40; i++) {
        assertThat(server.get("/v1/refunds").statusCode()).isEqualTo(200);
      }
      Await.until("all who drip are cut off", () -> cut.get() == 80);
      assertThat(running).hasSize(80);
    }
  }

  @Test
  void cutsOffBodiesThatComeDropByDropAndServesTheOthers() throws Exception {
    try (var drippers = Executors.newCachedThreadPool()) {
      var cut = new AtomicInteger();
      var running = new ArrayList<java.util.concurrent.Future<Void>>();
      for (int i = 0; i < PLACES - 2; i++) {
        running.add(drippers.submit(() -> drip(POST + "Content-Length: 100000\r\n\r\n", cut)));
      }
      for (int i = 0; i < 20; i++) {
        assertThat(server.get("/v1/refunds").statusCode()).isEqualTo(200);
      }
      Await.until("all who drip are cut off", () -> cut.get() == PLACES - 2);
      assertThat(running).hasSize(PLACES - 2);
    }
    assertThat(server.commands()).allMatch(Command.ListRefunds.class::isInstance);
  }

  /** What is unsent must not keep a connection open that has had its time. */
  @Test
  void cutsOffWhoDripsAndReadsNothing() throws Exception {
    String large = "{\"x\":\"" + "y".repeat(8 << 20) + "\"}";
    server.core(command -> Future.succeededFuture(new Answer(200, large, false)));
    try (var drippers = Executors.newCachedThreadPool()) {
      var cut = new AtomicInteger();
      for (int i = 0; i < 4; i++) {
        drippers.execute(() -> dripAndReadNothing(cut));
      }
      Await.until("all who drip are cut off", () -> cut.get() == 4);
    }
  }

  private void dripAndReadNothing(AtomicInteger cut) {
    try (Socket socket = RawHttp.connect(server.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          (GET + "\r\n" + POST + "Content-Length: 100000\r\n\r\n")
              .getBytes(StandardCharsets.UTF_8));
      for (int drops = 0; drops < 5_000; drops++) {
        out.write('X');
        LockSupport.parkNanos(20_000_000);
      }
    } catch (IOException reset) {
      cut.incrementAndGet();
    }
  }

  /** Sends a start and then one byte after the other, for as long as the line stands. */
  private Void drip(String start, AtomicInteger cut) throws Exception {
    try (Socket socket = RawHttp.connect(server.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(start.getBytes(StandardCharsets.ISO_8859_1));
      socket.setSoTimeout(20);
      InputStream in = socket.getInputStream();
      while (true) {
        out.write('X');
        try {
          if (in.read(new byte[1_024]) < 0) {
            break;
          }
        } catch (java.net.SocketTimeoutException silence) {
          // Still there: the next drop.
        }
      }
    } catch (SocketException reset) {
      // Cut off, too.
    }
    cut.incrementAndGet();
    return null;
  }

  @Test
  void answersAFloodInOneConnectionOneAfterTheOther() throws Exception {
    var atOnce = new AtomicInteger();
    var most = new AtomicInteger();
    server.core(
        command -> {
          most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
          Promise<Answer> promise = Promise.promise();
          server
              .vertx()
              .runOnContext(
                  next -> {
                    atOnce.decrementAndGet();
                    promise.complete(new Answer(200, "{}", false));
                  });
          return promise.future();
        });
    String flood = (GET + "\r\n").repeat(2_000) + GET + "Connection: close\r\n\r\n";
    assertThat(RawHttp.statuses(RawHttp.answer(server.port(), flood))).hasSize(2_001);
    assertThat(most).hasValue(1);
  }

  /** Answers that nobody reads are not piled up: the requests wait instead. */
  @Test
  void doesNotGoOnForWhoReadsNoAnswers() throws Exception {
    int requests = 1_000;
    String large = "{\"x\":\"" + "y".repeat(200_000) + "\"}";
    server.core(command -> Future.succeededFuture(new Answer(200, large, false)));
    try (Socket socket = RawHttp.connect(server.port())) {
      socket
          .getOutputStream()
          .write((GET + "\r\n").repeat(requests).getBytes(StandardCharsets.UTF_8));
      Await.until("it began", () -> !server.commands().isEmpty());
      for (int i = 0; i < 100; i++) {
        assertThat(server.get("/v1/refunds").statusCode()).isEqualTo(200);
      }
      assertThat(server.commands()).hasSizeLessThan(100 + requests / 2);
    }
  }

  @Test
  void readsTheRestOnceItsAnswersAreRead() throws Exception {
    String large = "{\"x\":\"" + "y".repeat(200_000) + "\"}";
    server.core(command -> Future.succeededFuture(new Answer(200, large, false)));
    String flood = (GET + "\r\n").repeat(200) + GET + "Connection: close\r\n\r\n";
    assertThat(answersReadLate(flood)).hasSize(201);
  }

  private List<Integer> answersReadLate(String flood) throws IOException {
    try (Socket socket = RawHttp.connect(server.port())) {
      socket.getOutputStream().write(flood.getBytes(StandardCharsets.UTF_8));
      Await.until("it began", () -> !server.commands().isEmpty());
      return RawHttp.statuses(RawHttp.rest(socket));
    }
  }
}
