package app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import app.development.DevelopmentMain;
import config.InvalidSettings;
import config.Mode;
import config.Settings;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The configuration files that come with Sluice are valid, and broken ones are told clearly. */
class ConfigurationFilesTest {

  @Test
  void developmentConfigurationIsValid() {
    Settings settings = DevelopmentMain.read(Map.of(), List.of());

    assertThat(settings.mode()).isEqualTo(Mode.DEVELOPMENT);
    assertThat(settings.merchants().getFirst().pspAccounts().getFirst().id())
        .isEqualTo("stripe_demo");
  }

  @Test
  void developmentConfigurationIsRefusedInEveryOtherMode() {
    assertThatThrownBy(() -> DevelopmentMain.read(Map.of(), List.of("--mode=production")))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining("development secret");
  }

  @Test
  void exampleForProductionIsValidWithItsSecretsInTheEnvironment() {
    Map<String, String> environment =
        Map.of(
            "DATABASE_PASSWORD", "one",
            "DATABASE_MIGRATOR_PASSWORD", "two",
            "ACME_SECRET_KEY_SHA256", "ab".repeat(32),
            "ACME_PUBLISHABLE_KEY", "pk_live_acme",
            "ACME_STRIPE_SECRET_KEY", "sk_live_psp");

    Settings settings = Main.read(List.of("--config=docs/example-production.yaml"), environment);

    assertThat(settings.mode()).isEqualTo(Mode.PRODUCTION);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"password: 'hunter2", "password: hunter2\npassword: hunter2", "- hunter2"})
  void aBrokenFileIsNamedAndNotQuoted(String text) {
    assertThatThrownBy(() -> ConfigurationFile.parse("my.yaml", new StringReader(text)))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining("my.yaml")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> ConfigurationFile.read(Path.of("nowhere.yaml")))
        .isInstanceOf(InvalidSettings.class)
        .hasMessage("configuration file nowhere.yaml does not exist");
  }
}
