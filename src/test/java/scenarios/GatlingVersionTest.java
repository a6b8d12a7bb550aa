package scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The smoke of the main build is one of what load testers run. */
class GatlingVersionTest {
  private static final Pattern VERSION =
      Pattern.compile("<gatling\\.version>(.+)</gatling\\.version>");

  @Test
  void bothBuildsUseTheSameGatling() throws IOException {
    assertThat(version("perf/gatling/pom.xml")).isEqualTo(version("pom.xml")).isNotEmpty();
  }

  private static String version(String pom) throws IOException {
    return String.join(
        ",",
        VERSION
            .matcher(Files.readString(Path.of(pom)))
            .results()
            .map((MatchResult found) -> found.group(1))
            .toList());
  }
}
