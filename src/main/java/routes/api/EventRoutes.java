package routes.api;

import static routes.api.Expansion.Kind.EVENT;

import java.util.List;
import payments.Command;
import payments.PublicId;

/** {@code /v1/events}. */
final class EventRoutes {
  static final List<Endpoint> ALL =
      List.of(
          Endpoint.list("/v1/events", EVENT, EventParameters.LIST, EventRoutes::list),
          Endpoint.get("/v1/events/{id}", EVENT, EventParameters.RETRIEVE, EventRoutes::retrieve));

  private EventRoutes() {}

  private static Command list(ApiRequest request) {
    CheckedParameters parameters = request.parameters();
    parameters.exclusive("type", "types");
    String type = parameters.text("type");
    boolean group = type != null && type.indexOf('*') >= 0;
    return new Command.ListEvents(
        request.context(),
        request.page(PublicId.EVENT, "event"),
        type == null || group ? parameters.texts("types") : List.of(type),
        group ? type : null,
        parameters.flagOrNull("delivery_success"));
  }

  private static Command retrieve(ApiRequest request) {
    return new Command.RetrieveEvent(request.context(), request.id(PublicId.EVENT, "event", "id"));
  }
}
