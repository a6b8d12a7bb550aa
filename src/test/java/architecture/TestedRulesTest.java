package architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** The page that says which test holds which rule names tests that are there. */
final class TestedRulesTest {
  private static final Pattern TEST = Pattern.compile("`([\\w.]+)#(\\w+)`");

  @Test
  void namesTestsThatExist() throws IOException {
    List<MatchResult> named =
        TEST.matcher(Files.readString(Path.of("docs/testing.md"))).results().toList();
    assertThat(named).isNotEmpty();
    assertThat(named)
        .allSatisfy(
            test -> assertThat(isTest(test.group(1), test.group(2))).as(test.group()).isTrue());
  }

  @Test
  void givesEveryRuleATest() throws IOException {
    assertThat(Files.readAllLines(Path.of("docs/testing.md")))
        .filteredOn(line -> line.startsWith("| ") && !line.startsWith("| Rule |"))
        .allSatisfy(line -> assertThat(line).containsPattern(TEST));
  }

  private static boolean isTest(String className, String method) {
    try {
      return Arrays.stream(Class.forName(className).getDeclaredMethods())
          .filter(it -> it.getName().equals(method))
          .anyMatch(
              it ->
                  it.isAnnotationPresent(Test.class)
                      || it.isAnnotationPresent(ParameterizedTest.class)
                      || it.isAnnotationPresent(Property.class));
    } catch (ClassNotFoundException missing) {
      return false;
    }
  }
}
