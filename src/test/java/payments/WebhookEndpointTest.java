package payments;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of an endpoint's secrets sign. */
class WebhookEndpointTest {

  @ParameterizedTest
  @CsvSource({"1, true", "3600, true", "0, false", "-1, false"})
  void theOldSecretSignsBehindTheNewOneUntilItsTimeIsOver(long secondsLeft, boolean signs) {
    var endpoint = Records.endpoint("old", Records.NOW.plusSeconds(secondsLeft));

    if (signs) {
      assertThat(endpoint.secretsAt(Records.NOW)).containsExactly("current", "old");
    } else {
      assertThat(endpoint.secretsAt(Records.NOW)).containsExactly("current");
    }
  }

  @Test
  void anEndpointThatHasOneSecretSignsWithThat() {
    assertThat(Records.endpoint(null, null).secretsAt(Records.NOW)).containsExactly("current");
  }

  @Test
  void whatHasNoSecretOrNoEndSignsNothing() {
    assertThat(Records.endpoint(null, Records.NOW.plusSeconds(60)).secretsAt(Records.NOW))
        .containsExactly("current");
    assertThat(Records.endpoint("old", null).secretsAt(Records.NOW)).containsExactly("current");
  }
}
