package config;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL, and the two roles Sluice uses there.
 *
 * @param url {@code postgresql://host:port/database}, without user or password
 * @param user the application's role, with the least it needs
 * @param migratorUser the role that owns the schema; needed where {@code migrate} is on
 * @param migrate whether to bring the schema up to date at start
 * @param sslRootCertificate a PEM file with the authorities to trust, for the verify modes
 * @param poolSize connections for everything but the batched statements
 * @param maxWaiting statements that may wait for a connection; more are refused at once
 */
public record DatabaseSettings(
    URI url,
    @Default("sluice_app") String user,
    Secret password,
    @Default("sluice_migrator") String migratorUser,
    @Nullable Secret migratorPassword,
    @Default("true") boolean migrate,
    @Default("prefer") SslMode sslMode,
    @Nullable String sslRootCertificate,
    @Default("8") @Range(min = 1, max = 512) int poolSize,
    @Default("2048") @Range(min = 1, max = 1_000_000) int maxWaiting)
    implements Checked {

  private static final int DEFAULT_PORT = 5432;

  public String host() {
    return url.getHost().replaceAll("[\\[\\]]", "");
  }

  public int port() {
    return url.getPort() < 0 ? DEFAULT_PORT : url.getPort();
  }

  public String database() {
    return url.getPath().substring(1);
  }

  /** The same database for the blocking driver that runs migrations. */
  public String jdbcUrl() {
    String base = "jdbc:postgresql://" + url.getHost() + ":" + port() + url.getRawPath();
    String mode = sslMode.name().toLowerCase(Locale.ROOT).replace('_', '-');
    String root =
        sslRootCertificate == null
            ? ""
            : "&sslrootcert=" + URLEncoder.encode(sslRootCertificate, StandardCharsets.UTF_8);
    return base + "?sslmode=" + mode + root;
  }

  @Override
  public void check(Problems.Section problems) {
    String path = url.getRawPath();
    if (url.getRawUserInfo() != null) {
      problems.add(
          "url", "must not hold a user or a password: they go to database.user and .password");
    } else if (!"postgresql".equals(url.getScheme())
        || url.getHost() == null
        || path == null
        || !path.matches("/[^/]+")
        || url.getRawQuery() != null) {
      problems.add("url", "must look like postgresql://host:5432/database");
    }
    if (migrate && migratorPassword == null) {
      problems.add("migrator-password", "is needed while database.migrate is true");
    }
    boolean verifies = sslMode == SslMode.VERIFY_CA || sslMode == SslMode.VERIFY_FULL;
    if (verifies && sslRootCertificate == null) {
      problems.add("ssl-root-certificate", "is needed with this database.ssl-mode");
    }
  }
}
