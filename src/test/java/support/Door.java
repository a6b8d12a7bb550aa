package support;

import app.development.FreePort;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;

/**
 * A port that leads to a server on this machine while it is open, and refuses connections while it
 * is shut, as it is at first.
 */
public final class Door implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final int port;

  public Door() {
    try {
      port = FreePort.any();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A base URL through it, which {@link TestGateway} leaves as it is. */
  public URI url() {
    return URI.create("http://localhost:" + port);
  }

  /** Lets connections through to a port. */
  public void open(int target) {
    vertx
        .createNetServer()
        .connectHandler(
            client -> {
              client.pause();
              vertx
                  .createNetClient()
                  .connect(target, "127.0.0.1")
                  .onSuccess(
                      server -> {
                        client.pipeTo(server);
                        server.pipeTo(client);
                      })
                  .onFailure(refused -> client.close());
            })
        .listen(port, "127.0.0.1")
        .await();
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
