package perf;

import app.development.EmbeddedDatabase;
import config.DatabaseSettings;
import config.Secret;
import config.SslMode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.LoggerFactory;
import simulator.Simulator;
import simulator.SimulatorOptions;
import support.JavaProcess;

/**
 * Measures webhooks on one PostgreSQL with fsync on, everything on this machine, in one run: how
 * many are accepted beside what pgbench inserts, how long an event takes to become state, and what
 * a storm does to checkouts. Ratios count, not figures: rounds alternate, so that a noisy machine
 * disturbs both sides alike.
 */
public final class WebhookMeasurement {
  private static final int ROUNDS = 5;
  private static final Duration ROUND = Duration.ofSeconds(8);
  private static final int CONNECTIONS = 256;
  private static final int PGBENCH_CLIENTS = 64;
  private static final String WEBHOOK_SECRET = "whsec_measured";
  private static final String API_KEY = "sk_test_measured";
  private static final String PASSWORD = "measured";

  /** Makes an event as long as those of payments are, with text that compresses as little. */
  private static final String FILLING = filling(1_800);

  private final AtomicLong eventNumbers = new AtomicLong();
  private final Vertx vertx = Vertx.vertx();
  private final Path directory;
  private final int webhookPort;
  private final HttpClient http = HttpClient.newHttpClient();
  private final String superuser;
  private int apiPort;
  private List<String> intents = List.of();

  private WebhookMeasurement(Path directory, String superuser) throws IOException {
    this.directory = directory;
    this.superuser = superuser;
    try (var free = new ServerSocket(0)) {
      webhookPort = free.getLocalPort();
    }
  }

  /** Runs all measurements on the packaged jar, below {@code target}. */
  public static void main(String[] arguments) {
    int code = 1;
    try {
      measure();
      code = 0;
    } catch (Exception failure) {
      LoggerFactory.getLogger(WebhookMeasurement.class).error("not measured", failure);
    }
    // Vert.x's threads would keep the process.
    System.exit(code);
  }

  private static void measure() throws Exception {
    Path directory = Path.of("target", "measured").toAbsolutePath();
    deleteAll(directory);
    Files.createDirectories(directory);
    var settings =
        new DatabaseSettings(
            URI.create("postgresql://127.0.0.1:0/sluice"),
            "sluice_app",
            new Secret(PASSWORD),
            "sluice_migrator",
            new Secret(PASSWORD),
            true,
            SslMode.DISABLE,
            null,
            8,
            2048);
    try (var database = EmbeddedDatabase.start(directory, settings)) {
      var measurement =
          new WebhookMeasurement(
              directory,
              "jdbc:postgresql://127.0.0.1:" + database.url().getPort() + "/sluice?user=postgres");
      measurement.run(jar(), database.url().getPort());
    }
  }

  private static Path jar() throws IOException {
    try (var files = Files.list(Path.of("target"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("sluice-.*\\.jar"))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("there is no jar; run perf/webhooks/run"))
          .toAbsolutePath();
    }
  }

