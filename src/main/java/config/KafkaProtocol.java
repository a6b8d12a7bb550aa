package config;

/** How Kafka is spoken to: with or without TLS, with or without a login. */
public enum KafkaProtocol {
  PLAINTEXT,
  SSL,
  SASL_SSL,
  SASL_PLAINTEXT;

  /** Whether the connection is encrypted and the brokers have to prove who they are. */
  public boolean tls() {
    return this == SSL || this == SASL_SSL;
  }

  /** Whether the client logs in with a user and a password. */
  public boolean sasl() {
    return this == SASL_SSL || this == SASL_PLAINTEXT;
  }
}
