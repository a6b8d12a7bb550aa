package outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import outbox.PostOutcome.Kind;

/** POSTs to receivers that are slow, broken or hostile. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebhookClientTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress OTHER_LOOPBACK = InetAddress.ofLiteral("127.0.0.2");
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Buffer BODY = Buffer.buffer("{\"id\":\"evt_1\"}");

  private final Vertx vertx = Vertx.vertx();
  private String certificate = "";
  private PfxOptions keys = new PfxOptions();

  @BeforeAll
  void makeACertificate(@TempDir Path directory) throws IOException, InterruptedException {
    Path store = directory.resolve("keys.p12");
    Path exported = directory.resolve("certificate.pem");
    keytool(
        "-genkeypair -alias it -keyalg RSA -validity 2 -dname CN=hooks.test -ext SAN=dns:hooks.test"
            + " -storetype PKCS12 -storepass changeit -keystore "
            + store);
    keytool(
        "-exportcert -rfc -alias it -storepass changeit -keystore " + store + " -file " + exported);
    keys = new PfxOptions().setValue(vertx.fileSystem().readFileBlocking(store.toString()));
    keys.setPassword("changeit");
    certificate = vertx.fileSystem().readFileBlocking(exported.toString()).toString();
  }

  private static void keytool(String arguments) throws IOException, InterruptedException {
    var command = new java.util.ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments.split(" ")));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue())
        .as(
            new String(
                process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
        .isZero();
  }

  @AfterAll
  void close() {
    vertx.close().await();
  }

  private WebhookClient client(NameLookup names, Duration timeout) {
    return client(new TargetRules(true, true), names, timeout, new HttpClientOptions());
  }

  private WebhookClient client(
      TargetRules rules, NameLookup names, Duration timeout, HttpClientOptions http) {
    return client(rules, names, timeout, 8, http);
  }

  private WebhookClient client(
      TargetRules rules,
      NameLookup names,
      Duration timeout,
      int maxConnections,
      HttpClientOptions http) {
    return new WebhookClient(
        vertx,
        new TargetGuard(rules, names, LONG),
        new WebhookClient.Options(Duration.ofSeconds(30), timeout, maxConnections, "Sluice/test"),
        http);
  }

  private PostOutcome post(WebhookClient client, String url) {
    return post(client, url, 0);
  }

  private PostOutcome post(WebhookClient client, String url, int turn) {
    return Future.<PostOutcome>future(
            promise ->
                vertx
                    .getOrCreateContext()
                    .runOnContext(
                        ignored ->
                            client
                                .post(url, Map.of("Stripe-Signature", "t=1,v1=x"), BODY, turn)
                                .onComplete(promise)))
        .await();
  }

  private static NameLookup always(InetAddress... addresses) {
    return host -> Future.succeededFuture(List.of(addresses));
  }

  private HttpServer serve(io.vertx.core.Handler<HttpServerRequest> handler) {
    return vertx.createHttpServer().requestHandler(handler).listen(0, "127.0.0.1").await();
  }

  private static String url(HttpServer server) {
    return "http://hooks.test:" + server.actualPort() + "/a%20b?c=%2F";
  }

  @Test
  void sendsTheBodyAsItIsToTheNameAndThePath() {
    var seen = new CompletableFuture<HttpServerRequest>();
    var body = new AtomicReference<Buffer>();
    HttpServer server =
        serve(
            request -> {
              seen.complete(request);
              request
                  .body()
                  .onSuccess(
                      whole -> {
                        body.set(whole);
                        request.response().setStatusCode(204).end();
                      });
            });
    PostOutcome outcome = post(client(always(LOOPBACK), LONG), url(server));
    assertThat(outcome).isEqualTo(PostOutcome.delivered(204));
    assertThat(body.get()).isEqualTo(BODY);
    assertThat(seen.join().uri()).isEqualTo("/a%20b?c=%2F");
    assertThat(seen.join().getHeader("Host")).isEqualTo("hooks.test:" + server.actualPort());
    assertThat(seen.join().getHeader("Stripe-Signature")).isEqualTo("t=1,v1=x");
    assertThat(seen.join().getHeader("User-Agent")).isEqualTo("Sluice/test");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308, 400, 404, 410, 429, 500, 503})
  void takesOnly2xxForSuccessAndFollowsNoRedirect(int status) {
    var requests = new AtomicInteger();
    HttpServer server =
        serve(
            request -> {
              requests.incrementAndGet();
              request
                  .response()
                  .setStatusCode(status)
                  .putHeader("Location", "/elsewhere")
                  .end("no");
            });
    PostOutcome outcome = post(client(always(LOOPBACK), LONG), url(server));
    assertThat(outcome.kind()).isEqualTo(status / 100 == 3 ? Kind.REDIRECT : Kind.REFUSED);
    assertThat(outcome.error()).contains("answered");
    assertThat(requests).hasValue(1);
  }

  @Test
  void givesUpOnAnAnswerThatDoesNotCome() {
    HttpServer server = serve(request -> {});
    PostOutcome outcome = post(client(always(LOOPBACK), Duration.ofMillis(200)), url(server));
    assertThat(outcome.kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(outcome.error()).contains("200 ms");
  }

  @Test
  void givesUpOnAnAnswerThatDripsForEver() {
    HttpServer server =
        serve(
            request -> {
              request.response().setChunked(true).write("a");
              vertx.setPeriodic(20, id -> request.response().write("a"));
            });
    PostOutcome outcome = post(client(always(LOOPBACK), Duration.ofMillis(300)), url(server));
    assertThat(outcome.kind()).isEqualTo(Kind.TIMEOUT);
  }

  @Test
  void readsNoMoreThanALittleOfAnAnswerWithoutAnEnd() {
    HttpServer server = serve(request -> flood(request.response().setChunked(true)));
    PostOutcome outcome = post(client(always(LOOPBACK), LONG), url(server));
    assertThat(outcome.kind()).isEqualTo(Kind.TOO_LONG);
    assertThat(outcome.status()).isEqualTo(200);
    assertThat(outcome.error()).contains("more than");
  }

  private static void flood(io.vertx.core.http.HttpServerResponse response) {
    response.write(Buffer.buffer(new byte[16_384])).onSuccess(ignored -> flood(response));
  }

  @Test
  void tellsAConnectionThatBreaks() {
    NetServer server =
        vertx
            .createNetServer()
            .connectHandler(socket -> socket.handler(ignored -> socket.close()))
            .listen(0, "127.0.0.1")
            .await();
    PostOutcome outcome =
        post(client(always(LOOPBACK), LONG), "http://hooks.test:" + server.actualPort());
    assertThat(outcome.kind()).isEqualTo(Kind.BROKEN);
    assertThat(outcome.error()).isNotBlank();
  }

  /** HTTP/1.1 lets any number of 1xx come before an answer; the client knows only two of them. */
  @Test
  void whatComesBeforeAnAnswerIsNeverTheNextDeliverysAnswer() {
    var requests = new AtomicInteger();
    var connections = new AtomicInteger();
    NetServer server =
        vertx
            .createNetServer()
            .connectHandler(
                socket -> {
                  connections.incrementAndGet();
                  socket.handler(
                      read -> {
                        if (requests.incrementAndGet() == 1) {
                          socket.write("HTTP/1.1 102 Processing\r\n\r\n");
                          vertx.setTimer(50, later -> socket.write(empty("200 OK")));
                        } else {
                          vertx.setTimer(100, later -> socket.write(empty("500 Not taken")));
                        }
                      });
                })
            .listen(0, "127.0.0.1")
            .await();
    WebhookClient client =
        client(new TargetRules(true, true), always(LOOPBACK), LONG, 1, new HttpClientOptions());

    List<PostOutcome> outcomes = bothAtOnce(client, "http://hooks.test:" + server.actualPort());

    assertThat(outcomes.getFirst().kind()).isEqualTo(Kind.BROKEN);
    assertThat(outcomes.getFirst().error()).contains("102");
    assertThat(outcomes.getLast())
        .as("what is answered to the second")
        .isEqualTo(PostOutcome.failed(Kind.REFUSED, 500, "answered 500"));
    assertThat(connections).as("nothing is read after what is no answer").hasValue(2);
  }

  private static String empty(String status) {
    return "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n";
  }

  /** Two POSTs of one event loop. */
  private List<PostOutcome> bothAtOnce(WebhookClient client, String url) {
    return Future.<List<PostOutcome>>future(
            promise ->
                vertx
                    .getOrCreateContext()
                    .runOnContext(
                        ignored ->
                            Future.all(
                                    client.post(url, Map.of(), BODY, 0),
                                    client.post(url, Map.of(), BODY, 0))
                                .map(done -> done.<PostOutcome>list())
                                .onComplete(promise)))
        .await();
  }

  @Test
  void tellsThatNobodyListens() {
    HttpServer server = serve(request -> {});
    server.close().await();
    PostOutcome outcome = post(client(always(LOOPBACK), LONG), url(server));
    assertThat(outcome.kind()).isEqualTo(Kind.CONNECT);
  }

  @Test
  void tellsAnUnknownName() {
    PostOutcome outcome =
        post(client(host -> Future.failedFuture("NXDOMAIN"), LONG), "http://nowhere.test/");
    assertThat(outcome.kind()).isEqualTo(Kind.UNKNOWN_HOST);
    assertThat(outcome.error()).contains("nowhere.test").contains("NXDOMAIN");
  }

  @Test
  void asksForTheNameInTlsAndTrustsOnlyACertificateForIt() {
    var server =
        vertx
            .createHttpServer(new HttpServerOptions().setSsl(true).setKeyCertOptions(keys))
            .requestHandler(request -> request.response().end())
            .listen(0, "127.0.0.1")
            .await();
    var trusting = new PemTrustOptions().addCertValue(Buffer.buffer(certificate));
    var rules = new TargetRules(true, true);
    WebhookClient trusts =
        client(rules, always(LOOPBACK), LONG, new HttpClientOptions().setTrustOptions(trusting));
    assertThat(post(trusts, "https://hooks.test:" + server.actualPort()).kind())
        .isEqualTo(Kind.DELIVERED);
    // The same server under a name its certificate is not for.
    assertThat(post(trusts, "https://other.test:" + server.actualPort()).kind())
        .isEqualTo(Kind.TLS);
    PostOutcome untrusted =
        post(client(always(LOOPBACK), LONG), "https://hooks.test:" + server.actualPort());
    assertThat(untrusted.kind()).isEqualTo(Kind.TLS);
    assertThat(untrusted.error()).contains("TLS");
  }

  @Test
  void connectsToTheAddressThatWasCheckedWhenTheNameChangesItsAnswer() {
    var rules = new TargetRules(true, false);
    Queue<List<InetAddress>> answers = new ConcurrentLinkedQueue<>();
    answers.add(List.of(InetAddress.ofLiteral("10.0.0.1")));
    answers.add(List.of(InetAddress.ofLiteral("1.1.1.1"), LOOPBACK));
    var reached = new AtomicInteger();
    HttpServer server =
        serve(
            request -> {
              reached.incrementAndGet();
              request.response().end();
            });
    WebhookClient client =
        client(
            rules, host -> Future.succeededFuture(answers.remove()), LONG, new HttpClientOptions());
    for (int i = 0; i < 2; i++) {
      PostOutcome outcome = post(client, url(server), i);
      assertThat(outcome.kind()).isEqualTo(Kind.FORBIDDEN_TARGET);
      assertThat(outcome.error()).contains("must not be sent to");
    }
    assertThat(reached).hasValue(0);
    assertThat(answers).isEmpty();
  }

  /** One look-up is checked and used: no second one can give the connection another address. */
  @Test
  void looksTheNameUpOnceForEachPost() {
    var lookups = new AtomicInteger();
    HttpServer server = serve(request -> request.response().end());
    WebhookClient client =
        client(
            host -> {
              lookups.incrementAndGet();
              return Future.succeededFuture(List.of(LOOPBACK));
            },
            LONG);
    assertThat(post(client, url(server)).kind()).isEqualTo(Kind.DELIVERED);
    assertThat(post(client, url(server)).kind()).isEqualTo(Kind.DELIVERED);
    assertThat(lookups).hasValue(2);
  }

  @Test
  void usesNoConnectionToAnAddressThatTheNameNoLongerStandsFor() {
    Queue<InetAddress> answers = new ConcurrentLinkedQueue<>(List.of(LOOPBACK, OTHER_LOOPBACK));
    var reached = new ConcurrentLinkedQueue<String>();
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  reached.add(request.localAddress().hostAddress());
                  request.response().end();
                })
            .listen(0, "0.0.0.0")
            .await();
    WebhookClient client = client(host -> Future.succeededFuture(List.of(answers.remove())), LONG);
    post(client, url(server));
    post(client, url(server));
    assertThat(reached).containsExactly("127.0.0.1", "127.0.0.2");
  }

  @Test
  void triesAnotherAddressTheNextTime() {
    HttpServer server = serve(request -> request.response().end());
    WebhookClient client = client(always(OTHER_LOOPBACK, LOOPBACK), LONG);
    // Nobody listens on the first address.
    assertThat(post(client, url(server), 0).kind()).isEqualTo(Kind.CONNECT);
    assertThat(post(client, url(server), 1).kind()).isEqualTo(Kind.DELIVERED);
  }
}
