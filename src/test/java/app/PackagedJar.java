package app;

import app.development.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import support.JavaProcess;

/** Runs the packaged jar in mode production with secrets of its own. */
final class PackagedJar {
  static final String APP_PASSWORD = "app-password-of-this-test";
  static final String MIGRATOR_PASSWORD = "migrator-password-of-this-test";

  private final Path directory;
  private final String databaseUrl;

  PackagedJar(Path directory, EmbeddedDatabase database) {
    this.directory = directory;
    this.databaseUrl = database.url().toString();
  }

  JavaProcess run(String... properties) throws IOException {
    Path file = directory.resolve("sluice.yaml");
    Files.writeString(
        file,
        """
        ops: {port: 0}
        webhooks: {host: 127.0.0.1, port: 0}
        api: {host: 127.0.0.1, port: 0}
        shutdown: {readiness-delay: 0s}
        database:
          url: %s
          password: ${APP_PASSWORD}
          migrator-password: ${MIGRATOR_PASSWORD}
          ssl-mode: disable
        merchants:
          - id: acme
            keys:
              - {id: acme_server, kind: secret, mode: test, value: sk_test_acme}
            psp-accounts:
              - {id: stripe_acme, psp: stripe, mode: test, secret-key: sk_test_psp}
        """
            .formatted(databaseUrl));
    List<String> arguments = new ArrayList<>(List.of("-jar", System.getProperty("sluice.jar")));
    arguments.add("--config=" + file);
    arguments.addAll(Arrays.asList(properties));
    return JavaProcess.start(
        directory,
        Map.of("APP_PASSWORD", APP_PASSWORD, "MIGRATOR_PASSWORD", MIGRATOR_PASSWORD),
        arguments);
  }
}
