package config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @ValueSource(strings = {"1ms", "1500ms", "30s", "90s", "10m", "1h", "36h", "2d", "0s"})
  void readsBackWhatItWrites(String text) {
    assertThat(Durations.format(parsed(text))).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "30", "s", "1.5s", "-1s", "1 s", "1w", "99999999999s"})
  void refusesWhatIsNotOneNumberAndOneUnit(String text) {
    assertThat(Durations.parse(text)).isNull();
  }

  @Test
  void writesTheLargestWholeUnit() {
    assertThat(Durations.format(parsed("120s"))).isEqualTo("2m");
  }

  private static Duration parsed(String text) {
    return Objects.requireNonNull(Durations.parse(text));
  }
}
