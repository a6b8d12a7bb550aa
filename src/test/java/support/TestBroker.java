package support;

import app.development.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one Kafka of the JVM, which can be stopped and started again on the same port. A test that
 * stops it starts it again. It ends, and its files go, when the JVM does.
 */
public final class TestBroker {
  /** The lock of test classes that use it: one may have stopped it while another is at work. */
  public static final String LOCK = "the broker";

  private static @Nullable TestBroker one;

  private final Path directory;
  private int port;
  private @Nullable EmbeddedBroker broker;

  private TestBroker(Path directory) {
    this.directory = directory;
  }

  /** The broker, running. */
  public static synchronized TestBroker running() {
    TestBroker known = one;
    if (known == null) {
      try {
        known = new TestBroker(Files.createTempDirectory("sluice-kafka"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      one = known;
      Runtime.getRuntime().addShutdownHook(new Thread(known::end));
    }
    known.start();
    return known;
  }

  /** Starts it where it does not run, on the port it had. */
  public synchronized void start() {
    if (broker == null) {
      EmbeddedBroker started = EmbeddedBroker.start(directory, port);
      port = started.port();
      broker = started;
    }
  }

  /** Stops it: Kafka is down. */
  public synchronized void stop() {
    EmbeddedBroker running = broker;
    if (running != null) {
      running.close();
      broker = null;
    }
  }

  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /** A record as a consumer gets it. */
  public record Received(String key, Map<String, String> headers, String value) {
    public String header(String name) {
      return String.valueOf(headers.get(name));
    }
  }

  /** Reads a topic from its beginning until what was read is enough. */
  public List<Received> read(String topic, Predicate<List<Received>> enough) {
    return new TopicReader(bootstrapServers()).read(topic, enough);
  }

  /** Everything that is in a topic now. */
  public List<Received> readAll(String topic) {
    return new TopicReader(bootstrapServers()).readAll(topic);
  }

  private void end() {
    stop();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
