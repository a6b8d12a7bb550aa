package routes.api;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.IdSource;
import payments.PublicId;
import payments.WebhookEndpoint;

/**
 * A webhook endpoint (Stripe API: The Webhook Endpoint object), with {@code disabled_reason} of
 * Sluice's own.
 */
final class WebhookEndpointJson {
  private WebhookEndpointJson() {}

  /**
   * Writes one.
   *
   * @param secret shown only where it was just made, null elsewhere
   */
  static void write(JsonWriter json, WebhookEndpoint endpoint, @Nullable String secret) {
    json.beginObject()
        .field("id", endpoint.publicId())
        .field("object", "webhook_endpoint")
        .field("api_version", ApiVersion.PINNED)
        .nullField("application")
        .field("created", IdSource.createdAt(endpoint.id()).getEpochSecond())
        .field("description", endpoint.parameters().text("description"))
        .field("disabled_reason", endpoint.disabledReason())
        .field("enabled_events", endpoint.enabledEvents())
        .field("livemode", endpoint.livemode())
        .field("metadata", endpoint.parameters().metadata())
        .fieldIfPresent("secret", secret)
        .field("status", endpoint.enabled() ? "enabled" : "disabled")
        .field("url", endpoint.url())
        .endObject();
  }

  static void writeDeleted(JsonWriter json, UUID endpointId) {
    json.beginObject()
        .field("id", PublicId.WEBHOOK_ENDPOINT.of(endpointId))
        .field("object", "webhook_endpoint")
        .field("deleted", true)
        .endObject();
  }
}
