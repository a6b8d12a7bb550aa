package perf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * HTTP load on loopback that costs the machine as little as it can: one thread over a selector,
 * requests made beforehand, answers read only as far as their status and length. Bounded in
 * connections and time.
 */
final class Load {
  private static final String LENGTH = "content-length: ";

  private Load() {}

  /**
   * What came of it.
   *
   * @param ok answers with status 200
   * @param other all other answers, and what was never answered
   * @param shed of those, the ones with 429 or 503
   * @param latenciesNanos one for each answer with status 200, sorted; from the time a request was
   *     due where it was paced
   * @param nanos how long it took in all
   */
  record Result(long ok, long other, long shed, List<Long> latenciesNanos, long nanos) {
    double perSecond() {
      return ok * 1e9 / nanos;
    }

    /** What came of both. */
    Result and(Result more) {
      var all = new ArrayList<>(latenciesNanos);
      all.addAll(more.latenciesNanos);
      all.sort(null);
      return new Result(
          ok + more.ok, other + more.other, shed + more.shed, List.copyOf(all), nanos + more.nanos);
    }

    long answers() {
      return ok + other;
    }

    double quantileMs(double quantile) {
      int size = latenciesNanos.size();
      return size == 0
          ? Double.NaN
          : latenciesNanos.get((int) Math.min(size - 1.0, size * quantile)) / 1e6;
    }
  }

  /** Every connection sends its next request as soon as the last is answered. */
  static Result closed(int port, int connections, Duration time, Supplier<byte[]> requests) {
    return run(port, connections, Duration.ZERO, time, requests, 0);
  }

  /** So many requests a second, whether or not the earlier ones are answered. */
  static Result paced(
      int port, int connections, int perSecond, Duration time, Supplier<byte[]> requests) {
    return paced(port, connections, perSecond, Duration.ZERO, time, requests);
  }

  /** The same, and what was due before it has settled is not counted. */
  static Result paced(
      int port,
      int connections,
      int perSecond,
      Duration settling,
      Duration time,
      Supplier<byte[]> requests) {
    return run(port, connections, settling, time, requests, perSecond);
  }

  private static Result run(
      int port,
      int connections,
      Duration settling,
      Duration time,
      Supplier<byte[]> requests,
      int perSecond) {
    try (var selector = Selector.open();
        var run = new Run(selector, settling, time, requests, perSecond)) {
      run.open(port, connections);
      return run.result();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One run, on the thread that asks for it. */
  private static final class Run implements AutoCloseable {
    private static final long GRACE_NANOS = 10_000_000_000L;

    private final Selector selector;
    private final Duration settling;
    private final Duration time;
    private final Supplier<byte[]> requests;
    private final double nanosPerRequest;
    private final List<Connection> connections = new ArrayList<>();
    private final ArrayDeque<Connection> idle = new ArrayDeque<>();
    private final ArrayDeque<Long> due = new ArrayDeque<>();
    private final ByteBuffer part = ByteBuffer.allocateDirect(64 << 10);
    private final List<Long> latencies = new ArrayList<>();
    private long startNanos;
    private long settledNanos;
    private long endNanos;
    private long sent;
    private long inFlight;
    private long ok;
    private long other;
    private long shed;

    Run(
        Selector selector,
        Duration settling,
        Duration time,
        Supplier<byte[]> requests,
        int perSecond) {
      this.selector = selector;
      this.settling = settling;
      this.time = time;
      this.requests = requests;
      this.nanosPerRequest = perSecond == 0 ? 0 : 1e9 / perSecond;
    }

    void open(int port, int number) throws IOException {
      for (int at = 0; at < number; at++) {
        var channel = SocketChannel.open();
        var connection = new Connection(channel);
        connections.add(connection);
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        connection.key = channel.register(selector, SelectionKey.OP_READ, connection);
        idle.add(connection);
      }
    }

    Result result() throws IOException {
      startNanos = System.nanoTime();
      settledNanos = startNanos + settling.toNanos();
      endNanos = settledNanos + time.toNanos();
      while (System.nanoTime() - endNanos < 0) {
        pace();
        send();
        turn();
      }
      while (inFlight > 0 && System.nanoTime() - endNanos < GRACE_NANOS) {
        turn();
      }
      latencies.sort(null);
      return new Result(
          ok, other + inFlight + due.size(), shed, List.copyOf(latencies), time.toNanos());
    }

    /** Reads what has come; waits for it a moment. */
    private void turn() throws IOException {
      selector.select(
          key -> {
            try {
              ((Connection) key.attachment()).ready();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          },
          1);
    }

    private void pace() {
      if (nanosPerRequest == 0) {
        return;
      }
      long now = System.nanoTime();
      while (startNanos + (long) (sent * nanosPerRequest) <= now) {
        due.add(startNanos + (long) (sent * nanosPerRequest));
        sent++;
      }
    }

    private void send() throws IOException {
      while (!idle.isEmpty()) {
        if (nanosPerRequest == 0) {
          idle.remove().send(System.nanoTime());
        } else if (!due.isEmpty()) {
          idle.remove().send(due.remove());
        } else {
          return;
        }
      }
    }

    @Override
    public void close() throws IOException {
      for (Connection connection : connections) {
        connection.channel.close();
      }
    }

    private final class Connection {
      private final SocketChannel channel;
      private @Nullable SelectionKey key;
      private @Nullable ByteBuffer request;
      private byte[] answer = {};
      private long sentNanos;

      Connection(SocketChannel channel) {
        this.channel = channel;
      }

      void send(long nanos) throws IOException {
        sentNanos = nanos;
        inFlight++;
        request = ByteBuffer.wrap(requests.get());
        write();
      }

      private void write() throws IOException {
        ByteBuffer left = Objects.requireNonNull(request);
        channel.write(left);
        Objects.requireNonNull(key)
            .interestOps(
                left.hasRemaining()
                    ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
                    : SelectionKey.OP_READ);
      }

      void ready() throws IOException {
        if (Objects.requireNonNull(key).isWritable()) {
          write();
        }
        int read = channel.read(part.clear());
        if (read < 0) {
          channel.close();
        } else if (read > 0) {
          take(part.flip());
        }
      }

      private void take(ByteBuffer more) {
        int before = answer.length;
        answer = Arrays.copyOf(answer, before + more.remaining());
        more.get(answer, before, more.remaining());
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        int at = text.indexOf(LENGTH);
        if (end < 0 || at < 0) {
          return;
        }
        int length = Integer.parseInt(text.substring(at + LENGTH.length(), text.indexOf('\r', at)));
        if (text.length() < end + 4 + length) {
          return;
        }
        if (sentNanos - settledNanos >= 0) {
          if (text.startsWith("HTTP/1.1 200")) {
            ok++;
            latencies.add(System.nanoTime() - sentNanos);
          } else {
            other++;
            shed += text.startsWith("HTTP/1.1 429") || text.startsWith("HTTP/1.1 503") ? 1 : 0;
          }
        }
        answer = new byte[0];
        inFlight--;
        idle.add(this);
      }
    }
  }
}
