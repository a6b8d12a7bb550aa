package app;

import config.InvalidSettings;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads a YAML file into nested maps. */
public final class ConfigurationFile {
  private ConfigurationFile() {}

  /**
   * Reads a file.
   *
   * @throws InvalidSettings when it cannot be read, naming it
   */
  public static Map<String, Object> read(Path file) {
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      return parse(file.toString(), reader);
    } catch (NoSuchFileException missing) {
      throw invalid("configuration file " + file + " does not exist");
    } catch (IOException failure) {
      throw invalid("configuration file " + file + " cannot be read: " + failure);
    }
  }

  /** Reads what a reader gives; the name is for messages. */
  public static Map<String, Object> parse(String name, Reader reader) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    try {
      Object root = new Yaml(new SafeConstructor(options)).load(reader);
      if (root == null) {
        return Map.of();
      }
      if (!(root instanceof Map<?, ?> map)) {
        throw invalid("configuration file " + name + " must be a group of properties");
      }
      Map<String, Object> properties = new LinkedHashMap<>();
      map.forEach((key, value) -> properties.put(String.valueOf(key), value));
      return properties;
    } catch (MarkedYAMLException malformed) {
      // The parser's own message quotes the line, which may hold a secret.
      throw invalid(
          "configuration file %s is not valid YAML: line %d, %s"
              .formatted(name, malformed.getProblemMark().getLine() + 1, malformed.getProblem()));
    } catch (YAMLException malformed) {
      throw invalid("configuration file " + name + " is not valid YAML");
    }
  }

  private static InvalidSettings invalid(String problem) {
    return new InvalidSettings(List.of(problem));
  }
}
