package app;

import static java.util.Objects.requireNonNull;

import config.KafkaSettings;
import config.SaslMechanism;
import outbox.KafkaSecurity;

/** How the settings say that Kafka is to be spoken to. */
final class KafkaAccess {
  private KafkaAccess() {}

  static KafkaSecurity of(KafkaSettings kafka) {
    SaslMechanism mechanism = kafka.saslMechanism();
    return new KafkaSecurity(
        kafka.securityProtocol().name(),
        mechanism == null
            ? null
            : new KafkaSecurity.Login(
                mechanism.wire(),
                requireNonNull(kafka.saslUser()),
                requireNonNull(kafka.saslPassword()).value()),
        kafka.caCertificate());
  }
}
