package perf;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Measures webhooks on one PostgreSQL with fsync on, everything on this machine, in one run: how
 * many are accepted beside what pgbench inserts, how long an event takes to become state, and what
 * a storm does to checkouts. Ratios count, not figures: rounds alternate, so that a noisy machine
 * disturbs both sides alike.
 */
public final class WebhookMeasurement {
  private static final int ROUNDS = 5;
  private static final Duration ROUND = Duration.ofSeconds(8);

  /** At a hundred checkouts a second the p99 of fewer would be a handful of them. */
  private static final Duration STORM_ROUND = Duration.ofSeconds(20);

  private static final int CONNECTIONS = 512;
  private static final int PGBENCH_CLIENTS = 64;

  private final AtomicLong eventNumbers = new AtomicLong();
  private final AtomicLong numbers = new AtomicLong();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Bench bench;
  private final int webhookPort;
  private final List<String> intents;

  private WebhookMeasurement(Bench bench, int webhookPort) throws Exception {
    this.bench = bench;
    this.webhookPort = webhookPort;
    intents = payments(400);
  }

  /** Runs all measurements. */
  public static void main(String[] arguments) throws IOException {
    int webhookPort;
    try (var free = new ServerSocket(0)) {
      webhookPort = free.getLocalPort();
    }
    Bench.measure(
        simulatorPort -> settings(webhookPort, simulatorPort),
        bench -> {
          var measurement = new WebhookMeasurement(bench, webhookPort);
          List<String> parts = parts();
          if (parts.contains("accepted")) {
            measurement.accepted();
          }
          if (parts.contains("lag")) {
            measurement.lag();
          }
          if (parts.contains("storm")) {
            measurement.storm();
          }
        });
  }

  /** All parts, or those that are named. */
  private static List<String> parts() {
    return List.of(System.getenv().getOrDefault("PARTS", "accepted,lag,storm").split(","));
  }

  // ---- accepted per second

