package psp.adyen;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import org.jspecify.annotations.Nullable;
import psp.PspConnections;
import psp.TransportFailure;
import psp.TransportFailure.Stage;

/** One account's calls to Adyen. */
final class AdyenConnection {
  private final PspConnections connections;
  private final AdyenSettings settings;
  private final String base;
  private volatile boolean closed;

  AdyenConnection(Vertx vertx, AdyenSettings settings) {
    this.settings = settings;
    String path = settings.baseUrl().getRawPath();
    base = path == null ? "" : path.replaceAll("/+$", "");
    connections =
        new PspConnections(
            vertx,
            new PspConnections.Options(
                settings.accountId(),
                settings.connectTimeout(),
                settings.callTimeout(),
                settings.poolSize(),
                settings.maxWaitingCalls()));
  }

  /**
   * One call; the body goes out as it is. Fails with {@link TransportFailure} only.
   *
   * @param idempotencyKey null for what needs none by its nature
   */
  Future<AdyenAnswer> call(
      HttpMethod method, String path, @Nullable String body, @Nullable String idempotencyKey) {
    if (closed) {
      return Future.failedFuture(
          new TransportFailure(Stage.NOT_SENT, new IllegalStateException("closed")));
    }
    return connections
        .call(
            options(method, path, body, idempotencyKey), body == null ? null : Buffer.buffer(body))
        .map(AdyenConnection::answer);
  }

  private static AdyenAnswer answer(PspConnections.Answer answer) {
    return new AdyenAnswer(
        answer.status(),
        AdyenJson.object(answer.body().toString()).orElse(null),
        "true".equalsIgnoreCase(answer.headers().get("Transient-Error")),
        answer.headers().get("Retry-After"));
  }

  private RequestOptions options(
      HttpMethod method, String path, @Nullable String body, @Nullable String idempotencyKey) {
    var options =
        PspConnections.request(settings.baseUrl(), method, base + path)
            .putHeader("X-API-Key", settings.apiKey())
            .putHeader("Accept", "application/json");
    if (body != null) {
      options.putHeader("Content-Type", "application/json");
    }
    if (idempotencyKey != null) {
      options.putHeader("Idempotency-Key", AdyenReferences.idempotencyKey(idempotencyKey));
    }
    return options;
  }

  /** Takes no more calls and breaks off those under way. */
  Future<Void> close() {
    closed = true;
    return connections.close();
  }
}
