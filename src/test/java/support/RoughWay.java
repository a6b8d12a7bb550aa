package support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A TCP way to a server on this machine on which connections break: after any number of bytes in
 * either direction, so in the middle of a statement or of an answer; or when the server has heard
 * all of something and before its answer comes back, so with a commit that nobody hears of; or at
 * what the client says, where it holds a text. Where it leads to may change with every connection.
 */
public final class RoughWay implements AutoCloseable {
  private static final int BACKLOG = 512;

  /** What is said at once is looked at at once. */
  private static final int CHUNK = 256 * 1024;

  /** More than any connection carries. */
  private static final long WHOLE = Long.MAX_VALUE;

  private final ServerSocket server;
  private final IntSupplier target;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final AtomicInteger repliesToLose = new AtomicInteger();
  private final AtomicReference<@Nullable String> requestToLose = new AtomicReference<>();
  private final AtomicReference<@Nullable String> replyToLose = new AtomicReference<>();
  private final AtomicInteger lost = new AtomicInteger();

  private RoughWay(ServerSocket server, IntSupplier target) {
    this.server = server;
    this.target = target;
  }

  /**
   * A way on a free port.
   *
   * @param target the port it leads to; 0 while nobody is there
   */
  public static RoughWay to(IntSupplier target) {
    try {
      var way =
          new RoughWay(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()), target);
      Thread.ofVirtual().start(way::accept);
      return way;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return server.getLocalPort();
  }

  /** Cuts some of the open connections, each after some more bytes one way or the other. */
  public void cutSome(int most, int mostBytes, Random random) {
    List<Link> open = new ArrayList<>(links);
    Collections.shuffle(open, random);
    open.stream().limit(most).forEach(link -> link.cutAfter(random.nextInt(mostBytes), random));
  }

  /** Loses the answers to the next requests, and their connections with them. */
  public void loseReplies(int number) {
    repliesToLose.set(number);
  }

  /**
   * Loses the next thing the client says that holds this text, with its connection: the server
   * never hears it.
   */
  public void loseRequest(String text) {
    requestToLose.set(text);
  }

  /** Loses the answer to the next thing the client says that holds this text. */
  public void loseReply(String text) {
    replyToLose.set(text);
  }

  /** How many requests and answers were lost. */
  public int lost() {
    return lost.get();
  }

  /** Cuts every connection. */
  public void cut() {
    links.forEach(Link::close);
  }

  private void accept() {
    while (!server.isClosed()) {
      Socket client;
      try {
        client = server.accept();
      } catch (IOException closed) {
        return;
      }
      Thread.ofVirtual().start(() -> connect(client));
    }
  }

  private void connect(Socket client) {
    int port = target.getAsInt();
    try {
      if (port == 0) {
        client.close();
        return;
      }
      var link = new Link(client, new Socket(InetAddress.getLoopbackAddress(), port));
      links.add(link);
      Thread.ofVirtual().start(link::requests);
      Thread.ofVirtual().start(link::replies);
    } catch (IOException nobodyThere) {
      closeQuietly(client);
    }
  }

  private static boolean holds(String said, AtomicReference<@Nullable String> wanted) {
    String text = wanted.get();
    return text != null && said.contains(text) && wanted.compareAndSet(text, null);
  }

  /** A connection that is already broken has nothing more to say when it is closed. */
  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
  }

  /** One connection. */
  private final class Link {
    private final Socket client;
    private final Socket server;
    private final AtomicLong requestBytesLeft = new AtomicLong(WHOLE);
    private final AtomicLong replyBytesLeft = new AtomicLong(WHOLE);
    private volatile boolean replyLost;

    Link(Socket client, Socket server) throws IOException {
      this.client = client;
      this.server = server;
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
    }

    void cutAfter(int bytes, Random random) {
      (random.nextBoolean() ? requestBytesLeft : replyBytesLeft).set(bytes);
    }

    void requests() {
      pump(client, server, true);
    }

    void replies() {
      pump(server, client, false);
    }

    private void pump(Socket from, Socket to, boolean request) {
      byte[] buffer = new byte[CHUNK];
      AtomicLong left = request ? requestBytesLeft : replyBytesLeft;
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          if (request ? isLost(buffer, read) : replyLost) {
            lost.incrementAndGet();
            break;
          }
          int goes = (int) Math.min(read, left.get());
          out.write(buffer, 0, goes);
          out.flush();
          if (goes < read) {
            break;
          }
          left.addAndGet(-goes);
        }
      } catch (IOException broken) {
        // One side is gone: so is the other, below.
      } finally {
        close();
      }
    }

    /** Whether this is lost; where its reply is to be, that is known before the server hears it. */
    private boolean isLost(byte[] said, int length) {
      if (repliesToLose.get() > 0 && repliesToLose.getAndDecrement() > 0) {
        replyLost = true;
      }
      if (requestToLose.get() == null && replyToLose.get() == null) {
        return false;
      }
      String text = new String(said, 0, length, StandardCharsets.ISO_8859_1);
      if (holds(text, requestToLose)) {
        return true;
      }
      if (holds(text, replyToLose)) {
        replyLost = true;
      }
      return false;
    }

    void close() {
      links.remove(this);
      closeQuietly(client);
      closeQuietly(server);
    }
  }
}
