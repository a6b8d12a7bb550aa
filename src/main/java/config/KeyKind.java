package config;

/** What a merchant's key may do. */
public enum KeyKind {
  /** A server's key: everything. */
  SECRET,
  /** A browser's key: what a client secret allows. */
  PUBLISHABLE
}
