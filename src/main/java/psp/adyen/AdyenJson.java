package psp.adyen;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads JSON that others made: what is of another kind than it should be is not there. */
final class AdyenJson {
  private AdyenJson() {}

  static Optional<JsonObject> object(String text) {
    try {
      return Json.decodeValue(text) instanceof JsonObject object
          ? Optional.of(object)
          : Optional.empty();
    } catch (DecodeException notJson) {
      return Optional.empty();
    }
  }

  static @Nullable JsonObject object(JsonObject in, String name) {
    return in.getValue(name) instanceof JsonObject object ? object : null;
  }

  static @Nullable String text(JsonObject in, String name) {
    return in.getValue(name) instanceof String text ? text : null;
  }

  /** A text, also where it is empty or the word null, as Adyen writes for nothing. */
  static @Nullable String filled(@Nullable JsonObject in, String name) {
    String text = in == null ? null : text(in, name);
    return text == null || text.isBlank() || text.equals("null") ? null : text;
  }
}
