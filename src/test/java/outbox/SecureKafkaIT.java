package outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import app.development.EmbeddedBroker;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A real Kafka that wants TLS and a login. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SecureKafkaIT {
  private static final String PASSWORD = "a \"quoted\" pass\\word;";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Vertx vertx = Vertx.vertx();
  private String certificate = "";
  private String other = "";
  private int port;
  private @Nullable EmbeddedBroker broker;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException, InterruptedException {
    certificate = certificate(directory, "kafka");
    other = certificate(directory, "other");
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    broker = EmbeddedBroker.start(directory.resolve("data"), 0, all -> secure(all, directory));
  }

  /** A listener more, beside the one that the broker itself uses. */
  private void secure(Properties all, Path directory) {
    String listener = ",SECURE://localhost:" + port;
    all.setProperty("listeners", all.getProperty("listeners") + listener);
    all.setProperty("advertised.listeners", all.getProperty("advertised.listeners") + listener);
    all.setProperty(
        "listener.security.protocol.map",
        all.getProperty("listener.security.protocol.map") + ",SECURE:SASL_SSL");
    String prefix = "listener.name.secure.";
    all.setProperty(prefix + "ssl.keystore.type", "PKCS12");
    all.setProperty(prefix + "ssl.keystore.location", store(directory, "kafka"));
    all.setProperty(prefix + "ssl.keystore.password", "changeit");
    all.setProperty(prefix + "ssl.key.password", "changeit");
    all.setProperty(prefix + "sasl.enabled.mechanisms", "PLAIN");
    all.setProperty(
        prefix + "plain.sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required user_sluice=\""
            + PASSWORD.replace("\\", "\\\\").replace("\"", "\\\"")
            + "\";");
  }

  private static String store(Path directory, String name) {
    return directory.resolve(name + ".p12").toString();
  }

  private static String certificate(Path directory, String name)
      throws IOException, InterruptedException {
    Path exported = directory.resolve(name + ".pem");
    keytool(
        "-genkeypair -alias it -keyalg RSA -validity 2 -dname CN=localhost -ext SAN=dns:localhost"
            + " -storetype PKCS12 -storepass changeit -keystore "
            + store(directory, name));
    keytool(
        "-exportcert -rfc -alias it -storepass changeit -keystore "
            + store(directory, name)
            + " -file "
            + exported);
    return exported.toString();
  }

  private static void keytool(String arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments.split(" ")));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
  }

  @AfterAll
  void close() {
    vertx.close().await();
    EmbeddedBroker running = broker;
    if (running != null) {
      running.close();
    }
  }

  private void connect(String password, String authorities) {
    var security =
        new KafkaSecurity(
            "SASL_SSL", new KafkaSecurity.Login("PLAIN", "sluice", password), authorities);
    var options =
        new EventProducer.Options("localhost:" + port, security, "secured", "test", PATIENCE);
    EventProducer producer = EventProducer.open(vertx, options).await();
    try {
      producer.ready().await();
    } finally {
      producer.close(Duration.ZERO).await();
    }
  }

  @Test
  void letsInWhoTrustsItAndLogsIn() {
    connect(PASSWORD, certificate);
  }

  @Test
  void isNotTrustedWithACertificateOfAnotherAuthority() {
    assertThatThrownBy(() -> connect(PASSWORD, other))
        .isInstanceOf(SslAuthenticationException.class);
  }

  @Test
  void refusesAnotherPassword() {
    assertThatThrownBy(() -> connect(PASSWORD + "x", certificate))
        .isInstanceOf(SaslAuthenticationException.class);
  }
}
