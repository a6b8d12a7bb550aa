package verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import payments.Answer;
import payments.Command;
import routes.api.ApiSettings;
import support.Await;

/** Browsers that come back from an authentication, as HTTP sees them. */
class CustomerReturnTest {
  private static final String KEY = "sluice-authorize-0123456789abcdef";
  private static final String PATH = "/v1/redirects/acme/test_" + KEY + "_pr-oof_1";
  private static final String SHOP = "https://shop.example/?order=7&redirect_status=succeeded";

  private ApiServer server;

  @BeforeEach
  void start() throws Exception {
    server = new ApiServer(ApiServer.SETTINGS);
    server.answer(new Answer(302, SHOP, false));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private HttpRequest.Builder browser(String path) {
    return HttpRequest.newBuilder(URI.create(server.base() + path));
  }

  private Map<String, String> details() {
    return ((Command.ReturnCustomer) server.onlyCommand()).details();
  }

  @Test
  void sendsTheBrowserOnWithoutAKey() throws Exception {
    HttpResponse<String> response = server.send(browser(PATH + "?redirectResult=X6X%21abc"));
    assertThat(response.statusCode()).isEqualTo(302);
    assertThat(response.headers().firstValue("Location")).contains(SHOP);
    assertThat(response.headers().firstValue("Referrer-Policy")).contains("no-referrer");
    assertThat(response.headers().firstValue("Cache-Control").orElseThrow()).contains("no-store");
    var command = (Command.ReturnCustomer) server.onlyCommand();
    assertThat(command.operationKey()).isEqualTo(KEY);
    assertThat(command.proof()).isEqualTo("pr-oof_1");
    assertThat(command.context().merchantId()).isEqualTo("acme");
    assertThat(command.context().livemode()).isFalse();
    assertThat(command.context().idempotency()).isNull();
    assertThat(command.details()).containsExactlyEntriesOf(Map.of("redirectResult", "X6X!abc"));
  }

  @Test
  void takesAFormAsWell() throws Exception {
    server.send(
        browser(PATH)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("MD=md&PaRes=eNpV&a[b]=1")));
    assertThat(details()).isEqualTo(Map.of("MD", "md", "PaRes", "eNpV"));
  }

  @ParameterizedTest
  @CsvSource({
    "redirectResult=",
    "redirectResult=a%0D%0Ab",
    "redirectResult[a]=b",
    "redirectResult=4242424242424242",
    "redirect%0AResult=a",
    "4242424242424242=a",
  })
  void passesNothingOnThatIsNotSound(String query) throws Exception {
    assertThat(server.send(browser(PATH + "?" + query)).statusCode()).isEqualTo(302);
    assertThat(details()).isEmpty();
  }

  @Test
  void refusesWhatCannotBeRead() throws Exception {
    for (String query : new String[] {"redirectResult=a&redirectResult=b", "a[b=c"}) {
      HttpResponse<String> response = server.send(browser(PATH + "?" + query));
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(response.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("text/html");
    }
    String tooMany =
        IntStream.rangeClosed(1, 33).mapToObj(i -> "p" + i + "=1").collect(Collectors.joining("&"));
    assertThat(server.send(browser(PATH + "?" + tooMany)).statusCode()).isEqualTo(400);
    String tooLong = "payload=" + "x".repeat(70_000);
    assertThat(server.send(browser(PATH).POST(BodyPublishers.ofString(tooLong))).statusCode())
        .isEqualTo(413);
    assertThat(server.commands()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/redirects/acme",
    "GET, /v1/redirects/acme/test_-key_x",
    "DELETE, /v1/redirects/acme/test_sluice-authorize-1_x",
    "HEAD, /v1/redirects/acme/test_sluice-authorize-1_x",
  })
  void showsNothingElsewhere(String method, String path) throws Exception {
    HttpResponse<String> response =
        server.send(browser(path).method(method, BodyPublishers.noBody()));
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(server.commands()).isEmpty();
  }

  @Test
  void tellsNothingOfAnAddressThatWasNotMade() throws Exception {
    server.answer(new Answer(404, "", false));
    HttpResponse<String> response = server.send(browser(PATH));
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).contains("nothing at this address");
  }

