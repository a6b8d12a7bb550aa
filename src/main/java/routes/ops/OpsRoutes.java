package routes.ops;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.TimeoutHandler;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The management port's routes: health, metrics, and those of the operator API it is given. */
public final class OpsRoutes {
  private static final String OPERATORS = "/ops";

  /** Above what the database may take for a change, so that its answer comes first. */
  private static final long TIMEOUT_MS = 20_000;

  private static final long MAX_BODY_BYTES = 65_536;

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
   * @param operatorToken what operators show, null where there is no operator API
   */
  public static Router router(
      Vertx vertx,
      HealthChecks health,
      Supplier<String> scrape,
      @Nullable String operatorToken,
      OperatorApi operatorApi) {
    OpsRoutes routes = new OpsRoutes(vertx, health, scrape);
    Router router = Router.router(vertx);
    OpsReply.errorsOf(router);
    router.get("/health/live").handler(OpsRoutes::live);
    router.get("/health/ready").handler(routes::ready);
    router.get("/metrics").handler(routes::metrics);
    Router operators = operators(vertx, operatorToken);
    operatorApi.mount(operators);
    List<String> paths = Stream.concat(paths(router, ""), paths(operators, OPERATORS)).toList();
    router.route(OPERATORS + "/*").subRouter(operators);
    router.get("/").handler(context -> OpsReply.json(context, 200, index(paths)));
    return router;
  }

  /** Nothing of it is reached, and no body read, without the token. */
  private static Router operators(Vertx vertx, @Nullable String token) {
    Router router = Router.router(vertx);
    OpsReply.errorsOf(router);
    router.route().handler(new OperatorAccess(token));
    router.route().handler(TimeoutHandler.create(TIMEOUT_MS, 503));
    router.route().handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES));
    return router;
  }

  private static Stream<String> paths(Router router, String prefix) {
    return router.getRoutes().stream()
        .filter(route -> route.getPath() != null)
        .map(
            route -> (route.methods() + " " + prefix + route.getPath()).replaceAll("[\\[\\]]", ""));
  }

  private static JsonObject index(List<String> paths) {
    return new JsonObject().put("name", "Sluice management").put("routes", new JsonArray(paths));
  }

  /** Answering at all is the proof: the event loops turn. */
  private static void live(RoutingContext context) {
    OpsReply.json(context, 200, new JsonObject().put("status", "up"));
  }

  private void ready(RoutingContext context) {
    health
        .report()
        .onSuccess(report -> OpsReply.json(context, report.ready() ? 200 : 503, rendered(report)))
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
}
