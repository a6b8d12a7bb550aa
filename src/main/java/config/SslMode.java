package config;

/** How the database connection is protected, in PostgreSQL's terms. */
public enum SslMode {
  DISABLE,
  PREFER,
  REQUIRE,
  VERIFY_CA,
  VERIFY_FULL
}
