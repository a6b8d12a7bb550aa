package config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns one given value into the type of its property, or says what was expected. */
final class Values {
  private Values() {}

  /** A value that does not fit; the text says what would. */
  static final class Unfit extends Exception {
    private static final long serialVersionUID = 1L;

    Unfit(String expected) {
      super(expected);
    }

    String expected() {
      return String.valueOf(getMessage());
    }
  }

  /** Converts; {@code given} comes from YAML (typed) or from an environment or argument (text). */
  static Object convert(Class<?> type, Object given) throws Unfit {
    if (type == String.class || type == Secret.class) {
      // A number or date that YAML has already read may have lost digits: 0123 is 83.
      if (!(given instanceof String text) || text.isBlank()) {
        throw new Unfit(
            given instanceof Number || given instanceof Boolean
                ? "text, so put it in quotes"
                : "text that is not empty");
      }
      return type == String.class ? text : new Secret(text);
    }
    if (type == int.class) {
      return wholeNumber(given);
    }
    if (type == boolean.class) {
      return truth(given);
    }
    if (type == Duration.class) {
      return duration(given);
    }
    if (type == URI.class) {
      return uri(given);
    }
    if (type.isEnum()) {
      return constant(type, given);
    }
    if (type == List.class) {
      return durations(given);
    }
    throw new IllegalStateException("no conversion to " + type);
  }

  /** What stands in for a value that is missing or unfit while the other rules are checked. */
  static Object placeholder(Class<?> type) {
    if (type == String.class) {
      return "missing";
    }
    if (type == Secret.class) {
      return new Secret("missing");
    }
    if (type == int.class) {
      return 0;
    }
    if (type == boolean.class) {
      return false;
    }
    if (type == Duration.class) {
      return Duration.ofSeconds(1);
    }
    if (type == URI.class) {
      return URI.create("missing:");
    }
    if (type == List.class) {
      return List.of();
    }
    return type.getEnumConstants()[0];
  }

  private static Object wholeNumber(Object given) throws Unfit {
    if (given instanceof Integer) {
      return given;
    }
    if (given instanceof String text && text.matches("-?\\d{1,9}")) {
      return Integer.parseInt(text);
    }
    throw new Unfit("a whole number");
  }

  private static Object truth(Object given) throws Unfit {
    String text = given.toString();
    if (text.equals("true") || text.equals("false")) {
      return Boolean.valueOf(text);
    }
    throw new Unfit("true or false");
  }

  private static Duration duration(Object given) throws Unfit {
    Duration duration = given instanceof String text ? Durations.parse(text.strip()) : null;
    if (duration == null) {
      throw new Unfit("a duration such as 500ms, 30s, 10m, 24h");
    }
    return duration;
  }

  private static List<Duration> durations(Object given) throws Unfit {
    List<?> parts =
        given instanceof List<?> list ? list : Arrays.asList(given.toString().split(","));
    List<Duration> durations = new java.util.ArrayList<>();
    for (Object part : parts) {
      Duration duration = part instanceof String text ? Durations.parse(text.strip()) : null;
      if (duration == null || duration.isZero()) {
        throw new Unfit("durations above zero, such as 1s, 5s, 30s");
      }
      durations.add(duration);
    }
    return List.copyOf(durations);
  }

  private static URI uri(Object given) throws Unfit {
    try {
      return new URI(given.toString());
    } catch (URISyntaxException malformed) {
      throw new Unfit("a URI");
    }
  }

  private static Object constant(Class<?> type, Object given) throws Unfit {
    for (Object constant : type.getEnumConstants()) {
      if (nameOf(constant).equals(given.toString())) {
        return constant;
      }
    }
    throw new Unfit(
        "one of "
            + Arrays.stream(type.getEnumConstants())
                .map(Values::nameOf)
                .collect(Collectors.joining(", ")));
  }

  private static String nameOf(Object constant) {
    return constant.toString().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The given value for a message, or null where showing it could show a secret. */
  static @Nullable String shown(Class<?> type, Object given) {
    String text = given.toString();
    boolean mayHoldSecret = type == Secret.class || text.contains("@") || text.contains("://");
    boolean structured = given instanceof List || given instanceof java.util.Map;
    if (mayHoldSecret || structured || text.length() > 100) {
      return null;
    }
    return "\"" + text.replaceAll("\\p{Cntrl}", "?") + "\"";
  }
}
