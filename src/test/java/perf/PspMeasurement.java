package perf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import simulator.CallMatch;
import simulator.Fault;
import simulator.Latency;
import simulator.Operation;
import support.Books;

/**
 * Measures what one PSP's failures do to another's payments, on one gateway: a merchant who pays at
 * the healthy PSP alone, and one whose first account fails and who may go on at the healthy one.
 * Rounds with and without the failure alternate; afterwards both PSPs' truths are held against each
 * other.
 */
public final class PspMeasurement {
  private static final int ROUNDS = 3;
  private static final Duration ROUND = Duration.ofSeconds(8);
  private static final int PER_SECOND = 50;
  private static final String HEALTHY_ONLY = "sk_test_healthy";
  private static final String BOTH = "sk_test_both";
  private static final String FAILING_KEY = "adyen_test_failing";
  private static final List<String> HEALTHY_KEYS =
      List.of("sk_test_psp_healthy", "sk_test_psp_second");

  /** How the failing PSP fails; a hang lasts as long as a call may. */
  private static final Map<String, Fault> FAULTS = faults();

  private final Bench bench;

  private PspMeasurement(Bench bench) {
    this.bench = bench;
  }

  private static Map<String, Fault> faults() {
    var faults = new LinkedHashMap<String, Fault>();
    faults.put("hangs", Fault.hang());
    faults.put("does it and hangs", Fault.hangAfterEffect());
    faults.put("resets", Fault.reset());
    faults.put("answers 500", Fault.serverError(500));
    faults.put("answers 429", Fault.rateLimited(Duration.ofSeconds(1)));
    faults.put("answers in 1.5 s", Fault.delay(Duration.ofMillis(1_500)));
    return faults;
  }

  /** Runs all measurements. */
  public static void main(String[] arguments) {
    Bench.measure(PspMeasurement::settings, bench -> new PspMeasurement(bench).run());
  }

  private void run() throws Exception {
    bench.simulator().faults().latency(new Latency.Fixed(Duration.ofMillis(50)));
    for (int warm = 0; warm < 2; warm++) {
      round();
    }
    var ratios = new ArrayList<Double>();
    for (Map.Entry<String, Fault> fault : FAULTS.entrySet()) {
      var well = new ArrayList<Double>();
      var beside = new ArrayList<Double>();
      long approved = 0;
      long asked = 0;
      for (int round = 0; round < ROUNDS; round++) {
        well.add(round().healthy.quantileMs(0.99));
        bench
            .simulator()
            .faults()
            .always(CallMatch.of(Operation.AUTHORIZE).account(FAILING_KEY), fault.getValue());
        Both both = round();
        beside.add(both.healthy.quantileMs(0.99));
        approved += both.mixed.ok();
        asked += both.mixed.ok() + both.mixed.other();
        bench.simulator().faults().clear();
        bench.simulator().faults().latency(new Latency.Fixed(Duration.ofMillis(50)));
        bench.simulator().faults().release();
        // The breaker lets a call through again.
        Thread.sleep(3_000);
      }
      double ratio = Bench.median(beside) / Bench.median(well);
      ratios.add(ratio);
      System.out.printf(
          "%s: p99 at the healthy PSP %.1f ms, %.1f ms with both well (%.2f times); of %d payments"
              + " that were to go to the failing one %d were answered with 200%n",
          fault.getKey(), Bench.median(beside), Bench.median(well), ratio, asked, approved);
    }
    bench.quiet();
    audit();
    System.out.printf(
        "HEALTHY: p99 is %.2f times its value with both well, at worst; median %.2f%n",
        ratios.stream().mapToDouble(Double::doubleValue).max().orElseThrow(), Bench.median(ratios));
  }

  private record Both(Load.Result healthy, Load.Result mixed) {}

  private Both round() {
    var mixed = CompletableFuture.supplyAsync(() -> load(BOTH, 512));
    Load.Result healthy = load(HEALTHY_ONLY, 64);
    return new Both(healthy, mixed.join());
  }

  private Load.Result load(String key, int connections) {
    return Load.paced(
        bench.vertx(), bench.apiPort(), connections, PER_SECOND, ROUND, () -> Bench.checkout(key));
  }

  /** No payment's money is at both PSPs, once what was left open is settled. */
  private void audit() throws Exception {
    long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
    String open = "SELECT count(*) FROM operation WHERE status IN ('pending', 'unknown')";
    while (bench.number(open) > 0 && System.nanoTime() - deadline < 0) {
      Thread.sleep(500);
    }
    var keys = new ArrayList<>(HEALTHY_KEYS);
    keys.add(FAILING_KEY);
    Map<String, Integer> kept;
    try (var connection = bench.connect()) {
      kept = Books.moneyAtPsps(connection, bench.simulator(), keys);
    }
    long twice = kept.values().stream().filter(number -> number > 1).count();
    System.out.printf(
        "AUDIT: %d payments taken, %d of them at more than one PSP, %d operations still open%n",
        kept.size(), twice, bench.number(open));
    if (twice > 0) {
      throw new IllegalStateException("a payment was taken twice");
    }
  }

  private static String settings(int simulatorPort) {
    return """
    webhooks: {host: 127.0.0.1, port: 0}
    timeouts: {psp-connect: 1s, psp-call: 2s, breaker: 3s}
    breaker: {reset-after: 2s}
    merchants:
      - id: healthy
        keys: [{id: healthy_server, kind: secret, mode: test, value: %1$s}]
        psp-accounts:
          - {id: stripe_healthy, psp: stripe, mode: test, secret-key: sk_test_psp_healthy, base-url: "%4$s"}
      - id: both
        keys: [{id: both_server, kind: secret, mode: test, value: %2$s}]
        psp-accounts:
          - {id: adyen_failing, psp: adyen, mode: test, secret-key: %3$s, merchant-account: Measured, base-url: "%4$s", priority: 1}
          - {id: stripe_second, psp: stripe, mode: test, secret-key: sk_test_psp_second, base-url: "%4$s", priority: 2}
    """
        .formatted(HEALTHY_ONLY, BOTH, FAILING_KEY, "http://127.0.0.1:" + simulatorPort);
  }
}
