package chaos;

import chaos.Audit.Finding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Storm after storm for as long as wanted, with an audit after each, and now and then a database
 * that is put back; in the end two nodes under twice the load of one. It prints its seed at once
 * and a report at the end, in Markdown, and fails where an audit found something.
 */
public final class LongChaos {
  private static final int CUSTOMERS = 8;
  private static final int MISHAPS = 24;
  private static final int FORGOTTEN = 40;
  private static final int RESTORE_EVERY = 4;
  private static final Duration LONGEST_SLEEP = Duration.ofSeconds(14);

  private final long seed;
  private final Path directory;
  private final Town town;
  private final Buyer buyer;
  private final Random random;
  private final List<Purchase> purchases = new ArrayList<>();
  private final Map<Mishap, Integer> happened = new EnumMap<>(Mishap.class);
  private int gaveUp;
  private int storms;
  private int restores;

  private LongChaos(Path directory, int nodes, long seed) throws IOException, InterruptedException {
    this.seed = seed;
    this.directory = directory;
    town = Town.start(directory, nodes, seed);
    buyer = new Buyer(town);
    random = new Random(seed);
  }

  /** {@code MINUTES}, {@code SEED} and {@code NODES} in the environment. */
  public static void main(String[] arguments) throws Exception {
    var environment = System.getenv();
    var minutes = Duration.ofMinutes(Long.parseLong(environment.getOrDefault("MINUTES", "60")));
    long seed = Long.parseLong(environment.getOrDefault("SEED", Long.toString(System.nanoTime())));
    int nodes = Integer.parseInt(environment.getOrDefault("NODES", "2"));
    try (Stream<Path> built = Files.list(Path.of("target"))) {
      built
          .filter(path -> path.getFileName().toString().matches("sluice-.*\\.jar"))
          .findFirst()
          .ifPresent(jar -> System.setProperty("sluice.jar", jar.toAbsolutePath().toString()));
    }
    System.out.println("seed " + seed);
    Path directory = Files.createTempDirectory("sluice-chaos");
    List<Finding> findings;
    try {
      findings = run(directory, nodes, seed, minutes);
    } finally {
      PostgresServer.delete(directory);
    }
    System.exit(findings.isEmpty() ? 0 : 1);
  }

  private static List<Finding> run(Path directory, int nodes, long seed, Duration time)
      throws IOException, InterruptedException {
    var chaos = new LongChaos(directory, nodes, seed);
    try {
      long begun = System.nanoTime();
      List<Finding> findings = List.of();
      while (findings.isEmpty() && System.nanoTime() - begun < time.toNanos()) {
        findings = chaos.storm();
        if (findings.isEmpty() && chaos.storms % RESTORE_EVERY == 1) {
          findings = chaos.restore();
        }
      }
      if (findings.isEmpty()) {
        findings = chaos.overload();
      }
      chaos.report(Duration.ofNanos(System.nanoTime() - begun), findings);
      return findings;
    } finally {
      chaos.buyer.close();
      chaos.town.close();
    }
  }

  private List<Finding> storm() throws InterruptedException {
    var shopping = new Shopping("storm" + storms, seed + storms, buyer);
    var storm = new Storm(town, seed + storms, LONGEST_SLEEP);
    List<Mishap> kinds = List.of(Mishap.values());
    var mishaps = new ArrayList<>(kinds);
    while (mishaps.size() < MISHAPS) {
      mishaps.add(kinds.get(random.nextInt(kinds.size())));
    }
    shopping.begin(CUSTOMERS, Integer.MAX_VALUE);
    storm.pass(mishaps);
    shopping.end();
    storms++;
    storm.happened().forEach((mishap, times) -> happened.merge(mishap, times, Integer::sum));
    return conclude(shopping);
  }

  private List<Finding> restore() throws IOException, InterruptedException {
    Path backup = directory.resolve("backup" + restores);
    var shopping = new Shopping("restored" + restores, seed + restores, buyer);
    List<String> moved = new Restoration(town, shopping, backup).pass(FORGOTTEN);
    restores++;
    var findings = new ArrayList<>(conclude(shopping));
    moved.forEach(
        it -> findings.add(new Finding(Audit.Wrong.PSP, "moved again after the restore: " + it)));
    PostgresServer.delete(backup);
    return findings;
  }

