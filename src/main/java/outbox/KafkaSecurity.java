package outbox;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.apache.kafka.common.security.scram.ScramLoginModule;
import org.jspecify.annotations.Nullable;

/**
 * How Kafka is spoken to. With TLS the brokers' names are checked against their certificates.
 *
 * @param protocol Kafka's name of it, as in {@code SASL_SSL}
 * @param login null without one
 * @param caCertificate a PEM file with the authorities to trust, null for those of the JVM
 */
public record KafkaSecurity(
    String protocol, @Nullable Login login, @Nullable String caCertificate) {
  public static final KafkaSecurity PLAINTEXT = new KafkaSecurity("PLAINTEXT", null, null);

  private static final String PLAIN = "PLAIN";

  /**
   * Who Sluice is to Kafka.
   *
   * @param mechanism SASL's name of it, as in {@code SCRAM-SHA-512}
   */
  public record Login(String mechanism, String user, String password) {
    private String jaas() {
      Class<?> module = mechanism.equals(PLAIN) ? PlainLoginModule.class : ScramLoginModule.class;
      return "%s required username=\"%s\" password=\"%s\";"
          .formatted(module.getName(), escaped(user), escaped(password));
    }

    /** As it has to be within quotes, where a line's end would end it too. */
    private static String escaped(String text) {
      return text.replace("\\", "\\\\")
          .replace("\"", "\\\"")
          .replace("\n", "\\n")
          .replace("\r", "\\r");
    }

    @Override
    public String toString() {
      return "Login[" + mechanism + " user=" + user + "]";
    }
  }

  /** The same for Kafka's client. */
  Map<String, Object> config() {
    Map<String, Object> config = new HashMap<>();
    config.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, protocol);
    Login known = login;
    if (known != null) {
      config.put(SaslConfigs.SASL_MECHANISM, known.mechanism);
      config.put(SaslConfigs.SASL_JAAS_CONFIG, new Password(known.jaas()));
    }
    String authorities = caCertificate;
    if (authorities != null) {
      config.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
      config.put(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, authorities);
    }
    return config;
  }
}
