package perf;

import app.development.EmbeddedDatabase;
import config.DatabaseSettings;
import config.Secret;
import config.SslMode;
import io.vertx.core.Vertx;
import java.io.IOException;
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
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import simulator.Simulator;
import simulator.SimulatorOptions;
import support.JavaProcess;
import support.Metrics;

/**
 * What is measured: the packaged gateway before a PostgreSQL with fsync on and the PSP simulator,
 * all on this machine, below {@code target}.
 */
final class Bench implements AutoCloseable {
  /** What keys of idempotency begin with, and so what marks the statements of their checkouts. */
  static final String KEY = "key_measured";

  static final String API_KEY = "sk_test_measured";

  private static final String PASSWORD = "measured";
  private static final String DATABASE = "sluice";

  /**
   * As docs/operations.md advises for some gigabytes of memory; what is measured and its peer have
   * the same.
   */
  private static final String POSTGRESQL =
      System.getenv()
          .getOrDefault("POSTGRESQL", "shared_buffers=1GB,max_wal_size=8GB,min_wal_size=4GB");

  /** Further flags for the gateway's JVM, to try them. */
  private static final List<String> OWN_FLAGS =
      Stream.of(System.getenv().getOrDefault("JVM", "").split(" "))
          .filter(flag -> !flag.isEmpty())
          .toList();

  /**
   * It remembers answers for some seconds: more would be moved about by the load's collector, which
   * takes from the same cores. A call that is repeated later would be taken for a new one, and the
   * money at the PSP would be more than the gateway's.
   */
  private static final SimulatorOptions OPTIONS = SimulatorOptions.defaults().withKept(100, 20_000);

  private static final int WARM_ROUNDS = 20;

  /** As Linux shortens the name. */
  private static final String COMPILER = "C2 CompilerThre";

  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong keys = new AtomicLong();
  private final Path directory;
  private final EmbeddedDatabase database;
  private final Simulator simulator;
  private final Path settings;
  private JavaProcess gateway;
  private int apiPort;
  private int opsPort;
  private final HttpClient http = HttpClient.newHttpClient();

  private Bench(String name, Settings settings) throws Exception {
    directory = Path.of("target", name).toAbsolutePath();
    deleteAll(directory);
    Files.createDirectories(directory);
    configure(directory);
    database = EmbeddedDatabase.start(directory, databaseSettings());
    simulator = Simulator.start(vertx, OPTIONS).await();
    this.settings = directory.resolve("sluice.yaml");
    Files.writeString(this.settings, configuration() + settings.yaml(simulator.port()));
    gateway = launch(List.of());
    await();
  }

  private JavaProcess launch(List<String> flags) throws IOException {
    return JavaProcess.start(
        directory,
        Map.of(),
        Stream.of(
                List.of("-Xmx512m"),
                OWN_FLAGS,
                flags,
                List.of("-jar", jar().toString(), "--config=" + settings))
            .flatMap(List::stream)
            .toList());
  }

  private void await() {
    String ready = gateway.awaitLine(line -> line.startsWith("Sluice is ready."));
    apiPort = Integer.parseInt(ready.replaceAll(".*API port (\\d+),.*", "$1"));
    opsPort = Integer.parseInt(ready.replaceAll(".*management port (\\d+).*", "$1"));
  }

  /** Starts the gateway anew, with more flags for its JVM, and returns when it is ready. */
  void restart(List<String> flags) throws IOException, InterruptedException {
    gateway.close();
    gateway = launch(flags);
    await();
  }

  /** Ends the gateway as an operator does. */
  void terminate() throws InterruptedException {
    gateway.terminate();
    gateway.awaitExit();
  }

  /** Some settings of PostgreSQL take a restart. */
  private static void configure(Path directory) throws IOException, SQLException {
    try (var first = EmbeddedDatabase.start(directory, databaseSettings());
        Connection connection = connect(first.url().getPort(), DATABASE);
        Statement statement = connection.createStatement()) {
      for (String setting :
          POSTGRESQL.isBlank() ? List.<String>of() : List.of(POSTGRESQL.split(","))) {
        List<String> parts = List.of(setting.split("=", 2));
        statement.execute(
            "ALTER SYSTEM SET %s = '%s'".formatted(parts.getFirst(), parts.getLast()));
      }
    }
  }

  /** The settings of one measurement beyond those of all. */
  interface Settings {
    String yaml(int simulatorPort);
  }

  /** A merchant with {@link #API_KEY} and an account at Stripe, and nothing else. */
  static String oneMerchant(int simulatorPort) {
    return """
    webhooks: {host: 127.0.0.1, port: 0}
    merchants:
      - id: measured
        keys: [{id: measured_server, kind: secret, mode: test, value: %s}]
        psp-accounts:
          - {id: stripe_measured, psp: stripe, mode: test, secret-key: sk_test_measured_psp, base-url: "http://127.0.0.1:%d"}
    """
        .formatted(API_KEY, simulatorPort);
  }

  /** A measurement on a bench. */
  interface Measurement {
    void on(Bench bench) throws Exception;
  }

  /** A measurement on two benches, of which one rests while the other works. */
  interface Comparison {
    void on(Bench bench, Bench other) throws Exception;
  }

