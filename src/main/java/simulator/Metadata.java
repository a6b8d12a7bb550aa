package simulator;

import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Metadata as an unmodifiable map that keeps its order, and its JSON form. */
public final class Metadata {
  private Metadata() {}

  public static JsonObject toJson(Map<String, String> metadata) {
    JsonObject json = new JsonObject();
    metadata.forEach(json::put);
    return json;
  }

  public static Map<String, String> fromJson(JsonObject json) {
    Map<String, String> metadata = new LinkedHashMap<>();
    json.forEach(entry -> metadata.put(entry.getKey(), String.valueOf(entry.getValue())));
    return Collections.unmodifiableMap(metadata);
  }
}
