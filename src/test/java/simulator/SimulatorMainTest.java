package simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import simulator.webhooks.WebhookEndpoint;

/** The settings of the simulator's own process. */
class SimulatorMainTest {
  private static SimulatorOptions options(Map<String, String> environment, String... args) {
    return SimulatorMain.options(SimulatorMain.settings(args, environment));
  }

  @Test
  void comeFromArgumentsAndThenFromTheEnvironment() {
    SimulatorOptions options =
        options(
            Map.of("SIMULATOR_SEED", "9", "SIMULATOR_PORT", "1"),
            "--port",
            "4711",
            "--latency-ms",
            "3",
            "--settle-ms",
            "50",
            "--journal",
            "data/simulator");

    assertThat(options.port()).isEqualTo(4711);
    assertThat(options.seed()).isEqualTo(9);
    assertThat(options.latency()).isEqualTo(new Latency.Fixed(Duration.ofMillis(3)));
    assertThat(options.settlementEvery()).isEqualTo(Duration.ofMillis(50));
    assertThat(options.journal()).isEqualTo(Path.of("data/simulator"));
  }

  @Test
  void haveDefaults() {
    SimulatorOptions options = options(Map.of());

    assertThat(options.port()).isEqualTo(12111);
    assertThat(options.host()).isEqualTo("127.0.0.1");
    assertThat(options.journal()).isNull();
    assertThat(options.settlementEvery()).isNull();
  }

  @Test
  void sayWhereEventsGo() {
    SimulatorOptions options =
        options(
            Map.of(),
            "--webhook-account",
            "sk_test_a",
            "--webhook-url",
            "http://127.0.0.1:8081/webhooks/stripe/a",
            "--webhook-secrets",
            "whsec_1,whsec_2");

    assertThat(options.webhooks().endpoints())
        .containsExactly(
            WebhookEndpoint.of(
                "sk_test_a",
                URI.create("http://127.0.0.1:8081/webhooks/stripe/a"),
                "whsec_1",
                "whsec_2"));
    assertThat(options(Map.of()).webhooks().endpoints()).isEmpty();
  }

  @Test
  void sayWhereAdyensNotificationsGo() {
    SimulatorOptions options =
        options(
            Map.of("SIMULATOR_ADYEN_WEBHOOK_KEYS", "A1B2"),
            "--adyen-webhook-account",
            "adyen_test_a",
            "--adyen-webhook-url",
            "http://127.0.0.1:8081/webhooks/adyen/a");

    assertThat(options.webhooks().endpoints())
        .containsExactly(
            WebhookEndpoint.of(
                "adyen_test_a", URI.create("http://127.0.0.1:8081/webhooks/adyen/a"), "A1B2"));
  }

  @Test
  void nameWhatIsWrong() {
    assertThatThrownBy(() -> options(Map.of(), "--webhook-url", "http://127.0.0.1:1"))
        .hasMessageContaining("webhook-account");
    assertThatThrownBy(() -> options(Map.of(), "--adyen-webhook-keys", "A1B2"))
        .hasMessageContaining("adyen-webhook-account");
    assertThatThrownBy(() -> options(Map.of(), "--colour", "red")).hasMessageContaining("--colour");
    assertThatThrownBy(() -> options(Map.of(), "--port", "red")).hasMessageContaining("port");
    assertThatThrownBy(() -> options(Map.of(), "--port")).hasMessageContaining("--port");
  }
}
