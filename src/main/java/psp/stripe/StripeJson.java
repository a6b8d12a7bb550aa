package psp.stripe;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON of Stripe's in one pass. What is of another kind than it should be is never passed
 * over: it makes the whole unreadable, as it does with stripe-java.
 */
final class StripeJson {
  private static final int MAX_DEPTH = 64;
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          // Interning names from outside would fill a table of the whole JVM.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNameLength(1_024)
                  .maxNumberLength(100)
                  .build())
          .build();

  private StripeJson() {}

  /** Reads the object that the parser stands at the beginning of, to its end. */
  interface Reading<T> {
    T of(JsonParser parser) throws IOException;
  }

  /** Reads the value that the parser stands at, to its end; null where nothing is told. */
  interface Field<T> {
    @Nullable T of(JsonParser parser) throws IOException;
  }

  /** A text that is one object and nothing else. */
  static <T> T document(String json, Reading<T> reading) throws IOException {
    try (JsonParser parser = FACTORY.createParser(json)) {
      require(parser.nextToken() == JsonToken.START_OBJECT, "no object");
      T read = reading.of(parser);
      require(parser.nextToken() == null, "more than an object");
      return read;
    }
  }

  /**
   * Goes on to the value of an object's next field, and says what that is called; null at the
   * object's end. What stands there is to be read or passed over before the next one.
   */
  static @Nullable String nextField(JsonParser parser) throws IOException {
    if (parser.nextToken() == JsonToken.END_OBJECT) {
      return null;
    }
    String name = parser.currentName();
    parser.nextToken();
    return name;
  }

  /** An object, or null in its place. */
  static <T> @Nullable T object(JsonParser parser, Reading<T> reading) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    require(parser.currentToken() == JsonToken.START_OBJECT, "no object");
    return reading.of(parser);
  }

  /** One field of an object; of the others nothing is wanted. */
  static <T> @Nullable T field(JsonParser parser, String wanted, Field<T> reading)
      throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    require(parser.currentToken() == JsonToken.START_OBJECT, "no object");
    T read = null;
    for (String name = nextField(parser); name != null; name = nextField(parser)) {
      if (name.equals(wanted)) {
        read = reading.of(parser);
      } else {
        parser.skipChildren();
      }
    }
    return read;
  }

  /** A text; of another single value the text that it is written as. */
  static @Nullable String text(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    require(parser.currentToken().isScalarValue(), "no text");
    return parser.getText();
  }

  /** The id of an object, which may be told in its place or be in the object. */
  static @Nullable String id(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_NULL -> null;
      case VALUE_STRING -> parser.getText();
      default -> told(field(parser, "id", StripeJson::text));
    };
  }

  static String told(@Nullable String id) throws IOException {
    if (id == null) {
      throw new StripeReadingException("an object without id");
    }
    return id;
  }

  /** A whole number. Nothing is made up for what is none: it may be money. */
  static @Nullable Long whole(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    require(parser.currentToken() == JsonToken.VALUE_NUMBER_INT, "no whole number");
    return parser.getLongValue();
  }

  static void require(boolean asDocumented, String otherwise) throws IOException {
    if (!asDocumented) {
      throw new StripeReadingException(otherwise);
    }
  }
}
