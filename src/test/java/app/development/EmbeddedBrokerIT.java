package app.development;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import app.StartFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Development mode's Kafka: what it keeps, and how it says that it cannot start. */
final class EmbeddedBrokerIT {
  private final Path directory;

  EmbeddedBrokerIT(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void keepsWhatItWasGivenOverARestart() throws Exception {
    try (EmbeddedBroker first = EmbeddedBroker.start(directory, 0)) {
      assertThat(offsetOfNext(first)).isZero();
    }
    try (EmbeddedBroker second = EmbeddedBroker.start(directory, 0)) {
      assertThat(offsetOfNext(second)).isEqualTo(1);
    }
  }

  @Test
  void beginsAnewWhereItsFirstStartWasCutShort() throws Exception {
    Files.createDirectories(directory.resolve("kafka/half"));
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
      assertThat(offsetOfNext(broker)).isZero();
    }
  }

  @Test
  void namesThePortThatIsInUse() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> EmbeddedBroker.start(directory, taken.getLocalPort()))
          .isInstanceOf(StartFailure.class)
          .hasMessage("development.kafka-port " + taken.getLocalPort() + " is in use");
    }
  }

  /** Its files broken, Kafka would end the process: that is the start's failure instead. */
  @Test
  void failsTheStartAndNotTheProcessWhereItsFilesAreBroken() throws Exception {
    EmbeddedBroker.start(directory, 0).close();
    Files.writeString(directory.resolve("kafka/meta.properties"), "node.id=7\nversion=1\n");
    assertThatThrownBy(() -> EmbeddedBroker.start(directory, 0))
        .isInstanceOf(StartFailure.class)
        .hasMessageStartingWith("the embedded Kafka did not start: ");
  }

  private static long offsetOfNext(EmbeddedBroker broker) throws Exception {
    Map<String, Object> config =
        Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
    try (var producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      return producer
          .send(new ProducerRecord<>("kept", 0, "key", "value"))
          .get(60, TimeUnit.SECONDS)
          .offset();
    }
  }
}
