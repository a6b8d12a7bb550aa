package psp.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import payments.DeclineCode;

/** Holds docs/decline-codes.md to the code. */
final class DeclineCodesDocumentTest {
  @Test
  void showsOurListAsItIs() throws IOException {
    String table =
        Arrays.stream(DeclineCode.values())
            .map(
                code ->
                    "| `%s` | `%s` | %s | %s | %s |\n"
                        .formatted(
                            code,
                            code.errorCode(),
                            code.declineCode() == null ? "" : "`" + code.declineCode() + "`",
                            code.retry().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                            code.message()))
            .collect(Collectors.joining());
    assertThat(document()).contains(table);
  }

  @Test
  void showsStripesOtherNamesAsTheyAreMapped() throws IOException {
    var table = new StringBuilder();
    new TreeMap<>(StripeDeclines.ALIASES)
        .forEach((name, code) -> table.append("| `%s` | `%s` |\n".formatted(name, code)));
    assertThat(document()).contains(table);
  }

  private static String document() throws IOException {
    return Files.readString(Path.of("docs/decline-codes.md"));
  }
}
