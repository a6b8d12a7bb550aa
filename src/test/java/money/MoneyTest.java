package money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exact arithmetic, and sharing out without losing a minor unit. */
class MoneyTest {
  private static final Currency USD = Currency.of("usd");

  @Property
  void sumsAreExactOrRefused(@ForAll long a, @ForAll long b) {
    BigInteger exact = BigInteger.valueOf(a).add(BigInteger.valueOf(b));
    if (exact.bitLength() < 64) {
      assertThat(usd(a).plus(usd(b))).isEqualTo(usd(exact.longValueExact()));
    } else {
      assertThatThrownBy(() -> usd(a).plus(usd(b))).isInstanceOf(ArithmeticException.class);
    }
  }

  @Property
  void differencesAreExactOrRefused(@ForAll long a, @ForAll long b) {
    BigInteger exact = BigInteger.valueOf(a).subtract(BigInteger.valueOf(b));
    if (exact.bitLength() < 64) {
      assertThat(usd(a).minus(usd(b))).isEqualTo(usd(exact.longValueExact()));
    } else {
      assertThatThrownBy(() -> usd(a).minus(usd(b))).isInstanceOf(ArithmeticException.class);
    }
  }

  @Test
  void refusesToOverflow() {
    assertThatThrownBy(() -> usd(Long.MAX_VALUE).plus(usd(1)))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> usd(Long.MIN_VALUE).minus(usd(1)))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void refusesToMixCurrencies() {
    Money dollars = usd(100);
    Money euros = Money.of(100, "eur");

    assertThatThrownBy(() -> dollars.plus(euros)).hasMessageContaining("usd and eur");
    assertThatThrownBy(() -> dollars.minus(euros)).hasMessageContaining("usd and eur");
    assertThatThrownBy(() -> dollars.compareTo(euros)).hasMessageContaining("usd and eur");
    assertThat(dollars).isNotEqualTo(euros);
  }

  @Test
  void comparesByAmount() {
    assertThat(usd(99)).isLessThan(usd(100));
    assertThat(usd(-1)).isLessThan(Money.zero(USD));
    assertThat(usd(5)).isEqualByComparingTo(usd(5));
  }

  @Test
  void isPositiveOnlyAboveZero() {
    assertThat(usd(1).isPositive()).isTrue();
    assertThat(Money.zero(USD).isPositive()).isFalse();
    assertThat(usd(-1).isPositive()).isFalse();
  }

  @Test
  void showsMinorUnitsAndCode() {
    assertThat(usd(1099)).hasToString("1099 usd");
  }

  @ParameterizedTest
  @CsvSource({
    "1005, kwd, false",
    "1010, kwd, true",
    "0, kwd, true",
    "1, usd, true",
    "1, jpy, true",
  })
  void isWholeUnlessTheThirdDecimalIsSet(long minor, String currency, boolean whole) {
    assertThat(Money.of(minor, currency).isWhole()).isEqualTo(whole);
  }

  @Test
  void sharesByWeightAndGivesWhatIsLeftToTheFirst() {
    assertThat(shares(100, 1, 1, 1)).containsExactly(34L, 33L, 33L);
    assertThat(shares(101, 1, 1, 1)).containsExactly(34L, 34L, 33L);
    assertThat(shares(1000, 70, 30)).containsExactly(700L, 300L);
    assertThat(shares(-100, 1, 1, 1)).containsExactly(-34L, -33L, -33L);
  }

  @Test
  void aShareThatComesOutEvenGetsNothingOfWhatIsLeft() {
    assertThat(shares(2, 2, 1, 1)).containsExactly(1L, 1L, 0L);
  }

  @Test
  void givesNothingWhereThereIsNoWeight() {
    assertThat(shares(1, 0, 1, 0)).containsExactly(0L, 1L, 0L);
    assertThat(shares(100, 0, 1, 1, 1)).containsExactly(0L, 34L, 33L, 33L);
  }

  @Test
  void sharesAmountsByAmountsHoweverLarge() {
    assertThat(shares(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE))
        .containsExactly(Long.MAX_VALUE / 2 + 1, Long.MAX_VALUE / 2);
    assertThat(shares(Long.MIN_VALUE, Long.MAX_VALUE)).containsExactly(Long.MIN_VALUE);
    assertThat(shares(999_999_999_999L, 999_999_999_999L, 1)).containsExactly(999_999_999_999L, 0L);
  }

  @Test
  void refusesWeightsThatShareNothing() {
    assertThatThrownBy(() -> shares(100)).hasMessageContaining("sum to zero");
    assertThatThrownBy(() -> shares(100, 0, 0)).hasMessageContaining("sum to zero");
    assertThatThrownBy(() -> shares(100, 2, -1)).hasMessageContaining("negative weight");
  }

  @Property
  void sharesAddUpToTheAmount(@ForAll long minor, @ForAll("weights") List<Long> weights) {
    BigInteger sum =
        usd(minor).allocate(weights).stream()
            .map(share -> BigInteger.valueOf(share.minor()))
            .reduce(BigInteger.ZERO, BigInteger::add);

    assertThat(sum).isEqualTo(BigInteger.valueOf(minor));
  }

  @Property
  void noShareIsAMinorUnitOrMoreFromItsFairPart(
      @ForAll long minor, @ForAll("weights") List<Long> weights) {
    BigInteger total =
        weights.stream().map(BigInteger::valueOf).reduce(BigInteger.ZERO, BigInteger::add);
    List<Money> shares = usd(minor).allocate(weights);

    for (int i = 0; i < weights.size(); i++) {
      // |share - minor * weight / total| < 1, multiplied out
      BigInteger fair = BigInteger.valueOf(minor).multiply(BigInteger.valueOf(weights.get(i)));
      BigInteger got = BigInteger.valueOf(shares.get(i).minor()).multiply(total);
      assertThat(got.subtract(fair).abs()).isLessThan(total);
      if (weights.get(i) == 0) {
        assertThat(shares.get(i).minor()).isZero();
      }
      assertThat(Long.signum(shares.get(i).minor())).isIn(0, Long.signum(minor));
    }
  }

  @Provide
  Arbitrary<List<Long>> weights() {
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(2, Arbitraries.just(0L)),
            net.jqwik.api.Tuple.of(5, Arbitraries.longs().between(1, 1_000)),
            net.jqwik.api.Tuple.of(2, Arbitraries.longs().greaterOrEqual(0)))
        .list()
        .ofMinSize(1)
        .ofMaxSize(12)
        .filter(weights -> weights.stream().anyMatch(weight -> weight > 0));
  }

  private static List<Long> shares(long minor, long... weights) {
    return usd(minor).allocate(java.util.Arrays.stream(weights).boxed().toList()).stream()
        .map(Money::minor)
        .toList();
  }

  private static Money usd(long minor) {
    return new Money(minor, USD);
  }
}
