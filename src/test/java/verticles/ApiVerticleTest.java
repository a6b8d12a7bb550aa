package verticles;

import static org.assertj.core.api.Assertions.assertThat;
import static verticles.ApiServer.PUBLISHABLE;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import payments.Answer;
import payments.Command;
import payments.IdSource;
import payments.PublicId;
import routes.api.ApiSettings;

/** The API's HTTP edge, spoken to by raw HTTP. */
class ApiVerticleTest {
  private static final String CARD = "4242424242424242";
  private static final String CREATE = "/v1/payment_intents";
  private static final String ID =
      PublicId.PAYMENT.of(IdSource.lowestAt(Instant.ofEpochSecond(1_800_000_000)));

  private ApiServer server;

  @BeforeEach
  void start() throws Exception {
    server = new ApiServer(ApiServer.SETTINGS);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void givesEveryAnswerARequestIdAndTheVersion() throws Exception {
    for (var response :
        new HttpResponse<?>[] {
          server.form(CREATE, "amount=1099&currency=usd"),
          server.get("/v1/nothing"),
          server.form(CREATE, "amount=x"),
          server.send(HttpRequest.newBuilder(server.request("/v1/charges").build().uri()))
        }) {
      assertThat(header(response, "Request-Id")).startsWith("req_").hasSize(26);
      assertThat(header(response, "Stripe-Version")).isEqualTo("2026-07-29.dahlia");
      assertThat(header(response, "Content-Type")).isEqualTo("application/json");
    }
  }

  @Test
  void passesTheCoresAnswerOnByteForByte() throws Exception {
    server.answer(new Answer(402, "{\"error\": {\"type\":\"card_error\"} }", true));
    var response =
        server.send(
            server
                .request(CREATE)
                .header("Idempotency-Key", "order-7")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("amount=1099&currency=usd")));
    assertThat(response.statusCode()).isEqualTo(402);
    assertThat(response.body()).isEqualTo("{\"error\": {\"type\":\"card_error\"} }");
    assertThat(header(response, "Idempotent-Replayed")).isEqualTo("true");
    assertThat(header(response, "Idempotency-Key")).isEqualTo("order-7");
    var idempotency = Objects.requireNonNull(server.onlyCommand().context().idempotency());
    assertThat(idempotency.key()).isEqualTo("order-7");
    assertThat(idempotency.path()).isEqualTo(CREATE);
    assertThat(idempotency.fingerprint()).hasSize(64);
  }

