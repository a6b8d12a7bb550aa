package simulator.stripe;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import simulator.Metadata;

/**
 * A customer.
 *
 * @param attributes what the caller said about it, as it is shown
 */
record Customer(
    String id,
    String account,
    Instant createdAt,
    Map<String, String> metadata,
    JsonObject attributes,
    boolean deleted) {

  JsonObject toJson() {
    return new JsonObject()
        .put("id", id)
        .put("account", account)
        .put("created_at", createdAt.toEpochMilli())
        .put("metadata", Metadata.toJson(metadata))
        .put("attributes", attributes)
        .put("deleted", deleted);
  }

  static Customer fromJson(JsonObject json) {
    return new Customer(
        json.getString("id"),
        json.getString("account"),
        Instant.ofEpochMilli(json.getLong("created_at")),
        Metadata.fromJson(json.getJsonObject("metadata")),
        json.getJsonObject("attributes"),
        json.getBoolean("deleted"));
  }
}
