package perf;

import java.time.Duration;
import java.util.Locale;
import simulator.Latency;

/**
 * What the gateway adds to a PSP's own time, at half of the rate that it takes at most and in an
 * open model: with a quick PSP for long, with a slow one, and with thousands of calls in flight.
 */
public final class OverheadMeasurement {
  private static final int MINUTES =
      Integer.parseInt(System.getenv().getOrDefault("MINUTES", "10"));
  private static final int IN_FLIGHT = 3_000;

  /** Connections beside those that wait for the PSP: two seconds may wait for the gateway. */
  private static final int SPARE = 2_000;

  /** Until connections are open and the first wave is over, nothing is counted. */
  private static final Duration SETTLING = Duration.ofSeconds(10);

  private static final Duration QUICK = Duration.ofMillis(50);
  private static final Duration SLOW = Duration.ofMillis(1_200);

  private final Bench bench;

  private OverheadMeasurement(Bench bench) {
    this.bench = bench;
  }

  /** Runs all measurements. */
  public static void main(String[] arguments) {
    Bench.measure(OverheadMeasurement::settings, bench -> new OverheadMeasurement(bench).run());
  }

  private void run() throws Exception {
    bench.simulator().faults().latency(Latency.NONE);
    bench.warm(() -> closed(10));
    double peak = closed(20).perSecond();
    int half = (int) (peak / 2);
    System.out.printf(Locale.ROOT, "at most %.0f checkouts/s; half of it is %d%n", peak, half);
    bench.quiet();
    overhead(QUICK, half, Duration.ofMinutes(MINUTES));
    overhead(SLOW, half, Duration.ofMinutes(1));
    overhead(Duration.ofMillis(IN_FLIGHT * 1_000L / half), half, Duration.ofMinutes(1));
  }

  private Load.Result closed(int seconds) {
    return Load.closed(bench.apiPort(), 128, Duration.ofSeconds(seconds), bench::nextCheckout);
  }

  private void overhead(Duration latency, int perSecond, Duration time) throws Exception {
    bench.simulator().faults().latency(new Latency.Fixed(latency));
    int inFlight = Math.toIntExact(perSecond * latency.toMillis() / 1_000);
    Load.Result result =
        Load.paced(
            bench.apiPort(), inFlight + SPARE, perSecond, SETTLING, time, bench::nextCheckout);
    System.out.printf(
        Locale.ROOT,
        "OVERHEAD at a PSP that takes %d ms, %d checkouts/s, %d in flight, %d s: p50 %.1f ms, p99"
            + " %.1f ms, of %d; otherwise answered %d; RSS of the gateway %d MB%n",
        latency.toMillis(),
        perSecond,
        inFlight,
        time.toSeconds(),
        result.quantileMs(0.5) - latency.toMillis(),
        result.quantileMs(0.99) - latency.toMillis(),
        result.ok(),
        result.other(),
        bench.gatewayRssMb());
    bench.quiet();
  }

  private static String settings(int simulatorPort) {
    return Bench.oneMerchant(simulatorPort)
        + """
        admission: {max-concurrent: 8192, max-concurrent-per-merchant: 8192}
        bulkhead: {max-concurrent: 4096, max-waiting: 1024}
        """;
  }
}
