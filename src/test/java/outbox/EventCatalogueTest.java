package outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import payments.DisputeStatus;
import payments.OperationKind;
import support.EventSchemas;

/**
 * Events have three lists: the code, the schemas and docs/events.md. That every event that happens
 * has a schema is checked wherever {@code support.Books} are balanced; here, that the lists agree.
 */
final class EventCatalogueTest {
  private static final Pattern ROW =
      Pattern.compile(
          "^\\| \\[`([a-z_]+)`]\\(\\.\\./src/main/resources/schemas/events/\\1\\.json\\) \\| ");

  private final EventSchemas schemas = new EventSchemas();

  @Test
  void documentsEachEventThatHasASchemaAndNoOther() throws IOException {
    Set<String> documented = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("docs/events.md"))) {
      var row = ROW.matcher(line);
      if (row.find()) {
        documented.add(row.group(1));
      }
    }
    assertThat(documented).isEqualTo(schemas.events());
  }

  @Test
  void namesEachEventInTheCode() throws IOException {
    String code = mainSources();
    Set<String> composed =
        Stream.concat(
                Stream.of(OperationKind.values()).map(kind -> kind.wire() + "_accepted"),
                Stream.of(DisputeStatus.values())
                    .filter(status -> status != DisputeStatus.OPEN)
                    .map(status -> "dispute_" + status.wire()))
            .collect(Collectors.toSet());
    assertThat(schemas.events())
        .filteredOn(event -> !composed.contains(event))
        .allSatisfy(event -> assertThat(named(code, event)).as(event).isTrue());
    assertThat(schemas.events()).containsAll(composed);
  }

  /** As a text, or as an enum's constant whose wire name it is. */
  private static boolean named(String code, String event) {
    return code.contains('"' + event + '"')
        || Pattern.compile("\\b" + event.toUpperCase(java.util.Locale.ROOT) + "\\b")
            .matcher(code)
            .find();
  }

  @Test
  void callsEachSchemaByItsEventsNameAndType() {
    assertThat(schemas.events())
        .allSatisfy(
            event -> {
              assertThat(schemas.schema(event).getString("$id")).isEqualTo(EventSchemas.id(event));
              assertThat(schemas.schema(event).getString("title"))
                  .isEqualTo("sluice.payment." + event + ".v1");
              assertThat(
                      schemas
                          .schema(event)
                          .getJsonObject("properties")
                          .getJsonObject("event")
                          .getString("const"))
                  .isEqualTo(event);
            });
  }

  private static String mainSources() throws IOException {
    StringBuilder code = new StringBuilder();
    for (String room : Set.of("flows", "store", "inbox", "payments")) {
      Path directory = Path.of("src/main/java", room);
      if (Files.exists(directory)) {
        try (Stream<Path> files = Files.walk(directory)) {
          for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
            code.append(Files.readString(file));
          }
        }
      }
    }
    return code.toString();
  }
}
