package psp.adyen;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import psp.adyen.AdyenTransportException.Stage;

/**
 * One account's connections to Adyen.
 *
 * <p>It is strict about one thing: a failure is {@link Stage#NOT_SENT} only while there was no
 * connection to write to. Once there is one, every failure may have come after the request's head
 * was written, also where a kept-alive connection turns out to be closed.
 */
final class AdyenConnection {
  static final int MAX_BODY_BYTES = 1 << 20;

  // Below Adyen's own keep-alive, so that a connection is seldom closed just as we write to it.
  private static final int KEEP_ALIVE_SECONDS = 30;

  private final Vertx vertx;
  private final HttpClientAgent client;
  private final AdyenSettings settings;
  private final String base;
  private volatile boolean closed;

  AdyenConnection(Vertx vertx, AdyenSettings settings) {
    this.vertx = vertx;
    this.settings = settings;
    String path = settings.baseUrl().getRawPath();
    base = path == null ? "" : path.replaceAll("/+$", "");
    client =
        vertx
            .httpClientBuilder()
            .with(
                new HttpClientOptions()
                    .setProtocolVersion(HttpVersion.HTTP_1_1)
                    .setMetricsName("psp_" + settings.accountId())
                    .setConnectTimeout((int) settings.connectTimeout().toMillis())
                    .setKeepAlive(true)
                    .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                    .setDecompressionSupported(false))
            .with(
                new PoolOptions()
                    .setHttp1MaxSize(settings.poolSize())
                    .setMaxWaitQueueSize(settings.maxWaitingCalls()))
            .build();
  }

  /**
   * One call; the body goes out as it is. Fails with {@link AdyenTransportException} only.
   *
   * @param idempotencyKey null for what needs none by its nature
   */
  Future<AdyenAnswer> call(
      HttpMethod method, String path, @Nullable String body, @Nullable String idempotencyKey) {
    if (closed) {
      return Future.failedFuture(
          new AdyenTransportException(Stage.NOT_SENT, new IllegalStateException("closed")));
    }
    RequestOptions options = options(method, path, body, idempotencyKey);
    // The answer's handlers are set on the loop that reads it, so that no part of it comes before.
    Promise<AdyenAnswer> answered = Promise.promise();
    vertx
        .getOrCreateContext()
        .runOnContext(started -> exchange(options, body).onComplete(answered));
    return answered.future();
  }

  private RequestOptions options(
      HttpMethod method, String path, @Nullable String body, @Nullable String idempotencyKey) {
    URI url = settings.baseUrl();
    boolean tls = "https".equals(url.getScheme());
    var options =
        new RequestOptions()
            .setMethod(method)
            .setSsl(tls)
            .setHost(url.getHost())
            .setPort(url.getPort() == -1 ? (tls ? 443 : 80) : url.getPort())
            .setURI(base + path)
            .setFollowRedirects(false)
            .setConnectTimeout(settings.connectTimeout().toMillis())
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

  private Future<AdyenAnswer> exchange(RequestOptions options, @Nullable String body) {
    long deadline = System.nanoTime() + settings.callTimeout().toNanos();
    return client
        .request(options)
        .recover(cause -> Future.failedFuture(new AdyenTransportException(Stage.NOT_SENT, cause)))
        .compose(request -> send(request, body, deadline));
  }

  private static Future<AdyenAnswer> send(
      HttpClientRequest request, @Nullable String body, long deadline) {
    Future<HttpClientResponse> response =
        body == null ? request.send() : request.send(Buffer.buffer(body));
    long leftMs = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
    return response
        .compose(AdyenConnection::read)
        .timeout(leftMs, TimeUnit.MILLISECONDS)
        .recover(
            cause -> {
              // Closes the connection: a late answer must not meet the next call.
              request.reset();
              return Future.failedFuture(new AdyenTransportException(stageOf(cause), cause));
            });
  }

  private static Stage stageOf(Throwable cause) {
    return switch (cause) {
      case TimeoutException timeout -> Stage.TIMEOUT;
      case BodyTooLong tooLong -> Stage.UNREADABLE;
      default -> Stage.CONNECTION_LOST;
    };
  }

  private static Future<AdyenAnswer> read(HttpClientResponse response) {
    Promise<AdyenAnswer> promise = Promise.promise();
    Buffer body = Buffer.buffer();
    response.exceptionHandler(promise::tryFail);
    response.handler(
        chunk -> {
          if (body.length() + chunk.length() > MAX_BODY_BYTES) {
            promise.tryFail(new BodyTooLong());
          } else {
            body.appendBuffer(chunk);
          }
        });
    response.endHandler(
        end ->
            promise.tryComplete(
                new AdyenAnswer(
                    response.statusCode(),
                    AdyenJson.object(body.toString()).orElse(null),
                    "true".equalsIgnoreCase(response.getHeader("Transient-Error")),
                    response.getHeader("Retry-After"))));
    return promise.future();
  }

  /** Takes no more calls and breaks off those under way. */
  Future<Void> close() {
    closed = true;
    return client.close();
  }

  private static final class BodyTooLong extends Exception {
    private static final long serialVersionUID = 1L;

    BodyTooLong() {
      super("answer above " + MAX_BODY_BYTES + " bytes", null, false, false);
    }
  }
}
