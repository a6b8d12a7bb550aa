package support;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import store.Database;
import store.Migrations;

/**
 * A database of its own for a test class, migrated and with Sluice's two roles, on the one embedded
 * PostgreSQL of the JVM. The server stops, and its data directory goes, when the JVM does.
 */
public final class TestDatabase implements Rows {
  public static final String MIGRATOR = "sluice_migrator";
  public static final String APPLICATION = "sluice_app";
  public static final String PASSWORD = "test";
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String name;

  private TestDatabase(String name) {
    this.name = name;
  }

  /** The server, started by the first test that asks. */
  private static final class Server {
    static final EmbeddedPostgres POSTGRES = start();

    private static EmbeddedPostgres start() {
      try {
        // Its own shutdown hook stops the server and deletes the data directory.
        var postgres =
            EmbeddedPostgres.builder()
                .setCleanDataDirectory(true)
                .setServerConfig("max_connections", "400")
                .setServerConfig("fsync", "off")
                .start();
        run(postgres, "postgres", "CREATE ROLE " + MIGRATOR + " LOGIN PASSWORD '" + PASSWORD + "'");
        run(
            postgres,
            "postgres",
            "CREATE ROLE " + APPLICATION + " LOGIN PASSWORD '" + PASSWORD + "'");
        return postgres;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A fresh, migrated database. */
  public static TestDatabase create() {
    TestDatabase database = unmigrated();
    database.migrate();
    return database;
  }

  /** A fresh database as a release of before left it. */
  public static TestDatabase createAt(String version) {
    TestDatabase database = unmigrated();
    Flyway.configure()
        .dataSource(database.jdbcUrl(), MIGRATOR, PASSWORD)
        .locations("classpath:db/migration")
        .placeholders(Map.of("application", APPLICATION))
        .target(version)
        .load()
        .migrate();
    return database;
  }

  /** Brings it up to date, as a start of the gateway does. */
  public void migrate() {
    Migrations.apply(jdbcUrl(), MIGRATOR, PASSWORD, APPLICATION);
  }

  private static TestDatabase unmigrated() {
    var database = new TestDatabase("sluice_test_" + COUNT.incrementAndGet());
    run(Server.POSTGRES, "postgres", "CREATE DATABASE " + database.name + " OWNER " + MIGRATOR);
    run(Server.POSTGRES, database.name, "ALTER SCHEMA public OWNER TO " + MIGRATOR);
    return database;
  }

  /** Another database with what this one holds now. Ends whoever is connected to this one. */
  public TestDatabase copy() {
    var copy = new TestDatabase("sluice_test_" + COUNT.incrementAndGet());
    run(
        Server.POSTGRES,
        "postgres",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
    run(
        Server.POSTGRES,
        "postgres",
        "CREATE DATABASE " + copy.name + " TEMPLATE " + name + " OWNER " + MIGRATOR);
    return copy;
  }

  /** How the application connects: as its own role, which may do the least. */
  public Database.Options options() {
    return new Database.Options(
        "localhost",
        Server.POSTGRES.getPort(),
        name,
        APPLICATION,
        PASSWORD,
        Duration.ofSeconds(20),
        Duration.ofSeconds(20));
  }

  /** Runs a statement as the superuser, for arranging what the application itself may not do. */
  public void execute(String sql) {
    run(Server.POSTGRES, name, sql);
  }

  /** A connection as the superuser, for looking at what is really there. */
  public Connection connect() throws SQLException {
    return Server.POSTGRES.getDatabase("postgres", name).getConnection();
  }

  @Override
  public List<List<String>> rows(String sql) {
    return Rows.read(this::connect, sql);
  }

  public String jdbcUrl() {
    return "jdbc:postgresql://localhost:" + Server.POSTGRES.getPort() + "/" + name;
  }

  private static void run(EmbeddedPostgres postgres, String database, String sql) {
    try (var connection = postgres.getDatabase("postgres", database).getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot run: " + sql, e);
    }
  }
}
