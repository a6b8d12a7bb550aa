package verticles;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import routes.ops.HealthChecks;
import routes.ops.OperatorApi;
import routes.ops.OpsRoutes;

/** The management port: health, metrics, operator API. */
public final class OpsVerticle extends VerticleBase {
  /** Longer than the longest call may take. */
  private static final int IDLE_SECONDS = 60;

  private final Options options;

  /**
   * What it is made of.
   *
   * @param scrape the metrics as text; may block
   * @param operatorToken what operators show, null where there is no operator API
   * @param operatorApi made for the verticle's context
   * @param listening told the port once it is bound
   */
  public record Options(
      String host,
      int port,
      HealthChecks health,
      Supplier<String> scrape,
      @Nullable String operatorToken,
      Function<Context, OperatorApi> operatorApi,
      IntConsumer listening) {

    @Override
    public String toString() {
      return "Options[" + host + ":" + port + "]";
    }
  }

  public OpsVerticle(Options options) {
    this.options = options;
  }

  @Override
  public Future<?> start() {
    Router router =
        OpsRoutes.router(
            vertx,
            options.health(),
            options.scrape(),
            options.operatorToken(),
            options.operatorApi().apply(context));
    return vertx
        .createHttpServer(
            new HttpServerOptions()
                .setHost(options.host())
                .setPort(options.port())
                .setIdleTimeout(IDLE_SECONDS)
                .setHttp2ClearTextEnabled(false))
        .requestHandler(router)
        .listen()
        .map(HttpServer::actualPort)
        .onSuccess(options.listening()::accept);
  }
}
