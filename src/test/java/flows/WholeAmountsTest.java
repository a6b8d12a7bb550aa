package flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import money.Money;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import payments.Refusal;

/** Amounts that cards cannot move (Stripe docs: "Supported currencies"). */
class WholeAmountsTest {

  @ParameterizedTest
  @CsvSource({"1230, kwd", "10, bhd", "1099, usd", "1, jpy"})
  void takesWhatCardsCanMove(long minor, String currency) {
    Money amount = Money.of(minor, currency);

    assertThat(WholeAmounts.require(amount, "amount")).isEqualTo(amount);
  }

  @ParameterizedTest
  @CsvSource({"1234, kwd", "1, bhd", "1239, tnd"})
  void blamesTheParameterForAThirdDecimalThatIsNotZero(long minor, String currency) {
    assertThatThrownBy(() -> WholeAmounts.require(Money.of(minor, currency), "amount_to_capture"))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.refusal().code()).isEqualTo(Refusal.Code.PARAMETER_INVALID);
              assertThat(refused.refusal().param()).isEqualTo("amount_to_capture");
              assertThat(refused.refusal().message()).contains(currency);
            });
  }
}