  private List<Finding> overload() throws IOException, InterruptedException {
    var overload = new Overload(town, buyer, seed);
    overload.pass(Duration.ofSeconds(10));
    return conclude(overload.shopping());
  }

  private List<Finding> conclude(Shopping shopping) {
    boolean quiet = town.awaitQuiet();
    shopping.finish();
    quiet &= town.awaitQuiet();
    shopping.repeatAll();
    purchases.addAll(shopping.purchases());
    gaveUp += shopping.gaveUp();
    List<Finding> findings = Audit.of(town.evidence(), purchases);
    System.out.printf("%d purchases, quiet %b, findings %s%n", purchases.size(), quiet, findings);
    if (!findings.isEmpty()) {
      keepTraces();
    }
    return findings;
  }

  /** What was found has its reasons there, and all else goes with the town. */
  private void keepTraces() {
    for (Node node : town.nodes()) {
      keep(node.name() + ".log", node.said());
    }
    try {
      keep("calls.json", List.of(town.simulator().heard()));
      keep("truth.json", List.of(town.simulator().did()));
    } catch (AssertionError gone) {
      System.out.println("what PSPs heard is lost: " + gone);
    }
  }

  private static void keep(String name, List<String> lines) {
    Path file = Path.of("target", "chaos-" + name).toAbsolutePath();
    try {
      Files.write(file, lines);
      System.out.println("kept: " + file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void report(Duration took, List<Finding> findings) throws IOException {
    var text = new StringBuilder();
    text.append(
        "Seed %d, %d nodes, %d minutes, %d storms.%n%n| What happened | Times |%n|---|---|%n"
            .formatted(seed, town.nodes().size(), took.toMinutes(), storms));
    happened.forEach(
        (mishap, times) -> text.append("| %s | %d |%n".formatted(mishap.text(), times)));
    text.append("| the database lost and put back to an earlier copy | %d |%n".formatted(restores));
    text.append("%n| Audited | |%n|---|---|%n".formatted());
    row(text, "purchases", purchases.size());
    row(text, "requests", buyer.requests());
    row(text, "of them sent again", buyer.repeats());
    row(text, "merchants who gave up for a time", gaveUp);
    rows(text);
    var evidence = town.evidence();
    row(text, "charges at the PSPs", evidence.truth().charges().size());
    row(text, "refunds at the PSPs", evidence.truth().refunds().size());
    row(text, "records in Kafka", evidence.told().size());
    row(text, "events that the merchant acknowledged", evidence.delivered().size());
    text.append("| webhooks of the PSPs | %s |%n".formatted(town.simulator().eventCounts()));
    row(text, "findings", findings.size());
    findings.forEach(finding -> text.append("%n- %s".formatted(finding)));
    Path file = Path.of("target", "chaos-report.md");
    Files.writeString(file, text);
    System.out.println(text);
  }

  private void rows(StringBuilder text) {
    row(text, "payments", town.database().number("SELECT count(*) FROM payment"));
    row(
        text,
        "payments that took money",
        town.database().number("SELECT count(*) FROM payment WHERE captured > 0"));
    row(text, "operations", town.database().number("SELECT count(*) FROM operation"));
    row(
        text,
        "operations sent more than once",
        town.database().number("SELECT count(*) FROM operation WHERE attempts > 1"));
    row(
        text,
        "payments that went on at the other PSP",
        town.database().number("SELECT count(*) FROM payment_event WHERE event = 'failed_over'"));
    row(text, "ledger transfers", town.database().number("SELECT count(*) FROM ledger_transfer"));
    row(text, "webhooks taken in", town.database().number("SELECT count(*) FROM inbox_event"));
    row(
        text,
        "anomalies raised, all resolved by themselves",
        town.database().number("SELECT count(*) FROM anomaly"));
  }

  private static void row(StringBuilder text, String what, long number) {
    text.append("| %s | %,d |%n".formatted(what, number));
  }
}
