package outbox;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
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
import io.vertx.core.net.SocketAddress;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import outbox.PostOutcome.Kind;

/**
 * POSTs to addresses that strangers chose: connects only to an address that was checked, follows no
 * redirect, reads little of the answer and waits for it no longer than the timeout. The future of a
 * POST always succeeds, with what became of it.
 *
 * <p>Connections are kept by (address, name): one that is used again goes to an address that was
 * checked for this delivery, too. All of one client is used on one event loop.
 */
public final class WebhookClient {
  static final int MAX_ANSWER_BYTES = 256 * 1024;

  /** Below what common servers keep a connection for, so that it is seldom closed as it is used. */
  private static final int KEEP_ALIVE_SECONDS = 4;

  private static final int HTTPS_PORT = 443;
  private static final int HTTP_PORT = 80;
  private static final int MAX_ERROR = 300;
  private static final int OK = 200;

  private final Vertx vertx;
  private final TargetGuard guard;
  private final Options options;
  private final HttpClientAgent client;

  /**
   * The bounds of a client.
   *
   * @param timeout for all of a POST, from the look-up of the name to the end of the answer
   * @param maxConnections to one address
   */
  public record Options(
      Duration connectTimeout, Duration timeout, int maxConnections, String userAgent) {}

  public WebhookClient(Vertx vertx, TargetGuard guard, Options options) {
    this(vertx, guard, options, new HttpClientOptions());
  }

  /** A client with other trust, for tests. */
  WebhookClient(Vertx vertx, TargetGuard guard, Options options, HttpClientOptions http) {
    this.vertx = vertx;
    this.guard = guard;
    this.options = options;
    this.client =
        vertx
            .httpClientBuilder()
            .with(
                http.setProtocolVersion(HttpVersion.HTTP_1_1)
                    .setMetricsName("webhook_deliveries")
                    .setConnectTimeout((int) options.connectTimeout.toMillis())
                    .setSslHandshakeTimeout(options.timeout.toSeconds() + 1)
                    .setKeepAlive(true)
                    .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                    .setDecompressionSupported(false))
            .with(new PoolOptions().setHttp1MaxSize(options.maxConnections))
            .build();
  }

  public Future<Void> close() {
    return client.close();
  }

  /**
   * Sends a body.
   *
   * @param turn which of several addresses is taken: another one at each attempt
   */
  Future<PostOutcome> post(String url, Map<String, String> headers, Buffer body, int turn) {
    return new Posting(URI.create(url), headers, body, turn).start();
  }

  /** One POST on its way; whatever comes first ends it. */
  private final class Posting {
    private final URI uri;
    private final Map<String, String> headers;
    private final Buffer body;
    private final int turn;
    private final Promise<PostOutcome> promise = Promise.promise();
    private final Context context = vertx.getOrCreateContext();
    private final long timer;
    private @Nullable HttpClientRequest request;
    private boolean over;
    private int received;

    Posting(URI uri, Map<String, String> headers, Buffer body, int turn) {
      this.uri = uri;
      this.headers = headers;
      this.body = body;
      this.turn = turn;
      this.timer = vertx.setTimer(options.timeout.toMillis(), ignored -> timedOut());
    }

    Future<PostOutcome> start() {
      guard
          .addresses(uri.getHost())
          .onComplete(found -> context.runOnContext(ignored -> looked(found)));
      return promise.future();
    }

    /** Name look-ups may answer on another thread; all else happens on this context. */
    private void looked(AsyncResult<List<InetAddress>> found) {
      if (found.failed()) {
        noAddress(found.cause());
      } else if (!over) {
        connect(found.result());
      }
    }

    private void connect(List<InetAddress> addresses) {
      boolean tls = "https".equalsIgnoreCase(uri.getScheme());
      int port = uri.getPort() > 0 ? uri.getPort() : tls ? HTTPS_PORT : HTTP_PORT;
      String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
      MultiMap all = MultiMap.caseInsensitiveMultiMap().addAll(headers);
      all.set("User-Agent", options.userAgent);
      client
          .request(
              new RequestOptions()
                  .setMethod(HttpMethod.POST)
                  .setServer(
                      SocketAddress.inetSocketAddress(
                          new InetSocketAddress(chosen(addresses), port)))
                  .setHost(uri.getHost())
                  .setPort(port)
                  .setSsl(tls)
                  .setURI(uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery())
                  .setHeaders(all)
                  .setFollowRedirects(false))
          .onFailure(this::failed)
          .onSuccess(this::send);
    }

