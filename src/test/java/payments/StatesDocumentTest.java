package payments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import payments.Transitions.Transition;

/** Holds docs/states.md to the code. */
class StatesDocumentTest {
  private static final Path DOCUMENT = Path.of("docs/states.md");

  @Test
  void drawsEveryTransitionAndNoOther() throws IOException {
    assertThat(Files.readString(DOCUMENT))
        .contains(
            "```mermaid\nstateDiagram-v2\n"
                + lines(
                    line ->
                        "  %s --> %s: %s\n"
                            .formatted(line.from().wire(), line.to().wire(), event(line.event())))
                + "```\n");
  }

  @Test
  void listsEveryTransitionAndNoOther() throws IOException {
    assertThat(Files.readString(DOCUMENT))
        .contains(
            "|---|---|---|\n"
                + lines(
                    line ->
                        "| `%s` | `%s` | `%s` |\n"
                            .formatted(line.from().wire(), event(line.event()), line.to().wire()))
                + "\n");
  }

  @Test
  void explainsEveryEvent() throws IOException {
    String document = Files.readString(DOCUMENT);
    String explained = document.substring(document.indexOf("## What happens"));
    for (PaymentEvent event : PaymentEvent.values()) {
      assertThat(explained).contains("`" + event(event) + "`");
    }
  }

  @Test
  void saysWhichOperationStatusesAreOpen() throws IOException {
    String document = Files.readString(DOCUMENT);
    for (OperationStatus status : OperationStatus.values()) {
      String open = status.open() ? "yes" : "no";
      assertThat(document)
          .containsPattern(Pattern.quote("| `" + status.wire() + "` | " + open + " | "));
    }
  }

  @Test
  void listsEveryAnomalyAndNoOther() throws IOException {
    String document = Files.readString(DOCUMENT);
    assertThat(kinds(document.substring(document.indexOf("## Anomalies"))))
        .containsExactlyElementsOf(anomalies());
  }

  @Test
  void theRunbookSaysWhatToDoAboutEveryAnomaly() throws IOException {
    String runbook = Files.readString(Path.of("docs/runbooks/held-operation.md"));
    assertThat(kinds(runbook.substring(runbook.indexOf("## Anomalies"))))
        .containsExactlyInAnyOrderElementsOf(anomalies());
  }

  private static List<String> anomalies() {
    return Arrays.stream(AnomalyKind.values()).map(AnomalyKind::wire).toList();
  }

  /** What the first cells of a table's rows name. */
  private static List<String> kinds(String section) {
    return section
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.substring(0, line.indexOf(" | ")))
        .flatMap(cell -> Pattern.compile("`([a-z_]+)`").matcher(cell).results())
        .map(found -> found.group(1))
        .toList();
  }

  private static String lines(Function<Transition, String> line) {
    return Transitions.TABLE.stream().map(line).collect(Collectors.joining());
  }

  private static String event(PaymentEvent event) {
    return event.name().toLowerCase(Locale.ROOT);
  }
}
