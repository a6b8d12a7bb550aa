package support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;

/** A merchant's webhook receiver on a free port: keeps what comes and answers as it is told. */
public final class Receiver implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger mostOpen = new AtomicInteger();
  private volatile ToIntFunction<Received> answer = request -> 200;

  /** A request as it came. */
  public record Received(String body, Map<String, List<String>> headers, String path) {
    public String header(String name) {
      return Optional.ofNullable(headers.get(name)).map(List::getFirst).orElse("");
    }
  }

  public Receiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
    try (exchange) {
      var request =
          new Received(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
              Map.copyOf(exchange.getRequestHeaders()),
              exchange.getRequestURI().toString());
      int status = answer.applyAsInt(request);
      received.add(request);
      exchange.sendResponseHeaders(status, -1);
    } finally {
      open.decrementAndGet();
    }
  }

  /** Answers with this status from now on; may block to keep the sender waiting. */
  public void answers(ToIntFunction<Received> status) {
    answer = status;
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook?shop=7";
  }

  /** What was answered so far, in the order of the answers. */
  public List<Received> received() {
    return List.copyOf(received);
  }

  /** How many requests wait for their answer. */
  public int open() {
    return open.get();
  }

  /** The most that ever waited at once. */
  public int mostOpen() {
    return mostOpen.get();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
