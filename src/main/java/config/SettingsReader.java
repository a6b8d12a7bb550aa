package config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@link Settings} from their sources, weakest first: defaults, the file (in which {@code
 * ${NAME}} stands for an environment variable), environment variables {@code SLUICE_…}, and
 * arguments {@code --property=value}. Tells all problems at once.
 */
public final class SettingsReader {
  private static final Pattern REFERENCE = Pattern.compile("\\$(?:\\{([^}]*)}|\\$)");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** What Kubernetes puts into every container for a service that is called sluice. */
  private static final Pattern SERVICE_LINK =
      Pattern.compile("SLUICE(_[A-Z0-9_]+)?_(SERVICE_(HOST|PORT)|PORT)(_.*)?|SLUICE_PORT(_.*)?");

  private final Map<String, String> environment;
  private final Problems problems = new Problems();
  private final Set<String> referenced = new HashSet<>();

  private SettingsReader(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Reads the settings.
   *
   * @param file the file's nested maps, lists and scalars, empty where there is no file
   * @param arguments each {@code --property=value}
   * @throws InvalidSettings naming every problem
   */
  public static Settings read(
      Map<String, ?> file, Map<String, String> environment, List<String> arguments) {
    return new SettingsReader(environment).read(file, arguments);
  }

  private Settings read(Map<String, ?> file, List<String> arguments) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    file.forEach((name, value) -> put(tree, name, resolve(name, value)));
    readEnvironment(tree);
    readArguments(tree, arguments);
    Settings settings = new Binder(problems).bind("", Settings.class, tree);
    List<String> lines = problems.lines();
    if (!lines.isEmpty()) {
      throw new InvalidSettings(lines);
    }
    return settings;
  }

  private void readEnvironment(Map<String, @Nullable Object> tree) {
    Map<String, String> propertyByVariable = new LinkedHashMap<>();
    for (Schema.Property property : Schema.properties().values()) {
      if (!property.fileOnly()) {
        propertyByVariable.put(property.environmentVariable(), property.name());
      }
    }
    environment.forEach(
        (variable, value) -> {
          String property = propertyByVariable.get(variable);
          if (property != null) {
            put(tree, property, value);
          } else if (variable.startsWith("SLUICE_")
              && !referenced.contains(variable)
              && !SERVICE_LINK.matcher(variable).matches()) {
            String near = Suggestion.nearest(variable, propertyByVariable.keySet());
            problems.add(
                "environment variable " + variable,
                "sets no property" + (near == null ? "" : "; did you mean " + near + "?"));
          }
        });
  }

  private void readArguments(Map<String, @Nullable Object> tree, List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      int equals = argument.indexOf('=');
      if (!argument.startsWith("--") || equals < 3) {
        // The argument itself is not shown: it may be the value, and secret.
        problems.add("argument " + (i + 1), "must look like --property=value");
      } else {
        put(tree, argument.substring(2, equals), argument.substring(equals + 1));
      }
    }
  }

  /** Puts a value at a dotted path; a path through something that is no group is left to Binder. */
  private static void put(Map<String, @Nullable Object> tree, String path, @Nullable Object value) {
    int dot = path.indexOf('.');
    if (dot < 0) {
      merge(tree, path, value);
      return;
    }
    String head = path.substring(0, dot);
    Object below = tree.computeIfAbsent(head, absent -> new LinkedHashMap<>());
    if (below instanceof Map<?, ?> map) {
      put(asTree(map), path.substring(dot + 1), value);
    }
  }

  private static void merge(
      Map<String, @Nullable Object> tree, String name, @Nullable Object value) {
    if (tree.get(name) instanceof Map<?, ?> present && value instanceof Map<?, ?> added) {
      asTree(added).forEach((below, given) -> merge(asTree(present), below, given));
    } else {
      tree.put(name, value);
    }
  }

  /** Every map in the tree was made by {@link #resolve} or {@link #put}, with text keys. */
  @SuppressWarnings("unchecked")
  private static Map<String, @Nullable Object> asTree(Map<?, ?> map) {
    return (Map<String, @Nullable Object>) map;
  }

  private @Nullable Object resolve(String path, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> copy = new LinkedHashMap<>();
      map.forEach((key, below) -> copy.put(String.valueOf(key), resolve(path + "." + key, below)));
      return copy;
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> copy = new ArrayList<>();
      for (int i = 0; i < list.size(); i++) {
        copy.add(resolve(path + "[" + i + "]", list.get(i)));
      }
      return copy;
    }
    return value instanceof String text ? resolveText(path, text) : value;
  }

  private String resolveText(String path, String text) {
    return REFERENCE
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(replacement(path, found.group(1))));
  }

  /** The text for one reference; null names the {@code $$} that stands for a dollar sign. */
  private String replacement(String path, @Nullable String variable) {
    if (variable == null) {
      return "$";
    }
    referenced.add(variable);
    String value = environment.get(variable);
    if (!VARIABLE.matcher(variable).matches()) {
      problems.add(path, "holds ${...} without the name of an environment variable in it");
    } else if (value == null) {
      problems.add(path, "refers to ${" + variable + "}, which is not set in the environment");
    }
    return value == null ? "unset" : value;
  }
}
