package routes.ops;

import static org.assertj.core.api.Assertions.assertThat;

import flows.AccountDesk;
import flows.ClosingFixture;
import flows.DeliveryDesk;
import flows.InboxDesk;
import flows.OperatorQueue;
import flows.PaymentDesk;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import payments.IdSource;
import store.Anomalies;
import store.Database;
import store.Deliveries;
import store.DeliveryActions;
import store.Disputes;
import store.ForcedBreakers;
import store.HeldOperations;
import store.InboxReplays;
import store.InboxReview;
import store.OperatorActions;
import store.PaymentStories;
import store.WebhookEndpoints;

/**
 * Who is let in, and what is refused before anything is asked of the database: there is none here,
 * so a call that is taken ends as 503.
 */
class OperatorCallsTest {
  private static final String TOKEN = "letmein";
  private static final String OPERATION = "/ops/operations/demo/0000000000000000000001";
  private static final String REASON = "\"reason\": \"because\"";

  private static final Vertx VERTX = Vertx.vertx();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static int port;
  private static int closedPort;

  @BeforeAll
  static void listen() {
    port = serve(TOKEN);
    closedPort = serve(null);
  }

  @AfterAll
  static void close() {
    CLIENT.close();
    VERTX.close().await();
  }

  private static int serve(@Nullable String token) {
    var nowhere =
        new Database.Options(
            "127.0.0.1", 1, "none", "none", "none", Duration.ofSeconds(1), Duration.ofSeconds(1));
    var database = Database.open(VERTX, nowhere, "none", 1);
    var ids = new IdSource(Clock.systemUTC(), new Random(1));
    var actions = new OperatorActions(database, ids::next);
    var held = new HeldOperations(database, actions);
    var review = new InboxReview(database);
    var resources =
        new OperatorResources(
            new OperatorQueue(
                held, new Anomalies(database, actions), new Disputes(database), actions),
            ClosingFixture.over(VERTX, database, held, actions),
            new InboxDesk(review, new InboxReplays(review, actions), () -> {}),
            new DeliveryDesk(
                new Deliveries(database),
                new WebhookEndpoints(database),
                new DeliveryActions(actions),
                () -> {}),
            new PaymentDesk(new PaymentStories(database), Set.of()),
            new AccountDesk(() -> List.of(account()), new ForcedBreakers(database), actions));
    var health = new HealthChecks(Duration.ofSeconds(1), Duration.ofSeconds(1), Clock.systemUTC());
    return VERTX
        .createHttpServer()
        .requestHandler(OpsRoutes.router(VERTX, health, () -> "", token, resources))
        .listen(0, "127.0.0.1")
        .await()
        .actualPort();
  }

  private static AccountDesk.Account account() {
    return new AccountDesk.Account(
        "demo",
        "stripe_demo",
        "stripe",
        false,
        100,
        100,
        Map.of(),
        new AccountDesk.Calls(0, 1),
        new AccountDesk.Calls(0, 1),
        Map.of());
  }

  static Stream<String> allRoutes() throws Exception {
    return new JsonObject(send(port, request("/")).body())
        .getJsonArray("routes").stream()
            .map(String::valueOf)
            .filter(route -> route.contains(" /ops/"));
  }

  @ParameterizedTest
  @MethodSource("allRoutes")
  void letsNobodyInWithoutTheToken(String route) throws Exception {
    String method = route.split(" ")[0];
    String path = route.split(" ")[1].replaceAll(":\\w+", "x");
    for (String shown : new String[] {"", "Bearer", "Bearer wrong", "Basic " + TOKEN, TOKEN}) {
      var call = request(path).method(method, HttpRequest.BodyPublishers.noBody());
      if (!shown.isEmpty()) {
        call.header("Authorization", shown);
      }
      var response = send(port, call);
      assertThat(response.statusCode()).as("%s with %s", route, shown).isEqualTo(401);
      assertThat(response.headers().firstValue("WWW-Authenticate")).isPresent();
      assertThat(new JsonObject(response.body()).getString("param")).isEqualTo("Authorization");
    }
    var closed =
        send(closedPort, operator(path).method(method, HttpRequest.BodyPublishers.noBody()));
    assertThat(closed.statusCode()).isEqualTo(403);
    assertThat(new JsonObject(closed.body()).getString("error")).contains("ops.operator-token");
  }

  @ParameterizedTest
  @MethodSource("allRoutes")
  void documentsEveryRoute(String route) throws Exception {
    var like =
        Pattern.compile(route.split(" ")[1].replaceAll(":\\w+", "[^/?']+").replaceAll("$", "['?]"));
    boolean change = route.startsWith("POST");
    assertThat(documented("docs/operator-api.md"))
        .as(route)
        .anyMatch(line -> like.matcher(line).find() && line.contains(" -d '") == change);
  }

