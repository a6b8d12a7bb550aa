package contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every adapter in every situation. What came of it is what docs/psp-conformance.md shows: the run
 * writes it anew, so that a change of behaviour is a change of that file.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PspContractTest {
  private static final Path DOCUMENT = Path.of("docs/psp-conformance.md");
  private static final String INTRODUCTION =
      """
      # PSP conformance

      What each adapter makes of each way in which a call may go, as `contracts/PspContractTest` has found it. The test writes this
      file; it is not edited by hand. *Taken in* means that the PSP says later, by webhook, what became of it.

      """;

  private final Map<String, Map<Situation, String>> found = new LinkedHashMap<>();
  private final Set<String> reads = new TreeSet<>(Comparator.reverseOrder());

  static List<Dialect> dialects() {
    return List.of(new StripeDialect(), new AdyenDialect());
  }

  @ParameterizedTest
  @MethodSource("dialects")
  void everyAdapterKeepsTheContract(Dialect dialect) throws IOException {
    var outcomes = new EnumMap<Situation, String>(Situation.class);
    try (var contract = new PspContract(dialect)) {
      for (Situation situation : Situation.values()) {
        outcomes.put(situation, contract.outcome(situation));
      }
    }
    assertThat(outcomes)
        .allSatisfy(
            (situation, outcome) ->
                assertThat(situation.outcomes()).as(situation.title()).contains(outcome));
    found.put(dialect.name(), outcomes);
  }

  @ParameterizedTest
  @MethodSource("dialects")
  void everyAdapterReadsWebhooksAlike(Dialect dialect) throws IOException {
    try (var contract = new PspContract(dialect)) {
      assertThat(Event.values())
          .allSatisfy(
              event -> {
                assertThat(contract.read(event, true)).as(event.title()).isEqualTo(event.read);
                assertThat(contract.read(event, false)).as(event.title()).isEqualTo("refused");
              });
    }
    reads.add(dialect.name());
  }

  @AfterAll
  void writesWhatItFound() throws IOException {
    if (found.size() == dialects().size() && reads.size() == dialects().size()) {
      Files.writeString(DOCUMENT, INTRODUCTION + table() + webhooks());
    }
  }

  private String table() {
    String names = found.keySet().stream().collect(Collectors.joining(" | "));
    var table = new StringBuilder("| Situation | " + names + " |\n|---|");
    table.append("---|".repeat(found.size())).append('\n');
    for (Situation situation : Situation.values()) {
      table.append("| ").append(situation.title());
      found
          .values()
          .forEach(outcomes -> table.append(" | ").append(shown(outcomes.get(situation))));
      table.append(" |\n");
    }
    return table.toString();
  }

  /** All read them alike, so that one column tells. */
  private String webhooks() {
    var table =
        new StringBuilder("\n## Webhooks\n\nRead by ")
            .append(String.join(" and ", reads))
            .append(", and refused by each where another secret has signed them.\n\n")
            .append("| Told | Read as |\n|---|---|\n");
    for (Event event : Event.values()) {
      table.append("| %s | %s |\n".formatted(event.title(), event.read.toLowerCase(Locale.ROOT)));
    }
    return table.toString();
  }

  private static String shown(@Nullable String outcome) {
    return "accepted".equals(outcome) ? "taken in" : String.valueOf(outcome);
  }

  @Test
  void noSituationIsWithoutAnOutcome() {
    assertThat(Situation.values()).noneMatch(situation -> situation.outcomes().isEmpty());
  }
}
