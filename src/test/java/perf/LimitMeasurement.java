package perf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import simulator.Latency;
import store.Database;

/**
 * How far checkouts are from what this machine can do at most. On one PostgreSQL with fsync on
 * rounds alternate: pgbench with the least that a durable payment takes, pgbench with the store's
 * own statements one checkout at a time, and the gateway with checkouts over HTTP at a PSP that
 * answers at once. One table with the medians comes of it.
 */
public final class LimitMeasurement {
  private static final int ROUNDS = Integer.parseInt(System.getenv().getOrDefault("ROUNDS", "5"));
  private static final Duration ROUND = Duration.ofSeconds(10);
  private static final int PGBENCH_CLIENTS = 32;
  private static final int CONNECTIONS = 128;
  private static final String MINIMAL = "minimal";

  private static final String MINIMAL_TABLES =
      """
      CREATE TABLE payment (
        id bigserial PRIMARY KEY, merchant integer NOT NULL, idempotency uuid NOT NULL, amount bigint NOT NULL,
        currency text NOT NULL, state text NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(), UNIQUE (merchant, idempotency));
      CREATE TABLE payment_event (
        id bigserial PRIMARY KEY, payment bigint NOT NULL, kind text NOT NULL, amount bigint NOT NULL, reference text NOT NULL,
        at timestamptz NOT NULL DEFAULT now());
      CREATE INDEX ON payment_event (payment);
      CREATE TABLE ledger_entry (
        id bigserial PRIMARY KEY, payment bigint NOT NULL, account integer NOT NULL, amount bigint NOT NULL,
        at timestamptz NOT NULL DEFAULT now());
      CREATE INDEX ON ledger_entry (account, id);
      """;

  private static final String MINIMAL_PAYMENT =
      """
      \\set merchant random(1, 200)
      \\set amount random(100, 100000)
      INSERT INTO payment (merchant, idempotency, amount, currency, state)
        VALUES (:merchant, gen_random_uuid(), :amount, 'usd', 'pending') RETURNING id AS payment \\gset
      BEGIN;
      UPDATE payment SET state = 'succeeded', updated_at = now() WHERE id = :payment;
      INSERT INTO payment_event (payment, kind, amount, reference) VALUES (:payment, 'charged', :amount, 'ch_' || :payment);
      INSERT INTO ledger_entry (payment, account, amount) VALUES (:payment, :merchant, :amount);
      COMMIT;
      """;

  /** As the store's own sessions for batches are set. */
  private static final String BATCH_SESSION =
      Database.BATCH_SETTINGS.entrySet().stream()
          .map(setting -> "-c " + setting.getKey() + "=" + setting.getValue())
          .collect(Collectors.joining(" "));

  private static final String PAYMENTS = "SELECT count(*) FROM payment WHERE status = 'succeeded'";
  private static final String WAL = "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn";
  private static final String FSYNCS = "SELECT wal_sync FROM pg_stat_wal";
  private static final String COMMITS = "SELECT sum(xact_commit) FROM pg_stat_database";

  private final Bench bench;
  private final long postmaster;
  private final AtomicLong numbers = new AtomicLong();

  private LimitMeasurement(Bench bench) throws IOException {
    this.bench = bench;
    postmaster = Cpu.postmaster(bench.directory());
  }

  /** Runs all measurements. */
  public static void main(String[] arguments) {
    Bench.measure(Bench::oneMerchant, bench -> new LimitMeasurement(bench).run());
  }

  /** How fast payments were made, with latencies where they are known. */
  private record Speed(double perSecond, double p50Ms, double p99Ms) {}

  /** Makes payments for a round. */
  private interface Payments {
    Speed make() throws Exception;
  }

  /**
   * What one round came to; all but the speed for one payment.
   *
   * @param gatewayMs CPU of the gateway
   * @param databaseMs CPU of PostgreSQL
   * @param clientMs CPU of the load and the PSP simulator, which pgbench has none of
   * @param commits transactions of all kinds
   * @param statements those of the gateway that payments share
   * @param allocated bytes by the gateway
   */
  private record Round(
      Speed speed,
      double gatewayMs,
      double databaseMs,
      double clientMs,
      double walBytes,
      double fsyncs,
      double commits,
      double statements,
      double allocated) {
    double perSecond() {
      return speed.perSecond;
    }

    double cpuMs() {
      return gatewayMs + databaseMs;
    }
  }

  private void run() throws Exception {
    bench.simulator().faults().latency(Latency.NONE);
    bench.execute("CREATE DATABASE " + MINIMAL);
    bench.executeIn(MINIMAL, MINIMAL_TABLES);
    Path minimal = bench.directory().resolve("minimal.sql");
    Files.writeString(minimal, MINIMAL_PAYMENT);
    bench.warm(() -> checkouts());
    Path store = CheckoutScript.write(bench, this::one, Bench.KEY);
    var limits = new ArrayList<Round>();
    var stores = new ArrayList<Round>();
    var gateways = new ArrayList<Round>();
    for (int round = 1; round <= ROUNDS; round++) {
      limits.add(measured(round + " limit", () -> pgbench(MINIMAL, minimal, "")));
      long before = bench.number(PAYMENTS);
      stores.add(measured(round + " store", () -> pgbench("sluice", store, BATCH_SESSION)));
      long made = bench.number(PAYMENTS) - before;
      if (made < stores.getLast().perSecond() * ROUND.toSeconds() * 0.9) {
        throw new IllegalStateException("the script made only " + made + " payments");
      }
      gateways.add(measured(round + " gateway", this::checkouts));
    }
    table(limits, stores, gateways);
  }

