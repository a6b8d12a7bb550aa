package contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * docs/psp-conformance.md, of which each class of tests owns the part between its marks. What a run
 * finds has to be what is written there: a change of behaviour is a change of that file.
 */
public final class ConformanceDocument {
  private static final Path FILE = Path.of("docs/psp-conformance.md");

  /** With this set to true a run writes what it found. */
  private static final String WRITE = "conformance.write";

  private ConformanceDocument() {}

  /** Fails where the owner's part is another than what it found now. */
  public static void shows(Class<?> owner, String found) throws IOException {
    String text = Files.readString(FILE);
    String begin = "<!-- written by " + owner.getName() + " -->\n";
    int start = text.indexOf(begin);
    int end = text.indexOf("<!-- end -->", start);
    assertThat(start).as("a mark in %s: %s", FILE, begin).isNotNegative();
    assertThat(end).as("an end of the part in %s of %s", FILE, owner.getName()).isNotNegative();
    if (Boolean.getBoolean(WRITE)) {
      Files.writeString(FILE, text.substring(0, start) + begin + found + text.substring(end));
    } else {
      assertThat(text.substring(start + begin.length(), end))
          .as("%s: to write it anew, run this test with -D%s=true", FILE, WRITE)
          .isEqualTo(found);
    }
  }
}
