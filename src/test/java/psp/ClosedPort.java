package psp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

/**
 * A port that refuses connections for as long as this is open. It is bound and nothing listens on
 * it: one that was free a moment ago could be anybody's by now, even the caller's own end of the
 * connection.
 */
public final class ClosedPort implements AutoCloseable {
  private final Socket bound = new Socket();

  public ClosedPort() throws IOException {
    bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  public URI uri() {
    return URI.create("http://localhost:" + bound.getLocalPort());
  }

  @Override
  public void close() throws IOException {
    bound.close();
  }
}