  @Test
  void ignoresAnIdempotencyKeyOnReads() throws Exception {
    server.send(server.request("/v1/refunds").header("Idempotency-Key", "k"));
    assertThat(server.onlyCommand().context().idempotency()).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 256})
  void refusesAnIdempotencyKeyOfBadLength(int length) throws Exception {
    var response =
        server.send(
            server
                .request(CREATE)
                .header("Idempotency-Key", "k".repeat(length))
                .POST(BodyPublishers.ofString("amount=1099&currency=usd")));
    refused(response, 400, "Idempotency-Key");
  }

  @Test
  void takesFormsAndJsonForTheSameRequest() throws Exception {
    server.form(CREATE, "amount=1099&currency=USD&metadata[a]=b&confirm=true&off_session=true");
    server.json(
        CREATE,
        "{\"off_session\":true,\"confirm\":true,\"metadata\":{\"a\":\"b\"},\"currency\":\"USD\","
            + "\"amount\":1099}");
    var one = (Command.CreatePayment) server.commands().get(0);
    var other = (Command.CreatePayment) server.commands().get(1);
    assertThat(one.amount()).isEqualTo(other.amount()).hasToString("1099 usd");
    assertThat(one.parameters()).isEqualTo(other.parameters());
    assertThat(one.confirmed()).isTrue();
    assertThat(one.confirmation().offSession()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "amount=x&currency=usd | 400 | amount | parameter_invalid_integer",
        "amount=1099 | 400 | currency | parameter_missing",
        "amount=1099&currency=xxx | 400 | currency |",
        "amount=1099&currency=kwd | 400 | amount |",
        "amount=1&currency=usd&foo=1 | 400 | foo | parameter_unknown",
        "amount=1&currency=usd&transfer_data[destination]=a | 400 | transfer_data |"
            + " parameter_unsupported",
        "amount=1&currency=usd&confirmation_method=manual | 400 | confirmation_method |"
            + " parameter_unsupported",
        "amount=1&currency=usd&customer=cus_x | 400 | customer | resource_missing",
        "amount=1&currency=usd&payment_method_types[]=klarna | 400 | payment_method_types |",
        "amount=1&currency=usd&off_session=true | 400 | off_session |",
        "amount=1&currency=usd&expand[]=foo | 400 | expand[0] |",
        "amount=%zz&currency=usd | 400 | amount |",
        "amount=1&currency=usd&description=a%00b | 400 | description |",
        "amount=1&currency=usd&payment_method=pm_1&payment_method_data[type]=card"
            + "&payment_method_data[card][token]=tok_1 | 400 | payment_method_data |"
      })
  void refusesBadInputByName(String form, int status, String param, String code) throws Exception {
    JsonObject error = error(server.form(CREATE, form), status);
    assertThat(error.getString("param")).isEqualTo(param);
    assertThat(error.getString("code")).isEqualTo(code);
    assertThat(error.getString("type")).isEqualTo("invalid_request_error");
    assertThat(server.commands()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "amount=1&currency=usd&description=" + CARD,
        "amount=1&currency=usd&metadata[" + CARD + "]=x",
        "amount=1&currency=usd&payment_method_data[type]=card&payment_method_data[card][number]="
            + CARD,
        "amount=" + CARD + "&currency=usd",
        CARD + "=1"
      })
  void refusesCardNumbersWithoutQuotingThem(String form) throws Exception {
    var response = server.form(CREATE, form);
    assertThat(error(response, 400).getString("code")).isEqualTo("card_number_not_accepted");
    assertThat(response.body()).doesNotContain(CARD);
    assertThat(server.commands()).isEmpty();
  }

  @Test
  void refusesACardNumberInAPathOrQuery() throws Exception {
    for (String path :
        new String[] {
          "/v1/payment_methods/" + CARD,
          "/v1/customers?email=" + CARD,
          "/v1/" + CARD,
          "/v1/charges/" + CARD
        }) {
      assertThat(server.get(path).body()).contains("error").doesNotContain(CARD);
    }
  }

  @Test
  void refusesMalformedBodies() throws Exception {
    refused(server.json(CREATE, "{\"amount\":"), 400, "well-formed JSON");
    refused(server.post(CREATE, "text/plain", "amount=1"), 400, "Content-Type");
    refused(server.post(CREATE, "application/json; charset=iso-8859-1", "{}"), 400, "UTF-8");
    refused(
        server.send(
            server
                .request(CREATE)
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofString("x"))),
        400,
        "ompressed");
    refused(server.form(CREATE + "?amount=1", "currency=usd"), 400, "belong in its body");
    refused(
        server.send(
            server.request("/v1/refunds").method("GET", BodyPublishers.ofString("limit=1"))),
        400,
        "belong in its URL");
  }

  @Test
  void refusesABodyOverOneMegabyteAndTakesOneBelow() throws Exception {
    String large = "amount=1&currency=usd&description=" + "x".repeat(1 << 20);
    refused(server.form(CREATE, large), 413, "too large");
    var unannounced =
        server
            .request(CREATE)
            .POST(
                BodyPublishers.fromPublisher(
                    BodyPublishers.ofByteArray(large.getBytes(StandardCharsets.UTF_8))));
    refused(server.send(unannounced), 413, "too large");
    String below = "amount=1&currency=usd&description=" + "x".repeat((1 << 20) - 100);
    assertThat(error(server.form(CREATE, below), 400).getString("param")).isEqualTo("description");
  }

  @Test
  void answersUnknownRoutesLikeStripe() throws Exception {
    JsonObject error = error(server.get("/v1/foo"), 404);
    assertThat(error.getString("message")).isEqualTo("Unrecognized request URL (GET: /v1/foo).");
    assertThat(error.getString("type")).isEqualTo("invalid_request_error");
    refused(server.send(server.request(CREATE).DELETE()), 404, "(DELETE: /v1/payment_intents)");
    refused(server.form("/v1/charges", "amount=1"), 400, "POST /v1/payment_intents");
    refused(server.form("/v1/payment_methods", "type=card"), 400, "payment_method_data");
  }

  @Test
  void answersUnparsableIdsAsMissing() throws Exception {
    JsonObject error = error(server.get("/v1/payment_intents/pi_x"), 404);
    assertThat(error.getString("message")).isEqualTo("No such payment_intent: 'pi_x'");
    assertThat(error.getString("code")).isEqualTo("resource_missing");
    assertThat(error.getString("param")).isEqualTo("intent");
    refused(server.form("/v1/refunds", "charge=ch_x"), 400, "No such charge: 'ch_x'");
    refused(server.get("/v1/payment_methods/%20"), 404, "No such PaymentMethod.");
    assertThat(server.commands()).isEmpty();
  }

  @Test
  void asksForAKeyAndRedactsAWrongOne() throws Exception {
    var uri = server.request(CREATE).build().uri();
    refused(server.send(HttpRequest.newBuilder(uri)), 401, "You did not provide an API key");
    refused(
        server.send(
            HttpRequest.newBuilder(uri).header("Authorization", "Bearer sk_test_wrongwrong")),
        401,
        "sk_test_****");
    refused(
        server.send(server.request(CREATE).header("Stripe-Account", "acct_1")),
        400,
        "Stripe-Account");
  }

  @Test
  void goesOnWithAConnectionWhoseRequestWasRefusedBeforeItsBody() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(30_000);
      OutputStream out = socket.getOutputStream();
      String refused =
          "POST /v1/payment_intents HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\namount=1";
      String fine =
          "GET /v1/refunds HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
              + ApiServer.SECRET
              + "\r\n\r\n";
      out.write((refused + fine).getBytes(StandardCharsets.UTF_8));
      out.flush();
      String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answers).contains("HTTP/1.1 401").contains("HTTP/1.1 200");
    }
  }

  @Test
  void answersBrokenHttpInStripesShape() throws Exception {
    for (String broken :
        new String[] {
          "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\n\r\n",
          "GET /v1/refunds HTTP/1.1\r\nX: " + "x".repeat(40_000) + "\r\n\r\n"
        }) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        socket.setSoTimeout(30_000);
        socket.getOutputStream().write(broken.getBytes(StandardCharsets.UTF_8));
        byte[] head = new byte[12];
        assertThat(socket.getInputStream().readNBytes(head, 0, 12)).isEqualTo(12);
        assertThat(new String(head, StandardCharsets.UTF_8)).endsWith(" 400");
      }
    }
  }

  @Test
  void letsPublishableKeysDoOnlyWhatABrowserMay() throws Exception {
    refused(browser(CREATE, "amount=1&currency=usd"), 403, "publishable");
    refused(browser("/v1/payment_intents/" + ID + "/capture", ""), 403, "publishable");
    String confirm = "/v1/payment_intents/" + ID + "/confirm";
    assertThat(error(browser(confirm, ""), 400).getString("param")).isEqualTo("client_secret");
    assertThat(error(browser(confirm, "client_secret=s&off_session=true"), 400).getString("param"))
        .isEqualTo("off_session");
    assertThat(server.commands()).isEmpty();
    var response = browser(confirm, "client_secret=s&payment_method=pm_card_visa");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo("*");
    var command = (Command.ConfirmPayment) server.onlyCommand();
    assertThat(command.context().publishable()).isTrue();
    assertThat(command.clientSecret()).isEqualTo("s");
    assertThat(command.confirmation().paymentMethod()).isEqualTo("pm_card_visa");
  }

  @Test
  void letsBrowsersAskFirstOnThePublishableRoutesOnly() throws Exception {
    var allowed = preflight("/v1/payment_intents/" + ID + "/confirm", "POST");
    assertThat(allowed.statusCode()).isEqualTo(204);
    assertThat(header(allowed, "Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(header(allowed, "Access-Control-Allow-Headers")).contains("authorization");
    assertThat(preflight("/v1/payment_intents/" + ID, "GET").statusCode()).isEqualTo(204);
    assertThat(preflight("/v1/payment_intents/" + ID, "POST").statusCode()).isEqualTo(404);
    assertThat(preflight(CREATE, "POST").statusCode()).isEqualTo(404);
    assertThat(server.get("/v1/refunds").headers().firstValue("Access-Control-Allow-Origin"))
        .isEmpty();
  }

  @Test
  void readsPagesAndCreationBounds() throws Exception {
    server.get("/v1/payment_intents?limit=3&created[gt]=99&created[lte]=200");
    var page = ((Command.ListPayments) server.onlyCommand()).page();
    assertThat(page.limit()).isEqualTo(3);
    assertThat(page.created().from()).hasToString("1970-01-01T00:01:40Z");
    assertThat(page.created().to()).hasToString("1970-01-01T00:03:21Z");
    assertThat(error(server.get("/v1/payment_intents?limit=101"), 400).getString("param"))
        .isEqualTo("limit");
    refused(
        server.get("/v1/payment_intents?starting_after=" + ID + "&ending_before=" + ID),
        400,
        "only specify one");
    assertThat(error(server.get("/v1/refunds?starting_after=" + ID), 400).getString("param"))
        .isEqualTo("starting_after");
  }

  @Test
  void listsTheRefundsOfACharge() throws Exception {
    String charge = ID.replace("pi_", "ch_");
    server.get("/v1/charges/" + charge + "/refunds?limit=2");
    var command = (Command.ListRefunds) server.onlyCommand();
    assertThat(command.chargeId()).isEqualTo(PublicId.CHARGE.parse(charge).orElseThrow());
    assertThat(command.page().limit()).isEqualTo(2);
  }

  @Test
  void refusesMoreWorkThanItsBoundsAtOnce() throws Exception {
    try (var bounded = new ApiServer(bounds(3, 2, Duration.ofSeconds(20)))) {
      var held = Promise.<Answer>promise();
      var working = new CountDownLatch(3);
      bounded.core(
          command -> {
            working.countDown();
            return held.future();
          });
      var one = async(bounded, ApiServer.SECRET);
      var two = async(bounded, ApiServer.SECRET);
      await(bounded, 2);
      var third = bounded.get("/v1/refunds");
      assertThat(error(third, 429).getString("code")).isEqualTo("rate_limit");
      assertThat(header(third, "Stripe-Should-Retry")).isEqualTo("true");
      var other = async(bounded, ApiServer.OTHER_SECRET);
      assertThat(working.await(30, TimeUnit.SECONDS)).isTrue();
      var fourth = bounded.get("/v1/refunds");
      assertThat(error(fourth, 503).getString("type")).isEqualTo("api_error");
      assertThat(header(fourth, "Retry-After")).isEqualTo("1");
      held.complete(new Answer(200, "{}", false));
      for (var answer : List.of(one, two, other)) {
        assertThat(answer.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      }
      assertThat(bounded.get("/v1/refunds").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void saysThatAnOutcomeIsUnknownWhenTimeIsUp() throws Exception {
    try (var hurried = new ApiServer(bounds(3, 2, Duration.ofMillis(300)))) {
      hurried.core(command -> Promise.<Answer>promise().future());
      var response = hurried.form(CREATE, "amount=1&currency=usd");
      JsonObject error = error(response, 504);
      assertThat(error.getString("type")).isEqualTo("api_error");
      assertThat(error.getString("message")).contains("unknown", "same Idempotency-Key");
      // Without a key, an SDK's own retry could charge twice.
      assertThat(header(response, "Stripe-Should-Retry")).isEqualTo("false");
    }
  }

  @Test
  void doesNotWaitForEverForABody() throws Exception {
    try (var hurried = new ApiServer(bounds(1, 1, Duration.ofMillis(300)));
        var socket = new Socket(InetAddress.getLoopbackAddress(), hurried.port())) {
      socket.setSoTimeout(30_000);
      String half =
          "POST /v1/payment_intents HTTP/1.1\r\nHost: x\r\nContent-Length: 80\r\nAuthorization:"
              + " Bearer sk_test_demo\r\n\r\namount=1";
      socket.getOutputStream().write(half.getBytes(StandardCharsets.UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 400").contains("did not arrive in time");
      // The place it took is free again.
      assertThat(hurried.get("/v1/refunds").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void worksOnWhenTheClientGoesAway() throws Exception {
    var held = Promise.<Answer>promise();
    server.core(command -> held.future());
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      String request =
          "POST /v1/payment_intents HTTP/1.1\r\nHost: x\r\nContent-Length: 21\r\nAuthorization:"
              + " Bearer sk_test_demo\r\n\r\namount=1&currency=usd";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      await(server, 1);
    }
    held.complete(new Answer(200, "{}", false));
    server.answer(new Answer(200, "{}", false));
    assertThat(server.get("/v1/refunds").statusCode()).isEqualTo(200);
  }

  @Test
  void answersFailuresOfTheBusAndOfOurs() throws Exception {
    server.core(command -> Future.failedFuture(new ReplyException(ReplyFailure.NO_HANDLERS)));
    var noHandlers = server.form(CREATE, "amount=1&currency=usd");
    assertThat(error(noHandlers, 503).getString("message")).contains("did nothing");
    assertThat(header(noHandlers, "Retry-After")).isEqualTo("1");
    server.core(command -> Future.failedFuture(new ReplyException(ReplyFailure.TIMEOUT)));
    refused(server.form(CREATE, "amount=1&currency=usd"), 504, "unknown");
    server.core(command -> Future.failedFuture(new IllegalStateException("inner secret")));
    refusedWithout(server.form(CREATE, "amount=1&currency=usd"), "inner secret");
    server.core(
        command -> {
          throw new IllegalStateException("inner secret");
        });
    refusedWithout(server.form(CREATE, "amount=1&currency=usd"), "inner secret");
  }

  private static void refusedWithout(HttpResponse<String> response, String secret) {
    assertThat(error(response, 500).getString("type")).isEqualTo("api_error");
    assertThat(response.body()).doesNotContain(secret);
  }

  private HttpResponse<String> browser(String path, String form) throws Exception {
    return server.send(
        HttpRequest.newBuilder(server.request(path).build().uri())
            .header("Authorization", "Bearer " + PUBLISHABLE)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form)));
  }

  private HttpResponse<String> preflight(String path, String method) throws Exception {
    return server.send(
        HttpRequest.newBuilder(server.request(path).build().uri())
            .header("Origin", "https://shop.example")
            .header("Access-Control-Request-Method", method)
            .method("OPTIONS", BodyPublishers.noBody()));
  }

  private static CompletableFuture<HttpResponse<String>> async(ApiServer server, String key) {
    var request =
        HttpRequest.newBuilder(server.request("/v1/refunds").build().uri())
            .header("Authorization", "Bearer " + key)
            .build();
    return server.client().sendAsync(request, BodyHandlers.ofString());
  }

  /** Waits until that many commands arrived. */
  private static void await(ApiServer server, int commands) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (server.commands().size() < commands) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static ApiSettings bounds(int inFlight, int perKey, Duration timeout) {
    return new ApiSettings(
        "127.0.0.1",
        0,
        1 << 20,
        16_384,
        inFlight,
        perKey,
        timeout,
        Duration.ofSeconds(40),
        Duration.ofSeconds(20));
  }

  private static JsonObject error(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return new JsonObject(response.body()).getJsonObject("error");
  }

  private static void refused(HttpResponse<String> response, int status, String part) {
    assertThat(error(response, status).getString("message")).contains(part);
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
