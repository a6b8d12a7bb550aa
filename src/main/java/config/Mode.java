package config;

/** What this gateway is for, which decides what it may start with. */
public enum Mode {
  /** One developer's machine: the fixed demo secrets are allowed. */
  DEVELOPMENT,
  /** A shared environment without real money: own secrets, PSPs may be simulators over http. */
  TEST,
  /** Real money: own secrets, and PSPs over TLS only. */
  PRODUCTION
}
