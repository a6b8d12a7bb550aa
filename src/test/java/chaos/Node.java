package chaos;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import support.GatewayProcess;
import support.RoughWay;

/**
 * One of the gateway's nodes, with its own ways to the database and to the PSPs: in one life after
 * the other, and now and then asleep.
 */
final class Node implements AutoCloseable {
  private final String name;
  private final Path directory;
  private final Path clock;
  private final RoughWay databaseWay;
  private final Town town;
  private @Nullable GatewayProcess life;
  private volatile @Nullable URI api;
  private volatile int webhookPort;

  Node(String name, Path directory, Town town) throws IOException {
    this.name = name;
    this.directory = Files.createDirectories(directory.resolve(name));
    this.town = town;
    clock = Files.writeString(this.directory.resolve("clock"), "0");
    databaseWay = RoughWay.to(() -> town.database().port());
  }

  String name() {
    return name;
  }

  RoughWay databaseWay() {
    return databaseWay;
  }

  /** Where it serves merchants; null while it is down. */
  @Nullable URI api() {
    return api;
  }

  /** Where it takes PSPs' webhooks; 0 while it is down. */
  int webhookPort() {
    return webhookPort;
  }

  /** What it has written in this life, and nothing while it is down. */
  synchronized List<String> said() {
    return life == null ? List.of() : life.process().standardOutput();
  }

  /** Starts it; returns when it serves. */
  synchronized void start() throws IOException {
    if (life == null) {
      life =
          GatewayProcess.launch(
              directory,
              town.settings(name, databaseWay.port()),
              "-javaagent:" + town.clockAgent() + "=" + clock);
      webhookPort = life.webhooks().getPort();
      api = life.api();
    }
  }

  /** Starts it, again and again where it does not come up because something else is down. */
  void startInTheEnd() {
    for (int tries = 0; ; tries++) {
      try {
        start();
        return;
      } catch (AssertionError | IOException notNow) {
        if (tries == 5) {
          throw new AssertionError(name + " does not start", notNow);
        }
      }
    }
  }

  /** SIGKILL. */
  synchronized void kill() throws InterruptedException {
    GatewayProcess running = life;
    if (running != null) {
      api = null;
      webhookPort = 0;
      running.kill();
      running.close();
      life = null;
    }
  }

  /** SIGSTOP: it neither answers nor ends. */
  synchronized void pause() throws IOException, InterruptedException {
    PostgresServer.signal("STOP", requireNonNull(life).process().pid());
  }

  /** SIGCONT. */
  synchronized void goOn() throws IOException, InterruptedException {
    PostgresServer.signal("CONT", requireNonNull(life).process().pid());
  }

  /** From now on its clock is off by so much. */
  void clockOff(long ms) throws IOException {
    Path unfinished = directory.resolve("clock.new");
    Files.writeString(unfinished, Long.toString(ms));
    Files.move(unfinished, clock, StandardCopyOption.ATOMIC_MOVE);
  }

  /** SIGTERM; returns when it has ended. */
  synchronized void stop() throws InterruptedException {
    GatewayProcess running = requireNonNull(life);
    running.process().terminate();
    running.process().awaitExit();
    api = null;
    webhookPort = 0;
    running.close();
    life = null;
  }

  @Override
  public void close() throws InterruptedException {
    kill();
    databaseWay.close();
  }
}