  /** With another token only: this one's is not the development mode's. */
  @ParameterizedTest
  @MethodSource("allDocumented")
  void takesEveryLineOfTheDocuments(String line) throws Exception {
    var url = Pattern.compile("'http://127.0.0.1:9090(/[^']+)'").matcher(line);
    assertThat(url.find()).as(line).isTrue();
    var call = request(url.group(1));
    for (MatchResult header :
        Pattern.compile("-H '([^:]+): ([^']+)'").matcher(line).results().toList()) {
      call.header(header.group(1), header.group(2).replace("operator_demo", TOKEN));
    }
    var body = Pattern.compile("-d '([^']+)'").matcher(line);
    if (body.find()) {
      call.POST(HttpRequest.BodyPublishers.ofString(body.group(1)));
    }
    // Understood, and only then is the database missed.
    var response = send(port, call);
    assertThat(response.statusCode()).as(line + response.body()).isEqualTo(503);
  }

  static List<String> allDocumented() throws IOException {
    var lines = new ArrayList<>(documented("docs/operator-api.md"));
    try (Stream<Path> runbooks = Files.list(Path.of("docs/runbooks"))) {
      for (Path runbook : runbooks.toList()) {
        lines.addAll(documented(runbook.toString()));
      }
    }
    return lines;
  }

  private static List<String> documented(String document) throws IOException {
    return Files.readAllLines(Path.of(document)).stream()
        .filter(line -> line.startsWith("curl ") && line.contains("/ops/"))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/health/live", "/metrics"})
  void leavesTheRestOpen(String path) throws Exception {
    assertThat(send(port, request(path)).statusCode()).isEqualTo(200);
    assertThat(send(closedPort, request(path)).statusCode()).isEqualTo(200);
  }

  @Test
  void asksForTheTokenAlsoWhereThereIsNothing() throws Exception {
    assertThat(send(port, request("/ops/nothing")).statusCode()).isEqualTo(401);
    var missing = send(port, operator("/ops/nothing"));
    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(new JsonObject(missing.body()).getString("error")).isNotBlank();
    assertThat(send(port, operator("/ops/operations/held").DELETE()).statusCode()).isEqualTo(405);
  }

  @ParameterizedTest
  @CsvSource({
    "/ops/operations/held?limit=0, limit",
    "/ops/operations/held?limit=501, limit",
    "/ops/operations/held?limit=x, limit",
    "/ops/operations/held?cursor=x, cursor",
    "/ops/operations/held?kind=refunds, kind",
    "/ops/operations/held?payment=pi_1, payment",
    "/ops/operations/held?from=yesterday, from",
    "/ops/operations/held?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z, to",
    "/ops/operations/held?merchant=, merchant",
    "/ops/operations/held?merchant=a&merchant=b, merchant",
    "/ops/operations/held?acount=x, acount",
    "/ops/anomalies?resolved=yes, resolved",
    "/ops/actions?limit=-1, limit",
    "/ops/inbox?status=lost, status",
    "/ops/inbox/dead-letters?status=dead, status",
    "/ops/deliveries?status=lost, status",
    "/ops/deliveries?endpoint=we_1, endpoint",
    "/ops/deliveries?event=x, event",
    "/ops/webhook-endpoints?status=off, status",
  })
  void namesTheParameterOfAList(String path, String param) throws Exception {
    var response = send(port, operator(path));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(new JsonObject(response.body()).getString("param")).isEqualTo(param);
  }

  static Stream<Arguments> badChanges() {
    return Stream.of(
        Arguments.of(OPERATION + "/look-again", "{}", "reason"),
        Arguments.of(OPERATION + "/look-again", "{\"reason\": \" \"}", "reason"),
        Arguments.of(OPERATION + "/look-again", "{\"reason\": 7}", "reason"),
        Arguments.of(OPERATION + "/look-again", "{\"reason\": \"a\\u0000b\"}", "reason"),
        Arguments.of(
            OPERATION + "/look-again", "{\"reason\": \"" + "x".repeat(501) + "\"}", "reason"),
        Arguments.of(OPERATION + "/look-again", "{" + REASON + ", \"force\": true}", "force"),
        Arguments.of("/ops/operations/demo/1/look-again", "{" + REASON + "}", "operation"),
        Arguments.of(OPERATION + "/close", "{" + REASON + "}", "evidence"),
        Arguments.of(OPERATION + "/close", "{" + REASON + ", \"evidence\": \"none\"}", "as"),
        Arguments.of(
            OPERATION + "/close",
            "{" + REASON + ", \"evidence\": \"none\", \"as\": \"succeeded\"}",
            "as"),
        Arguments.of("/ops/anomalies/demo/x/resolve", "{" + REASON + "}", "anomaly"),
        Arguments.of("/ops/inbox/replay", "{" + REASON + "}", "reason_prefix"),
        Arguments.of("/ops/inbox/dead-letters/close", "{" + REASON + "}", "reason_prefix"),
        Arguments.of("/ops/inbox/dead-letters/close", "{\"type\": \"x\"}", "reason"),
        Arguments.of(
            "/ops/inbox/dead-letters/close", "{" + REASON + ", \"status\": \"foreign\"}", "status"),
        Arguments.of("/ops/inbox/replay", "{\"dry_run\": true}", "reason_prefix"),
        Arguments.of("/ops/inbox/replay", "{" + REASON + ", \"dry_run\": 1}", "dry_run"),
        Arguments.of(
            "/ops/inbox/replay",
            "{" + REASON + ", \"type\": \"x\", \"status\": \"processed\"}",
            "status"),
        Arguments.of(
            "/ops/inbox/replay", "{" + REASON + ", \"type\": \"x\", \"limit\": 10001}", "limit"),
        Arguments.of("/ops/deliveries/resend", "{" + REASON + "}", "endpoint"),
        Arguments.of(
            "/ops/deliveries/resend",
            "{" + REASON + ", \"merchant\": \"demo\", \"status\": \"delivered\"}",
            "from"),
        Arguments.of("/ops/deliveries/demo/we_1/evt_1/resend", "{" + REASON + "}", "endpoint"),
        Arguments.of("/ops/webhook-endpoints/demo/x/enable", "{" + REASON + "}", "endpoint"),
        Arguments.of(
            "/ops/inbox/demo/stripe_demo/evt_1/replay",
            "{" + REASON + ", \"force\": \"perhaps\"}",
            "force"));
  }

  @ParameterizedTest
  @MethodSource("badChanges")
  void namesTheParameterOfAChange(String path, String body, String param) throws Exception {
    var response = send(port, change(path, body, "Sluice-Operator", "alice"));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(new JsonObject(response.body()).getString("param")).isEqualTo(param);
  }

  static Stream<Arguments> badHeaders() {
    return Stream.of(
        Arguments.of(400, "Sluice-Operator", List.of()),
        Arguments.of(400, "Sluice-Operator", List.of("Sluice-Operator", " ")),
        Arguments.of(400, "Sluice-Operator", List.of("Sluice-Operator", "x".repeat(65))),
        Arguments.of(
            400, "Sluice-Operator", List.of("Sluice-Operator", "a", "Sluice-Operator", "b")),
        Arguments.of(
            400,
            "Idempotency-Key",
            List.of("Sluice-Operator", "a", "Idempotency-Key", "k".repeat(256))));
  }

  @ParameterizedTest
  @MethodSource("badHeaders")
  void namesTheHeaderOfAChange(int status, String header, List<String> headers) throws Exception {
    var response =
        send(
            port,
            change(OPERATION + "/look-again", "{" + REASON + "}", headers.toArray(new String[0])));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(new JsonObject(response.body()).getString("param")).isEqualTo(header);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "null", "7"})
  void wantsAJsonObject(String body) throws Exception {
    var response = send(port, change(OPERATION + "/look-again", body, "Sluice-Operator", "alice"));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(new JsonObject(response.body()).getString("error")).contains("JSON object");
  }

