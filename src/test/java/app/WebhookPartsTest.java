package app;

import static org.assertj.core.api.Assertions.assertThat;

import config.TimeoutSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WebhookPartsTest {
  @Test
  void listsNoEventWhileOneThatWasBegunBeforeMayStillWaitForAConnection() {
    assertThat(WebhookParts.eventsSettle(timeouts(Duration.ofSeconds(2))))
        .isEqualTo(Duration.ofSeconds(5 + 2 + 5 + 3));
    assertThat(WebhookParts.eventsSettle(timeouts(Duration.ofSeconds(20))))
        .isEqualTo(Duration.ofSeconds(5 + 20 + 5 + 3));
  }

  private static TimeoutSettings timeouts(Duration acquire) {
    Duration longer = Duration.ofSeconds(30);
    return new TimeoutSettings(
        longer, longer, longer, longer, longer, Duration.ofSeconds(5), acquire);
  }
}
