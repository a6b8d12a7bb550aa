package simulator.webhooks;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * A recorded event and what became of its sendings.
 *
 * @param deliveries one per sending: copies and later resends have their own; none where the
 *     account had no endpoint
 */
public record SentEvent(WebhookEvent event, List<DeliveryReport> deliveries) {

  /** Whether any of its sendings arrived. */
  public boolean delivered() {
    return deliveries.stream().anyMatch(DeliveryReport::delivered);
  }

  /** For the control routes, without the event's body. */
  public JsonObject toJson() {
    JsonArray reports = new JsonArray();
    deliveries.forEach(report -> reports.add(report.toJson()));
    return new JsonObject()
        .put("id", event.id())
        .put("account", event.account())
        .put("type", event.type())
        .put("object", event.object())
        .put("created_at", event.createdAt().toEpochMilli())
        .put("deliveries", reports);
  }
}
