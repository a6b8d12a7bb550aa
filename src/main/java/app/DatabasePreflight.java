package app;

import config.DatabaseSettings;
import config.Secret;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * Connects once with each role before anything else is built, so that a database that is not there
 * or does not let us in is told by the setting to look at. Blocks.
 */
final class DatabasePreflight {
  private static final String CONNECT_SECONDS = "5";

  private final DatabaseSettings database;

  DatabasePreflight(DatabaseSettings database) {
    this.database = database;
  }

  void check() {
    connect("user", database.user(), database.password());
    Secret migratorPassword = database.migratorPassword();
    if (database.migrate() && migratorPassword != null) {
      connect("migrator-user", database.migratorUser(), migratorPassword);
    }
  }

  private void connect(String property, String user, Secret password) {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password.value());
    properties.setProperty("connectTimeout", CONNECT_SECONDS);
    properties.setProperty("loginTimeout", CONNECT_SECONDS);
    try (Connection connection = DriverManager.getConnection(database.jdbcUrl(), properties)) {
      if (!connection.isValid(5)) {
        throw new StartFailure("database.url " + database.url() + " does not answer");
      }
    } catch (SQLException failure) {
      throw new StartFailure(explain(property, user, failure), failure);
    }
  }

  /** By SQLSTATE class: 28 is a refused login, 3D an unknown database, 08 the connection. */
  private String explain(String property, String user, SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    String said = firstLine(failure);
    if (state.startsWith("28")) {
      return "database." + property + " " + user + " is not let in: " + said;
    }
    if (state.startsWith("3D")) {
      return "database.url " + database.url() + " names a database that does not exist: " + said;
    }
    return "database.url " + database.url() + " cannot be reached: " + said;
  }

  private static String firstLine(SQLException failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("no reason given");
  }
}
