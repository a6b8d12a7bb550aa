package support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A TCP way to a server on this machine that can be stopped at an exact point: a request that
 * carries certain bytes is held before it reaches the server, or its reply before it reaches the
 * client. Requests and replies alternate on a connection, so the reply to a request is whatever
 * comes next on the same one.
 */
public final class TcpProxy implements AutoCloseable {
  private static final int MOST_CONNECTIONS = 512;
  private static final int CHUNK = 64 * 1024;
  private static final int LONGEST_MARKER = 64;

  private final ServerSocket server;
  private final int target;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final List<Hold> holds = new CopyOnWriteArrayList<>();
  private final AtomicInteger opened = new AtomicInteger();

  private TcpProxy(ServerSocket server, int target) {
    this.server = server;
    this.target = target;
  }

  /** A proxy on a free port of the loopback interface. */
  public static TcpProxy to(int target) {
    try {
      var server = new ServerSocket(0, MOST_CONNECTIONS, InetAddress.getLoopbackAddress());
      var proxy = new TcpProxy(server, target);
      Thread.ofVirtual().start(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return server.getLocalPort();
  }

  /** How many connections were made in all. */
  public int opened() {
    return opened.get();
  }

  /** From now on requests with these bytes do not reach the server. */
  public Hold holdRequest(byte[] marker) {
    return hold(marker, false);
  }

  /** From now on requests with these bytes reach the server, but their replies not the client. */
  public Hold holdReply(byte[] marker) {
    return hold(marker, true);
  }

  private Hold hold(byte[] marker, boolean reply) {
    if (marker.length == 0 || marker.length > LONGEST_MARKER) {
      throw new IllegalArgumentException("a marker has 1 to " + LONGEST_MARKER + " bytes");
    }
    var hold = new Hold(marker, reply);
    holds.add(hold);
    return hold;
  }

  /** Cuts every connection, drops what is held and holds nothing any more. */
  public void cut() {
    holds.forEach(hold -> hold.end(false));
    holds.clear();
    links.forEach(Link::close);
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      cut();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        opened.incrementAndGet();
        Socket upstream = links.size() < MOST_CONNECTIONS ? connect() : null;
        if (upstream == null) {
          client.close();
          continue;
        }
        var link = new Link(client, upstream);
        links.add(link);
        Thread.ofVirtual().start(link::carryRequests);
        Thread.ofVirtual().start(link::carryReplies);
      }
    } catch (IOException e) {
      if (!server.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A connection to the server, or null where it refuses, which the client then hears. */
  private @Nullable Socket connect() {
    try {
      return new Socket(InetAddress.getLoopbackAddress(), target);
    } catch (IOException refused) {
      return null;
    }
  }

  /** A place where traffic stops until it is released or dropped. */
  public static final class Hold {
    private final byte[] marker;
    private final boolean reply;
    private int held;
    private int gone;
    private boolean sealed;
    private @Nullable Boolean forwards;

    private Hold(byte[] marker, boolean reply) {
      this.marker = marker;
      this.reply = reply;
    }

    /** Waits until something is held here. */
    public void await() {
      await(1);
    }

    /** Waits until so many requests or replies are held here. */
    public void await(int number) {
      Await.until(number + " requests or replies are held", () -> held() >= number);
    }

    /** How many are or were held. */
    public synchronized int held() {
      return held;
    }

    /** Keeps what is held, and lets pass what comes from now on. */
    public synchronized void holdNoMore() {
      sealed = true;
    }

    /** Waits until the connections that were held here have ended. */
    public void awaitGone() {
      Await.until("connections that were held have ended", this::isGone);
    }

    private synchronized boolean isGone() {
      return gone >= held;
    }

    private synchronized void goes() {
      gone++;
    }

    /** Lets go on what is held, and holds nothing any more. */
    public void release() {
      end(true);
    }

    private synchronized void end(boolean forward) {
      if (forwards == null) {
        forwards = forward;
        notifyAll();
      }
    }

    private synchronized boolean holds() {
      return !sealed && forwards == null;
    }

    /** Stops here; whether what was stopped goes on. */
    private synchronized boolean pass() throws InterruptedException {
      held++;
      while (forwards == null) {
        wait();
      }
      return forwards;
    }
  }

  private final class Link {
    private final Socket client;
    private final Socket upstream;
    private volatile @Nullable Hold reply;
    private volatile @Nullable Hold met;

    Link(Socket client, Socket upstream) {
      this.client = client;
      this.upstream = upstream;
    }

    void carryRequests() {
      try {
        InputStream in = client.getInputStream();
        OutputStream out = upstream.getOutputStream();
        byte[] before = new byte[0];
        byte[] chunk = new byte[CHUNK];
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
          byte[] seen = Arrays.copyOf(before, before.length + read);
          System.arraycopy(chunk, 0, seen, before.length, read);
          Hold hold = meets(seen, before.length);
          if (hold != null) {
            met = hold;
            if (hold.reply) {
              // Before the request goes on, so that its reply cannot be quicker.
              reply = hold;
            } else if (!hold.pass()) {
              return;
            }
          }
          out.write(chunk, 0, read);
          before = Arrays.copyOfRange(seen, Math.max(0, seen.length - LONGEST_MARKER), seen.length);
        }
        // The server still gets to read what was held when the client went.
        upstream.shutdownOutput();
      } catch (IOException cut) {
        close();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        close();
      }
    }

    void carryReplies() {
      try {
        InputStream in = upstream.getInputStream();
        OutputStream out = client.getOutputStream();
        byte[] chunk = new byte[CHUNK];
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
          Hold hold = reply;
          if (hold != null) {
            reply = null;
            if (!hold.pass()) {
              return;
            }
          }
          out.write(chunk, 0, read);
        }
        close();
      } catch (IOException cut) {
        close();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        close();
      }
    }

    void close() {
      Hold last = met;
      if (links.remove(this) && last != null) {
        last.goes();
      }
      try (client;
          upstream) {
        // Both, whatever becomes of the first.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The hold whose marker ends in the new bytes; it may have begun in those before. */
    private @Nullable Hold meets(byte[] bytes, int fresh) {
      for (Hold hold : holds) {
        int from = Math.max(0, fresh - hold.marker.length + 1);
        if (hold.holds() && contains(bytes, from, hold.marker)) {
          return hold;
        }
      }
      return null;
    }
  }

  private static boolean contains(byte[] bytes, int from, byte[] marker) {
    for (int at = from; at + marker.length <= bytes.length; at++) {
      if (Arrays.equals(bytes, at, at + marker.length, marker, 0, marker.length)) {
        return true;
      }
    }
    return false;
  }
}
