package payments;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a payment's amounts come to. */
class PaymentTest {
  private static final long MOST = 99_999_999_999L;

  @ParameterizedTest
  @CsvSource({
    // captured, reserved, refunded, disputed, what may still be refunded
    "1000, 0, 0, 0, 1000",
    "1000, 300, 0, 0, 700",
    "1000, 0, 300, 0, 700",
    "1000, 0, 0, 300, 700",
    "1000, 100, 200, 300, 400",
    "1000, 1000, 0, 0, 0",
    // a dispute of what was refunded already: never less than nothing
    "1000, 0, 1000, 1000, 0",
    "0, 0, 0, 0, 0",
  })
  void whatIsRefundableIsWhatWasCapturedLessAllThatIsSpokenFor(
      long captured, long reserved, long refunded, long disputed, long refundable) {
    assertThat(Records.payment(captured, reserved, refunded, disputed).refundable())
        .isEqualTo(refundable);
  }

  /** A reservation's guard: reserved + refunded + disputed + more <= captured. */
  @Property
  void whatIsRefundableIsTheMostThatAReservationMayAdd(
      @ForAll @LongRange(min = 0, max = MOST) long captured,
      @ForAll @LongRange(min = 0, max = MOST) long reserved,
      @ForAll @LongRange(min = 0, max = MOST) long refunded,
      @ForAll @LongRange(min = 0, max = MOST) long disputed) {
    long most = Records.payment(captured, reserved, refunded, disputed).refundable();

    assertThat(most == 0 || fits(most, captured, reserved, refunded, disputed)).isTrue();
    assertThat(fits(most + 1, captured, reserved, refunded, disputed)).isFalse();
  }

  private static boolean fits(
      long more, long captured, long reserved, long refunded, long disputed) {
    BigInteger spokenFor = BigInteger.valueOf(more);
    for (long part : new long[] {reserved, refunded, disputed}) {
      spokenFor = spokenFor.add(BigInteger.valueOf(part));
    }
    return spokenFor.compareTo(BigInteger.valueOf(captured)) <= 0;
  }
}
