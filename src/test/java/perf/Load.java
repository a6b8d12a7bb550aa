package perf;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * HTTP load on loopback that costs the machine as little as it can: requests are made beforehand,
 * answers are read only as far as their status and length. Bounded in connections and time.
 */
final class Load {
  private static final String LENGTH = "content-length: ";

  private Load() {}

  /**
   * What came of it.
   *
   * @param ok answers with status 200
   * @param other all other answers
   * @param latenciesNanos one for each answer, sorted; from the time a request was due where it was
   *     paced
   * @param nanos how long it took in all
   */
  record Result(long ok, long other, List<Long> latenciesNanos, long nanos) {
    double perSecond() {
      return ok * 1e9 / nanos;
    }

    /** What came of both. */
    Result and(Result more) {
      var all = new ArrayList<>(latenciesNanos);
      all.addAll(more.latenciesNanos);
      all.sort(null);
      return new Result(ok + more.ok, other + more.other, List.copyOf(all), nanos + more.nanos);
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
  static Result closed(
      Vertx vertx, int port, int connections, Duration time, Supplier<Buffer> requests) {
    return run(vertx, port, connections, time, requests, 0);
  }

  /** So many requests a second, whether or not the earlier ones are answered. */
  static Result paced(
      Vertx vertx,
      int port,
      int connections,
      int perSecond,
      Duration time,
      Supplier<Buffer> requests) {
    return run(vertx, port, connections, time, requests, perSecond);
  }

  private static Result run(
      Vertx vertx,
      int port,
      int connections,
      Duration time,
      Supplier<Buffer> requests,
      int perSecond) {
    var promise = Promise.<Result>promise();
    vertx
        .getOrCreateContext()
        .runOnContext(
            ignored -> new Run(vertx, port, time, requests, perSecond).start(connections, promise));
    return promise.future().await();
  }

  /** One run, on one event loop. */
  private static final class Run {
    private final Vertx vertx;
    private final int port;
    private final long endNanos;
    private final Supplier<Buffer> requests;
    private final double nanosPerRequest;
    private final ArrayDeque<Connection> idle = new ArrayDeque<>();
    private final ArrayDeque<Long> due = new ArrayDeque<>();
    private final List<Long> latencies = new ArrayList<>();
    private final long startNanos = System.nanoTime();
    private long sent;
    private long inFlight;
    private long ok;
    private long other;

    Run(Vertx vertx, int port, Duration time, Supplier<Buffer> requests, int perSecond) {
      this.vertx = vertx;
      this.port = port;
      this.endNanos = startNanos + time.toNanos();
      this.requests = requests;
      this.nanosPerRequest = perSecond == 0 ? 0 : 1e9 / perSecond;
    }

    void start(int connections, Promise<Result> promise) {
      var client = vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
      var opened = new ArrayList<Future<NetSocket>>();
      for (int at = 0; at < connections; at++) {
        opened.add(
            client
                .connect(port, "127.0.0.1")
                .onSuccess(
                    socket -> {
                      var connection = new Connection(socket);
                      socket.handler(connection::read);
                      idle.add(connection);
                      next();
                    }));
      }
      Future.all(opened).onFailure(promise::tryFail);
      vertx.setPeriodic(
          1,
          timer -> {
            boolean over = System.nanoTime() - endNanos > 0;
            if (!over) {
              pace();
            } else if (inFlight == 0 || System.nanoTime() - endNanos > 10_000_000_000L) {
              vertx.cancelTimer(timer);
              long nanos = Math.min(System.nanoTime(), endNanos) - startNanos;
              client.close();
              latencies.sort(null);
              promise.tryComplete(new Result(ok, other + inFlight, List.copyOf(latencies), nanos));
            }
          });
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
      next();
    }

    private void next() {
      while (!idle.isEmpty() && System.nanoTime() - endNanos < 0) {
        if (nanosPerRequest == 0) {
          idle.remove().send(System.nanoTime());
        } else if (!due.isEmpty()) {
          idle.remove().send(due.remove());
        } else {
          return;
        }
      }
    }

    private final class Connection {
      private final NetSocket socket;
      private Buffer answer = Buffer.buffer();
      private long sentNanos;

      Connection(NetSocket socket) {
        this.socket = socket;
      }

      void send(long nanos) {
        sentNanos = nanos;
        inFlight++;
        socket.write(requests.get());
      }

      void read(Buffer part) {
        answer = answer.length() == 0 ? part : answer.appendBuffer(part);
        String text = answer.toString(StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        int at = text.indexOf(LENGTH);
        if (end < 0 || at < 0) {
          return;
        }
        int length = Integer.parseInt(text.substring(at + LENGTH.length(), text.indexOf('\r', at)));
        if (text.length() < end + 4 + length) {
          return;
        }
        if (text.startsWith("HTTP/1.1 200")) {
          ok++;
        } else {
          other++;
        }
        latencies.add(System.nanoTime() - sentNanos);
        answer = Buffer.buffer();
        inFlight--;
        idle.add(this);
        next();
      }
    }
  }
}
