package support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy that cuts a connection in the middle of the exchange a test names: before what the
 * client says reaches the server, or after the server has answered it. Each cut happens once.
 */
public final class CuttingProxy implements AutoCloseable {
  private final ServerSocket listening;
  private final int serverPort;
  private final AtomicReference<@Nullable String> request = new AtomicReference<>();
  private final AtomicReference<@Nullable String> reply = new AtomicReference<>();
  private final AtomicInteger cuts = new AtomicInteger();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  private CuttingProxy(ServerSocket listening, int serverPort) {
    this.listening = listening;
    this.serverPort = serverPort;
  }

  /** A proxy on a free port before a server on this machine. */
  public static CuttingProxy before(int serverPort) {
    try {
      var proxy =
          new CuttingProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), serverPort);
      Thread.ofVirtual().start(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return listening.getLocalPort();
  }

  /** How many connections were cut. */
  public int cuts() {
    return cuts.get();
  }

  /** Loses the next thing the client says that holds this text: the server never hears it. */
  public void loseRequest(String text) {
    request.set(text);
  }

  /** Loses the answer to the next thing the client says that holds this text. */
  public void loseReply(String text) {
    reply.set(text);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        sockets.add(client);
        sockets.add(server);
        var cutReply = new AtomicBoolean();
        Thread.ofVirtual().start(() -> pump(client, server, cutReply, true));
        Thread.ofVirtual().start(() -> pump(server, client, cutReply, false));
      }
    } catch (IOException closed) {
      // The proxy was closed, or the server is gone: clients see a closed connection either way.
      close();
    }
  }

  private void pump(Socket from, Socket to, AtomicBoolean cutReply, boolean fromClient) {
    byte[] buffer = new byte[1 << 20];
    try {
      InputStream in = from.getInputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        String said = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
        if (fromClient && wanted(request, said)) {
          cuts.incrementAndGet();
          break;
        }
        if (fromClient && wanted(reply, said)) {
          cutReply.set(true);
        } else if (!fromClient && cutReply.get()) {
          cuts.incrementAndGet();
          break;
        }
        to.getOutputStream().write(buffer, 0, read);
        to.getOutputStream().flush();
      }
    } catch (IOException closed) {
      // One side is gone: so is the other, below.
    } finally {
      end(from);
      end(to);
    }
  }

  private static boolean wanted(AtomicReference<@Nullable String> text, String said) {
    String looked = text.get();
    return looked != null && said.contains(looked) && text.compareAndSet(looked, null);
  }

  private void end(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sockets.forEach(this::end);
  }
}
