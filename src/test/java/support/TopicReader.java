package support;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import support.TestBroker.Received;

/** Reads topics of a broker from their beginning. */
public record TopicReader(String bootstrapServers) {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(50);

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
        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
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
}
