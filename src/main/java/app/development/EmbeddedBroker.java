package app.development;

import app.StartFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.function.Consumer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kafka in this process, broker and controller in one, below a data directory. Its files
 * stay when it stops.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

  private static final String HOST = "127.0.0.1";

  /** Of topics that are made when they are first used. */
  private static final String PARTITIONS = "8";

  private final KafkaRaftServer server;
  private final int port;

  private EmbeddedBroker(KafkaRaftServer server, int port) {
    this.server = server;
    this.port = port;
  }

  /**
   * Starts it. The caller holds the directory alone.
   *
   * @param port 0 for any free one
   * @throws StartFailure when it does not start
   */
  public static EmbeddedBroker start(Path directory, int port) {
    return start(directory, port, properties -> {});
  }

  /** Starts it with other properties, or more. */
  public static EmbeddedBroker start(Path directory, int port, Consumer<Properties> changes) {
    failInsteadOfExiting();
    KafkaRaftServer server = null;
    try {
      // Clients are told it, too, so that it has to be known before.
      int listening = port == 0 ? FreePort.any() : FreePort.checked(port);
      Path configuration = configure(directory, listening, changes);
      format(directory, configuration);
      server = new KafkaRaftServer(KafkaConfig.fromProps(properties(configuration)), Time.SYSTEM);
      server.startup();
      return new EmbeddedBroker(server, listening);
    } catch (BindException inUse) {
      throw new StartFailure("development.kafka-port " + port + " is in use", inUse);
    } catch (Exception failure) {
      stop(server);
      throw new StartFailure("the embedded Kafka did not start: " + reason(failure), failure);
    }
  }

  /** Kafka ends the process when something breaks; here that has to fail the start instead. */
  private static void failInsteadOfExiting() {
    Exit.setExitProcedure(EmbeddedBroker::refuseToExit);
    Exit.setHaltProcedure(EmbeddedBroker::refuseToExit);
  }

  private static void refuseToExit(int status, @Nullable String message) {
    LOG.error("the embedded Kafka is broken status={} message={}", status, message);
    throw new IllegalStateException(
        "broken, see the log" + (message == null ? "" : ": " + message));
  }

  private static Path configure(Path directory, int port, Consumer<Properties> changes)
      throws IOException {
    int controller = FreePort.any();
    Properties properties = new Properties();
    properties.setProperty("process.roles", "broker,controller");
    properties.setProperty("node.id", "1");
    properties.setProperty("controller.quorum.voters", "1@" + HOST + ":" + controller);
    properties.setProperty("controller.listener.names", "CONTROLLER");
    properties.setProperty(
        "listeners",
        "PLAINTEXT://%s:%d,CONTROLLER://%s:%d".formatted(HOST, port, HOST, controller));
    properties.setProperty("advertised.listeners", "PLAINTEXT://" + HOST + ":" + port);
    properties.setProperty(
        "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    properties.setProperty("log.dirs", directory.resolve("kafka").toAbsolutePath().toString());
    properties.setProperty("num.partitions", PARTITIONS);
    // One node for everything, and as few threads and buffers as it does with.
    properties.setProperty("offsets.topic.replication.factor", "1");
    properties.setProperty("offsets.topic.num.partitions", "1");
    properties.setProperty("transaction.state.log.replication.factor", "1");
    properties.setProperty("transaction.state.log.min.isr", "1");
    properties.setProperty("share.coordinator.state.topic.replication.factor", "1");
    properties.setProperty("share.coordinator.state.topic.min.isr", "1");
    properties.setProperty("group.initial.rebalance.delay.ms", "0");
    properties.setProperty("num.network.threads", "1");
    properties.setProperty("num.io.threads", "2");
    properties.setProperty("background.threads", "2");
    properties.setProperty("log.cleaner.dedupe.buffer.size", "4194304");
    // After a kill the broker is let in again when its former session is over.
    properties.setProperty("broker.session.timeout.ms", "3000");
    properties.setProperty("broker.heartbeat.interval.ms", "500");
    changes.accept(properties);
    Files.createDirectories(directory);
    Path file = directory.resolve("kafka.properties");
    try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      properties.store(writer, "Written at every start.");
    }
    return file;
  }

  private static Properties properties(Path file) throws IOException {
    Properties properties = new Properties();
    try (var reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    }
    return properties;
  }

  /** Once. What a killed process left half formatted holds no data yet and is made anew. */
  private static void format(Path directory, Path configuration) throws IOException {
    Path ready = directory.resolve("kafka.ready");
    if (Files.exists(ready)) {
      return;
    }
    DataFiles.delete(directory.resolve("kafka"));
    var said = new ByteArrayOutputStream();
    int status =
        StorageTool.execute(
            new String[] {
              "format",
              "--config",
              configuration.toAbsolutePath().toString(),
              "--cluster-id",
              Uuid.randomUuid().toString()
            },
            new PrintStream(said, true, StandardCharsets.UTF_8));
    if (status != 0) {
      throw new IOException(
          "its storage was not formatted: " + said.toString(StandardCharsets.UTF_8).strip());
    }
    Files.createFile(ready);
  }

  private static String reason(Exception failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse(cause.toString());
  }

  private static void stop(@Nullable KafkaRaftServer server) {
    if (server != null) {
      server.shutdown();
      server.awaitShutdown();
    }
  }

  public int port() {
    return port;
  }

  /** Where clients begin, in the form of {@code kafka.bootstrap-servers}. */
  public String bootstrapServers() {
    return HOST + ":" + port;
  }

  /** Stops the broker; the files stay. */
  @Override
  public void close() {
    stop(server);
  }
}
