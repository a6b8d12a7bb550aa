package money;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * An amount of money in minor units of one currency. Arithmetic is exact: an overflow or a mix of
 * currencies is an exception, never a wrong sum. May be negative as a difference; what is charged,
 * captured or refunded is always positive.
 */
public record Money(long minor, Currency currency) implements Comparable<Money> {

  public static Money of(long minor, String currency) {
    return new Money(minor, Currency.of(currency));
  }

  public static Money zero(Currency currency) {
    return new Money(0, currency);
  }

  /** The sum; refuses another currency and overflow. */
  public Money plus(Money other) {
    return new Money(Math.addExact(minor, sameCurrency(other).minor), currency);
  }

  /** The difference, which may be negative; refuses another currency and overflow. */
  public Money minus(Money other) {
    return new Money(Math.subtractExact(minor, sameCurrency(other).minor), currency);
  }

  public Money withMinor(long newMinor) {
    return new Money(newMinor, currency);
  }

  /**
   * Whether cards can be charged this amount: of a currency with three decimals the last one must
   * be 0 (Stripe docs: "Supported currencies", three-decimal currencies).
   */
  public boolean isWhole() {
    return currency.exponent() < 3 || minor % 10 == 0;
  }

  public boolean isPositive() {
    return minor > 0;
  }

  /**
   * Shares the amount by weights so that the shares add up to it exactly; what does not divide
   * goes, one minor unit each, to the first shares that do not come out even. So no share is a
   * whole minor unit away from its fair part.
   *
   * @param weights at least one, none negative, not all zero
   */
  public List<Money> allocate(List<Long> weights) {
    BigInteger total = BigInteger.ZERO;
    for (long weight : weights) {
      if (weight < 0) {
        throw new IllegalArgumentException("negative weight");
      }
      total = total.add(BigInteger.valueOf(weight));
    }
    if (total.signum() == 0) {
      throw new IllegalArgumentException("weights sum to zero");
    }
    var shares = new ArrayList<Long>();
    var cut = new ArrayList<Boolean>();
    long given = 0;
    for (long weight : weights) {
      // Weights are often amounts themselves: the product of two may not fit a long, the share
      // does.
      BigInteger[] share =
          BigInteger.valueOf(minor).multiply(BigInteger.valueOf(weight)).divideAndRemainder(total);
      shares.add(share[0].longValueExact());
      cut.add(share[1].signum() != 0);
      given = Math.addExact(given, share[0].longValueExact());
    }
    // What was cut off is less than one minor unit for each share, so one round gives it all away.
    long step = Long.signum(minor - given);
    for (int i = 0; given != minor; i++) {
      if (cut.get(i)) {
        shares.set(i, shares.get(i) + step);
        given += step;
      }
    }
    return shares.stream().map(this::withMinor).toList();
  }

  @Override
  public int compareTo(Money other) {
    return Long.compare(minor, sameCurrency(other).minor);
  }

  private Money sameCurrency(Money other) {
    if (!currency.equals(other.currency)) {
      throw new IllegalArgumentException(
          "mixed currencies: " + currency + " and " + other.currency);
    }
    return other;
  }

  /** Minor units and code, as in {@code 1099 usd}: for logs and messages, not for customers. */
  @Override
  public String toString() {
    return minor + " " + currency;
  }
}