  /** Runs a measurement and ends the process: Vert.x's threads would keep it. */
  static void measure(Settings settings, Measurement measurement) {
    run(
        () -> {
          try (var bench = new Bench("measured", settings)) {
            measurement.on(bench);
          }
        });
  }

  /** The same with two benches, each with a PostgreSQL, a simulator and a gateway of its own. */
  static void compare(Settings settings, Comparison comparison) {
    run(
        () -> {
          try (var bench = new Bench("measured", settings);
              var other = new Bench("measured-other", settings)) {
            comparison.on(bench, other);
          }
        });
  }

  private static void run(Round all) {
    int code = 1;
    try {
      all.make();
      code = 0;
    } catch (Exception | AssertionError failure) {
      LoggerFactory.getLogger(Bench.class).error("not measured", failure);
    }
    System.exit(code);
  }

  Path directory() {
    return directory;
  }

  Simulator simulator() {
    return simulator;
  }

  int databasePort() {
    return database.url().getPort();
  }

  int apiPort() {
    return apiPort;
  }

  long gatewayPid() {
    return gateway.pid();
  }

  /** A POST as it goes over the wire. */
  static byte[] post(String path, String headers, String body) {
    return "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(path, headers, body.length(), body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** A checkout that is paid at once with a card that is taken. */
  static byte[] checkout(String apiKey) {
    return checkoutWith("Authorization: Bearer " + apiKey);
  }

  /** The same with an idempotency key, as every SDK sends one; each with another. */
  byte[] nextCheckout() {
    return checkoutWith(
        "Authorization: Bearer %s\r\nIdempotency-Key: %s%012d"
            .formatted(API_KEY, KEY, keys.incrementAndGet()));
  }

  private static byte[] checkoutWith(String headers) {
    return post(
        "/v1/payment_intents",
        headers + "\r\nContent-Type: application/x-www-form-urlencoded",
        "amount=1099&currency=usd&confirm=true&payment_method=pm_card_visa"
            + "&return_url=https%3A%2F%2Fx.example");
  }

  /** Waits until nothing is left of the last round, also of what PostgreSQL puts off. */
  void quiet() throws Exception {
    drained();
    execute("CHECKPOINT");
  }

  /** Waits until nothing is left of the last round. */
  void drained() throws Exception {
    long deadline = System.nanoTime() + Duration.ofMinutes(5).toNanos();
    while (number("SELECT (SELECT count(*) FROM inbox_work) + (SELECT count(*)" + " FROM outbox)")
        > 0) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException("the last round's work is not done");
      }
      Thread.sleep(200);
    }
  }

  /** A load of some seconds. */
  interface Round {
    void make() throws Exception;
  }

  /**
   * Makes rounds until the gateway's compiler rests: what a day is like is wanted, and in the first
   * minutes of load the compiler takes more than the gateway.
   */
  void warm(Round round) throws Exception {
    for (int made = 1; made <= WARM_ROUNDS; made++) {
      var compiler = Cpu.ofThreads(gatewayPid(), COMPILER);
      long begun = System.nanoTime();
      round.make();
      double share = compiler.microsSince() * 1_000.0 / (System.nanoTime() - begun);
      System.out.printf(
          Locale.ROOT, "warming, round %d: the compiler took %.2f of a CPU%n", made, share);
      quiet();
      if (share < 0.03) {
        return;
      }
    }
  }

  /** One of the gateway's own counters. */
  double metric(String name) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + opsPort + "/metrics")).build();
    String all = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    return Metrics.values(all, name).sum();
  }

  /** What the gateway has of the machine's memory. */
  long gatewayRssMb() throws IOException {
    return Files.readAllLines(Path.of("/proc", String.valueOf(gatewayPid()), "status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1_024)
        .findFirst()
        .orElseThrow();
  }

  void execute(String sql) throws SQLException {
    executeIn(DATABASE, sql);
  }

  void executeIn(String name, String sql) throws SQLException {
    try (Connection connection = connect(databasePort(), name);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  long number(String sql) throws SQLException {
    return Long.parseLong(text(sql));
  }

  double decimal(String sql) throws SQLException {
    return Double.parseDouble(text(sql));
  }

  String text(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return String.valueOf(rows.getString(1));
    }
  }

  Connection connect() throws SQLException {
    return connect(databasePort(), DATABASE);
  }

  private static Connection connect(int port, String name) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + name + "?user=postgres");
  }

  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static DatabaseSettings databaseSettings() {
    return new DatabaseSettings(
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
  }

  private String configuration() {
    return """
    mode: test
    api: {host: 127.0.0.1, port: 0, public-url: "http://127.0.0.1:8080"}
    ops: {port: 0}
    database:
      url: postgresql://127.0.0.1:%d/sluice
      password: %s
      migrator-password: %s
      ssl-mode: disable
    """
        .formatted(databasePort(), PASSWORD, PASSWORD);
  }

  static Path jar() throws IOException {
    try (var files = Files.list(Path.of("target"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("sluice-.*\\.jar"))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("there is no jar: see perf/*/run"))
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

  @Override
  public void close() throws Exception {
    gateway.close();
    vertx.close().await();
    database.close();
  }
}
