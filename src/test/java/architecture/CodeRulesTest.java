package architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the code itself must not do, whatever package it is in. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CodeRulesTest {
  private static final Path SOURCES = Path.of("src/main/java");
  private static final int FILE_LINES = 500;
  private static final int METHOD_LINES = 70;

  private final JavaClasses production =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPath(Path.of("target/classes"));

  private List<Path> files = List.of();

  @BeforeAll
  void listFiles() throws IOException {
    try (Stream<Path> paths = Files.walk(SOURCES)) {
      files = paths.filter(path -> path.toString().endsWith(".java")).toList();
    }
  }

  @Test
  void namesSayWhatAClassIs() {
    noClasses()
        .should()
        .haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager|Impl)(\\$.*)?")
        .check(production);
  }

  @Test
  void onlyAppSleepsOrWritesToTheConsole() {
    noClasses()
        .that()
        .resideOutsideOfPackages("app..", "simulator..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(production);
    noClasses()
        .that()
        .resideOutsideOfPackage("app..")
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", java.time.Duration.class)
        .check(production);
  }

  @Test
  void filesStayShort() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path file : files) {
      int lines = Files.readAllLines(file).size();
      if (lines > FILE_LINES) {
        tooLong.add(file + " has " + lines + " lines");
      }
    }
    assertThat(tooLong).isEmpty();
  }

  @Test
  void methodsStayShort() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path file : files) {
      tooLong.addAll(longMethods(file));
    }
    assertThat(tooLong).isEmpty();
  }

  @Test
  void everyPackageSaysWhatLivesInItAndIsNullMarked() throws IOException {
    List<Path> without = new ArrayList<>();
    for (Path directory : files.stream().map(Path::getParent).distinct().toList()) {
      Path info = directory.resolve("package-info.java");
      if (!Files.exists(info) || !Files.readString(info).contains("NullMarked")) {
        without.add(directory);
      }
    }
    assertThat(without).isEmpty();
  }

  /**
   * The formatter puts a method's opening line and its closing brace at the same indent, so no
   * parser is needed: only blocks that start with a signature count, type declarations do not.
   */
  private static List<String> longMethods(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    List<String> found = new ArrayList<>();
    for (int start = 0; start < lines.size(); start++) {
      String line = lines.get(start);
      int indent = line.length() - line.stripLeading().length();
      boolean signature =
          (indent == 2 || indent == 4)
              && line.contains("(")
              && !line.matches("\\s*(if|for|while|switch|try|return|@|\\}|//|\\*).*")
              && !line.matches(".*\\b(class|record|interface|enum)\\b.*");
      int end = signature ? endOf(lines, start, indent) : start;
      if (end - start + 1 > METHOD_LINES) {
        found.add(file + ":" + (start + 1) + " has " + (end - start + 1) + " lines");
      }
    }
    return found;
  }

  /** The line of the closing brace; the start where there is no body, as in a field. */
  private static int endOf(List<String> lines, int start, int indent) {
    String close = " ".repeat(indent) + "}";
    boolean inBody = false;
    for (int i = start; i < lines.size(); i++) {
      String line = lines.get(i);
      if (inBody && line.equals(close)) {
        return i;
      }
      if (!inBody && line.endsWith(";")) {
        return start;
      }
      inBody |= line.endsWith("{");
    }
    return start;
  }
}