  private static void deleteAll(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void run(Path jar, int databasePort) throws Exception {
    int simulator = Simulator.start(vertx, SimulatorOptions.defaults()).await().port();
    Path file = directory.resolve("sluice.yaml");
    Files.writeString(file, configuration(databasePort, simulator));
    try (JavaProcess gateway =
        JavaProcess.start(
            directory, Map.of(), List.of("-Xmx512m", "-jar", jar.toString(), "--config=" + file))) {
      String ready = gateway.awaitLine(line -> line.startsWith("Sluice is ready."));
      apiPort = Integer.parseInt(ready.replaceAll(".*API port (\\d+),.*", "$1"));
      intents = payments(400);
      accepted(databasePort, gateway.pid());
      lag();
      storm();
    }
  }

  // ---- accepted per second

  private void accepted(int databasePort, long gatewayPid) throws Exception {
    execute(
        """
        CREATE TABLE measured_event (merchant_id text NOT NULL, psp_account_id text NOT NULL, name text NOT NULL,
          lane smallint NOT NULL, type text NOT NULL, body text NOT NULL, status text NOT NULL, attempts integer NOT NULL DEFAULT 0,
          due_at timestamptz DEFAULT now(), received_at timestamptz NOT NULL DEFAULT now(),
          PRIMARY KEY (merchant_id, psp_account_id, name)) WITH (toast_tuple_target = 8160);
        CREATE INDEX ON measured_event (lane, due_at) WHERE status = 'pending'
        """);
    // A colon and a letter would be a variable of pgbench's.
    String body = leftAlone("evt_pgbench", "pi_pgbench").replace(":", ": ");
    Path script = directory.resolve("insert.sql");
    Files.writeString(
        script,
        """
        \\set lane random(0, 63)
        INSERT INTO measured_event (merchant_id, psp_account_id, name, lane, type, body, status)
        VALUES ('measured', 'stripe_measured', 'evt_' || gen_random_uuid(), :lane, 'charge.succeeded', $body$%s$body$, 'pending');
        """
            .formatted(body));
    var inserts = new ArrayList<Double>();
    var webhooks = new ArrayList<Double>();
    System.out.printf("one event: %d bytes%n", body.length());
    // Until the compiler has seen it all.
    for (int warm = 0; warm < 2; warm++) {
      Load.closed(
          vertx,
          webhookPort,
          CONNECTIONS,
          Duration.ofSeconds(10),
          prepared(this::nextEvent, 300_000));
      quiet();
    }
    long postmaster = Cpu.postmaster(directory);
    for (int round = 1; round <= ROUNDS; round++) {
      inserts.add(pgbench(databasePort, script));
      System.out.printf("round %d: pgbench %.0f inserts/s%n", round, inserts.getLast());
      var requests = prepared(this::nextEvent, 300_000);
      var gatewayCpu = Cpu.ofTree(gatewayPid);
      var databaseCpu = Cpu.ofTree(postmaster);
      var ownCpu = Cpu.ofThis();
      long before = number("SELECT count(*) FROM inbox_event");
      Load.Result result = Load.closed(vertx, webhookPort, CONNECTIONS, ROUND, requests);
      long stored = number("SELECT count(*) FROM inbox_event") - before;
      webhooks.add(result.perSecond());
      System.out.printf(
          "round %d: webhooks accepted %.0f/s, p50 %.1f ms, p99 %.1f ms,"
              + " other answers %d, acknowledged %d, in the table %d%n",
          round,
          result.perSecond(),
          result.quantileMs(0.5),
          result.quantileMs(0.99),
          result.other(),
          result.ok(),
          stored);
      System.out.printf(
          "  CPU while accepting, us an event: gateway %.0f, PostgreSQL %.0f, load %.0f; still to"
              + " be worked: %d%n",
          gatewayCpu.microsSince() / (double) stored,
          databaseCpu.microsSince() / (double) stored,
          ownCpu.microsSince() / (double) stored,
          number("SELECT count(*) FROM inbox_event WHERE status = 'pending'"));
      if (stored < result.ok()) {
        throw new IllegalStateException("acknowledged events are not in the table");
      }
      quiet();
    }
    System.out.printf(
        "ACCEPTED: %.2f times pgbench (medians of %d rounds)%n%n",
        median(webhooks) / median(inserts), ROUNDS);
  }

  private double pgbench(int databasePort, Path script) throws Exception {
    var process =
        new ProcessBuilder(
                "pgbench",
                "-n",
                "-M",
                "prepared",
                "-h",
                "127.0.0.1",
                "-p",
                String.valueOf(databasePort),
                "-U",
                "postgres",
                "-c",
                String.valueOf(PGBENCH_CLIENTS),
                "-j",
                "2",
                "-T",
                String.valueOf(ROUND.toSeconds()),
                "-f",
                script.toString(),
                "sluice")
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(said);
    }
    return said.lines()
        .filter(line -> line.startsWith("tps = "))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("tps = ([0-9.]+).*", "$1")))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(said));
  }

  // ---- lag

  private void lag() throws Exception {
    int perSecond = 500;
    var time = Duration.ofSeconds(20);
    // Each is a refund made at the PSP: it changes its payment, and nothing told it before.
    var at = new AtomicInteger();
    Supplier<String> refunds = () -> refund(intents.get(at.getAndIncrement() % intents.size()));
    Load.Result result =
        Load.paced(vertx, webhookPort, 32, perSecond, time, prepared(refunds, perSecond * 22));
    quiet();
    System.out.printf(
        "lag at %d events/s: accepted %d, other answers %d, accepting p50 %.1f ms, p99 %.1f ms%n",
        perSecond, result.ok(), result.other(), result.quantileMs(0.5), result.quantileMs(0.99));
    String lags =
        """
        FROM inbox_event i JOIN payment_event e ON e.merchant_id = i.merchant_id AND e.cause = i.name
        WHERE i.type = 'refund.created'
        """;
    System.out.printf(
        "LAG from acceptance to state change: p50 %s ms, p99 %s ms, most %s ms, of %d changes%n%n",
        quantile(0.5, lags),
        quantile(0.99, lags),
        quantile(1, lags),
        number("SELECT count(*) " + lags));
  }

  private String quantile(double quantile, String lags) throws SQLException {
    return text(
        "SELECT round((1000 * percentile_cont(%s) WITHIN GROUP (ORDER BY extract(epoch FROM e.created_at - i.received_at)))::numeric, 1) "
                .formatted(quantile)
            + lags);
  }

  // ---- checkouts in a storm

  private void storm() throws Exception {
    int checkoutsPerSecond = 100;
    int eventsPerSecond = 1_000;
    var quiet = new ArrayList<Double>();
    var stormy = new ArrayList<Double>();
    checkouts(checkoutsPerSecond, Duration.ofSeconds(10));
    for (int round = 1; round <= ROUNDS; round++) {
      quiet.add(checkouts(checkoutsPerSecond, ROUND).quantileMs(0.99));
      var requests = prepared(this::nextEvent, eventsPerSecond * 10);
      var storm =
          CompletableFuture.supplyAsync(
              () -> Load.paced(vertx, webhookPort, 64, eventsPerSecond, ROUND, requests));
      Load.Result result = checkouts(checkoutsPerSecond, ROUND);
      stormy.add(result.quantileMs(0.99));
      Load.Result events = storm.join();
      System.out.printf(
          "round %d: checkout p99 %.1f ms alone, %.1f ms with %.0f webhooks/s (other answers: %d"
              + " and %d)%n",
          round,
          quiet.getLast(),
          stormy.getLast(),
          events.perSecond(),
          result.other(),
          events.other());
      quiet();
    }
    System.out.printf(
        "STORM: checkout p99 is %.2f times its value without, at %d checkouts/s and %d webhooks/s"
            + " (medians of %d rounds)%n",
        median(stormy) / median(quiet), checkoutsPerSecond, eventsPerSecond, ROUNDS);
  }

  private Load.Result checkouts(int perSecond, Duration time) {
    String form =
        "amount=1099&currency=usd&confirm=true&payment_method=pm_card_visa&return_url=https%3A%2F%2Fx.example";
    return Load.paced(
        vertx,
        apiPort,
        64,
        perSecond,
        time,
        () -> post("/v1/payment_intents", API_KEY_HEADER, form));
  }

  /** Payments that were taken; the PSP's ids of their intents. */
  private List<String> payments(int number) throws Exception {
    var intents = new ArrayList<String>();
    for (int at = 0; at < number; at++) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + apiPort + "/v1/payment_intents"))
              .header("Authorization", "Bearer " + API_KEY)
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      "amount=100000&currency=usd&confirm=true&payment_method=pm_card_visa&return_url=https%3A%2F%2Fx.example"))
              .build();
      var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (!"succeeded".equals(new JsonObject(answer.body()).getString("status"))) {
        throw new IllegalStateException(answer.body());
      }
    }
    for (String reference :
        text("SELECT string_agg(psp_reference, ' ') FROM operation WHERE kind = 'authorize' AND"
                + " status = 'succeeded'")
            .split(" ")) {
      intents.add(reference);
    }
    return intents;
  }

  // ---- events

  /**
   * As Stripe tells of a checkout: its payment, which an answer told already and the inbox has to
   * look up, and its charge, which is left alone.
   */
  private String nextEvent() {
    long number = eventNumbers.incrementAndGet();
    String intent = intents.get((int) (number / 2 % intents.size()));
    return number % 2 == 0
        ? succeeded("evt_measured_" + number, intent)
        : leftAlone("evt_measured_" + number, intent);
  }

  private static String succeeded(String id, String intent) {
    var object =
        new JsonObject()
            .put("id", intent)
            .put("object", "payment_intent")
            .put("amount", 100_000)
            .put("amount_received", 100_000)
            .put("currency", "usd")
            .put("status", "succeeded")
            .put("metadata", new JsonObject())
            .put("description", FILLING);
    return event(id, "payment_intent.succeeded", object);
  }

  private static String leftAlone(String id, String intent) {
    var object =
        new JsonObject()
            .put("id", "ch_measured")
            .put("object", "charge")
            .put("amount", 100_000)
            .put("currency", "usd")
            .put("payment_intent", intent)
            .put("status", "succeeded")
            .put("description", FILLING);
    return event(id, "charge.succeeded", object);
  }

  private String refund(String intent) {
    long number = eventNumbers.incrementAndGet();
    var object =
        new JsonObject()
            .put("id", "re_measured_" + number)
            .put("object", "refund")
            .put("amount", 1)
            .put("currency", "usd")
            .put("payment_intent", intent)
            .put("charge", "ch_measured")
            .put("metadata", new JsonObject())
            .put("reason", "requested_by_customer")
            .put("status", "succeeded")
            .put("created", System.currentTimeMillis() / 1000);
    return event("evt_refund_" + number, "refund.created", object);
  }

  private static String filling(int length) {
    var random = new java.util.Random(1);
    var text = new StringBuilder();
    while (text.length() < length) {
      text.append(Integer.toString(random.nextInt(Integer.MAX_VALUE), 36)).append('_');
    }
    return text.toString();
  }

  private static String event(String id, String type, JsonObject object) {
    return new JsonObject()
        .put("id", id)
        .put("object", "event")
        .put("api_version", com.stripe.Stripe.API_VERSION)
        .put("created", System.currentTimeMillis() / 1000)
        .put("data", new JsonObject().put("object", object))
        .put("livemode", false)
        .put("pending_webhooks", 1)
        .put("request", new JsonObject().putNull("id").putNull("idempotency_key"))
        .put("type", type)
        .encode();
  }

  /** Requests that are made and signed before the clock runs. */
  private static Supplier<Buffer> prepared(Supplier<String> events, int number) {
    var requests = new ArrayList<Buffer>(number);
    long time = System.currentTimeMillis() / 1000;
    for (int at = 0; at < number; at++) {
      String body = events.get();
      requests.add(
          post(
              "/webhooks/stripe/stripe_measured",
              "Stripe-Signature: t=" + time + ",v1=" + signature(time, body),
              body));
    }
    var next = new AtomicInteger();
    return () -> requests.get(next.getAndIncrement());
  }

  private static final String API_KEY_HEADER =
      "Authorization: Bearer " + API_KEY + "\r\nContent-Type: application/x-www-form-urlencoded";

  private static Buffer post(String path, String headers, String body) {
    return Buffer.buffer(
        "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(path, headers, body.length(), body));
  }

  private static String signature(long time, String body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(WEBHOOK_SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of()
          .formatHex(mac.doFinal((time + "." + body).getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  // ---- the gateway and its database

  private String configuration(int databasePort, int simulator) {
    return """
    mode: test
    api: {host: 127.0.0.1, port: 0}
    ops: {port: 0}
    webhooks: {host: 127.0.0.1, port: %d}
    database:
      url: postgresql://127.0.0.1:%d/sluice
      password: %s
      migrator-password: %s
      ssl-mode: disable
    merchants:
      - id: measured
        keys: [{id: measured_server, kind: secret, mode: test, value: %s}]
        psp-accounts:
          - id: stripe_measured
            psp: stripe
            mode: test
            secret-key: sk_test_measured_psp
            webhook-secret: %s
            base-url: "http://127.0.0.1:%d"
    """
        .formatted(
            webhookPort, databasePort, PASSWORD, PASSWORD, API_KEY, WEBHOOK_SECRET, simulator);
  }

  /** Waits until nothing is left of the last round. */
  private void quiet() throws Exception {
    long deadline = System.nanoTime() + Duration.ofMinutes(5).toNanos();
    while (number(
            "SELECT (SELECT count(*) FROM inbox_event WHERE status = 'pending') + (SELECT count(*)"
                + " FROM outbox)")
        > 0) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException("the inbox is not worked off");
      }
      Thread.sleep(200);
    }
    execute("CHECKPOINT");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(superuser);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private long number(String sql) throws SQLException {
    return Long.parseLong(text(sql));
  }

  private String text(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(superuser);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return String.valueOf(rows.getString(1));
    }
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
