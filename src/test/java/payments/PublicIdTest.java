package payments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Public ids: one spelling for each UUID, in the UUIDs' order, and nothing else parses. */
class PublicIdTest {
  private static final String LOWEST = "0000000000000000000000";

  /** 2^128 - 1 in base 62. */
  private static final String HIGHEST = "7n42DGM5Tflk9n8mt7Fhc7";

  @Property
  void everyUuidComesBack(@ForAll long high, @ForAll long low, @ForAll PublicId kind) {
    var id = new UUID(high, low);

    assertThat(kind.parse(kind.of(id))).contains(id);
  }

  @Property
  void orderIsThatOfTheUuidsBytes(
      @ForAll long highA, @ForAll long lowA, @ForAll long highB, @ForAll long lowB) {
    int byBytes =
        highA == highB ? Long.compareUnsigned(lowA, lowB) : Long.compareUnsigned(highA, highB);
    int byText =
        PublicId.digits(new UUID(highA, lowA)).compareTo(PublicId.digits(new UUID(highB, lowB)));

    assertThat(Integer.signum(byText)).isEqualTo(Integer.signum(byBytes));
  }

  @Property
  void whateverParsesIsTheOneSpellingOfItsId(
      @ForAll
          @StringLength(22)
          @CharRange(from = '0', to = '9')
          @CharRange(from = 'A', to = 'Z')
          @CharRange(from = 'a', to = 'z')
          String digits) {
    boolean fits = digits.compareTo(HIGHEST) <= 0;
    var parsed = PublicId.PAYMENT.parse("pi_" + digits);

    assertThat(parsed.isPresent()).isEqualTo(fits);
    parsed.ifPresent(id -> assertThat(PublicId.digits(id)).isEqualTo(digits));
  }

  @Test
  void theBoundsAreZeroAndAllOnes() {
    assertThat(PublicId.digits(new UUID(0, 0))).isEqualTo(LOWEST);
    assertThat(PublicId.digits(new UUID(-1, -1))).isEqualTo(HIGHEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zzzzzzzzzzzzzzzzzzzzzz",
        // 2^128, one above the highest: cut to 128 bits it would be zero
        "7n42DGM5Tflk9n8mt7Fhc8",
        "8000000000000000000000",
      })
  void refusesWhatIsAboveTheHighestId(String digits) {
    assertThat(PublicId.PAYMENT.parse("pi_" + digits)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "pi_",
        "pi",
        "pi_000000000000000000000",
        "pi_00000000000000000000000",
        "ch_0000000000000000000000",
        "PI_0000000000000000000000",
        "0000000000000000000000",
        "pi_000000000000000000000-",
        "pi_000000000000000000000\u0000",
        "pi_00000000000000000000 0",
        "pi_000000000000000000000\u0660",
        " pi_0000000000000000000000",
        "pi_0000000000000000000000_secret_x",
      })
  void refusesWhatIsNotAnId(String text) {
    assertThat(PublicId.PAYMENT.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(PublicId.class)
  void anIdOfAnotherKindDoesNotParse(PublicId kind) {
    var id = new UUID(0x0197_0000_0000_7000L, 0x8000_0000_0000_0001L);

    for (PublicId other : PublicId.values()) {
      assertThat(other.parse(kind.of(id)).isPresent()).isEqualTo(other == kind);
    }
  }

  /** The prefixes are Stripe's; merchants' code and databases know them. */
  @ParameterizedTest
  @CsvSource({
    "PAYMENT, pi_",
    "CHARGE, ch_",
    "REFUND, re_",
    "CUSTOMER, cus_",
    "PAYMENT_METHOD, pm_",
    "EVENT, evt_",
    "WEBHOOK_ENDPOINT, we_",
    "DISPUTE, du_",
  })
  void prefixesNameTheObject(PublicId kind, String prefix) {
    assertThat(kind.prefix()).isEqualTo(prefix);
    assertThat(kind.of(new UUID(0, 61))).isEqualTo(prefix + "000000000000000000000z");
  }

  @Test
  void everyObjectShowsItsIdUnderThePrefixOfItsKind() {
    String digits = PublicId.digits(Records.ID);

    assertThat(Records.payment(0, 0, 0, 0).publicId()).isEqualTo("pi_" + digits);
    assertThat(Records.operation(OperationKind.AUTHORIZE, null).publicId())
        .isEqualTo("ch_" + digits);
    assertThat(Records.operation(OperationKind.REFUND, null).publicId()).isEqualTo("re_" + digits);
    assertThat(Records.customer().publicId()).isEqualTo("cus_" + digits);
    assertThat(Records.event().publicId()).isEqualTo("evt_" + digits);
    assertThat(Records.endpoint(null, null).publicId()).isEqualTo("we_" + digits);
    assertThat(Records.dispute().publicId()).isEqualTo("du_" + digits);
  }

  @Property
  void digitsWithoutAPrefixAreReadBack(@ForAll long high, @ForAll long low) {
    var id = new UUID(high, low);

    assertThat(PublicId.parseDigits(PublicId.digits(id))).contains(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "pi_0000000000000000000000", "7n42DGM5Tflk9n8mt7Fhc8"})
  void whatIsNotTheDigitsOfAnIdIsNone(String text) {
    assertThat(PublicId.parseDigits(text)).isEmpty();
  }
}
