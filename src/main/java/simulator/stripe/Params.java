package simulator.stripe;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request's parameters, with Stripe's complaints about wrong ones. */
final class Params {
  private static final int MOST_METADATA = 50;
  private static final int LONGEST_METADATA_KEY = 40;
  private static final int LONGEST_METADATA_VALUE = 500;

  private final JsonObject tree;

  Params(JsonObject tree) {
    this.tree = tree;
  }

  /** Refuses names the endpoint does not know. */
  void allowOnly(Set<String> known) {
    for (String name : tree.fieldNames()) {
      if (!known.contains(name) && !name.equals("expand")) {
        throw StripeError.invalid("parameter_unknown", name, "Received unknown parameter: " + name);
      }
    }
  }

  boolean has(String name) {
    return tree.containsKey(name);
  }

  /** The text of a parameter; null when it is absent or empty. */
  @Nullable String text(String name) {
    Object value = tree.getValue(name);
    if (value == null || value.equals("")) {
      return null;
    }
    if (value instanceof String text) {
      return text;
    }
    throw StripeError.invalid(null, name, "Invalid string: " + name);
  }

  String requiredText(String name) {
    String value = text(name);
    if (value == null) {
      throw StripeError.missing(name);
    }
    return value;
  }

  String text(String name, String otherwise) {
    String value = text(name);
    return value == null ? otherwise : value;
  }

  @Nullable Long integer(String name) {
    String value = text(name);
    if (value == null) {
      return null;
    }
    try {
      return Long.valueOf(value);
    } catch (NumberFormatException e) {
      throw StripeError.invalid("parameter_invalid_integer", name, "Invalid integer: " + value);
    }
  }

  boolean flag(String name) {
    return switch (text(name)) {
      case null -> false;
      case "true" -> true;
      case "false" -> false;
      case String other -> throw StripeError.invalid(null, name, "Invalid boolean: " + other);
    };
  }

  /** One of the words the endpoint knows. */
  String oneOf(String name, String otherwise, Set<String> known) {
    String value = text(name, otherwise);
    if (!known.contains(value)) {
      throw StripeError.invalid(
          null,
          name,
          "Invalid "
              + name
              + ": must be one of "
              + String.join(", ", known.stream().sorted().toList()));
    }
    return value;
  }

  /** A nested object; null when it is absent or empty. */
  @Nullable JsonObject object(String name) {
    Object value = tree.getValue(name);
    if (value == null || value.equals("")) {
      return null;
    }
    if (value instanceof JsonObject object) {
      return object;
    }
    throw StripeError.invalid(null, name, "Invalid object");
  }

  /** A value inside nested objects; null when any step is absent. */
  @Nullable String nested(String... steps) {
    Object value = tree;
    for (String step : steps) {
      value = value instanceof JsonObject object ? object.getValue(step) : null;
    }
    return value instanceof String text && !text.isEmpty() ? text : null;
  }

  List<String> list(String name) {
    Object value = tree.getValue(name);
    return value instanceof JsonArray array
        ? array.stream().map(String::valueOf).toList()
        : List.of();
  }

  /** The parameter as it came: text, object or list. */
  @Nullable Object raw(String name) {
    return tree.getValue(name);
  }

  /**
   * The metadata after this request: given entries replace, empty ones remove, an empty value
   * removes all.
   */
  Map<String, String> metadata(Map<String, String> before) {
    Object value = tree.getValue("metadata");
    if (value == null) {
      return before;
    }
    Map<String, String> merged = new LinkedHashMap<>();
    if (value instanceof JsonObject entries) {
      merged.putAll(before);
      for (Map.Entry<String, Object> entry : entries) {
        String text = entry.getValue() instanceof String given ? given : "";
        if (text.isEmpty()) {
          merged.remove(entry.getKey());
        } else {
          merged.put(checked(entry.getKey()), checkedValue(entry.getKey(), text));
        }
      }
    }
    if (merged.size() > MOST_METADATA) {
      throw StripeError.invalid(null, "metadata", "You can have up to 50 metadata keys.");
    }
    return merged;
  }

  private static String checked(String key) {
    if (key.length() > LONGEST_METADATA_KEY) {
      throw StripeError.invalid(null, "metadata", "Metadata keys have up to 40 characters: " + key);
    }
    return key;
  }

  private static String checkedValue(String key, String value) {
    if (value.length() > LONGEST_METADATA_VALUE) {
      throw StripeError.invalid(
          null, "metadata[" + key + "]", "Metadata values have up to 500 characters.");
    }
    return value;
  }

  /** The parameters in one canonical form: the same for requests that say the same. */
  String canonical() {
    return canonical(tree);
  }

  private static String canonical(Object value) {
    return switch (value) {
      case JsonObject object -> {
        StringBuilder text = new StringBuilder("{");
        object.fieldNames().stream()
            .sorted()
            .forEach(
                name ->
                    text.append(quoted(name)).append(':').append(canonical(object.getValue(name))));
        yield text.append('}').toString();
      }
      case JsonArray array -> {
        StringBuilder text = new StringBuilder("[");
        array.forEach(each -> text.append(canonical(each)));
        yield text.append(']').toString();
      }
      default -> quoted(value.toString());
    };
  }

  private static String quoted(String text) {
    return text.length() + "'" + text + "'";
  }
}
