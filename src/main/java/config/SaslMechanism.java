package config;

/** How a password is shown to Kafka: as it is, or by proof that it is known. */
public enum SaslMechanism {
  PLAIN,
  SCRAM_SHA_256,
  SCRAM_SHA_512;

  /** Its registered name. */
  public String wire() {
    return name().replace('_', '-');
  }
}
