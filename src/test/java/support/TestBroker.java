package support;

import app.development.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * The one Kafka of the JVM, which can be stopped and started again on the same port. A test that
 * stops it starts it again. It ends, and its files go, when the JVM does.
 */
public final class TestBroker {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(50);

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
    List<Received> received = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (var consumer =
        new KafkaConsumer<>(consumer(), new StringDeserializer(), new StringDeserializer())) {
      while (!enough.test(received)) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("not enough in " + topic + " after " + received.size());
        }
        if (consumer.assignment().isEmpty() && !assigned(consumer, topic)) {
          continue;
        }
        consumer.poll(POLL).forEach(record -> received.add(received(record)));
      }
    }
    return received;
  }

  /** Whether the topic is there; its first record may be what makes it. */
  private static boolean assigned(KafkaConsumer<?, ?> consumer, String topic) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return !partitions.isEmpty();
  }

  /** Everything that is in a topic now. */
  public List<Received> readAll(String topic) {
    long[] end = new long[1];
    try (var consumer =
        new KafkaConsumer<>(consumer(), new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.endOffsets(partitions).values().forEach(offset -> end[0] += offset);
    }
    return read(topic, received -> received.size() >= end[0]);
  }

  private Map<String, Object> consumer() {
    return Map.of(
        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers(),
        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
        ConsumerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
  }

  private static Received received(ConsumerRecord<String, String> record) {
    Map<String, String> headers = new HashMap<>();
    record
        .headers()
        .forEach(
            header ->
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
    return new Received(record.key(), headers, record.value());
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
