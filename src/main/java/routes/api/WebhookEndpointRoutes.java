package routes.api;

import static routes.api.Expansion.Kind.WEBHOOK_ENDPOINT;

import java.util.List;
import java.util.UUID;
import payments.Command;
import payments.PublicId;

/** {@code /v1/webhook_endpoints}. */
final class WebhookEndpointRoutes {
  private static final String PATH = "/v1/webhook_endpoints";

  /** How long the secret so far signs beside a new one, where the merchant does not say. */
  private static final long OLD_SECRET_LIVES_SECONDS = 86_400;

  static final List<Endpoint> ALL =
      List.of(
          Endpoint.post(
              PATH,
              WEBHOOK_ENDPOINT,
              WebhookEndpointParameters.CREATE,
              WebhookEndpointRoutes::create),
          Endpoint.list(
              PATH, WEBHOOK_ENDPOINT, WebhookEndpointParameters.LIST, WebhookEndpointRoutes::list),
          Endpoint.get(
              PATH + "/{id}",
              WEBHOOK_ENDPOINT,
              WebhookEndpointParameters.RETRIEVE,
              WebhookEndpointRoutes::retrieve),
          Endpoint.post(
              PATH + "/{id}",
              WEBHOOK_ENDPOINT,
              WebhookEndpointParameters.UPDATE,
              WebhookEndpointRoutes::update),
          Endpoint.delete(
              PATH + "/{id}",
              WEBHOOK_ENDPOINT,
              WebhookEndpointParameters.DELETE,
              WebhookEndpointRoutes::delete),
          Endpoint.post(
              PATH + "/{id}/rotate_secret",
              WEBHOOK_ENDPOINT,
              WebhookEndpointParameters.ROTATE,
              WebhookEndpointRoutes::rotate));

  private WebhookEndpointRoutes() {}

  private static Command create(ApiRequest request) {
    return new Command.CreateWebhookEndpoint(
        request.context(),
        request.parameters().requiredText("url"),
        request.parameters().texts("enabled_events"),
        request.parameters().kept());
  }

  private static Command list(ApiRequest request) {
    return new Command.ListWebhookEndpoints(
        request.context(), request.page(PublicId.WEBHOOK_ENDPOINT, "webhook endpoint"));
  }

  private static Command retrieve(ApiRequest request) {
    return new Command.RetrieveWebhookEndpoint(request.context(), id(request));
  }

  private static Command update(ApiRequest request) {
    return new Command.UpdateWebhookEndpoint(
        request.context(),
        id(request),
        request.parameters().text("url"),
        request.parameters().texts("enabled_events"),
        request.parameters().flagOrNull("disabled"),
        request.parameters().keptByUpdate());
  }

  private static Command rotate(ApiRequest request) {
    Long expiresIn = request.parameters().number("expires_in");
    return new Command.RotateWebhookSecret(
        request.context(), id(request), expiresIn == null ? OLD_SECRET_LIVES_SECONDS : expiresIn);
  }

  private static Command delete(ApiRequest request) {
    return new Command.DeleteWebhookEndpoint(request.context(), id(request));
  }

  private static UUID id(ApiRequest request) {
    return request.id(PublicId.WEBHOOK_ENDPOINT, "webhook endpoint", "id");
  }
}
