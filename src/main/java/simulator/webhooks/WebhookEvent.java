package simulator.webhooks;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import simulator.Metadata;

/**
 * One event as a provider tells it: the same bytes however often it is sent.
 *
 * @param object id of the object it shows
 * @param metadata of the object it shows
 */
public record WebhookEvent(
    String id,
    String account,
    String type,
    String object,
    Map<String, String> metadata,
    Instant createdAt,
    Buffer body) {

  JsonObject toJson() {
    return new JsonObject()
        .put("id", id)
        .put("account", account)
        .put("type", type)
        .put("object", object)
        .put("metadata", Metadata.toJson(metadata))
        .put("created_at", createdAt.toEpochMilli())
        .put("body", body.toString());
  }

  static WebhookEvent fromJson(JsonObject json) {
    return new WebhookEvent(
        json.getString("id"),
        json.getString("account"),
        json.getString("type"),
        json.getString("object"),
        Metadata.fromJson(json.getJsonObject("metadata")),
        Instant.ofEpochMilli(json.getLong("created_at")),
        Buffer.buffer(json.getString("body")));
  }
}
