package chaos;

import app.development.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import support.JavaProcess;

/** A Kafka in a process of its own, always on the same port, which can be killed. */
final class BrokerServer implements AutoCloseable {
  private static final String READY = "broker listens on ";

  private final Path directory;
  private int port;
  private @Nullable JavaProcess process;

  BrokerServer(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory.resolve("broker"));
    launch();
  }

  /** Starts it where it does not run; {@link #awaitUp} waits until it serves. */
  synchronized void launch() throws IOException {
    if (process == null) {
      process =
          JavaProcess.startMain(
              directory, "256m", BrokerServer.class, directory.toString(), Integer.toString(port));
    }
  }

  /** Waits until it serves. */
  synchronized void awaitUp() {
    JavaProcess started = process;
    if (started == null) {
      throw new IllegalStateException("not started");
    }
    String ready = started.awaitLine(line -> line.startsWith(READY));
    port = Integer.parseInt(ready.substring(READY.length()));
  }

  /** SIGKILL. */
  synchronized void kill() throws InterruptedException {
    JavaProcess running = process;
    if (running != null) {
      running.kill();
      running.awaitExit();
      running.close();
      process = null;
    }
  }

  String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }

  /** The process: a directory, and a port or 0. */
  public static void main(String[] arguments) throws InterruptedException {
    EmbeddedBroker broker =
        EmbeddedBroker.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
    System.out.println(READY + broker.port());
    Thread.currentThread().join();
  }
}
