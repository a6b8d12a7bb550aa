package simulator;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import simulator.adyen.AdyenControls;
import simulator.adyen.AdyenControls.CarriedOut;
import simulator.adyen.AdyenControls.DetailsAnswers;
import simulator.adyen.AdyenControls.UsualCapture;

/**
 * The controls of a simulator for other processes: what its Java methods do, over HTTP and JSON.
 */
final class ControlRoutes {
  static final String PATH = "/_simulator/";
  private static final int MOST_BODY_BYTES = 1 << 16;

  private final Vertx vertx;
  private final Simulator simulator;

  private ControlRoutes(Vertx vertx, Simulator simulator) {
    this.vertx = vertx;
    this.simulator = simulator;
  }

  static Router of(Vertx vertx, Simulator simulator) {
    ControlRoutes routes = new ControlRoutes(vertx, simulator);
    Router router = Router.router(vertx);
    router.post().handler(BodyHandler.create(false).setBodyLimit(MOST_BODY_BYTES));
    router.get(PATH + "health").handler(context -> context.json(new JsonObject().put("up", true)));
    router.get(PATH + "truth").handler(routes::truth);
    router.get(PATH + "calls").handler(routes::calls);
    router.get(PATH + "faults").handler(routes::faults);
    router.post(PATH + "faults").handler(reading(routes::addFault));
    router.delete(PATH + "faults").handler(routes::clearFaults);
    router.post(PATH + "faults/release").handler(routes::release);
    router.post(PATH + "refuse").handler(reading(routes::refuse));
    router.post(PATH + "settle").handler(routes::settle);
    router.post(PATH + "challenges/:payment").handler(reading(routes::challenge));
    router.post(PATH + "reset").handler(routes::reset);
    WebhookControls.addTo(router, simulator.webhooks());
    DashboardControls.addTo(router, simulator.dashboard());
    router.post(PATH + "adyen").handler(reading(routes::adyen));
    return router;
  }

  private void truth(RoutingContext context) {
    context.json(simulator.truth().toJson(context.request().getParam("account")));
  }

  private void calls(RoutingContext context) {
    JsonArray calls = new JsonArray();
    simulator.calls().forEach(call -> calls.add(call.toJson()));
    context.json(new JsonObject().put("calls", calls));
  }

  private void faults(RoutingContext context) {
    JsonArray rules = new JsonArray();
    Stream.concat(
            simulator.faults().rules().stream(), simulator.faults().webhooks().rules().stream())
        .forEach(
            rule ->
                rules.add(
                    new JsonObject()
                        .put("match", rule.match().toString())
                        .put("fault", rule.fault().toString())
                        .put("struck", rule.struck())));
    context.json(
        new JsonObject().put("faults", rules).put("hanging", simulator.faults().hanging()));
  }

  private void addFault(RoutingContext context) {
    FaultJson.add(simulator.faults(), body(context));
    done(context);
  }

  private void clearFaults(RoutingContext context) {
    simulator.faults().clear();
    done(context);
  }

  private void release(RoutingContext context) {
    simulator.faults().release();
    done(context);
  }

  /**
   * Refuses connections for a while; the simulator comes back by itself, as nobody can reach it to
   * say so.
   */
  private void refuse(RoutingContext context) {
    long forMs = body(context).getLong("for_ms", 1_000L);
    context
        .json(new JsonObject().put("refusing_for_ms", forMs))
        .onComplete(
            answered -> {
              simulator.refuseConnections(true);
              vertx.setTimer(Math.max(1, forMs), over -> simulator.refuseConnections(false));
            });
  }

  private void settle(RoutingContext context) {
    context.json(new JsonObject().put("settled", simulator.settlePending()));
  }

  private void challenge(RoutingContext context) {
    boolean passed = body(context).getBoolean("pass", true);
    String payment = context.request().getParam("payment", "");
    Optional<URI> back = simulator.adyen().completeChallenge(payment, passed);
    context.json(
        new JsonObject()
            .put("completed", back.isPresent() || simulator.completeChallenge(payment, passed))
            .put("url", back.map(URI::toString).orElse(null)));
  }

  /** What is named is set; all of it goes back at a reset. */
  private void adyen(RoutingContext context) {
    JsonObject body = body(context);
    AdyenControls adyen = simulator.adyen();
    String modifications = body.getString("modifications");
    if (modifications != null) {
      adyen.modifications(CarriedOut.valueOf(modifications.toUpperCase(Locale.ROOT)));
    }
    String captures = body.getString("automatic_captures");
    if (captures != null) {
      adyen.automaticCaptures(CarriedOut.valueOf(captures.toUpperCase(Locale.ROOT)));
    }
    String capture = body.getString("usual_capture");
    if (capture != null) {
      adyen.usualCapture(UsualCapture.valueOf(capture.toUpperCase(Locale.ROOT)));
    }
    String details = body.getString("details_answers");
    if (details != null) {
      adyen.detailsAnswers(DetailsAnswers.valueOf(details.toUpperCase(Locale.ROOT)));
    }
    Integer items = body.getInteger("items_per_notification");
    if (items != null) {
      adyen.itemsPerNotification(items);
    }
    done(context);
  }

  private void reset(RoutingContext context) {
    simulator.reset().onSuccess(reset -> done(context)).onFailure(context::fail);
  }

  static JsonObject body(RoutingContext context) {
    JsonObject body = context.body().asJsonObject();
    return body == null ? new JsonObject() : body;
  }

  static void done(RoutingContext context) {
    context.json(new JsonObject().put("done", true));
  }

  /** Answers 400 to what cannot be read. */
  static Handler<RoutingContext> reading(Consumer<RoutingContext> handler) {
    return context -> {
      try {
        handler.accept(context);
      } catch (IllegalArgumentException | ClassCastException | DecodeException e) {
        context.response().setStatusCode(400).end("cannot read this: " + e.getMessage());
      }
    };
  }
}
