package perf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import simulator.CallMatch;
import simulator.Fault;
import simulator.Latency;
import simulator.Operation;
import support.Books;
import support.Rows;

/**
 * Measures what one PSP's failures do to another's payments, on one gateway: a merchant who pays at
 * the healthy PSP alone, and one whose first account fails and who may go on at the healthy one.
 * Rounds with and without the failure alternate; afterwards both PSPs' truths are held against each
 * other. Fails where a payment is taken twice, or where payments do not go on.
 */
public final class PspMeasurement {
  private static final int ROUNDS = 2;
  private static final Duration ROUND = Duration.ofSeconds(7);
  private static final int HEALTHY_PER_SECOND = 100;
  private static final int MIXED_PER_SECOND = 50;
  private static final Duration PAUSE = Duration.ofSeconds(3);
  private static final Duration SETTLED_WITHIN = Duration.ofMinutes(2);

  /** The healthy PSP's p99 beside a failing one may be so many times its own. */
  private static final double OBJECTIVE = 1.2;

  /** Of the payments that come while a PSP fails; the first of them meet a breaker not yet open. */
  private static final double LEAST_APPROVED = 0.5;

  private static final String HEALTHY_ONLY = "sk_test_healthy";
  private static final String BOTH = "sk_test_both";
  private static final String SHUT = "sk_test_shut";
  private static final String FAILING_KEY = "adyen_test_failing";
  private static final List<String> PSP_KEYS =
      List.of(
          "sk_test_psp_healthy",
          "sk_test_psp_second",
          "sk_test_psp_beside",
          FAILING_KEY,
          "adyen_test_shut");

  /** How the failing PSP fails; a hang lasts as long as a call may. */
  private static final List<Failure> FAILURES =
      List.of(
          new Failure("is well, as a control", null, BOTH),
          new Failure("refuses connections", null, SHUT),
          new Failure("hangs", Fault.hang()),
          new Failure("does it and hangs", Fault.hangAfterEffect()),
          new Failure("resets", Fault.reset()),
          new Failure("does it and resets", Fault.answerLost()),
          new Failure("answers 401", Fault.unauthorized()),
          new Failure("answers 429", Fault.rateLimited(Duration.ofSeconds(1))),
          new Failure("answers 500", Fault.serverError(500)),
          new Failure("does it and answers 503", Fault.serverErrorAfterEffect(503)),
          new Failure("is hidden by a firewall's page", Fault.page(403)),
          new Failure("does it and answers nothing", Fault.emptyBody()),
          new Failure("answers in 1.5 s", Fault.delay(Duration.ofMillis(1_500))));

  private static final Load.Result NOTHING = new Load.Result(0, 0, 0, List.of(), 0);

  private static final String OPEN =
      "SELECT count(*) FROM operation WHERE status IN ('pending', 'unknown')";

  /** Operations' ids are in the order of their time. */
  private static final String LATEST =
      "SELECT operation_id FROM operation ORDER BY operation_id DESC LIMIT 1";

  /**
   * One way to fail.
   *
   * @param merchant whose payments meet it
   */
  private record Failure(String name, @Nullable Fault fault, String merchant) {
    Failure(String name, Fault fault) {
      this(name, fault, BOTH);
    }

    /** Whether it shows only how far two measurements of the same lie apart on this machine. */
    boolean isControl() {
      return fault == null && merchant.equals(BOTH);
    }
  }

  private final Bench bench;
  private final List<String> broken = new ArrayList<>();
  private final List<Double> ratios = new ArrayList<>();
  private Load.Result allWell = NOTHING;
  private Load.Result allBeside = NOTHING;

  private PspMeasurement(Bench bench) {
    this.bench = bench;
  }

  /** Runs all measurements. */
  public static void main(String[] arguments) {
    Bench.measure(PspMeasurement::settings, bench -> new PspMeasurement(bench).run());
  }

  private void run() throws Exception {
    well();
    for (int warm = 0; warm < 2; warm++) {
      round(BOTH);
    }
    for (Failure failure : FAILURES) {
      measure(failure);
    }
    bench.quiet();
    audit();
    double whole = allBeside.quantileMs(0.99) / allWell.quantileMs(0.99);
    System.out.printf(
        Locale.ROOT,
        "HEALTHY: over all ways to fail p99 is %.1f ms, %.1f ms with both well (%d and %d samples):"
            + " %.2f times, objective %.1f: %s; single ones between %.2f and %.2f, median %.2f%n",
        allBeside.quantileMs(0.99),
        allWell.quantileMs(0.99),
        allBeside.answers(),
        allWell.answers(),
        whole,
        OBJECTIVE,
        whole <= OBJECTIVE ? "met" : "NOT MET",
        ratios.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
        ratios.stream().mapToDouble(Double::doubleValue).max().orElseThrow(),
        Bench.median(ratios));
    if (!broken.isEmpty()) {
      throw new IllegalStateException(String.join("; ", broken));
    }
  }

