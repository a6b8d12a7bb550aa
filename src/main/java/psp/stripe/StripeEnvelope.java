package psp.stripe;

import static psp.stripe.StripeJson.nextField;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is read of an event before it is stored: enough to name it and to share it out. One pass
 * that also shows the whole text to be JSON of a bounded depth.
 *
 * @param livemode null where the event does not say
 * @param subject the intent where its object names one, else the object, else the event itself
 */
record StripeEnvelope(String id, String type, @Nullable Boolean livemode, String subject) {
  private static final int MAX_NAME = 255;

  /** Empty where the text is no event. */
  static Optional<StripeEnvelope> of(String json) {
    try (JsonParser parser = StripeJson.FACTORY.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      var reading = new Reading();
      reading.event(parser);
      return parser.nextToken() == null ? reading.envelope() : Optional.empty();
    } catch (IOException malformed) {
      return Optional.empty();
    }
  }

  /** The fields as they come by; all are null until they do. */
  private static final class Reading {
    private @Nullable String id;
    private @Nullable String type;
    private @Nullable Boolean livemode;
    private @Nullable String object;
    private @Nullable String objectId;
    private @Nullable String intentId;

    void event(JsonParser parser) throws IOException {
      for (String name = nextField(parser); name != null; name = nextField(parser)) {
        JsonToken value = parser.currentToken();
        switch (name) {
          case "id" -> id = text(parser, value);
          case "type" -> type = text(parser, value);
          case "object" -> object = text(parser, value);
          case "livemode" -> {
            livemode = value.isBoolean() ? parser.getBooleanValue() : null;
            parser.skipChildren();
          }
          case "data" -> within(parser, value, this::data);
          default -> parser.skipChildren();
        }
      }
    }

    private void data(JsonParser parser, String name, JsonToken value) throws IOException {
      if (name.equals("object")) {
        within(parser, value, this::object);
      } else {
        parser.skipChildren();
      }
    }

    private void object(JsonParser parser, String name, JsonToken value) throws IOException {
      switch (name) {
        case "id" -> objectId = text(parser, value);
        case "payment_intent" -> {
          // Expanded it is an object with an id.
          if (value == JsonToken.START_OBJECT) {
            within(parser, value, this::intent);
          } else {
            intentId = text(parser, value);
          }
        }
        default -> parser.skipChildren();
      }
    }

    private void intent(JsonParser parser, String name, JsonToken value) throws IOException {
      if (name.equals("id")) {
        intentId = text(parser, value);
      } else {
        parser.skipChildren();
      }
    }

    private interface Field {
      void read(JsonParser parser, String name, JsonToken value) throws IOException;
    }

    /** Reads the fields of an object; what is none is passed over. */
    private static void within(JsonParser parser, JsonToken value, Field field) throws IOException {
      if (value != JsonToken.START_OBJECT) {
        parser.skipChildren();
        return;
      }
      for (String name = nextField(parser); name != null; name = nextField(parser)) {
        field.read(parser, name, parser.currentToken());
      }
    }

    private static @Nullable String text(JsonParser parser, JsonToken value) throws IOException {
      if (value == JsonToken.VALUE_STRING) {
        return parser.getText();
      }
      parser.skipChildren();
      return null;
    }

    Optional<StripeEnvelope> envelope() {
      String name = id;
      String of = type;
      if (name == null || of == null || object == null || !isName(name) || !isName(of)) {
        return Optional.empty();
      }
      String subject = intentId == null ? objectId : intentId;
      return Optional.of(new StripeEnvelope(name, of, livemode, subject == null ? name : subject));
    }

    private static boolean isName(String text) {
      return !text.isEmpty()
          && text.length() <= MAX_NAME
          && text.chars().allMatch(next -> next > ' ' && next <= '~');
    }
  }
}
