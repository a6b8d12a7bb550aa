package routes.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import payments.Refusal;
import payments.Refusal.Code;

/** Authentication by key. */
class ApiKeysTest {
  private static final ApiKey DEMO = new ApiKey("key1", "m1", false, false);

  private final ApiKeys keys = new ApiKeys(Map.of(ApiKeys.digest("sk_test_demo"), DEMO));

  @ParameterizedTest
  @ValueSource(strings = {"Bearer sk_test_demo", "bearer  sk_test_demo "})
  void takesABearerKey(String header) {
    assertThat(keys.authenticate(header)).isEqualTo(DEMO);
  }

  @Test
  void takesTheKeyAsUserNameOfBasicAuth() {
    assertThat(keys.authenticate("Basic " + base64("sk_test_demo:"))).isEqualTo(DEMO);
    assertThat(keys.authenticate("Basic " + base64("sk_test_demo"))).isEqualTo(DEMO);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {"", "Bearer", "Bearer ", "Basic ", "Basic !!!", "Digest x", "sk_test_demo"})
  void saysThatAKeyIsMissing(@Nullable String header) {
    Refusal refusal = Refusals.of(() -> keys.authenticate(header));
    assertThat(refusal.code()).isEqualTo(Code.KEY_MISSING);
    assertThat(refusal.message()).startsWith("You did not provide an API key.");
  }

  @Test
  void redactsAKeyItDoesNotKnow() {
    Refusal refusal =
        Refusals.of(() -> keys.authenticate("Bearer sk_test_51AbCdEfGhIjKlMnOpQrabcd"));
    assertThat(refusal.code()).isEqualTo(Code.KEY_INVALID);
    assertThat(refusal.message()).isEqualTo("Invalid API Key provided: sk_test_****abcd");
    assertThat(ApiKeys.redacted("sk_live_short123")).isEqualTo("sk_live_****");
    assertThat(ApiKeys.redacted("4242424242424242")).isEqualTo("****");
  }

  @Test
  void takesOverANewTable() {
    keys.replaceAll(Map.of());
    assertThat(Refusals.of(() -> keys.authenticate("Bearer sk_test_demo")).code())
        .isEqualTo(Code.KEY_INVALID);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
