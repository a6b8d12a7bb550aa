package config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Keeps docs/configuration.md true: the same properties with the same defaults. */
class ConfigurationDocumentTest {
  private static final Pattern ROW =
      Pattern.compile("^\\| `([a-z0-9.\\[\\]-]+)` \\| (?:`([^`]+)`|\\*(\\w+)\\*) \\|.*");

  @Test
  void documentNamesEveryPropertyWithItsDefault() throws IOException {
    Map<String, String> documented = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("docs/configuration.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        documented.put(row.group(1), row.group(2) == null ? row.group(3) : row.group(2));
      }
    }
    Map<String, String> known = new TreeMap<>();
    Schema.properties().forEach((name, property) -> known.put(name, written(property)));

    assertThat(documented).isEqualTo(known);
  }

  private static String written(Schema.Property property) {
    String standard = property.defaultValue();
    if (standard != null) {
      return standard;
    }
    return property.required() ? "required" : "optional";
  }
}
