package telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The meters of the way of a payment, registered at start so that dashboards and alerts see them
 * before the first payment.
 */
public final class CheckoutMeters {
  private static final Duration[] BUCKETS =
      java.util.stream.LongStream.of(
              1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final Timer overhead;

  /**
   * Registers the meters.
   *
   * @param outcomes every value that {@link #finished} will be called with
   */
  public CheckoutMeters(MeterRegistry registry, Iterable<String> outcomes) {
    this.registry = registry;
    overhead =
        Timer.builder("sluice.checkout.overhead")
            .description("What the gateway itself added to a checkout: its time less the PSP's")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    outcomes.forEach(
        outcome -> {
          checkout(outcome);
          outcomes(outcome);
        });
  }

  /**
   * One checkout is over.
   *
   * @param total from the parsed command to its answer
   * @param psp the part of it spent waiting for PSPs
   * @param outcome one of a small fixed set, never a PSP's own code
   */
  public void finished(Duration total, Duration psp, String outcome) {
    checkout(outcome).record(total);
    Duration own = total.minus(psp);
    overhead.record(own.isNegative() ? Duration.ZERO : own);
    outcomes(outcome).increment();
  }

  /**
   * A checkout goes on at another PSP account.
   *
   * @param why declined or not_sent
   */
  public void failedOver(String from, String to, String why) {
    Counter.builder("sluice.checkout.failovers")
        .description("Checkouts that went on at another PSP account")
        .tag("from", from)
        .tag("to", to)
        .tag("why", why)
        .register(registry)
        .increment();
  }

  /** Shows how many operations are open in one status, asked for at each scrape. */
  public void openOperations(String status, Supplier<Number> count) {
    Gauge.builder("sluice.operations.open", count)
        .description("Operations that have no final outcome yet")
        .tag("status", status)
        .register(registry);
  }

  /** Shows how many anomalies nobody has dealt with. */
  public void openAnomalies(Supplier<Number> count) {
    Gauge.builder("sluice.anomalies.open", count)
        .description("Anomalies that are not dealt with")
        .register(registry);
  }

  private Timer checkout(String outcome) {
    return Timer.builder("sluice.checkout")
        .description("A checkout from the parsed command to its answer")
        .tag("outcome", outcome)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  private Counter outcomes(String outcome) {
    return Counter.builder("sluice.payments")
        .description("Checkouts by what became of them")
        .tag("outcome", outcome)
        .register(registry);
  }
}
