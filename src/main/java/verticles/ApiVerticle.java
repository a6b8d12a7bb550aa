package verticles;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import payments.IdSource;
import routes.ConnectionGuard;
import routes.api.ApiEdge;
import routes.api.ApiKeys;
import routes.api.ApiSettings;
import routes.api.CommandSender;
import routes.reference.Reference;

/** Serves the merchants' API. Several instances share the port. */
public final class ApiVerticle extends VerticleBase {
  private final ApiSettings settings;
  private final ApiKeys keys;
  private final CommandSender sender;
  private final IdSource ids;
  private final Reference reference;
  private final IntConsumer listening;
  private @Nullable HttpServer server;

  /**
   * The edge of one instance.
   *
   * @param reference what is served to readers, the same for all instances
   * @param listening told the port once it is bound
   */
  public ApiVerticle(
      ApiSettings settings,
      ApiKeys keys,
      CommandSender sender,
      IdSource ids,
      Reference reference,
      IntConsumer listening) {
    this.settings = settings;
    this.keys = keys;
    this.sender = sender;
    this.ids = ids;
    this.reference = reference;
    this.listening = listening;
  }

  @Override
  public Future<?> start() {
    var edge = new ApiEdge(vertx, settings, keys, sender, ids, reference);
    var http =
        vertx.createHttpServer(EdgeOptions.of(settings.maxHeaderBytes(), settings.idleTimeout()));
    return new ConnectionGuard(vertx, settings.idleTimeout(), edge, edge::handleInvalid)
        .serve(http)
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
}
