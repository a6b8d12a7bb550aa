package flows;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.Answer;
import payments.Command;
import payments.PublicId;
import payments.Refusal;
import payments.RequestContext;
import payments.WebhookEndpoint;
import store.WebhookEndpoints;
import store.Write;

/** Webhook endpoints: create, retrieve, update, rotate the secret, delete, list. */
final class WebhookEndpointFlows {
  private final Services services;
  private final KeyedChange change;

  WebhookEndpointFlows(Services services) {
    this.services = services;
    this.change = new KeyedChange(services);
  }

  private WebhookEndpoints endpoints() {
    return services.webhooks().endpoints();
  }

  Future<Answer> create(Command.CreateWebhookEndpoint command) {
    return change.run(
        command.context(),
        "WebhookEndpoint",
        () -> allowed(command.url()).compose(ok -> createAllowed(command)));
  }

  private Future<Optional<Answer>> createAllowed(Command.CreateWebhookEndpoint command) {
    RequestContext context = command.context();
    UUID id = services.ids().next();
    String secret = EndpointSecrets.fresh(services.ids());
    var endpoint =
        new WebhookEndpoint(
            context.merchantId(),
            context.livemode(),
            id,
            command.url(),
            true,
            null,
            command.enabledEvents(),
            command.parameters(),
            services.webhooks().secrets().seal(secret, context.merchantId(), id),
            null,
            null,
            1,
            null);
    Answer answer = services.renderer().webhookEndpoint(context, endpoint, secret);
    return endpoints()
        .create(endpoint, claim(context, answer))
        .map(
            made ->
                switch (made) {
                  case DONE -> Optional.of(answer);
                  case KEY_TAKEN -> Optional.empty();
                  case TOO_MANY ->
                      throw new Refused(
                          Refusal.of(
                              Refusal.Code.PARAMETER_INVALID,
                              "You have reached the maximum of "
                                  + WebhookEndpoints.LIMIT
                                  + (context.livemode() ? " live" : " test")
                                  + " webhook endpoints."));
                });
  }

  Future<Answer> update(Command.UpdateWebhookEndpoint command) {
    return changed(
        command.context(),
        command.endpointId(),
        endpoint -> {
          String url = command.url();
          return (url == null ? Future.<Void>succeededFuture() : allowed(url))
              .compose(
                  ok -> {
                    WebhookEndpoint updated = updated(endpoint, command);
                    Answer answer =
                        services.renderer().webhookEndpoint(command.context(), updated, null);
                    return write(
                        updated, Write.KeyClaim.of(command.context(), null, answer), answer);
                  });
        });
  }

  private static WebhookEndpoint updated(
      WebhookEndpoint endpoint, Command.UpdateWebhookEndpoint command) {
    Boolean disabled = command.disabled();
    boolean enabled = disabled == null ? endpoint.enabled() : !disabled;
    return new WebhookEndpoint(
        endpoint.merchantId(),
        endpoint.livemode(),
        endpoint.id(),
        command.url() == null ? endpoint.url() : command.url(),
        enabled,
        enabled ? null : endpoint.disabledReason(),
        command.enabledEvents().isEmpty() ? endpoint.enabledEvents() : command.enabledEvents(),
        endpoint.parameters().with(command.parameters()),
        endpoint.secret(),
        endpoint.previousSecret(),
        endpoint.previousSecretUntil(),
        endpoint.version() + 1,
        endpoint.failingSince());
  }

  /** The old secret goes on signing beside the new one for as long as the merchant asks. */
  Future<Answer> rotate(Command.RotateWebhookSecret command) {
    RequestContext context = command.context();
    return changed(
        context,
        command.endpointId(),
        endpoint -> {
          String secret = EndpointSecrets.fresh(services.ids());
          WebhookEndpoint rotated =
              rotated(
                  endpoint,
                  services.webhooks().secrets().seal(secret, endpoint.merchantId(), endpoint.id()),
                  command.oldLivesSeconds() == 0
                      ? null
                      : services.clock().instant().plusSeconds(command.oldLivesSeconds()));
          Answer answer = services.renderer().webhookEndpoint(context, rotated, secret);
          return write(rotated, claim(context, answer), answer);
        });
  }

  private static WebhookEndpoint rotated(
      WebhookEndpoint endpoint, String secret, @Nullable Instant oldUntil) {
    return new WebhookEndpoint(
        endpoint.merchantId(),
        endpoint.livemode(),
        endpoint.id(),
        endpoint.url(),
        endpoint.enabled(),
        endpoint.disabledReason(),
        endpoint.enabledEvents(),
        endpoint.parameters(),
        secret,
        oldUntil == null ? null : endpoint.secret(),
        oldUntil,
        endpoint.version() + 1,
        endpoint.failingSince());
  }

  Future<Answer> retrieve(Command.RetrieveWebhookEndpoint command) {
    return require(command.context(), command.endpointId())
        .map(endpoint -> services.renderer().webhookEndpoint(command.context(), endpoint, null));
  }

  Future<Answer> list(Command.ListWebhookEndpoints command) {
    RequestContext context = command.context();
    return endpoints()
        .list(context.merchantId(), context.livemode(), command.page())
        .map(page -> services.renderer().webhookEndpoints(context, page));
  }

  Future<Answer> delete(Command.DeleteWebhookEndpoint command) {
    RequestContext context = command.context();
    return endpoints()
        .delete(context.merchantId(), context.livemode(), command.endpointId())
        .map(
            deleted -> {
              if (!deleted) {
                throw missing(command.endpointId());
              }
              return services.renderer().webhookEndpointDeleted(context, command.endpointId());
            });
  }

  private interface Decision {
    Future<Optional<Answer>> on(WebhookEndpoint endpoint);
  }

  private Future<Answer> changed(RequestContext context, UUID endpointId, Decision decision) {
    return change.run(
        context,
        "WebhookEndpoint " + PublicId.WEBHOOK_ENDPOINT.of(endpointId),
        () -> require(context, endpointId).compose(decision::on));
  }

  private Future<Optional<Answer>> write(
      WebhookEndpoint endpoint, Write.@Nullable KeyClaim key, Answer answer) {
    return endpoints()
        .update(endpoint, key)
        .map(written -> written ? Optional.of(answer) : Optional.empty());
  }

  /** The claim of an answer that shows a secret. */
  private Write.@Nullable KeyClaim claim(RequestContext context, Answer answer) {
    return Write.KeyClaim.of(context, null, services.webhooks().secrets().closed(context, answer));
  }

  private Future<Void> allowed(String url) {
    return services
        .webhooks()
        .targets()
        .refusal(url)
        .map(
            refusal -> {
              if (refusal.isPresent()) {
                throw new Refused(Refusal.of(Refusal.Code.URL_INVALID, refusal.get(), "url"));
              }
              return null;
            });
  }

  private Future<WebhookEndpoint> require(RequestContext context, UUID endpointId) {
    return endpoints()
        .find(context.merchantId(), context.livemode(), endpointId)
        .map(found -> found.orElseThrow(() -> missing(endpointId)));
  }

  private static Refused missing(UUID endpointId) {
    return new Refused(
        Refusal.of(
            Refusal.Code.RESOURCE_MISSING,
            "No such webhook endpoint: '" + PublicId.WEBHOOK_ENDPOINT.of(endpointId) + "'",
            "id"));
  }
}
