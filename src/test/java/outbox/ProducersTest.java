package outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import support.Await;

/** No producer stays open that nobody uses. */
final class ProducersTest {
  private final Vertx vertx = Vertx.vertx();
  private final List<Promise<EventProducer>> opening = new ArrayList<>();
  private final Producers producers =
      new Producers(
          () -> {
            Promise<EventProducer> promise = Promise.promise();
            opening.add(promise);
            return promise.future();
          });

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private static MockProducer<String, String> kafka() {
    return new MockProducer<>(
        true, new RoundRobinPartitioner(), new StringSerializer(), new StringSerializer());
  }

  private MockProducer<String, String> open(int turn) {
    MockProducer<String, String> kafka = kafka();
    opening.get(turn).complete(EventProducer.over(vertx, "topic", kafka));
    return kafka;
  }

  @Test
  void opensOneAndKeepsIt() {
    Future<EventProducer> first = producers.ready();
    MockProducer<String, String> kafka = open(0);
    assertThat(producers.ready().await()).isSameAs(first.await());
    assertThat(opening).hasSize(1);
    producers.close().await();
    assertThat(kafka.closed()).isTrue();
  }

  @Test
  void endsOneThatOpensAfterItWasGivenUp() {
    Future<EventProducer> late = producers.ready();
    producers.giveUp();
    Future<EventProducer> next = producers.ready();
    MockProducer<String, String> unused = open(0);
    Await.until("it is closed", unused::closed);
    Await.until("nobody waits for it", late::failed);
    MockProducer<String, String> used = open(1);
    next.await();
    assertThat(used.closed()).isFalse();
    producers.giveUp();
    Await.until("it is closed", used::closed);
  }

  @Test
  void endsOneThatOpensAfterTheEndAndOpensNoOther() {
    Future<EventProducer> late = producers.ready();
    producers.close().await();
    MockProducer<String, String> unused = open(0);
    Await.until("it is closed", unused::closed);
    Await.until("nobody waits for it", late::failed);
    assertThat(producers.ready().failed()).isTrue();
    assertThat(opening).hasSize(1);
  }
}
