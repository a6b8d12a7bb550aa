package outbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.producer.KafkaWriteStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.StringSerializer;
import store.EventLog.Event;

/**
 * A connection to Kafka: acknowledged by all replicas in sync, no duplicates by the producer's own
 * retries, and a bound on how long and how much it keeps. Whatever blocks in Kafka's client is done
 * off the event loop.
 */
final class EventProducer {
  /** More than a round reads from the database, so that a send finds room. */
  private static final long BUFFER_BYTES = 32L << 20;

  private final Vertx vertx;
  private final String topic;
  private final KafkaWriteStream<String, String> stream;

  /**
   * How to send.
   *
   * @param clientId what the broker's logs and quotas call this node
   * @param deliveryTimeout how long a send is tried
   */
  record Options(
      String bootstrapServers,
      KafkaSecurity security,
      String topic,
      String clientId,
      Duration deliveryTimeout) {

    Map<String, Object> config() {
      long delivery = deliveryTimeout.toMillis();
      // Leaves time to find the new leader when a broker goes, before the send is given up.
      long request = Math.max(1, delivery / 2);
      Map<String, Object> config = new HashMap<>(security.config());
      config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
      config.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
      config.put(ProducerConfig.ACKS_CONFIG, "all");
      config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
      // Not five: a broker that has nothing of this producer yet, as of a new partition, takes its
      // second batch where the first failed, and refuses the first from then on.
      config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
      config.put(ProducerConfig.LINGER_MS_CONFIG, 1);
      config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) delivery);
      config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) request);
      config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, request);
      config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
      config.put(ProducerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
      return config;
    }
  }

  private EventProducer(Vertx vertx, String topic, KafkaWriteStream<String, String> stream) {
    this.vertx = vertx;
    this.topic = topic;
    this.stream = stream;
    // Each failed send is told where it was sent, too.
    stream.exceptionHandler(told -> {});
  }

  /** A producer that knows its topic; fails where Kafka does not answer in time. */
  static Future<EventProducer> open(Vertx vertx, Options options) {
    return vertx
        .executeBlocking(EventProducer.client(options), false)
        .map(client -> over(vertx, options.topic, client));
  }

  /** A producer over one of Kafka's. */
  static EventProducer over(Vertx vertx, String topic, Producer<String, String> client) {
    return new EventProducer(vertx, topic, KafkaWriteStream.create(vertx, client));
  }

  /** Looks its servers' names up, which blocks. */
  private static java.util.concurrent.Callable<Producer<String, String>> client(Options options) {
    return () ->
        new KafkaProducer<>(options.config(), new StringSerializer(), new StringSerializer());
  }

  /**
   * Whether the topic is known, which is asked of Kafka where it is not: what is sent afterwards
   * does not block on it.
   */
  Future<Void> ready() {
    return stream.partitionsFor(topic).mapEmpty();
  }

  /**
   * Sends; succeeds with the acknowledgement. An event that is too big for the broker is sent again
   * without the merchant's own words, for its payment's later events must not wait for ever and a
   * consumer must not miss a sequence number.
   */
  Future<Void> send(Event event, CloudEvent rendered) {
    return stream
        .send(rendered.record(topic))
        .recover(
            refused ->
                refused instanceof RecordTooLargeException
                    ? stream.send(CloudEvent.shortened(event).record(topic))
                    : Future.failedFuture(refused))
        .mapEmpty();
  }

  /**
   * Ends it, giving what was sent this long for its acknowledgements; what then is still on its way
   * fails. Past the stream, where it would wait behind what blocks.
   */
  Future<Void> close(Duration patience) {
    Producer<String, String> client = stream.unwrap();
    return vertx.<Void>executeBlocking(
        () -> {
          client.close(patience);
          return null;
        },
        false);
  }
}
