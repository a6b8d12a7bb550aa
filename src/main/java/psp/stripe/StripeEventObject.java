package psp.stripe;

import static psp.stripe.StripeJson.nextField;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import psp.stripe.StripeJson.Reading;

/**
 * What a stored event is about. Whatever the API version: the SDK's own reading of events refuses
 * those of other versions than its own.
 *
 * @param object the event's data.object
 * @param apiVersion the version that it is in the shape of
 */
record StripeEventObject<T>(T object, @Nullable String apiVersion) {

  /** Reads the object in an event, which has to be there. */
  static <T> StripeEventObject<T> of(String event, Reading<T> reading) throws IOException {
    return StripeJson.document(event, parser -> inEvent(parser, reading));
  }

  private static <T> StripeEventObject<T> inEvent(JsonParser parser, Reading<T> reading)
      throws IOException {
    T object = null;
    String apiVersion = null;
    for (String name = nextField(parser); name != null; name = nextField(parser)) {
      JsonToken value = parser.currentToken();
      if (name.equals("data")) {
        object = StripeJson.field(parser, "object", told -> StripeJson.object(told, reading));
      } else if (name.equals("api_version") && value == JsonToken.VALUE_STRING) {
        apiVersion = parser.getText();
      } else {
        parser.skipChildren();
      }
    }
    if (object == null) {
      throw new StripeReadingException("an event without an object");
    }
    return new StripeEventObject<>(object, apiVersion);
  }
}
