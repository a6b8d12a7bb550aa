package psp.stripe;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a stored event is about, as the part of its text that it is: parsed once, by whoever reads
 * it. Whatever the API version: the SDK's own reading of events refuses those of other versions
 * than its own.
 *
 * @param json the event's data.object
 * @param apiVersion the version that it is in the shape of
 */
record StripeEventObject(String json, @Nullable String apiVersion) {

  /**
   * Finds the object in an event.
   *
   * @throws IllegalArgumentException where there is none, or where an amount of it is no whole
   *     number: stripe-java would cut it down to one
   */
  static StripeEventObject of(String event) throws IOException {
    try (JsonParser parser = StripeEnvelope.FACTORY.createParser(event)) {
      String object = null;
      String apiVersion = null;
      require(parser.nextToken() == JsonToken.START_OBJECT);
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("data")) {
          require(value == JsonToken.START_OBJECT);
          object = inData(parser, event);
        } else if (name.equals("api_version") && value == JsonToken.VALUE_STRING) {
          apiVersion = parser.getText();
        } else {
          parser.skipChildren();
        }
      }
      if (object == null) {
        throw new IllegalArgumentException("an event without an object");
      }
      return new StripeEventObject(object, apiVersion);
    }
  }

  private static @Nullable String inData(JsonParser parser, String event) throws IOException {
    String object = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("object")) {
        require(value == JsonToken.START_OBJECT);
        int start = (int) parser.currentTokenLocation().getCharOffset();
        checkAmounts(parser);
        object = event.substring(start, (int) parser.currentLocation().getCharOffset());
      } else {
        parser.skipChildren();
      }
    }
    return object;
  }

  private static void checkAmounts(JsonParser parser) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.startsWith("amount") && !isWhole(parser, value)) {
        throw new IllegalArgumentException("not a whole number: " + name);
      }
      parser.skipChildren();
    }
  }

  /** What is told of an amount, such as its details, is none. */
  private static boolean isWhole(JsonParser parser, JsonToken value) throws IOException {
    return switch (value) {
      case VALUE_NULL, START_OBJECT -> true;
      case VALUE_NUMBER_INT -> parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
      default -> false;
    };
  }

  private static void require(boolean asDocumented) {
    if (!asDocumented) {
      throw new IllegalArgumentException("not an event");
    }
  }
}
