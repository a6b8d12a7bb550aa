package psp.adyen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AdyenSettingsTest {
  private static AdyenSettings settings(
      String accountId,
      String baseUrl,
      String apiKey,
      String merchantAccount,
      int connectSeconds,
      int callSeconds,
      int poolSize,
      int maxWaiting,
      String hmacKey) {
    return new AdyenSettings(
        accountId,
        URI.create(baseUrl),
        apiKey,
        merchantAccount,
        true,
        Duration.ofSeconds(connectSeconds),
        Duration.ofSeconds(callSeconds),
        poolSize,
        maxWaiting,
        List.of(hmacKey, " "));
  }

  @Test
  void printsNoSecret() {
    String key = "AB".repeat(32);
    assertThat(settings("a", "https://x.test/checkout", "secret", "M", 2, 20, 1, 0, key).toString())
        .contains("x.test/checkout")
        .contains("1 redacted")
        .doesNotContain("secret")
        .doesNotContain(key);
  }

  @ParameterizedTest
  @CsvSource({
    "'', https://x.test, k, M, 2, 20, 1, 0, AB, accountId",
    "a, ftp://x.test, k, M, 2, 20, 1, 0, AB, baseUrl",
    "a, x.test, k, M, 2, 20, 1, 0, AB, baseUrl",
    "a, https://x.test, ' ', M, 2, 20, 1, 0, AB, apiKey",
    "a, https://x.test, k, ' ', 2, 20, 1, 0, AB, merchantAccount",
    "a, https://x.test, k, M, 0, 20, 1, 0, AB, connectTimeout",
    "a, https://x.test, k, M, 20, 20, 1, 0, AB, callTimeout",
    "a, https://x.test, k, M, 2, 20, 0, 0, AB, poolSize",
    "a, https://x.test, k, M, 2, 20, 1, -1, AB, maxWaitingCalls",
    "a, https://x.test, k, M, 2, 20, 1, 0, whsec_1, hmacKeys",
    "a, https://x.test, k, M, 2, 20, 1, 0, ABC, hmacKeys",
  })
  void namesWhatIsWrong(
      String accountId,
      String baseUrl,
      String apiKey,
      String merchantAccount,
      int connectSeconds,
      int callSeconds,
      int poolSize,
      int maxWaiting,
      String hmacKey,
      String property) {
    assertThatThrownBy(
            () ->
                settings(
                    accountId,
                    baseUrl,
                    apiKey,
                    merchantAccount,
                    connectSeconds,
                    callSeconds,
                    poolSize,
                    maxWaiting,
                    hmacKey))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(property);
  }
}
