package simulator;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request as it came in, before anything was done about it.
 *
 * @param account the account it is for; empty when it carries no known key
 * @param metadata of the request, and of the object it names
 * @param body the bytes as received
 */
public record Call(
    Instant receivedAt,
    String account,
    String method,
    String path,
    String query,
    @Nullable String idempotencyKey,
    Operation operation,
    Map<String, String> metadata,
    Buffer body) {

  JsonObject toJson() {
    return new JsonObject()
        .put("received_at", receivedAt.toEpochMilli())
        .put("account", account)
        .put("method", method)
        .put("path", path)
        .put("query", query)
        .put("idempotency_key", idempotencyKey)
        .put("operation", operation.name())
        .put("metadata", Metadata.toJson(metadata))
        .put("body", body.toString(StandardCharsets.UTF_8));
  }
}
