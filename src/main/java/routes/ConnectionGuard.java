package routes;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a connection may do beside asking for something. Belongs to one event loop.
 *
 * <p>No request may begin on it for too long: a limit of silence alone is no limit, for who sends
 * the head of a request drop by drop is never silent.
 *
 * <p>No request may hide in another (RFC 9112, 6.3 and 11.2). Where a body has a transfer coding,
 * whoever stands before us may have gone by a length that came beside it, of which the server shows
 * us nothing, and have taken for one request what we take for two. So such a request is the last of
 * its connection, and any other coding than chunked alone is refused.
 */
public final class ConnectionGuard {
  /** Until an answer that was given before its request was read is seen. */
  private static final long LINGER_MILLIS = 2_000;

  private final Vertx vertx;
  private final long limitNanos;
  private final Handler<HttpServerRequest> edge;
  private final Handler<HttpServerRequest> invalid;
  private final Map<HttpConnection, Guarded> open = new HashMap<>();

  private static final class Guarded {
    private int atWork;
    private long sinceNanos = System.nanoTime();
    private long timer;
    private boolean last;
  }

  /**
   * Guards the connections of one server.
   *
   * @param limit how long a connection may be without a request at work
   * @param edge takes the requests
   * @param invalid refuses what is no HTTP, and hangs up
   */
  public ConnectionGuard(
      Vertx vertx,
      Duration limit,
      Handler<HttpServerRequest> edge,
      Handler<HttpServerRequest> invalid) {
    this.vertx = vertx;
    this.limitNanos = limit.toNanos();
    this.edge = edge;
    this.invalid = invalid;
  }

  /** Has the server's requests handled under these rules. */
  public HttpServer serve(HttpServer server) {
    return server
        .connectionHandler(this::opened)
        .requestHandler(this::began)
        .invalidRequestHandler(invalid);
  }

  private void opened(HttpConnection connection) {
    var guarded = new Guarded();
    open.put(connection, guarded);
    connection.closeHandler(
        closed -> {
          open.remove(connection);
          vertx.cancelTimer(guarded.timer);
        });
    look(connection, guarded, limitNanos);
  }

  private void began(HttpServerRequest request) {
    Guarded guarded = open.get(request.connection());
    if (guarded == null || guarded.last) {
      request.connection().close();
      return;
    }
    guarded.atWork++;
    request.response().endHandler(end -> ended(request, guarded));
    if (!request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
      edge.handle(request);
      return;
    }
    guarded.last = true;
    request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    (isChunked(request) ? edge : invalid).handle(request);
  }

  private static boolean isChunked(HttpServerRequest request) {
    List<String> codings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
    return request.version() == HttpVersion.HTTP_1_1
        && codings.size() == 1
        && codings.getFirst().strip().equalsIgnoreCase("chunked");
  }

  private void ended(HttpServerRequest request, Guarded guarded) {
    guarded.atWork--;
    guarded.sinceNanos = System.nanoTime();
    if (guarded.last && request.isEnded()) {
      request.connection().close();
    } else if (guarded.last) {
      vertx.setTimer(LINGER_MILLIS, id -> request.connection().close());
    }
  }

  /** One timer a connection, not one a request: a busy one is looked at once in a while. */
  private void look(HttpConnection connection, Guarded guarded, long inNanos) {
    guarded.timer =
        vertx.setTimer(
            Math.max(1, inNanos / 1_000_000),
            id -> {
              long left = limitNanos - (System.nanoTime() - guarded.sinceNanos);
              if (guarded.atWork > 0) {
                look(connection, guarded, limitNanos);
              } else if (left > 0) {
                look(connection, guarded, left);
              } else {
                connection.close();
              }
            });
  }
}