  private void measure(Failure failure) throws Exception {
    Load.Result well = NOTHING;
    Load.Result beside = NOTHING;
    long asked = 0;
    long approved = 0;
    for (int round = 0; round < ROUNDS; round++) {
      well = well.and(round(BOTH).healthy);
      if (failure.fault != null) {
        bench
            .simulator()
            .faults()
            .always(CallMatch.of(Operation.AUTHORIZE).account(FAILING_KEY), failure.fault);
      }
      String before = bench.text(LATEST);
      Both both = round(failure.merchant);
      approved += approvedAfter(before);
      beside = beside.and(both.healthy);
      asked += both.mixed.answers();
      bench.simulator().faults().clear();
      well();
      bench.simulator().faults().release();
      // The breaker lets a call through again.
      Thread.sleep(PAUSE.toMillis());
    }
    double ratio = beside.quantileMs(0.99) / well.quantileMs(0.99);
    if (!failure.isControl()) {
      ratios.add(ratio);
      allWell = allWell.and(well);
      allBeside = allBeside.and(beside);
    }
    System.out.printf(
        Locale.ROOT,
        "%s: p99 at the healthy PSP %.1f ms, %.1f ms with both well: %.2f times (%d and %d"
            + " samples); approved %d of %d that were to go to the failing one; %d operations"
            + " open%n",
        failure.name,
        beside.quantileMs(0.99),
        well.quantileMs(0.99),
        ratio,
        beside.answers(),
        well.answers(),
        approved,
        asked,
        bench.number(OPEN));
    if (approved < asked * LEAST_APPROVED) {
      broken.add("payments do not go on where the PSP " + failure.name);
    }
    if (beside.other() > 0) {
      broken.add("the healthy PSP's payments failed where the other " + failure.name);
    }
  }

  private long approvedAfter(String operation) throws Exception {
    return bench.number(
        "SELECT count(DISTINCT payment_id) FROM operation WHERE merchant_id IN ('both', 'shut') AND"
            + " kind = 'authorize' AND status = 'succeeded' AND operation_id > '"
            + operation
            + "'");
  }

  /** Every call to either PSP takes its time. */
  private void well() {
    bench.simulator().faults().latency(new Latency.Fixed(Duration.ofMillis(50)));
  }

  private record Both(Load.Result healthy, Load.Result mixed) {}

  private Both round(String mixedMerchant) {
    var mixed = CompletableFuture.supplyAsync(() -> load(mixedMerchant, 512, MIXED_PER_SECOND));
    Load.Result healthy = load(HEALTHY_ONLY, 64, HEALTHY_PER_SECOND);
    return new Both(healthy, mixed.join());
  }

  private Load.Result load(String key, int connections, int perSecond) {
    return Load.paced(bench.apiPort(), connections, perSecond, ROUND, () -> Bench.checkout(key));
  }

  /** No payment's money is at both PSPs, once what was left open is settled. */
  private void audit() throws Exception {
    long deadline = System.nanoTime() + SETTLED_WITHIN.toNanos();
    while (bench.number(OPEN) > 0 && System.nanoTime() - deadline < 0) {
      Thread.sleep(500);
    }
    Map<String, Integer> kept;
    try (var connection = bench.connect()) {
      kept = Books.moneyAtPsps(Rows.of(connection), bench.simulator().truth(), PSP_KEYS);
    }
    long twice = kept.values().stream().filter(number -> number > 1).count();
    System.out.printf(
        "AUDIT: %d payments taken, %d of them at more than one PSP, %d operations still open%n",
        kept.size(), twice, bench.number(OPEN));
    if (twice > 0) {
      broken.add(twice + " payments were taken twice");
    }
  }

  private static String settings(int simulatorPort) {
    return """
    webhooks: {host: 127.0.0.1, port: 0}
    timeouts: {psp-connect: 1s, psp-call: 2s, breaker: 3s}
    breaker: {reset-after: 2s}
    recovery: {schedule: "1s,5s,10s"}
    merchants:
      - id: healthy
        keys: [{id: healthy_server, kind: secret, mode: test, value: %1$s}]
        psp-accounts:
          - {id: stripe_healthy, psp: stripe, mode: test, secret-key: sk_test_psp_healthy, base-url: "%5$s"}
      - id: both
        keys: [{id: both_server, kind: secret, mode: test, value: %2$s}]
        psp-accounts:
          - {id: adyen_failing, psp: adyen, mode: test, secret-key: %4$s, merchant-account: Measured, base-url: "%5$s", priority: 1}
          - {id: stripe_second, psp: stripe, mode: test, secret-key: sk_test_psp_second, base-url: "%5$s", priority: 2}
      - id: shut
        keys: [{id: shut_server, kind: secret, mode: test, value: %3$s}]
        psp-accounts:
          - {id: adyen_shut, psp: adyen, mode: test, secret-key: adyen_test_shut, merchant-account: Shut, base-url: "http://127.0.0.1:1", priority: 1}
          - {id: stripe_beside, psp: stripe, mode: test, secret-key: sk_test_psp_beside, base-url: "%5$s", priority: 2}
    """
        .formatted(HEALTHY_ONLY, BOTH, SHUT, FAILING_KEY, "http://127.0.0.1:" + simulatorPort);
  }
}
