package outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Kafka's client is told, as the client itself reads it. */
final class KafkaSecurityTest {
  private static Map<String, Object> config(KafkaSecurity security) {
    return new EventProducer.Options("kafka:9092", security, "topic", "id", Duration.ofSeconds(10))
        .config();
  }

  /** All of it, checked by Kafka. */
  private static Map<String, ?> read(KafkaSecurity security) {
    Map<String, Object> config = config(security);
    config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
    config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
    return new ProducerConfig(config).values();
  }

  private static AppConfigurationEntry login(KafkaSecurity security) {
    List<AppConfigurationEntry> entries =
        JaasContext.loadClientContext(config(security)).configurationEntries();
    assertThat(entries).hasSize(1);
    return entries.getFirst();
  }

  @Test
  void speaksPlainTextUnlessToldOtherwise() {
    Map<String, ?> read = read(KafkaSecurity.PLAINTEXT);
    assertThat(read.get("security.protocol")).isEqualTo("PLAINTEXT");
    assertThat(read.get("sasl.jaas.config")).isNull();
    assertThat(read.get("acks")).isEqualTo("-1");
  }

  @Test
  void trustsTheGivenAuthoritiesAndChecksTheBrokersNames() {
    Map<String, ?> read = read(new KafkaSecurity("SSL", null, "/etc/sluice/kafka.pem"));
    assertThat(read.get("security.protocol")).isEqualTo("SSL");
    assertThat(read.get("ssl.truststore.type")).isEqualTo("PEM");
    assertThat(read.get("ssl.truststore.location")).isEqualTo("/etc/sluice/kafka.pem");
    assertThat(read.get("ssl.endpoint.identification.algorithm")).isEqualTo("https");
    assertThat(read(new KafkaSecurity("SSL", null, null)).get("ssl.truststore.location")).isNull();
  }

  @Test
  void logsInByTheModuleOfItsMechanism() {
    var scram = new KafkaSecurity.Login("SCRAM-SHA-512", "sluice", "secret");
    var security = new KafkaSecurity("SASL_SSL", scram, null);
    assertThat(read(security).get("sasl.mechanism")).isEqualTo("SCRAM-SHA-512");
    assertThat(login(security).getLoginModuleName()).endsWith(".ScramLoginModule");
    var plain = new KafkaSecurity.Login("PLAIN", "sluice", "secret");
    assertThat(login(new KafkaSecurity("SASL_SSL", plain, null)).getLoginModuleName())
        .endsWith(".PlainLoginModule");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "simple",
        "it's; \"quoted\"",
        "back\\slash",
        "ends with \\",
        "\\\" required username=\"other",
        "a=b;c d",
        "new\nline\r\n",
        "tab\tand \\t \\101",
        "${file:/etc/passwd:x} $$ # // /* */",
        "пароль ü €",
      })
  void handsAnyUserAndPasswordOverAsTheyAre(String text) {
    for (String mechanism : List.of("PLAIN", "SCRAM-SHA-256")) {
      var login = new KafkaSecurity.Login(mechanism, text, text + text);
      Map<String, ?> options = login(new KafkaSecurity("SASL_SSL", login, null)).getOptions();
      assertThat(options).hasSize(2);
      assertThat(options.get("username")).isEqualTo(text);
      assertThat(options.get("password")).isEqualTo(text + text);
    }
  }

  @Test
  void showsNoPassword() {
    var login = new KafkaSecurity.Login("PLAIN", "sluice", "hunter2");
    var security = new KafkaSecurity("SASL_SSL", login, null);
    assertThat(security.toString()).contains("sluice").doesNotContain("hunter2");
    assertThat(config(security).toString()).doesNotContain("hunter2");
  }
}
