package perf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import simulator.Latency;

/**
 * What requests that are accepted take while twice as many come as the gateway can take, beside
 * what they take when just so many are under way as it admits. Rounds of both alternate.
 */
public final class OverloadMeasurement {
  private static final int ROUNDS = Integer.parseInt(System.getenv().getOrDefault("ROUNDS", "5"));
  private static final Duration ROUND = Duration.ofSeconds(15);
  private static final Duration SETTLING = Duration.ofSeconds(3);
  private static final Duration PSP = Duration.ofMillis(50);
  private static final int ADMITTED = 128;

  /** Enough that nobody ever waits for one. */
  private static final int CONNECTIONS = 2_000;

  private final Bench bench;

  private OverloadMeasurement(Bench bench) {
    this.bench = bench;
  }

  /** Runs all rounds. */
  public static void main(String[] arguments) {
    Bench.measure(OverloadMeasurement::settings, bench -> new OverloadMeasurement(bench).run());
  }

  private void run() throws Exception {
    bench.simulator().faults().latency(new Latency.Fixed(PSP));
    bench.warm(this::full);
    var full = new ArrayList<Double>();
    var over = new ArrayList<Double>();
    var taken = new ArrayList<Double>();
    for (int round = 0; round < ROUNDS; round++) {
      bench.quiet();
      Load.Result atLimit = full();
      int twice = (int) (2 * atLimit.perSecond());
      bench.quiet();
      Load.Result beyond =
          Load.paced(bench.apiPort(), CONNECTIONS, twice, SETTLING, ROUND, bench::nextCheckout);
      if (atLimit.other() > 0 || beyond.other() > beyond.shed()) {
        throw new IllegalStateException("not only what is too much was refused: " + beyond.other());
      }
      System.out.printf(
          Locale.ROOT,
          "round %d: full %.0f/s, p50 %.1f ms, p99 %.1f ms; at %d/s accepted %.0f/s, p50 %.1f ms,"
              + " p99 %.1f ms, shed %.0f/s%n",
          round + 1,
          atLimit.perSecond(),
          atLimit.quantileMs(0.5),
          atLimit.quantileMs(0.99),
          twice,
          beyond.perSecond(),
          beyond.quantileMs(0.5),
          beyond.quantileMs(0.99),
          beyond.shed() * 1e9 / beyond.nanos());
      full.add(atLimit.quantileMs(0.99));
      over.add(beyond.quantileMs(0.99));
      taken.add(beyond.perSecond() / atLimit.perSecond());
    }
    bench.quiet();
    System.out.printf(
        Locale.ROOT,
        "OVERLOAD: at twice the load that it takes, accepted requests have a p99 of %.1f ms, %.1f"
            + " ms without: %.2f times; %.2f of the throughput is kept%n",
        Bench.median(over),
        Bench.median(full),
        Bench.median(over) / Bench.median(full),
        Bench.median(taken));
  }

  /** As many at once as are admitted. */
  private Load.Result full() {
    return Load.closed(bench.apiPort(), ADMITTED, ROUND, bench::nextCheckout);
  }

  private static String settings(int simulatorPort) {
    return Bench.oneMerchant(simulatorPort)
        + "admission: {max-concurrent: %d, max-concurrent-per-merchant: %d}%n"
            .formatted(ADMITTED, ADMITTED);
  }
}
