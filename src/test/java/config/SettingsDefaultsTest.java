package config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pins every default: changing one is a change users notice, so it has to change here too. */
class SettingsDefaultsTest {

  @Test
  void everyDefaultIsTheDocumentedOne() {
    Settings settings = SettingsReader.read(Samples.production(), Samples.ENVIRONMENT, List.of());

    assertThat(settings)
        .isEqualTo(
            new Settings(
                Mode.PRODUCTION,
                null,
                0,
                null,
                new ApiSettings(
                    "0.0.0.0", 8080, 0, 1_048_576, 16_384, Duration.ofSeconds(75), null),
                new OpsSettings(
                    "127.0.0.1", 9090, Duration.ofSeconds(2), Duration.ofSeconds(1), null),
                new WebhookSettings(
                    "0.0.0.0",
                    8081,
                    1,
                    1_048_576,
                    2048,
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(5),
                    Duration.ofDays(30)),
                new DatabaseSettings(
                    URI.create("postgresql://db.internal/sluice"),
                    "sluice_app",
                    new Secret("app-password"),
                    "sluice_migrator",
                    new Secret("migrator-password"),
                    true,
                    SslMode.PREFER,
                    null,
                    8,
                    2048),
                new BatchSettings(2, 256, 4096),
                new TimeoutSettings(
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(28),
                    Duration.ofSeconds(24),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(2)),
                new RoutingSettings(2, Duration.ofSeconds(27)),
                new RecoverySettings(
                    Duration.ofMillis(500),
                    List.of(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(2),
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(30),
                        Duration.ofHours(1)),
                    20,
                    Duration.ofMinutes(10),
                    Duration.ofSeconds(35),
                    64,
                    Duration.ofSeconds(10),
                    Duration.ofHours(1),
                    Duration.ofMinutes(1),
                    Duration.ofHours(1),
                    Duration.ofDays(5)),
                new InboxSettings(
                    Duration.ofMillis(500),
                    256,
                    List.of(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(2),
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(30),
                        Duration.ofHours(1),
                        Duration.ofHours(2),
                        Duration.ofHours(4),
                        Duration.ofHours(8)),
                    Duration.ofMinutes(10)),
                new OutboxSettings(Duration.ofMillis(200), 500, Duration.ofDays(30)),
                new KafkaSettings(
                    null,
                    "sluice.payments",
                    500,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(1),
                    KafkaProtocol.PLAINTEXT,
                    null,
                    null,
                    null,
                    null),
                new DeliverySettings(
                    Duration.ofMillis(250),
                    8,
                    256,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(3),
                    List.of(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(2),
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(30),
                        Duration.ofHours(1),
                        Duration.ofHours(3),
                        Duration.ofHours(6),
                        Duration.ofHours(12)),
                    Duration.ofDays(3)),
                new BreakerSettings(10, Duration.ofSeconds(10), Duration.ofSeconds(5)),
                new BulkheadSettings(256, 256),
                new AdmissionSettings(1024, 512),
                new ShutdownSettings(
                    Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(45)),
                new DevelopmentSettings("./data", 12_111, 9092),
                List.of(
                    new MerchantSettings(
                        "acme",
                        List.of(
                            new KeySettings(
                                "acme_server",
                                KeyKind.SECRET,
                                DataMode.LIVE,
                                null,
                                new Secret("sk_live_acme"))),
                        List.of(
                            new PspAccountSettings(
                                "stripe_acme",
                                PspKind.STRIPE,
                                DataMode.LIVE,
                                null,
                                new Secret("sk_live_psp"),
                                null,
                                null,
                                null,
                                100,
                                100))))));
  }
}