    /** IPv4 first: it is what every network has. */
    private InetAddress chosen(List<InetAddress> addresses) {
      List<InetAddress> ordered =
          addresses.stream()
              .sorted(Comparator.comparingInt(address -> address.getAddress().length))
              .toList();
      return ordered.get(Math.floorMod(turn, ordered.size()));
    }

    private void send(HttpClientRequest connected) {
      request = connected;
      if (over) {
        connected.reset();
        return;
      }
      connected.exceptionHandler(this::failed);
      connected.response().onSuccess(this::answered).onFailure(this::failed);
      connected.end(body).onFailure(this::failed);
    }

    private void answered(HttpClientResponse response) {
      int status = response.statusCode();
      response.exceptionHandler(this::failed);
      if (status < OK) {
        // What comes before an answer (RFC 9110, section 15.2) is taken for one by the client, and
        // the answer for the next POST's: what else comes over this connection is nobody's.
        end(
            PostOutcome.failed(Kind.BROKEN, null, "HTTP " + status + " instead of an answer"),
            false);
        response.request().connection().close();
        return;
      }
      response.handler(
          chunk -> {
            received += chunk.length();
            if (received > MAX_ANSWER_BYTES) {
              end(
                  PostOutcome.failed(
                      Kind.TOO_LONG,
                      status,
                      "answered " + status + " with more than " + MAX_ANSWER_BYTES + " bytes"),
                  true);
            }
          });
      response.endHandler(ignored -> end(judged(status), false));
    }

    private PostOutcome judged(int status) {
      if (status >= OK && status < 300) {
        return PostOutcome.delivered(status);
      }
      return status >= 300 && status < 400
          ? PostOutcome.failed(
              Kind.REDIRECT, status, "answered " + status + "; redirects are not followed")
          : PostOutcome.failed(Kind.REFUSED, status, "answered " + status);
    }

    private void timedOut() {
      end(
          PostOutcome.failed(
              Kind.TIMEOUT, null, "no whole answer within " + options.timeout.toMillis() + " ms"),
          true);
    }

    private void noAddress(Throwable cause) {
      end(
          cause instanceof TargetGuard.Forbidden
              ? PostOutcome.failed(
                  Kind.FORBIDDEN_TARGET,
                  null,
                  uri.getHost() + " must not be sent to: " + cause.getMessage())
              : PostOutcome.failed(
                  Kind.UNKNOWN_HOST, null, uri.getHost() + " was not found: " + said(cause)),
          false);
    }

    private void failed(Throwable cause) {
      Kind kind =
          isTls(cause)
              ? Kind.TLS
              : request == null || cause instanceof ConnectException ? Kind.CONNECT : Kind.BROKEN;
      String what =
          switch (kind) {
            case TLS -> "TLS failed: ";
            case CONNECT -> "cannot connect: ";
            default -> "the connection broke: ";
          };
      end(PostOutcome.failed(kind, null, what + said(cause)), true);
    }

    private static boolean isTls(Throwable cause) {
      for (Throwable at = cause; at != null; at = at.getCause()) {
        if (at instanceof SSLException) {
          return true;
        }
      }
      return false;
    }

    private void end(PostOutcome outcome, boolean cut) {
      if (over) {
        return;
      }
      over = true;
      vertx.cancelTimer(timer);
      HttpClientRequest sent = request;
      if (cut && sent != null) {
        sent.reset();
      }
      String error = outcome.error();
      promise.complete(
          error == null || error.length() <= MAX_ERROR
              ? outcome
              : new PostOutcome(outcome.kind(), outcome.status(), error.substring(0, MAX_ERROR)));
    }

    private static String said(Throwable cause) {
      return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
  }
}
