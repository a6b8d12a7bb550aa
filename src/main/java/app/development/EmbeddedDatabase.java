package app.development;

import app.StartFailure;
import config.DatabaseSettings;
import config.Secret;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * A real PostgreSQL below a data directory, with the two roles and the database the settings name.
 * Its files stay when it stops.
 */
public final class EmbeddedDatabase implements AutoCloseable {
  private final EmbeddedPostgres postgres;
  private final DatabaseSettings settings;

  private EmbeddedDatabase(EmbeddedPostgres postgres, DatabaseSettings settings) {
    this.postgres = postgres;
    this.settings = settings;
  }

  /**
   * Starts it, with the port of {@code database.url} or any free one where that is 0. The caller
   * holds the directory alone; a server that a killed process left behind in it is stopped first.
   *
   * @throws StartFailure when it does not start
   */
  public static EmbeddedDatabase start(Path directory, DatabaseSettings settings) {
    Path files = directory.resolve("postgres").toAbsolutePath();
    Path log = directory.resolve("postgres.log").toAbsolutePath();
    Path ready = directory.resolve("postgres.ready");
    try {
      OrphanedPostgres.stop(files);
      if (!Files.exists(ready)) {
        // Killed before its first start was over: there can be no data in it yet.
        DataFiles.delete(files);
      }
      EmbeddedDatabase database =
          new EmbeddedDatabase(startServer(files, log, settings.port()), settings);
      try {
        database.createRolesAndDatabase();
        if (!Files.exists(ready)) {
          Files.createFile(ready);
        }
      } catch (IOException | SQLException failure) {
        database.close();
        throw failure;
      }
      return database;
    } catch (IOException | SQLException | IllegalStateException failure) {
      throw new StartFailure(
          "the embedded PostgreSQL did not start: %s; see %s".formatted(failure.getMessage(), log),
          failure);
    }
  }

  private static EmbeddedPostgres startServer(Path files, Path log, int port) throws IOException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(files)
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            .setPGStartupWait(Duration.ofSeconds(60))
            .setLocaleConfig("locale", "C")
            // The library turns both off; what was acknowledged has to survive here too.
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("unix_socket_directories", "")
            .setOutputRedirector(Redirect.appendTo(log.toFile()))
            .setErrorRedirector(Redirect.appendTo(log.toFile()));
    return builder.setPort(port == 0 ? FreePort.any() : port).start();
  }

  private void createRolesAndDatabase() throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      Secret migratorPassword = settings.migratorPassword();
      if (migratorPassword != null) {
        createRole(statement, settings.migratorUser(), migratorPassword);
      }
      createRole(statement, settings.user(), settings.password());
      String database = settings.database();
      if (!exists(statement, "pg_database", "datname", database)) {
        statement.execute(
            "CREATE DATABASE %s OWNER %s"
                .formatted(
                    statement.enquoteIdentifier(database, true),
                    statement.enquoteIdentifier(settings.migratorUser(), true)));
      }
    }
  }

  private static void createRole(Statement statement, String role, Secret password)
      throws SQLException {
    if (!exists(statement, "pg_roles", "rolname", role)) {
      statement.execute(
          "CREATE ROLE %s LOGIN PASSWORD %s"
              .formatted(
                  statement.enquoteIdentifier(role, true),
                  statement.enquoteLiteral(password.value())));
    }
  }

  private static boolean exists(Statement statement, String catalog, String column, String name)
      throws SQLException {
    String query =
        "SELECT 1 FROM %s WHERE %s = %s".formatted(catalog, column, statement.enquoteLiteral(name));
    try (ResultSet rows = statement.executeQuery(query)) {
      return rows.next();
    }
  }

  public int port() {
    return postgres.getPort();
  }

  /** Where it listens, in the form of {@code database.url}. */
  public URI url() {
    return URI.create("postgresql://127.0.0.1:" + port() + "/" + settings.database());
  }

  /** Stops the server; the files stay. */
  @Override
  public void close() throws IOException {
    postgres.close();
  }
}
