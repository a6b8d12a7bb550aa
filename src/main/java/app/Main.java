package app;

import config.InvalidSettings;
import config.Settings;
import config.SettingsReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The production program: {@code java -jar sluice.jar --config=FILE [--property=value ...]}. */
public final class Main {
  private static final String CONFIG = "--config=";
  private static final String CHECK = "--check-config";

  private Main() {}

  public static void main(String[] arguments) {
    Program.run(() -> start(List.of(arguments)));
  }

  private static void start(List<String> arguments) {
    Settings settings = read(arguments, System.getenv());
    if (arguments.contains(CHECK)) {
      System.out.println("The configuration is valid.");
      return;
    }
    Gateway gateway = Program.closedAtExit(() -> new Gateway(settings));
    gateway.start();
    System.out.printf(
        "Sluice is ready. API port %d, management port %d.%n",
        gateway.apiPort(), gateway.opsPort());
  }

  /** Settings from the file that the arguments name, the environment and the other arguments. */
  static Settings read(List<String> arguments, Map<String, String> environment) {
    String file = null;
    List<String> properties = new ArrayList<>();
    for (String argument : arguments) {
      if (argument.startsWith(CONFIG)) {
        file = argument.substring(CONFIG.length());
      } else if (!argument.equals(CHECK)) {
        properties.add(argument);
      }
    }
    return SettingsReader.read(
        ConfigurationFile.read(Path.of(required(file))), environment, properties);
  }

  private static String required(@Nullable String file) {
    if (file == null || file.isEmpty()) {
      throw new InvalidSettings(
          List.of("no configuration; name one with --config=FILE (docs/example-production.yaml)"));
    }
    return file;
  }
}
