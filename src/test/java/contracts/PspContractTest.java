package contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import payments.DeclineCode.Retry;
import payments.OperationKind;
import psp.PspCommand;

/** Every adapter in every situation, and what docs/psp-conformance.md says of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PspContractTest {
  /** As long as ours can get. */
  private static final String LONG =
      PspCommand.OUR_IDS + OperationKind.COMPLETE_AUTHENTICATION.wire() + "-" + "k".repeat(63);

  private final Map<Dialect, Map<Situation, String>> found = new LinkedHashMap<>();

  static List<Dialect> dialects() {
    return List.of(new StripeDialect(), new AdyenDialect());
  }

  @BeforeAll
  void findOut() throws Exception {
    for (Dialect dialect : dialects()) {
      found.put(dialect, outcomes(dialect));
    }
  }

  /** Those that take time first, beside the others. */
  private static Map<Situation, String> outcomes(Dialect dialect) throws Exception {
    var outcomes = new EnumMap<Situation, String>(Situation.class);
    try (var contract = new PspContract(dialect);
        var slow = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = new EnumMap<Situation, Future<String>>(Situation.class);
      for (Situation situation : Situation.values()) {
        if (!situation.happens(dialect.traits())) {
          outcomes.put(situation, Expectation.NOT_THERE);
        } else if (situation.asking.wire() == Asking.Wire.NEVER_ANSWERS) {
          waiting.put(situation, slow.submit(() -> contract.outcome(situation)));
        }
      }
      for (Situation situation : Situation.values()) {
        if (!outcomes.containsKey(situation) && !waiting.containsKey(situation)) {
          outcomes.put(situation, contract.outcome(situation));
        }
      }
      for (var entry : waiting.entrySet()) {
        outcomes.put(entry.getKey(), entry.getValue().get());
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
    return outcomes;
  }

  @ParameterizedTest
  @EnumSource
  void everyAdapterKeepsTheContract(Situation situation) {
    var outcomes = new TreeMap<String, String>();
    var expected = new TreeMap<String, String>();
    found.forEach(
        (dialect, all) -> {
          outcomes.put(dialect.name(), String.valueOf(all.get(situation)));
          expected.put(dialect.name(), situation.expected(dialect.traits()));
        });
    assertThat(outcomes).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("dialects")
  void everyAdapterReadsWebhooksAlike(Dialect dialect) throws IOException {
    try (var contract = new PspContract(dialect)) {
      assertThat(Event.values())
          .filteredOn(event -> event.happens(dialect.traits()))
          .allSatisfy(
              event -> {
                assertThat(contract.read(event, true)).as(event.title()).isEqualTo(event.read);
                assertThat(contract.read(event, false)).as(event.title()).isEqualTo("refused");
                assertThat(contract.takesChanged(event)).as(event.title()).isFalse();
              });
    }
  }

  @ParameterizedTest
  @MethodSource("dialects")
  void everyAdapterSaysOfItselfWhatItDoes(Dialect dialect) throws IOException {
    try (var contract = new PspContract(dialect)) {
      assertThat(contract.saysWhatItDoes()).isTrue();
    }
  }

  /** They may be longer than a PSP's. */
  @ParameterizedTest
  @MethodSource("dialects")
  void everyAdapterSendsOurLongestKeysApart(Dialect dialect) throws IOException {
    try (var contract = new PspContract(dialect)) {
      String sent = contract.keySent(LONG + "1");
      assertThat(sent).isNotBlank().isEqualTo(contract.keySent(LONG + "1"));
      assertThat(contract.keySent(LONG + "2")).isNotEqualTo(sent);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyClassOfDeclinesIsThere(Retry retry) {
    String word = ", " + retry.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    assertThat(found)
        .allSatisfy(
            (dialect, outcomes) ->
                assertThat(outcomes.values())
                    .as(dialect.name())
                    .anyMatch(it -> it.startsWith("declined as") && it.endsWith(word)));
  }

  @Test
  void theDocumentShowsWhatWasFound() throws IOException {
    ConformanceDocument.shows(PspContractTest.class, "\n" + calls() + "\n" + webhooks() + "\n");
  }

  private String calls() {
    String names = found.keySet().stream().map(Dialect::name).collect(Collectors.joining(" | "));
    var table = new StringBuilder("| Called to | Situation | " + names + " |\n|---|---|");
    table.append("---|".repeat(found.size())).append('\n');
    for (Situation situation : Situation.values()) {
      Asking asking = situation.asking;
      table
          .append(asking.question() ? "| ask of " : "| ")
          .append(asking.kind().wire().replace('_', ' '))
          .append(!asking.question() && asking.attempt() > 1 ? " again | " : " | ")
          .append(situation.title());
      found.values().forEach(outcomes -> table.append(" | ").append(shown(outcomes, situation)));
      table.append(" |\n");
    }
    return table.toString();
  }

  private static String shown(Map<Situation, String> outcomes, Situation situation) {
    @Nullable String outcome = outcomes.get(situation);
    return "accepted".equals(outcome) ? "taken in" : String.valueOf(outcome);
  }

  /** All read them alike, so that one column tells. */
  private static String webhooks() {
    return Arrays.stream(Event.values())
        .map(event -> "| %s | %s |\n".formatted(event.title(), event.read))
        .collect(Collectors.joining("", "| Told by webhook | Read as |\n|---|---|\n", ""));
  }
}
