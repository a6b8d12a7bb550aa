package simulator;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import simulator.webhooks.EventMatch;
import simulator.webhooks.WebhookEndpoint;
import simulator.webhooks.Webhooks;

/** The controls of the events that are sent. */
final class WebhookControls {
  private static final String PATH = ControlRoutes.PATH + "webhooks";
  private static final long USUAL_WAIT_MS = 30_000;
  private static final int MOST_SHOWN = 1_000;

  private final Webhooks webhooks;

  private WebhookControls(Webhooks webhooks) {
    this.webhooks = webhooks;
  }

  static void addTo(Router router, Webhooks webhooks) {
    WebhookControls controls = new WebhookControls(webhooks);
    router.get(PATH).handler(controls::show);
    router.post(PATH).handler(ControlRoutes.reading(controls::sendTo));
    router.delete(PATH).handler(ControlRoutes.reading(controls::sendNowhere));
    router.get(PATH + "/events").handler(ControlRoutes.reading(controls::events));
    router.get(PATH + "/events/:event").handler(controls::event);
    router.get(PATH + "/idle").handler(ControlRoutes.reading(controls::idle));
    router.post(PATH + "/resend").handler(ControlRoutes.reading(controls::resend));
    router.post(PATH + "/release").handler(controls::release);
  }

  private void show(RoutingContext context) {
    JsonArray endpoints = new JsonArray();
    webhooks
        .endpoints()
        .forEach(
            endpoint ->
                endpoints.add(
                    new JsonObject()
                        .put("account", endpoint.account())
                        .put("url", endpoint.url().toString())
                        .put("secrets", endpoint.secrets().size())));
    context.json(
        new JsonObject().put("endpoints", endpoints).put("counts", webhooks.counts().toJson()));
  }

  private void sendTo(RoutingContext context) {
    JsonObject body = ControlRoutes.body(context);
    String account = body.getString("account");
    String url = body.getString("url");
    if (account == null || url == null) {
      throw new IllegalArgumentException("an endpoint has an account (or its key) and a url");
    }
    List<String> secrets =
        body.getJsonArray("secrets", new JsonArray()).stream().map(String::valueOf).toList();
    webhooks.sendTo(new WebhookEndpoint(AccountId.of(account), URI.create(url), secrets));
    ControlRoutes.done(context);
  }

  private void sendNowhere(RoutingContext context) {
    String account = context.request().getParam("account");
    if (account == null) {
      throw new IllegalArgumentException("whose endpoint?");
    }
    webhooks.sendNowhere(account);
    ControlRoutes.done(context);
  }

  private void events(RoutingContext context) {
    EventMatch match =
        match(
            new JsonObject()
                .put("account", context.request().getParam("account"))
                .put("type", context.request().getParam("type"))
                .put("object", context.request().getParam("object")));
    JsonArray events = new JsonArray();
    webhooks.sent().reversed().stream()
        .filter(sent -> match.test(sent.event()))
        .limit(MOST_SHOWN)
        .forEach(sent -> events.add(sent.toJson()));
    context.json(new JsonObject().put("events", events));
  }

  /** The body as it is sent. */
  private void event(RoutingContext context) {
    webhooks
        .event(context.request().getParam("event", ""))
        .ifPresentOrElse(
            event ->
                context.response().putHeader("Content-Type", "application/json").end(event.body()),
            () -> context.response().setStatusCode(404).end("no such event"));
  }

  /** Answers when nothing is on its way any more, or says that something still is. */
  private void idle(RoutingContext context) {
    String given = context.request().getParam("for_ms");
    long forMs = given == null ? USUAL_WAIT_MS : Long.parseLong(given);
    Future<Void> idle = webhooks.idle();
    (idle.isComplete() ? idle : idle.timeout(Math.max(1, forMs), TimeUnit.MILLISECONDS))
        .onComplete(waited -> context.json(new JsonObject().put("idle", waited.succeeded())));
  }

  private void resend(RoutingContext context) {
    JsonObject body = ControlRoutes.body(context);
    String event = body.getString("event");
    int resent;
    if (event != null) {
      resent = webhooks.resend(event) ? 1 : 0;
    } else if (body.getBoolean("dropped", false)) {
      resent = webhooks.resendDropped();
    } else {
      resent =
          webhooks.resend(
              match(body.getJsonObject("match", new JsonObject())),
              body.getBoolean("under_faults", false));
    }
    context.json(new JsonObject().put("resent", resent));
  }

  private void release(RoutingContext context) {
    context.json(new JsonObject().put("released", webhooks.release()));
  }

  static EventMatch match(JsonObject json) {
    String account = json.getString("account");
    EventMatch match =
        new EventMatch(
            account == null ? null : AccountId.of(account),
            json.getString("type"),
            json.getString("object"),
            null,
            null);
    for (var entry : json.getJsonObject("metadata", new JsonObject())) {
      match = match.metadata(entry.getKey(), String.valueOf(entry.getValue()));
    }
    return match;
  }
}
