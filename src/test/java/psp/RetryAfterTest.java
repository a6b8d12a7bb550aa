package psp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What PSPs ask us to wait. */
class RetryAfterTest {
  @ParameterizedTest
  @CsvSource({
    "7, 7",
    "0, 0",
    "31536000, 31536000",
    "-1,",
    "1.5,",
    "soon,",
    "99999999999999999999,",
    "'Fri, 31 Dec 1999 23:59:59 GMT',",
  })
  void isReadInSeconds(String header, @Nullable Long seconds) {
    assertThat(RetryAfter.of(header))
        .isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
  }

  @Test
  void isNothingWhereNothingIsSaid() {
    assertThat(RetryAfter.of(null)).isNull();
  }
}
