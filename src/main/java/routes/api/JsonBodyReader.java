package routes.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import payments.Refusal.Code;

/**
 * Reads a JSON object into the same tree as {@link FormReader}: strings, longs, booleans, maps and
 * lists. Null means what the empty text means in a form: unset. Numbers that are no longs stay
 * text, so that the catalogue refuses them by name. The parser's own messages are never shown: they
 * quote the body.
 */
final class JsonBodyReader {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // Interning names from outside would fill a table of the whole JVM.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(2 * FormReader.MAX_DEPTH)
                  .maxNameLength(FormReader.MAX_NAME_LENGTH)
                  .maxNumberLength(100)
                  .build())
          .build();

  private int count;

  private JsonBodyReader() {}

  static Map<String, Object> read(byte[] bytes) {
    String text =
        Utf8.decode(bytes, 0, bytes.length)
            .orElseThrow(
                () -> new RefusedException(Code.BODY_MALFORMED, "The body is not valid UTF-8."));
    return parse(text);
  }

  /** The same for JSON in the text of a parameter, which then is to blame. */
  static Map<String, Object> readText(String param, String text) {
    try {
      return parse(text);
    } catch (RefusedException e) {
      throw new RefusedException(
          Code.PARAMETER_INVALID,
          "The value of `" + param + "` is not a sound JSON object.",
          param);
    }
  }

  private static Map<String, Object> parse(String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw malformed();
      }
      Map<String, Object> root = new JsonBodyReader().object(parser, 1);
      if (parser.nextToken() != null) {
        throw malformed();
      }
      return root;
    } catch (JsonParseException | StreamConstraintsException e) {
      throw malformed();
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory cannot fail", e);
    }
  }

  private Map<String, Object> object(JsonParser parser, int depth) throws IOException {
    bound(depth);
    var map = new LinkedHashMap<String, Object>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      if (map.put(name, value(parser, depth)) != null) {
        throw new RefusedException(
            Code.BODY_MALFORMED, "The JSON body gives the same name twice in one object.");
      }
    }
    return map;
  }

  private List<Object> array(JsonParser parser, int depth) throws IOException {
    bound(depth);
    var list = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      list.add(value(parser, depth));
    }
    return list;
  }

  private Object value(JsonParser parser, int depth) throws IOException {
    if (++count > FormReader.MAX_PARAMETERS) {
      throw new RefusedException(
          Code.BODY_MALFORMED,
          "A request may have up to " + FormReader.MAX_PARAMETERS + " parameters.");
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser, depth + 1);
      case START_ARRAY -> array(parser, depth + 1);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> number(parser.getText());
      case VALUE_NUMBER_FLOAT -> parser.getText();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> "";
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
          throw malformed();
    };
  }

  private static Object number(String digits) {
    try {
      return Long.valueOf(digits);
    } catch (NumberFormatException beyondLong) {
      return digits;
    }
  }

  private static void bound(int depth) {
    if (depth > FormReader.MAX_DEPTH) {
      throw new RefusedException(
          Code.BODY_MALFORMED,
          "Parameters may be nested up to " + FormReader.MAX_DEPTH + " levels deep.");
    }
  }

  private static RefusedException malformed() {
    return new RefusedException(
        Code.BODY_MALFORMED,
        "The body is not a well-formed JSON object, or one of its parts is" + " too long.");
  }
}
