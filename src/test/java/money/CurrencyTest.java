package money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which currencies there are, and how many decimals the wire gives each. */
@Isolated("It changes the language of the JVM for a moment.")
class CurrencyTest {
  /** Stripe docs, "Supported currencies", zero-decimal currencies. */
  private static final Set<String> ZERO_DECIMAL =
      words("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf");

  /** Stripe docs, "Supported currencies", three-decimal currencies. */
  private static final Set<String> THREE_DECIMAL = words("bhd jod kwd omr tnd");

  @Test
  void hasNoOtherZeroOrThreeDecimalCurrenciesThanStripe() {
    assertThat(codesOf(0)).isEqualTo(ZERO_DECIMAL);
    assertThat(codesOf(3)).isEqualTo(THREE_DECIMAL);
    assertThat(codesOf(2)).hasSize(all().size() - ZERO_DECIMAL.size() - THREE_DECIMAL.size());
  }

  @Test
  void differsFromTheJdksExponentsOnlyWhereStripeDoes() {
    Map<String, Integer> different = new TreeMap<>();
    all()
        .forEach(
            (code, currency) -> {
              int iso =
                  java.util.Currency.getInstance(code.toUpperCase(Locale.ROOT))
                      .getDefaultFractionDigits();
              if (iso != currency.exponent()) {
                different.put(code, currency.exponent());
              }
            });
    // Stripe's special cases: ISK and UGX are charged as if they had two decimals.
    assertThat(different).isEqualTo(Map.of("isk", 2, "ugx", 2, "mga", 0));
  }

  @Test
  void takesTheCurrenciesOfTheLargeMarkets() {
    assertThat(all())
        .hasSizeGreaterThan(130)
        .containsKeys("usd", "eur", "gbp", "jpy", "cny", "inr", "brl", "cad", "aud", "chf", "sek");
  }

  @ParameterizedTest
  @ValueSource(strings = {"usd", "USD", "Usd", "uSD"})
  void readsACodeInAnyCase(String code) {
    assertThat(Currency.find(code)).contains(Currency.of("usd"));
    assertThat(Currency.of(code)).hasToString("usd");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "us", "usdd", "usd ", "$", "xxx", "zzz", "btc", "840", "u\u0000d"})
  void doesNotKnowWhatIsNotACurrency(String code) {
    assertThat(Currency.find(code)).isEmpty();
    assertThatThrownBy(() -> Currency.of(code))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unknown currency");
  }

  @Test
  void readsCodesInEveryLanguage() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.of("tr"));
      // In Turkish the lower case of I is not i.
      assertThat(Currency.find("INR")).contains(Currency.of("inr"));
    } finally {
      Locale.setDefault(before);
    }
  }

  private static Set<String> codesOf(int exponent) {
    var codes = new TreeSet<String>();
    all()
        .forEach(
            (code, currency) -> {
              if (currency.exponent() == exponent) {
                codes.add(code);
              }
            });
    return codes;
  }

  /** Every currency there is, found by asking for each three letters. */
  private static Map<String, Currency> all() {
    var all = new TreeMap<String, Currency>();
    for (char a = 'a'; a <= 'z'; a++) {
      for (char b = 'a'; b <= 'z'; b++) {
        for (char c = 'a'; c <= 'z'; c++) {
          String code = "" + a + b + c;
          Currency.find(code).ifPresent(currency -> all.put(code, currency));
        }
      }
    }
    return all;
  }

  private static Set<String> words(String text) {
    return new TreeSet<>(java.util.List.of(text.split(" ")));
  }
}
