package app.development;

import app.Gateway;
import app.OpenParts;
import app.StartFailure;
import config.Settings;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import simulator.Simulator;

/**
 * The whole of development mode: embedded database and Kafka, PSP simulator, gateway. Start and
 * close block; close may be called while start is under way.
 */
public final class Development implements AutoCloseable {
  private static final int SIMULATOR_DEFAULT_PORT = 12_111;

  private final SimulatorStart simulatorStart;
  private final OpenParts open = new OpenParts();
  private final AtomicBoolean closed = new AtomicBoolean();
  private Settings settings;
  private int simulatorPort;

  public Development(Settings settings, SimulatorStart simulatorStart) {
    this.settings = settings;
    this.simulatorStart = simulatorStart;
  }

  /**
   * Starts everything, inside out. What was started is closed again when something fails.
   *
   * @throws StartFailure saying why, in one line
   */
  public Gateway start() {
    try {
      DataDirectory directory = DataDirectory.take(Path.of(settings.development().dataDirectory()));
      open.addCloseable("data directory", directory);
      EmbeddedDatabase database = EmbeddedDatabase.start(directory.path(), settings.database());
      open.addCloseable("database", database);
      settings = settings.withDatabaseUrl(database.url());
      startKafka(directory.path());
      Simulator simulator = startSimulator(directory.path());
      int webhookPort = settings.webhooks().port();
      if (webhookPort != 0) {
        // Before the gateway starts, so that nothing its recovery causes goes untold.
        SimulatorWebhooks.connect(simulator, settings, webhookPort);
      }
      Gateway gateway = new Gateway(settings);
      open.addCloseable("gateway", gateway);
      gateway.start();
      if (webhookPort == 0) {
        SimulatorWebhooks.connect(simulator, settings, gateway.webhookPort());
      }
      return gateway;
    } catch (Throwable failure) {
      close();
      throw failure;
    }
  }

  private void startKafka(Path directory) {
    if (settings.kafka().bootstrapServers() == null) {
      EmbeddedBroker broker = EmbeddedBroker.start(directory, settings.development().kafkaPort());
      open.addCloseable("kafka", broker);
      settings = settings.withKafka(broker.bootstrapServers());
    }
  }

  private Simulator startSimulator(Path directory) {
    int port = settings.development().simulatorPort();
    Vertx vertx = Vertx.vertx();
    open.add("simulator", vertx::close);
    Simulator simulator;
    try {
      simulator = simulatorStart.start(vertx, port, directory).await();
    } catch (Exception failure) {
      throw new StartFailure(
          String.valueOf(failure.getMessage()).contains("Address already in use")
              ? "development.simulator-port " + port + " is in use"
              : "the simulator did not start: " + failure.getMessage(),
          failure);
    }
    simulatorPort = simulator.port();
    settings = settings.withPspBaseUrls(this::followSimulator);
    return simulator;
  }

  /** The demo accounts name the simulator's default port; they go where it really listens. */
  private URI followSimulator(URI baseUrl) {
    boolean simulator =
        "127.0.0.1".equals(baseUrl.getHost()) && baseUrl.getPort() == SIMULATOR_DEFAULT_PORT;
    return simulator ? URI.create("http://127.0.0.1:" + simulatorPort) : baseUrl;
  }

  /** The settings as started: with the database's and the simulator's actual ports. */
  public Settings settings() {
    return settings;
  }

  public int simulatorPort() {
    return simulatorPort;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      open.close(settings.shutdown().limit().plusSeconds(15));
    }
  }
}
