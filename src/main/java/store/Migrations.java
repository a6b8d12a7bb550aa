package store;

import java.util.Map;
import org.flywaydb.core.Flyway;

/**
 * Brings the schema up to date, as the migrator role, before anything is served. Blocks; only
 * called at start.
 */
public final class Migrations {
  private Migrations() {}

  /**
   * Applies what is missing.
   *
   * @param jdbcUrl the database as JDBC names it
   * @param application the application's role, which is granted the least it needs
   */
  public static void apply(String jdbcUrl, String user, String password, String application) {
    if (!application.matches("[a-z_][a-z0-9_]*")) {
      throw new IllegalArgumentException("the application role must be a plain lower-case name");
    }
    Flyway.configure()
        .dataSource(jdbcUrl, user, password)
        .locations("classpath:db/migration")
        .placeholders(Map.of("application", application))
        .load()
        .migrate();
  }
}
