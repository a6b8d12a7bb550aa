package app.development;

import app.ConfigurationFile;
import app.Gateway;
import app.Program;
import app.StartFailure;
import config.Settings;
import config.SettingsReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import simulator.Simulator;
import simulator.SimulatorOptions;

/** Development mode's program: everything in one process, from one command. */
public final class DevelopmentMain {
  private static final String CONFIGURATION = "conf/development.yaml";

  /** Pending refunds end and cards that dispute do so while somebody is looking. */
  private static final Duration SETTLEMENT_EVERY = Duration.ofSeconds(5);

  private DevelopmentMain() {}

  public static void main(String[] arguments) {
    Program.run(() -> start(List.of(arguments)));
  }

  private static void start(List<String> arguments) {
    Settings settings = read(System.getenv(), arguments);
    Development development =
        Program.closedAtExit(() -> new Development(settings, DevelopmentMain::simulator));
    Gateway gateway = development.start();
    System.out.print(Banner.text(development, gateway));
    System.out.flush();
  }

  /** Development mode's settings with changes from the environment and from arguments. */
  public static Settings read(Map<String, String> environment, List<String> arguments) {
    try (InputStream file =
        DevelopmentMain.class.getClassLoader().getResourceAsStream(CONFIGURATION)) {
      if (file == null) {
        throw new StartFailure(CONFIGURATION + " is not on the class path");
      }
      return SettingsReader.read(
          ConfigurationFile.parse(
              CONFIGURATION, new InputStreamReader(file, StandardCharsets.UTF_8)),
          environment,
          arguments);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The simulator keeps its state too: the gateway's payments refer to it over restarts. */
  private static Future<Simulator> simulator(Vertx vertx, int port, Path directory) {
    SimulatorOptions options =
        SimulatorOptions.defaults()
            .withPort(port)
            .withJournal(directory.resolve("simulator.journal"))
            .withSettlementEvery(SETTLEMENT_EVERY);
    return Simulator.start(vertx, options);
  }
}