  @Test
  void wantsJsonOnlyAndNotTooMuchOfIt() throws Exception {
    var form =
        operator(OPERATION + "/look-again")
            .header("Sluice-Operator", "alice")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("reason=x"));
    assertThat(send(port, form).statusCode()).isEqualTo(415);
    var large =
        change(
            OPERATION + "/look-again",
            "{\"reason\": \"" + "x".repeat(70_000) + "\"}",
            "Sluice-Operator",
            "alice");
    assertThat(send(port, large).statusCode()).isEqualTo(413);
  }

  @Test
  void saysWhenTheDatabaseIsAwayAndWhatToDo() throws Exception {
    assertThat(send(port, operator("/ops/operations/held")).statusCode()).isEqualTo(503);
    var change =
        send(
            port,
            change(OPERATION + "/look-again", "{" + REASON + "}", "Sluice-Operator", "alice"));
    assertThat(change.statusCode()).isEqualTo(503);
    assertThat(new JsonObject(change.body()).getString("error")).contains("same Idempotency-Key");
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://unused" + path));
  }

  private static HttpRequest.Builder operator(String path) {
    return request(path).header("Authorization", "Bearer " + TOKEN);
  }

  private static HttpRequest.Builder change(String path, String body, String... headers) {
    var all = new ArrayList<>(List.of("Content-Type", "application/json"));
    all.addAll(List.of(headers));
    return operator(path)
        .headers(all.toArray(new String[0]))
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private static HttpResponse<String> send(int port, HttpRequest.Builder call) throws Exception {
    URI path = call.build().uri();
    return CLIENT.send(
        call.uri(URI.create(path.toString().replace("http://unused", "http://127.0.0.1:" + port)))
            .timeout(Duration.ofSeconds(30))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