  private Round measured(String name, Payments payments) throws Exception {
    var gateway = Cpu.ofTree(bench.gatewayPid());
    var database = Cpu.ofTree(postmaster);
    var own = Cpu.ofThis();
    double wal = bench.decimal(WAL);
    double fsyncs = bench.decimal(FSYNCS);
    double commits = bench.decimal(COMMITS);
    double statements = bench.metric("sluice_database_batch_rows_count");
    double allocated = bench.metric("sluice_jvm_allocated_bytes_total");
    Speed speed = payments.make();
    // What one payment costs is also what follows it.
    bench.drained();
    double number = speed.perSecond * ROUND.toSeconds();
    var round =
        new Round(
            speed,
            gateway.microsSince() / 1_000.0 / number,
            database.microsSince() / 1_000.0 / number,
            own.microsSince() / 1_000.0 / number,
            (bench.decimal(WAL) - wal) / number,
            (bench.decimal(FSYNCS) - fsyncs) / number,
            (bench.decimal(COMMITS) - commits) / number,
            (bench.metric("sluice_database_batch_rows_count") - statements) / number,
            (bench.metric("sluice_jvm_allocated_bytes_total") - allocated) / number);
    System.out.printf(
        Locale.ROOT,
        "round %s: %.0f/s, CPU ms: gateway %.3f, PostgreSQL %.3f, client %.3f%n",
        name,
        speed.perSecond,
        round.gatewayMs,
        round.databaseMs,
        round.clientMs);
    bench.quiet();
    return round;
  }

  private Speed pgbench(String database, Path script, String session) throws Exception {
    double perSecond =
        Pgbench.run(
            bench,
            database,
            script,
            PGBENCH_CLIENTS,
            ROUND,
            session,
            Map.of("at", String.valueOf(numbers.addAndGet(1_000_000))));
    return new Speed(perSecond, Double.NaN, Double.NaN);
  }

  private Speed checkouts() {
    Load.Result result = Load.closed(bench.apiPort(), CONNECTIONS, ROUND, bench::nextCheckout);
    if (result.other() > 0) {
      throw new IllegalStateException(result.other() + " checkouts were not answered with 200");
    }
    return new Speed(result.perSecond(), result.quantileMs(0.5), result.quantileMs(0.99));
  }

  private void one() {
    Load.Result result =
        Load.paced(bench.apiPort(), 1, 1, Duration.ofSeconds(1), bench::nextCheckout);
    if (result.ok() < 1) {
      throw new IllegalStateException("no checkout to read the statements of");
    }
  }

  private void table(List<Round> limits, List<Round> stores, List<Round> gateways)
      throws Exception {
    System.out.printf("%nmedians of %d rounds of %d s%n", ROUNDS, ROUND.toSeconds());
    System.out.printf(
        "| | (a) minimal payment | (b) the store alone | (c) the gateway |%n|---|---|---|---|%n");
    row("payments/s", "%.0f", limits, stores, gateways, Round::perSecond);
    row("CPU ms a payment: gateway", "%.3f", limits, stores, gateways, Round::gatewayMs);
    row("CPU ms a payment: PostgreSQL", "%.3f", limits, stores, gateways, Round::databaseMs);
    row("CPU ms a payment: both", "%.3f", limits, stores, gateways, Round::cpuMs);
    row("CPU ms a payment: load, PSP", "%.3f", limits, stores, gateways, Round::clientMs);
    row("WAL bytes a payment", "%.0f", limits, stores, gateways, Round::walBytes);
    row("fsyncs a payment", "%.3f", limits, stores, gateways, Round::fsyncs);
    row("transactions a payment", "%.2f", limits, stores, gateways, Round::commits);
    row("batched statements a payment", "%.3f", limits, stores, gateways, Round::statements);
    row("bytes allocated a payment", "%.0f", limits, stores, gateways, Round::allocated);
    row("p50 ms", "%.1f", limits, stores, gateways, round -> round.speed.p50Ms);
    row("p99 ms", "%.1f", limits, stores, gateways, round -> round.speed.p99Ms);
    double gateway = median(gateways, Round::perSecond);
    System.out.printf(
        Locale.ROOT,
        "%nRSS of the gateway: %d MB%ncheckout ratio: %.2f%nover the store's statements: %.2f%n",
        bench.gatewayRssMb(),
        gateway / median(limits, Round::perSecond),
        gateway / median(stores, Round::perSecond));
  }

  private static void row(
      String name,
      String format,
      List<Round> limits,
      List<Round> stores,
      List<Round> gateways,
      ToDoubleFunction<Round> value) {
    System.out.printf(
        Locale.ROOT,
        "| %s | " + format + " | " + format + " | " + format + " |%n",
        name,
        median(limits, value),
        median(stores, value),
        median(gateways, value));
  }

  private static double median(List<Round> rounds, ToDoubleFunction<Round> value) {
    return Bench.median(rounds.stream().map(value::applyAsDouble).toList());
  }
}
