package outbox;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** Looks names up, without blocking. */
public interface NameLookup {
  /** All addresses of a name; fails where there are none. */
  Future<List<InetAddress>> lookup(String host);

  /**
   * Vert.x's own resolver: asynchronous, so that a name server that hangs takes no thread from
   * other names.
   */
  static NameLookup of(Vertx vertx) {
    var resolver = ((VertxInternal) vertx).nameResolver();
    return host -> {
      Promise<List<InetAddress>> promise = Promise.promise();
      resolver.resolveAll(
          host,
          found -> {
            if (found.succeeded()) {
              promise.complete(found.result().stream().map(InetSocketAddress::getAddress).toList());
            } else {
              promise.fail(found.cause());
            }
          });
      return promise.future();
    };
  }
}
