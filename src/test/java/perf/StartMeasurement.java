package perf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import support.JavaProcess;

/**
 * How soon the packaged gateway is there after a start, with its database up: until it is ready,
 * and the latencies of the first ten seconds at a hundred checkouts a second. Starts as they come
 * alternate with starts from an ahead-of-time cache, which a training run makes first and which is
 * left in {@code target/sluice.aot}.
 */
public final class StartMeasurement {
  private static final int ROUNDS = Integer.parseInt(System.getenv().getOrDefault("ROUNDS", "3"));
  private static final Duration TRAINING = Duration.ofSeconds(40);
  private static final Duration FIRST = Duration.ofSeconds(10);
  private static final int PER_SECOND = 100;
  private static final Path CACHE = Path.of("target", "sluice.aot").toAbsolutePath();

  private final Bench bench;

  private StartMeasurement(Bench bench) {
    this.bench = bench;
  }

  /** Runs all measurements. */
  public static void main(String[] arguments) {
    Bench.measure(Bench::oneMerchant, bench -> new StartMeasurement(bench).run());
  }

  /** What one start came to. */
  private record Start(long readyMs, double p50Ms, double p99Ms) {}

  private void run() throws Exception {
    train();
    var cold = new ArrayList<Start>();
    var cached = new ArrayList<Start>();
    for (int round = 1; round <= ROUNDS; round++) {
      cold.add(start(round + " as it comes", List.of()));
      cached.add(start(round + " with the cache", List.of("-XX:AOTCache=" + CACHE)));
    }
    print("as it comes", cold);
    print("with the cache", cached);
  }

  /** A day in short: checkouts for long enough that what is hot is known. */
  private void train() throws IOException, InterruptedException {
    Path recorded = bench.directory().resolve("sluice.aotconf");
    bench.restart(List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + recorded));
    Load.closed(bench.apiPort(), 32, TRAINING, bench::nextCheckout);
    bench.terminate();
    Files.deleteIfExists(CACHE);
    try (var create =
        JavaProcess.start(
            bench.directory(),
            Map.of(),
            List.of(
                "-XX:AOTMode=create",
                "-XX:AOTConfiguration=" + recorded,
                "-XX:AOTCache=" + CACHE,
                "-jar",
                Bench.jar().toString()))) {
      int code = create.awaitExit();
      if (code != 0 || !Files.exists(CACHE)) {
        throw new IllegalStateException("no cache was made: " + create.standardError());
      }
    }
    System.out.printf("%s: %d MB%n", CACHE, Files.size(CACHE) / 1_048_576);
  }

  private Start start(String name, List<String> flags) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    bench.restart(flags);
    long readyMs = (System.nanoTime() - begun) / 1_000_000;
    Load.Result first = Load.paced(bench.apiPort(), 64, PER_SECOND, FIRST, bench::nextCheckout);
    if (first.other() > 0) {
      throw new IllegalStateException(first.other() + " checkouts were not answered with 200");
    }
    var start = new Start(readyMs, first.quantileMs(0.5), first.quantileMs(0.99));
    System.out.printf(
        Locale.ROOT,
        "round %s: ready after %d ms; p50 %.1f ms, p99 %.1f ms%n",
        name,
        start.readyMs,
        start.p50Ms,
        start.p99Ms);
    bench.terminate();
    return start;
  }

  private static void print(String name, List<Start> starts) {
    System.out.printf(
        Locale.ROOT,
        "START %s: ready after %.0f ms, then at %d checkouts/s p50 %.1f ms and p99 %.1f ms (medians"
            + " of %d)%n",
        name,
        Bench.median(starts.stream().map(it -> (double) it.readyMs).toList()),
        PER_SECOND,
        Bench.median(starts.stream().map(Start::p50Ms).toList()),
        Bench.median(starts.stream().map(Start::p99Ms).toList()),
        starts.size());
  }
}