  @Test
  void asksForAReloadWhereTheOutcomeIsNotKnown() throws Exception {
    server.core(command -> Future.failedFuture("the core is away"));
    assertThat(server.send(browser(PATH)).statusCode()).isEqualTo(503);
    server.answer(new Answer(500, "{\"error\":{}}", false));
    HttpResponse<String> response = server.send(browser(PATH));
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).contains("reload").doesNotContain("error");
  }

  @Test
  void putsNothingInvisibleIntoTheHeader() throws Exception {
    server.answer(new Answer(302, "https://shop.example/ü\r\nSet-Cookie: a=b", false));
    HttpResponse<String> response = server.send(browser(PATH));
    assertThat(response.headers().firstValue("Location"))
        .contains("https://shop.example/%C3%BC%0D%0ASet-Cookie:%20a=b");
    assertThat(response.headers().firstValue("Set-Cookie")).isEmpty();
  }

  private void restart(int places, Duration patience) throws Exception {
    server.close();
    server =
        new ApiServer(
            new ApiSettings(
                "127.0.0.1",
                0,
                1 << 20,
                16_384,
                places,
                places,
                patience,
                patience.multipliedBy(10),
                Duration.ofSeconds(5)));
    server.answer(new Answer(302, SHOP, false));
  }

  private Socket slowly() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(30_000);
    String half = "POST " + PATH + " HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nMD=a";
    socket.getOutputStream().write(half.getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  @Test
  void hangsUpOnABodyThatDoesNotArriveAndPassesNothingOn() throws Exception {
    restart(1, Duration.ofMillis(300));
    try (var socket = slowly()) {
      assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8))
          .isEqualTo("HTTP/1.1 408");
      socket.getOutputStream().write("bcde1".getBytes(StandardCharsets.UTF_8));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .containsIgnoringCase("connection: close");
    }
    assertThat(server.commands()).isEmpty();
    assertThat(server.send(browser(PATH)).statusCode()).isEqualTo(302);
  }

  @Test
  void givesThePlaceOfABrowserThatGoesAwayToTheNext() throws Exception {
    restart(1, Duration.ofSeconds(20));
    try (var socket = slowly()) {
      Await.until(
          "it has the place",
          () -> !socket.isClosed() && server.send(browser(PATH)).statusCode() == 503);
    }
    Await.until("the place is free", () -> server.send(browser(PATH)).statusCode() == 302);
  }

  /** Who has an address may load it as often as they like: others have places all the same. */
  @Test
  void keepsNobodyOutForOneAddress() throws Exception {
    restart(8, Duration.ofMillis(300));
    Promise<Answer> promise = Promise.promise();
    server.core(command -> promise.future());
    for (int visit = 1; visit <= 4; visit++) {
      assertThat(server.send(browser(PATH)).body()).as("visit %d", visit).contains("being checked");
    }
    assertThat(server.send(browser(PATH)).body()).contains("Too many people");
    server.answer(new Answer(302, SHOP, false));
    assertThat(server.send(browser(PATH.replace("0123", "4567"))).statusCode()).isEqualTo(302);
    promise.complete(new Answer(302, SHOP, false));
    Await.until("the places are free", () -> server.send(browser(PATH)).statusCode() == 302);
  }

  /** Their places are their own. */
  @Test
  void keepsNoMerchantOut() throws Exception {
    restart(1, Duration.ofMillis(300));
    Promise<Answer> promise = Promise.promise();
    server.core(command -> promise.future());
    assertThat(server.send(browser(PATH)).statusCode()).isEqualTo(503);
    server.answer(new Answer(200, "{\"object\":\"test\"}", false));
    assertThat(
            server
                .send(
                    browser("/v1/payment_intents")
                        .header("Authorization", "Bearer " + ApiServer.SECRET))
                .statusCode())
        .isEqualTo(200);
    promise.complete(new Answer(302, SHOP, false));
  }

  /** What was passed on keeps its place until it is done. */
  @Test
  void keepsThePlaceOfWhatIsBeingDone() throws Exception {
    restart(1, Duration.ofMillis(300));
    Promise<Answer> promise = Promise.promise();
    server.core(command -> promise.future());
    assertThat(server.send(browser(PATH)).statusCode()).isEqualTo(503);
    server.answer(new Answer(302, SHOP, false));
    assertThat(server.send(browser(PATH)).body()).contains("Too many people");
    promise.complete(new Answer(302, SHOP, false));
    Await.until("the place is free", () -> server.send(browser(PATH)).statusCode() == 302);
  }
}
