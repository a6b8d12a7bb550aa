package simulator.stripe;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import simulator.Operation;
import simulator.webhooks.SentEvent;
import simulator.webhooks.WebhookEvent;
import simulator.webhooks.Webhooks;

/** {@code /v1/events}: the last events of an account, whether or not they were sent. */
final class Events {
  private final Webhooks webhooks;

  Events(Webhooks webhooks) {
    this.webhooks = webhooks;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(
            "events",
            Operation.SEARCH,
            Page.params("type", "types", "delivery_success"),
            this::list),
        Endpoint.get("events/*", Operation.RETRIEVE, Set.of(), this::retrieve));
  }

  private JsonObject list(StripeCall call) {
    String type = call.params().text("type");
    List<String> types = call.params().list("types");
    String delivered = call.params().text("delivery_success");
    Stream<WebhookEvent> events =
        delivered == null
            ? webhooks.events(call.account().id()).stream()
            : webhooks.sent().stream()
                .filter(sent -> sent.event().account().equals(call.account().id()))
                .filter(sent -> sent.delivered() == Boolean.parseBoolean(delivered))
                .map(SentEvent::event);
    return Page.of(
        "/v1/events",
        call.params(),
        events
            .filter(event -> type == null || ofType(type, event))
            .filter(event -> types.isEmpty() || types.contains(event.type()))
            .toList()
            .reversed(),
        WebhookEvent::id,
        WebhookEvent::createdAt,
        Events::render);
  }

  private static boolean ofType(String type, WebhookEvent event) {
    return type.endsWith("*")
        ? event.type().startsWith(type.substring(0, type.length() - 1))
        : event.type().equals(type);
  }

  private JsonObject retrieve(StripeCall call) {
    return webhooks
        .event(call.id())
        .filter(event -> event.account().equals(call.account().id()))
        .map(Events::render)
        .orElseThrow(() -> StripeError.notFound("event", call.id(), "id"));
  }

  private static JsonObject render(WebhookEvent event) {
    return new JsonObject(event.body());
  }
}
