package verticles;

import inbox.Intake;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import routes.ConnectionGuard;
import routes.webhooks.WebhookAccount;
import routes.webhooks.WebhookEdge;
import routes.webhooks.WebhookSettings;
import telemetry.WebhookMeters;

/**
 * Takes PSPs' webhooks in, on a port of its own: a storm of them does not slow the merchants' API.
 * Several instances share the port.
 */
public final class WebhookVerticle extends VerticleBase {
  private final Options options;
  private @Nullable HttpServer server;

  /**
   * What it is made of.
   *
   * @param intake makes what stores events, for the instance's own context
   * @param clock what signatures' ages are measured by
   * @param listening told the port once it is bound
   */
  public record Options(
      WebhookSettings settings,
      List<WebhookAccount> accounts,
      Function<Context, Intake> intake,
      WebhookMeters meters,
      InstantSource clock,
      IntConsumer listening) {
    public Options {
      accounts = List.copyOf(accounts);
    }
  }

  public WebhookVerticle(Options options) {
    this.options = options;
  }

  @Override
  public Future<?> start() {
    WebhookSettings settings = options.settings();
    var edge =
        new WebhookEdge(
            vertx,
            settings,
            options.accounts(),
            options.intake().apply(context),
            options.meters(),
            options.clock());
    var http =
        vertx.createHttpServer(EdgeOptions.of(settings.maxHeaderBytes(), settings.idleTimeout()));
    return new ConnectionGuard(vertx, settings.idleTimeout(), edge, edge::handleInvalid)
        .serve(http)
        .listen(settings.port(), settings.host())
        .onSuccess(
            bound -> {
              server = bound;
              options.listening().accept(bound.actualPort());
            });
  }

  /** Takes no more webhooks and lets those at work end. */
  @Override
  public Future<?> stop() {
    HttpServer bound = server;
    return bound == null
        ? Future.succeededFuture()
        : bound.shutdown(options.settings().drain().toMillis(), TimeUnit.MILLISECONDS);
  }
}
