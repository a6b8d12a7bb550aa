package config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The Kafka cluster that the event log is relayed to.
 *
 * @param bootstrapServers host:port, separated by commas; without it nothing is relayed
 * @param topic where payment events go
 * @param batchSize events sent before their acknowledgements are awaited
 * @param deliveryTimeout how long the producer tries before a send counts as failed
 * @param retryDelay before the relay tries again what failed
 * @param caCertificate a PEM file with the authorities to trust, null for those of the JVM
 */
public record KafkaSettings(
    @Nullable String bootstrapServers,
    @Default("sluice.payments") String topic,
    @Default("500") @Range(min = 1, max = 10_000) int batchSize,
    @Default("10s") Duration deliveryTimeout,
    @Default("1s") Duration retryDelay,
    @Default("plaintext") KafkaProtocol securityProtocol,
    @Nullable SaslMechanism saslMechanism,
    @Nullable String saslUser,
    @Nullable Secret saslPassword,
    @Nullable String caCertificate)
    implements Checked {

  @Override
  public void check(Problems.Section problems) {
    // What the protocol makes no use of was meant for another: rather no start than one that says
    // less, or says it in the open.
    boolean sasl = securityProtocol.sasl();
    needed(problems, "sasl-mechanism", sasl, saslMechanism);
    needed(problems, "sasl-user", sasl, saslUser);
    needed(problems, "sasl-password", sasl, saslPassword);
    String file = caCertificate;
    if (file != null) {
      needed(problems, "ca-certificate", securityProtocol.tls(), file);
      checkCertificates(problems, file);
    }
  }

  private static void needed(
      Problems.Section problems, String property, boolean used, @Nullable Object value) {
    if (used && value == null) {
      problems.add(property, "is needed with this kafka.security-protocol");
    } else if (!used && value != null) {
      problems.add(property, "is not used with this kafka.security-protocol");
    }
  }

  private static void checkCertificates(Problems.Section problems, String file) {
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      if (CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
        problems.add("ca-certificate", "must be a PEM file with certificates, and holds none");
      }
    } catch (IOException | InvalidPathException unreadable) {
      problems.add("ca-certificate", "names a file that cannot be read");
    } catch (CertificateException malformed) {
      problems.add("ca-certificate", "must be a PEM file with certificates");
    }
  }
}
