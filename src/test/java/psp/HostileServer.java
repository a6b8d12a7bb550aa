package psp;

import static psp.Results.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** An HTTP server that keeps what it gets and behaves as a test says. */
public final class HostileServer {
  /** One request as it came. */
  public record Received(String method, String uri, Map<String, String> headers, String body) {}

  public final List<Received> received = new CopyOnWriteArrayList<>();
  private volatile Consumer<HttpServerRequest> behaviour = request -> {};
  private final HttpServer server;

  private HostileServer(Vertx vertx) {
    server = vertx.createHttpServer().requestHandler(this::take);
  }

  public static HostileServer start(Vertx vertx) {
    var hostile = new HostileServer(vertx);
    await(hostile.server.listen(0, "localhost"));
    return hostile;
  }

  private void take(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
              request.headers().forEach(headers::put);
              received.add(
                  new Received(request.method().name(), request.uri(), headers, body.toString()));
              behaviour.accept(request);
            });
  }

  /** A server below HTTP. */
  public static URI raw(Vertx vertx, Consumer<NetSocket> behaviour) {
    NetServer server =
        vertx
            .createNetServer(new NetServerOptions().setHost("localhost").setPort(0))
            .connectHandler(behaviour::accept);
    return URI.create("http://localhost:" + await(server.listen()).actualPort());
  }

  public URI uri() {
    return URI.create("http://localhost:" + server.actualPort());
  }

  public void answers(int status, String body) {
    behaviour = request -> request.response().setStatusCode(status).end(body);
  }

  public void behaves(Consumer<HttpServerRequest> next) {
    behaviour = next;
  }

  public void hangs() {
    behaviour = request -> {};
  }
}
