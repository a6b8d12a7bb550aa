package payments;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mastercard's merchant advice codes in Stripe's words (docs/decline-codes.md). */
class MastercardAdviceTest {

  @ParameterizedTest
  @CsvSource({
    // code, Stripe's word, whether another attempt at once is forbidden
    "01, confirm_card_data, false",
    "02, try_again_later, true",
    "03, do_not_try_again, true",
    "21, do_not_try_again, true",
    "24, try_again_later, true",
    "25, try_again_later, true",
    "26, try_again_later, true",
    "27, try_again_later, true",
    "28, try_again_later, true",
    "29, try_again_later, true",
    "30, try_again_later, true",
  })
  void aCodeAdvisesWhatMastercardMeans(String code, String word, boolean notAtOnce) {
    assertThat(MastercardAdvice.word(code)).isEqualTo(word);
    assertThat(MastercardAdvice.NOT_AT_ONCE.contains(code)).isEqualTo(notAtOnce);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "2", "04", "22", "23", "31", "do_not_try_again"})
  void anyOtherCodeAdvisesNothing(@Nullable String code) {
    assertThat(MastercardAdvice.word(code)).isNull();
  }
}
