package routes.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import payments.Parameters;
import payments.Refusal.Code;
import routes.api.Parameter.Use;

/** A request's parameters after the catalogue's check: known, and of their types. */
final class CheckedParameters {
  private final ParameterCatalogue catalogue;
  private final Map<String, Object> values;

  CheckedParameters(ParameterCatalogue catalogue, Map<String, Object> values) {
    this.catalogue = catalogue;
    this.values = values;
  }

  Map<String, Object> values() {
    return values;
  }

  /** Whether the request gives it a value that is not empty. */
  boolean has(String name) {
    Object value = values.get(name);
    return value != null && !value.equals("");
  }

  /** Whether the request gives it an empty value, to unset it. */
  boolean unsets(String name) {
    return "".equals(values.get(name));
  }

  /** The text, or null where the request gives none. */
  @Nullable String text(String name) {
    return values.get(name) instanceof String text && !text.isEmpty() ? text : null;
  }

  @Nullable Long number(String name) {
    return values.get(name) instanceof Long number ? number : null;
  }

  boolean flag(String name) {
    return Boolean.TRUE.equals(values.get(name));
  }

  /** The flag, or null where the request does not give it. */
  @Nullable Boolean flagOrNull(String name) {
    return values.get(name) instanceof Boolean flag ? flag : null;
  }

  @SuppressWarnings("unchecked") // maps in here have string keys by construction
  Map<String, Object> hash(String name) {
    return values.get(name) instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  /** The texts of a list, empty where the request gives none. */
  List<String> texts(String name) {
    return values.get(name) instanceof List<?> list
        ? list.stream().map(String.class::cast).toList()
        : List.of();
  }

  /** A required parameter's value. */
  long requiredNumber(String name) {
    Long number = number(name);
    if (number == null) {
      throw new IllegalStateException("the catalogue does not require " + name);
    }
    return number;
  }

  String requiredText(String name) {
    String text = text(name);
    if (text == null) {
      throw new IllegalStateException("the catalogue does not require " + name);
    }
    return text;
  }

  /** What a new object keeps: empty values mean none, so they are left out. */
  Parameters kept() {
    var kept = new LinkedHashMap<String, Object>();
    keptByUpdate()
        .values()
        .forEach(
            (name, value) -> {
              if (name.equals("metadata") && value instanceof Map<?, ?> metadata) {
                var set = new LinkedHashMap<Object, Object>(metadata);
                set.values().removeIf(""::equals);
                kept.put(name, set);
              } else if (!value.equals("")) {
                kept.put(name, value);
              }
            });
    return new Parameters(kept);
  }

  /** What an update changes: the empty text unsets. */
  Parameters keptByUpdate() {
    var kept = new LinkedHashMap<String, Object>();
    catalogue
        .entries()
        .forEach(
            entry -> {
              Object value = values.get(entry.getKey());
              if (value != null && entry.getValue().use() == Use.KEPT) {
                kept.put(entry.getKey(), value);
              }
            });
    return kept.isEmpty() ? Parameters.EMPTY : new Parameters(kept);
  }

  /** Refuses a request that gives both of two parameters. */
  void exclusive(String one, String other) {
    if (has(one) && has(other)) {
      throw new RefusedException(
          Code.PARAMETER_INVALID,
          "You may only specify one of these parameters: " + one + ", " + other + ".",
          other);
    }
  }
}
