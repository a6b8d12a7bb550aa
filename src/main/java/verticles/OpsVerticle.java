package verticles;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import routes.ops.HealthChecks;
import routes.ops.OpsRoutes;

/** The management port: health, metrics, operator API. */
public final class OpsVerticle extends VerticleBase {
  private final Options options;

  /**
   * What it is made of.
   *
   * @param scrape the metrics as text; may block
   * @param operatorApi each mounts routes below {@code /ops/}
   * @param listening told the port once it is bound
   */
  public record Options(
      String host,
      int port,
      HealthChecks health,
      Supplier<String> scrape,
      List<Consumer<Router>> operatorApi,
      IntConsumer listening) {

    public Options {
      operatorApi = List.copyOf(operatorApi);
    }
  }

  public OpsVerticle(Options options) {
    this.options = options;
  }

  @Override
  public Future<?> start() {
    Router router =
        OpsRoutes.router(vertx, options.health(), options.scrape(), options.operatorApi());
    return vertx
        .createHttpServer(
            new HttpServerOptions()
                .setHost(options.host())
                .setPort(options.port())
                .setHttp2ClearTextEnabled(false))
        .requestHandler(router)
        .listen()
        .map(HttpServer::actualPort)
        .onSuccess(options.listening()::accept);
  }
}
