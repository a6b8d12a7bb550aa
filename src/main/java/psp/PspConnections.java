package psp;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
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
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import psp.TransportFailure.Stage;

/**
 * One account's connections to its PSP, for adapters that speak HTTP: bounded in number, queue,
 * time and body, and never repeating anything by themselves.
 *
 * <p>They are strict about one thing: a failure is {@link Stage#NOT_SENT} only while there was no
 * connection to write to. Once there is one, every failure may have come after the request's head
 * was written, also where a kept-alive connection turns out to be closed.
 */
public final class PspConnections {
  /** No answer is longer, or it is no answer. */
  public static final int MAX_BODY_BYTES = 1 << 20;

  // Below the PSPs' own keep-alive, so that a connection is seldom closed just as we write to it.
  private static final int KEEP_ALIVE_SECONDS = 30;

  private static final int OK = 200;

  private final Vertx vertx;
  private final HttpClientAgent client;
  private final Options options;

  /**
   * The bounds.
   *
   * @param accountId our id of the account, by which its metrics are told
   * @param connectTimeout for finding a connection: waiting for the pool, DNS, TCP and TLS together
   * @param callTimeout for a whole call, finding a connection included
   * @param poolSize connections at most
   * @param maxWaitingCalls calls at most that wait for a connection
   */
  public record Options(
      String accountId,
      Duration connectTimeout,
      Duration callTimeout,
      int poolSize,
      int maxWaitingCalls) {}

  /** An HTTP answer, whatever its status. */
  public record Answer(int status, MultiMap headers, Buffer body) {}

  public PspConnections(Vertx vertx, Options options) {
    this.vertx = vertx;
    this.options = options;
    client =
        vertx
            .httpClientBuilder()
            .with(
                new HttpClientOptions()
                    .setProtocolVersion(HttpVersion.HTTP_1_1)
                    .setMetricsName("psp_" + options.accountId)
                    .setConnectTimeout((int) options.connectTimeout.toMillis())
                    .setKeepAlive(true)
                    .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                    .setDecompressionSupported(false))
            .with(
                new PoolOptions()
                    .setHttp1MaxSize(options.poolSize)
                    .setMaxWaitQueueSize(options.maxWaitingCalls))
            .build();
  }

  /** A call's method and where it goes to: a path, with its query, of a PSP's API. */
  public static RequestOptions request(URI api, HttpMethod method, String pathAndQuery) {
    boolean tls = "https".equals(api.getScheme());
    return new RequestOptions()
        .setMethod(method)
        .setSsl(tls)
        .setHost(api.getHost())
        .setPort(api.getPort() == -1 ? (tls ? 443 : 80) : api.getPort())
        .setURI(pathAndQuery);
  }

  /**
   * One call; the body goes out as it is. Fails with {@link TransportFailure} only.
   *
   * @param request where to, and with what headers; redirects are not followed
   */
  public Future<Answer> call(RequestOptions request, @Nullable Buffer body) {
    request.setFollowRedirects(false).setConnectTimeout(options.connectTimeout.toMillis());
    // The answer's handlers are set on the loop that reads it, so that no part of it comes before.
    Promise<Answer> answered = Promise.promise();
    vertx
        .getOrCreateContext()
        .runOnContext(started -> exchange(request, body).onComplete(answered));
    return answered.future();
  }

  private Future<Answer> exchange(RequestOptions options, @Nullable Buffer body) {
    long deadline = System.nanoTime() + this.options.callTimeout.toNanos();
    return connect(options)
        .recover(cause -> Future.failedFuture(new TransportFailure(Stage.NOT_SENT, cause)))
        .compose(request -> send(request, body, deadline));
  }

  private Future<HttpClientRequest> connect(RequestOptions options) {
    try {
      return client.request(options);
    } catch (RuntimeException closed) {
      // A client that was just closed throws, and nothing has been written.
      return Future.failedFuture(closed);
    }
  }

  private static Future<Answer> send(
      HttpClientRequest request, @Nullable Buffer body, long deadline) {
    Future<HttpClientResponse> response = body == null ? request.send() : request.send(body);
    long leftMs = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
    return response
        .compose(PspConnections::read)
        .timeout(leftMs, TimeUnit.MILLISECONDS)
        .recover(
            cause -> {
              // Closes the connection: a late answer must not meet the next call.
              request.reset();
              return Future.failedFuture(new TransportFailure(stageOf(cause), cause));
            });
  }

  private static Stage stageOf(Throwable cause) {
    return switch (cause) {
      case TimeoutException timeout -> Stage.TIMEOUT;
      case BodyTooLong tooLong -> Stage.GARBLED;
      default -> Stage.CONNECTION_LOST;
    };
  }

  private static Future<Answer> read(HttpClientResponse response) {
    Promise<Answer> promise = Promise.promise();
    response.exceptionHandler(promise::tryFail);
    if (response.statusCode() < OK) {
      // What comes before an answer (RFC 9110, section 15.2) is taken for one by the client, and
      // the answer for the next call's: what else comes over this connection is nobody's.
      promise.fail(new NoFinalAnswer(response.statusCode()));
      response.request().connection().close();
      return promise.future();
    }
    Buffer body = Buffer.buffer();
    response.handler(
        chunk -> {
          if (body.length() + chunk.length() > MAX_BODY_BYTES) {
            promise.tryFail(new BodyTooLong());
          } else {
            body.appendBuffer(chunk);
          }
        });
    response.endHandler(
        end -> promise.tryComplete(new Answer(response.statusCode(), response.headers(), body)));
    return promise.future();
  }

  /** Takes no more calls and breaks off those under way. */
  public Future<Void> close() {
    return client.close();
  }

  private static final class NoFinalAnswer extends Exception {
    private static final long serialVersionUID = 1L;

    NoFinalAnswer(int status) {
      super("HTTP " + status + " instead of an answer", null, false, false);
    }
  }

  private static final class BodyTooLong extends Exception {
    private static final long serialVersionUID = 1L;

    BodyTooLong() {
      super("answer above " + MAX_BODY_BYTES + " bytes", null, false, false);
    }
  }
}
