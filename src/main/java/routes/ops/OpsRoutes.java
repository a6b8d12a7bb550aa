package routes.ops;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The management port's routes: health, metrics, and those of the operator API it is given. */
public final class OpsRoutes {
  private final Vertx vertx;
  private final HealthChecks health;
  private final Supplier<String> scrape;

  private OpsRoutes(Vertx vertx, HealthChecks health, Supplier<String> scrape) {
    this.vertx = vertx;
    this.health = health;
    this.scrape = scrape;
  }

  /**
   * All routes.
   *
   * @param scrape the metrics as text; may block
   * @param operatorApi each mounts routes below {@code /ops/}
   */
  public static Router router(
      Vertx vertx,
      HealthChecks health,
      Supplier<String> scrape,
      List<Consumer<Router>> operatorApi) {
    OpsRoutes routes = new OpsRoutes(vertx, health, scrape);
    Router router = Router.router(vertx);
    router.get("/health/live").handler(OpsRoutes::live);
    router.get("/health/ready").handler(routes::ready);
    router.get("/metrics").handler(routes::metrics);
    operatorApi.forEach(resource -> resource.accept(router));
    List<String> paths =
        router.getRoutes().stream()
            .filter(route -> route.getPath() != null)
            .map(route -> route.methods() + " " + route.getPath())
            .map(line -> line.replaceAll("[\\[\\]]", ""))
            .toList();
    router.get("/").handler(context -> json(context, 200, index(paths)));
    return router;
  }

  private static JsonObject index(List<String> paths) {
    return new JsonObject().put("name", "Sluice management").put("routes", new JsonArray(paths));
  }

  /** Answering at all is the proof: the event loops turn. */
  private static void live(RoutingContext context) {
    json(context, 200, new JsonObject().put("status", "up"));
  }

  private void ready(RoutingContext context) {
    health
        .report()
        .onSuccess(report -> json(context, report.ready() ? 200 : 503, rendered(report)))
        .onFailure(context::fail);
  }

  private static JsonObject rendered(HealthChecks.Report report) {
    JsonObject checks = new JsonObject();
    for (HealthChecks.Result result : report.results()) {
      JsonObject check = new JsonObject().put("status", result.up() ? "up" : "down");
      if (result.detail() != null) {
        check.put("detail", result.detail());
      }
      checks.put(result.name(), check);
    }
    return new JsonObject().put("status", report.ready() ? "up" : "down").put("checks", checks);
  }

  private void metrics(RoutingContext context) {
    Future<@Nullable String> text = vertx.executeBlocking(scrape::get, false);
    text.onSuccess(
            body ->
                context
                    .response()
                    .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                    .end(body == null ? "" : body))
        .onFailure(context::fail);
  }

  private static void json(RoutingContext context, int status, JsonObject body) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .end(body.toBuffer());
  }
}
