package routes.ops;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import payments.Listing;
import payments.OperatorRequest;
import payments.Parameters;
import payments.PublicId;

/**
 * An operator's call, read and checked: the query of a list or the body of a change. A name that is
 * not known is refused, since a filter with a slip in its name would mean everything.
 */
final class OperatorCall {
  static final String OPERATOR = "Sluice-Operator";
  static final String KEY = "Idempotency-Key";

  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 500;
  private static final int MAX_TEXT = 500;
  private static final int MAX_OPERATOR = 64;
  private static final int MAX_KEY = 255;

  private final RoutingContext context;
  private final Map<String, Object> values;

  private OperatorCall(RoutingContext context, Map<String, Object> values) {
    this.context = context;
    this.values = values;
  }

  /** A list's query. */
  static OperatorCall query(RoutingContext context, String... names) {
    var values = new LinkedHashMap<String, Object>();
    for (Map.Entry<String, String> entry : context.queryParams()) {
      if (values.put(entry.getKey(), entry.getValue()) != null) {
        throw InvalidCall.of(entry.getKey(), "is given twice");
      }
    }
    return known(context, values, names, Set.of("limit", "cursor"));
  }

  /** A change's body. */
  static OperatorCall body(RoutingContext context, String... names) {
    String type = context.request().getHeader("Content-Type");
    if (type == null || !type.toLowerCase(java.util.Locale.ROOT).startsWith("application/json")) {
      throw new InvalidCall(415, "a change is sent as application/json", "Content-Type");
    }
    return known(context, new LinkedHashMap<>(object(context).getMap()), names, Set.of("reason"));
  }

  private static JsonObject object(RoutingContext context) {
    Buffer body = context.body().buffer();
    try {
      return new JsonObject(body == null ? Buffer.buffer() : body);
    } catch (DecodeException | ClassCastException notAnObject) {
      throw new InvalidCall(400, "the body is not a JSON object", null);
    }
  }

  private static OperatorCall known(
      RoutingContext context, Map<String, Object> values, String[] names, Set<String> always) {
    Set<String> known = Set.of(names);
    for (String name : values.keySet()) {
      if (!known.contains(name) && !always.contains(name)) {
        String all =
            java.util.stream.Stream.concat(known.stream(), always.stream())
                .sorted()
                .collect(Collectors.joining(", "));
        throw InvalidCall.of(name, "is not known here; known are " + all);
      }
    }
    return new OperatorCall(context, values);
  }

  /** A text, or null where it is not given. */
  @Nullable String text(String name) {
    Object value = values.get(name);
    return value == null ? null : checked(name, value, MAX_TEXT);
  }

  String required(String name) {
    String text = text(name);
    if (text == null) {
      throw InvalidCall.of(name, "is required");
    }
    return text;
  }

  private static String checked(String name, @Nullable Object value, int longest) {
    if (!(value instanceof String text)) {
      throw InvalidCall.of(name, "must be a text");
    }
    if (text.isBlank() || text.length() > longest) {
      throw InvalidCall.of(name, "must have 1 to " + longest + " characters");
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw InvalidCall.of(name, "must not have control characters");
    }
    return text;
  }

  boolean flag(String name) {
    Object value = values.get(name);
    if (value == null) {
      return false;
    }
    if (value.equals(true) || value.equals("true")) {
      return true;
    }
    if (value.equals(false) || value.equals("false")) {
      return false;
    }
    throw InvalidCall.of(name, "must be true or false");
  }

  /** One of some words, or null where it is not given. */
  <T> @Nullable T word(String name, Map<String, T> words) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    T word = words.get(text);
    if (word == null) {
      throw InvalidCall.of(name, "must be one of " + String.join(", ", words.keySet()));
    }
    return word;
  }

  /** An id, or null where it is not given. */
  @Nullable UUID id(String name, PublicId kind) {
    String text = text(name);
    return text == null
        ? null
        : kind.parse(text)
            .orElseThrow(
                () -> InvalidCall.of(name, "must be an id that begins with " + kind.prefix()));
  }

  /** A moment, or null where it is not given. */
  @Nullable Instant time(String name) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeException wrong) {
      throw InvalidCall.of(name, "must be a time such as 2026-01-31T12:00:00Z");
    }
  }

  /** The span from {@code from} up to {@code to}. */
  Listing.Span span() {
    Instant from = time("from");
    Instant to = time("to");
    if (from != null && to != null && !from.isBefore(to)) {
      throw InvalidCall.of("to", "must be after from");
    }
    return new Listing.Span(from, to);
  }

  /** The page that a list's query asks for. */
  Listing.Page page() {
    String cursor = text("cursor");
    Listing.Place after =
        cursor == null
            ? null
            : Cursor.parse(cursor)
                .orElseThrow(() -> InvalidCall.of("cursor", "is none that a list has given"));
    return new Listing.Page(number("limit", DEFAULT_LIMIT, MAX_LIMIT), after);
  }

  /** A whole number from 1 on. */
  int number(String name, int otherwise, int most) {
    Object value = values.get(name);
    if (value == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(String.valueOf(value));
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException wrong) {
      // Told below, as a number out of bounds is.
    }
    throw InvalidCall.of(name, "must be a number from 1 to " + most);
  }

  /** A part of the path. */
  String path(String name) {
    return checked(name, context.pathParam(name), MAX_TEXT);
  }

  /** An id in the path. */
  UUID pathId(String name, PublicId kind) {
    return kind.parse(path(name))
        .orElseThrow(() -> InvalidCall.of(name, "must be an id that begins with " + kind.prefix()));
  }

  /** An id of what has no public prefix, in the path. */
  UUID pathId(String name) {
    return PublicId.parseDigits(path(name))
        .orElseThrow(() -> InvalidCall.of(name, "must be an id of 22 letters and digits"));
  }

  /**
   * The change that is asked for. Its target is everything that the path and the body say besides
   * the reason.
   */
  OperatorRequest change(String action) {
    var target = new LinkedHashMap<String, Object>(context.pathParams());
    values.forEach(
        (name, value) -> {
          if (!name.equals("reason") && value != null) {
            target.put(name, value instanceof Number number ? number.longValue() : value);
          }
        });
    return new OperatorRequest(
        header(OPERATOR, MAX_OPERATOR)
            .orElseThrow(() -> InvalidCall.of(OPERATOR, "a change names its operator")),
        action,
        new Parameters(target),
        required("reason"),
        header(KEY, MAX_KEY).orElse(null));
  }

  private Optional<String> header(String name, int longest) {
    List<String> given = context.request().headers().getAll(name);
    if (given.isEmpty()) {
      return Optional.empty();
    }
    String text = checked(name, given.getFirst(), longest);
    if (given.size() > 1 || !text.chars().allMatch(letter -> letter >= 0x20 && letter < 0x7F)) {
      throw InvalidCall.of(name, "must be one text of printable ASCII characters");
    }
    return Optional.of(text);
  }

  /** Words by their name on the wire. */
  static <T> Map<String, T> words(T[] all, Function<T, String> wire) {
    var words = new LinkedHashMap<String, T>();
    for (T word : all) {
      words.put(wire.apply(word), word);
    }
    return words;
  }
}
