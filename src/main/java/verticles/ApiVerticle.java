package verticles;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import payments.IdSource;
import routes.api.ApiEdge;
import routes.api.ApiKeys;
import routes.api.ApiSettings;
import routes.api.CommandSender;

/** Serves the merchants' API. Several instances share the port. */
public final class ApiVerticle extends VerticleBase {
  private static final int MAX_INITIAL_LINE_BYTES = 8 * 1_024;

  private final ApiSettings settings;
  private final ApiKeys keys;
  private final CommandSender sender;
  private final IdSource ids;
  private final IntConsumer listening;
  private @Nullable HttpServer server;

  /**
   * The edge of one instance.
   *
   * @param listening told the port once it is bound
   */
  public ApiVerticle(
      ApiSettings settings,
      ApiKeys keys,
      CommandSender sender,
      IdSource ids,
      IntConsumer listening) {
    this.settings = settings;
    this.keys = keys;
    this.sender = sender;
    this.ids = ids;
    this.listening = listening;
  }

  @Override
  public Future<?> start() {
    var edge = new ApiEdge(vertx, settings, keys, sender, ids);
    return vertx
        .createHttpServer(options())
        .requestHandler(edge)
        .invalidRequestHandler(edge::handleInvalid)
        .listen(settings.port(), settings.host())
        .onSuccess(
            bound -> {
              server = bound;
              listening.accept(bound.actualPort());
            });
  }

  /** Takes no more requests and lets those in flight end. */
  @Override
  public Future<?> stop() {
    HttpServer bound = server;
    return bound == null
        ? Future.succeededFuture()
        : bound.shutdown(settings.drain().toMillis(), TimeUnit.MILLISECONDS);
  }

  private HttpServerOptions options() {
    return new HttpServerOptions()
        .setMaxInitialLineLength(MAX_INITIAL_LINE_BYTES)
        .setMaxHeaderSize(settings.maxHeaderBytes())
        // Clients that try the upgrade on a plain connection go on with HTTP/1.1. Upgraded ones
        // were seen to wait for ever for an
        // answer.
        .setHttp2ClearTextEnabled(false)
        .setIdleTimeout((int) settings.idleTimeout().toMillis())
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setHandle100ContinueAutomatically(true)
        .setDecompressionSupported(false)
        .setTcpNoDelay(true);
  }
}
