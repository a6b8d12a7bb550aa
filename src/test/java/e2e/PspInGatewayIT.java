package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import contracts.ConformanceDocument;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The gateway over every PSP in every course that a payment may take: the same end, the books
 * balanced after each, and what docs/psp-conformance.md says of it.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class PspInGatewayIT {
  private static final Map<Behind, Counter> COUNTERS = new EnumMap<>(Behind.class);
  private static final Map<Course, Map<String, String>> FOUND = new EnumMap<>(Course.class);

  /** One for each PSP, so that none waits for another. */
  private static final ExecutorService THREADS = Executors.newCachedThreadPool();

  @BeforeAll
  static void open() {
    for (Behind psp : Behind.values()) {
      COUNTERS.put(psp, new Counter(psp));
    }
  }

  @AfterAll
  static void close() {
    THREADS.shutdown();
    COUNTERS.values().forEach(Counter::close);
  }

  @ParameterizedTest
  @EnumSource
  @Order(1)
  void endsTheSameAtEveryPsp(Course course) {
    var ending = new TreeMap<String, CompletableFuture<String>>();
    COUNTERS.forEach(
        (psp, counter) -> {
          if (course.happensAt(psp)) {
            ending.put(
                psp.title(), CompletableFuture.supplyAsync(() -> counter.endOf(course), THREADS));
          }
        });
    var ends = new TreeMap<String, String>();
    var expected = new TreeMap<String, String>();
    ending.forEach(
        (psp, end) -> {
          ends.put(psp, end.join());
          expected.put(psp, course.end());
        });
    FOUND.put(course, ends);
    assertThat(ends).isEqualTo(expected);
  }

  @Test
  @Order(2)
  void theDocumentShowsWhatWasFound() throws IOException {
    assumeThat(FOUND).as("the courses of this run").hasSize(Course.values().length);
    var table = new StringBuilder("\n| Course | Ends at ");
    table.append(String.join(" and ", COUNTERS.keySet().stream().map(Behind::title).toList()));
    table.append(" |\n|---|---|\n");
    FOUND.forEach(
        (course, ends) -> table.append("| %s | %s |\n".formatted(course.title(), shown(ends))));
    ConformanceDocument.shows(PspInGatewayIT.class, table + "\n");
  }

  private static String shown(Map<String, String> ends) {
    String end = String.join(" / ", ends.values().stream().distinct().toList());
    return ends.size() == COUNTERS.size()
        ? end
        : end + " (only at " + String.join(", ", ends.keySet()) + ")";
  }
}