  private void accepted() throws Exception {
    bench.execute("CREATE TABLE measured_event (LIKE inbox_event INCLUDING ALL)");
    bench.execute("ALTER TABLE measured_event SET (toast_tuple_target = 8160)");
    String body = StripeEvent.leftAlone("evt_pgbench", "pi_pgbench");
    // Half of them are ignored, as of the webhooks; each row has its body sent, as any client's
    // would. That the other half is due is a row more, which only the gateway writes.
    Path script = bench.directory().resolve("insert.sql");
    Files.writeString(
        script,
        """
        \\set number :number + 1
        \\set lane :number % 64
        INSERT INTO measured_event (merchant_id, psp_account_id, name, lane, type, body, ignored)
        VALUES ('measured', 'stripe_measured', 'evt_measured_' || :client_id || '_' || :number, :lane, 'charge.succeeded', :body,
          CASE WHEN :number % 2 = 1 THEN 'type not used: charge.succeeded' END);
        """);
    var inserts = new ArrayList<Double>();
    var webhooks = new ArrayList<Double>();
    System.out.printf("one event: %d bytes%n", body.length());
    touch();
    warm();
    long postmaster = Cpu.postmaster(bench.directory());
    for (int round = 1; round <= ROUNDS; round++) {
      inserts.add(pgbench(script, body));
      System.out.printf("round %d: pgbench %.0f inserts/s%n", round, inserts.getLast());
      var requests = prepared(this::nextEvent, 240_000);
      var gatewayCpu = Cpu.ofTree(bench.gatewayPid());
      var databaseCpu = Cpu.ofTree(postmaster);
      var ownCpu = Cpu.ofThis();
      long before = bench.number("SELECT count(*) FROM inbox_event");
      Load.Result result = Load.closed(webhookPort, CONNECTIONS, ROUND, requests);
      long stored = bench.number("SELECT count(*) FROM inbox_event") - before;
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
          bench.number("SELECT count(*) FROM inbox_work"));
      if (stored < result.ok()) {
        throw new IllegalStateException("acknowledged events are not in the table");
      }
      bench.quiet();
    }
    var ratios = new ArrayList<Double>();
    for (int round = 0; round < ROUNDS; round++) {
      ratios.add(webhooks.get(round) / inserts.get(round));
    }
    System.out.printf(
        "ACCEPTED: %.2f times pgbench (median of %d rounds, between %.2f and %.2f)%n%n",
        Bench.median(ratios), ROUNDS, Collections.min(ratios), Collections.max(ratios));
  }

  /** PostgreSQL's memory is there from now on, as it is after some hours of running. */
  private void touch() throws SQLException {
    bench.execute("CREATE TABLE touched (number integer, filling text)");
    bench.execute("ALTER TABLE touched ALTER filling SET STORAGE PLAIN");
    bench.execute(
        "INSERT INTO touched SELECT n, repeat(md5(n::text), 60) FROM generate_series(1, 600000) n");
    bench.execute("DROP TABLE touched");
    bench.execute("CHECKPOINT");
  }

  /** Until the compiler has seen it all. */
  private void warm() throws Exception {
    bench.warm(
        () ->
            Load.closed(
                webhookPort,
                CONNECTIONS,
                Duration.ofSeconds(10),
                prepared(this::nextEvent, 240_000)));
  }

  private double pgbench(Path script, String body) throws Exception {
    return Pgbench.run(
        bench,
        "sluice",
        script,
        PGBENCH_CLIENTS,
        ROUND,
        "",
        Map.of("number", String.valueOf(numbers.addAndGet(10_000_000)), "body", body));
  }

  // ---- lag

  private void lag() throws Exception {
    int perSecond = 500;
    var time = Duration.ofSeconds(20);
    // Each is a refund made at the PSP: it changes its payment, and nothing told it before. The
    // first time is until the compiler has seen it all.
    var at = new AtomicInteger();
    Supplier<String> refunds =
        () ->
            StripeEvent.refund(
                eventNumbers.incrementAndGet(), intents.get(at.getAndIncrement() % intents.size()));
    Load.paced(webhookPort, 32, perSecond, time, prepared(refunds, perSecond * 22));
    bench.quiet();
    String since = bench.text("SELECT now()");
    Load.Result result =
        Load.paced(webhookPort, 32, perSecond, time, prepared(refunds, perSecond * 22));
    bench.quiet();
    System.out.printf(
        "lag at %d events/s: accepted %d, other answers %d, accepting p50 %.1f ms, p99 %.1f ms%n",
        perSecond, result.ok(), result.other(), result.quantileMs(0.5), result.quantileMs(0.99));
    String lags =
        """
        FROM inbox_event i JOIN payment_event e ON e.merchant_id = i.merchant_id AND e.cause = i.name
        WHERE i.type = 'refund.created' AND i.received_at > '%s'
        """
            .formatted(since);
    System.out.printf(
        "LAG from acceptance to state change: p50 %s ms, p99 %s ms, most %s ms, of %d changes%n%n",
        quantile(0.5, lags),
        quantile(0.99, lags),
        quantile(1, lags),
        bench.number("SELECT count(*) " + lags));
  }

  private String quantile(double quantile, String lags) throws SQLException {
    return bench.text(
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
    warm();
    bench.warm(
        () ->
            Load.closed(
                bench.apiPort(), 32, Duration.ofSeconds(10), () -> Bench.checkout(Bench.API_KEY)));
    for (int round = 1; round <= ROUNDS; round++) {
      // Both halves begin alike: with nothing left to do, here and in the database.
      Supplier<byte[]> webhooks = prepared(this::nextEvent, eventsPerSecond * 22);
      bench.quiet();
      Load.Result alone = checkouts(checkoutsPerSecond, STORM_ROUND);
      quiet.add(alone.quantileMs(0.99));
      bench.quiet();
      Stormy both = storm(checkoutsPerSecond, eventsPerSecond, webhooks);
      Load.Result result = both.checkouts;
      Load.Result events = both.events;
      stormy.add(result.quantileMs(0.99));
      System.out.printf(
          "round %d: checkout p99 %.1f ms alone, %.1f ms with %.0f webhooks/s (other answers: %d"
              + " and %d)%n",
          round,
          quiet.getLast(),
          stormy.getLast(),
          events.perSecond(),
          result.other(),
          events.other());
      if (alone.other() + result.other() > 0) {
        throw new IllegalStateException("checkouts failed, so their p99 says nothing");
      }
    }
    System.out.printf(
        "STORM: checkout p99 is %.2f times its value without, at %d checkouts/s and %d webhooks/s"
            + " (medians of %d rounds)%n",
        Bench.median(stormy) / Bench.median(quiet), checkoutsPerSecond, eventsPerSecond, ROUNDS);
  }

  /** What came of a round of both. */
  private record Stormy(Load.Result checkouts, Load.Result events) {}

  private Stormy storm(int checkoutsPerSecond, int eventsPerSecond, Supplier<byte[]> webhooks) {
    var events =
        CompletableFuture.supplyAsync(
            () -> Load.paced(webhookPort, 64, eventsPerSecond, STORM_ROUND, webhooks));
    return new Stormy(checkouts(checkoutsPerSecond, STORM_ROUND), events.join());
  }

  private Load.Result checkouts(int perSecond, Duration time) {
    return Load.paced(bench.apiPort(), 64, perSecond, time, () -> Bench.checkout(Bench.API_KEY));
  }

  /** Payments that were taken; the PSP's ids of their intents. */
  private List<String> payments(int number) throws Exception {
    var intents = new ArrayList<String>();
    for (int at = 0; at < number; at++) {
      var request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + bench.apiPort() + "/v1/payment_intents"))
              .header("Authorization", "Bearer " + Bench.API_KEY)
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
        bench
            .text(
                "SELECT string_agg(psp_reference, ' ') FROM operation WHERE kind = 'authorize' AND"
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
        ? StripeEvent.succeeded("evt_measured_" + number, intent)
        : StripeEvent.leftAlone("evt_measured_" + number, intent);
  }

  /** Requests that are made and signed before the clock runs. */
  private static Supplier<byte[]> prepared(Supplier<String> events, int number) {
    var requests = new ArrayList<byte[]>(number);
    long time = System.currentTimeMillis() / 1000;
    for (int at = 0; at < number; at++) {
      String body = events.get();
      requests.add(
          Bench.post("/webhooks/stripe/stripe_measured", StripeEvent.signature(time, body), body));
    }
    // Or the collector moves all of them about while the clock runs.
    System.gc();
    var next = new AtomicInteger();
    return () -> requests.get(next.getAndIncrement());
  }

  private static String settings(int webhookPort, int simulatorPort) {
    return """
    webhooks: {host: 127.0.0.1, port: %d}
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
        .formatted(webhookPort, Bench.API_KEY, StripeEvent.SECRET, simulatorPort);
  }
}
