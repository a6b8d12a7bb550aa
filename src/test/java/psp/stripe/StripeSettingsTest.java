package psp.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import psp.BreakerSettings;
import psp.BulkheadSettings;

final class StripeSettingsTest {
  private static final StripeSettings.Webhooks WEBHOOKS =
      new StripeSettings.Webhooks(true, List.of("whsec_secret", " "), Duration.ofMinutes(5));

  @Test
  void printsNoSecret() {
    assertThat(settings("a", "https://api.stripe.com", "sk_live_secret", 2, 20, 1, 0).toString())
        .contains("api.stripe.com")
        .contains("1 redacted")
        .doesNotContain("sk_live_secret")
        .doesNotContain("whsec_secret");
  }

  @ParameterizedTest
  @CsvSource({
    "'', https://x.test, k, 2, 20, 1, 0, accountId",
    "a, ftp://x.test, k, 2, 20, 1, 0, baseUrl",
    "a, x.test, k, 2, 20, 1, 0, baseUrl",
    "a, https://x.test/v1, k, 2, 20, 1, 0, baseUrl",
    "a, https://x.test, ' ', 2, 20, 1, 0, secretKey",
    "a, https://x.test, k, 0, 20, 1, 0, connectTimeout",
    "a, https://x.test, k, 20, 20, 1, 0, callTimeout",
    "a, https://x.test, k, 2, 20, 0, 0, poolSize",
    "a, https://x.test, k, 2, 20, 1, -1, maxWaitingCalls"
  })
  void namesWhatIsWrong(
      String account,
      String url,
      String key,
      int connect,
      int call,
      int pool,
      int wait,
      String name) {
    assertThatThrownBy(() -> settings(account, url, key, connect, call, pool, wait))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name);
  }

  @Test
  void limitsArePositive() {
    Duration second = Duration.ofSeconds(1);
    assertThatThrownBy(() -> new BreakerSettings(0, second, second, second))
        .hasMessageContaining("maxFailures");
    assertThatThrownBy(() -> new BreakerSettings(1, second, Duration.ZERO, second))
        .hasMessageContaining("timeout");
    assertThatThrownBy(() -> new BulkheadSettings(1, 0, 1)).hasMessageContaining("maxLookups");
    assertThat(new BulkheadSettings(1, 2, 3).total()).isEqualTo(6);
  }

  private static StripeSettings settings(
      String account, String url, String key, int connect, int call, int pool, int wait) {
    return new StripeSettings(
        account,
        URI.create(url),
        key,
        Duration.ofSeconds(connect),
        Duration.ofSeconds(call),
        pool,
        wait,
        WEBHOOKS);
  }
}
