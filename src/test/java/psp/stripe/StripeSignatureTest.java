package psp.stripe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static psp.stripe.SignedEvents.NOW;
import static psp.stripe.SignedEvents.PREVIOUS;
import static psp.stripe.SignedEvents.SECRET;
import static psp.stripe.SignedEvents.signed;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import psp.HmacSha256;

/** Stripe's signatures, checked against those that stripe-java makes. */
final class StripeSignatureTest {
  private static final String BODY = "{\"id\": \"evt_1\", \"é\": 1}";
  private static final Duration TOLERANCE = Duration.ofMinutes(5);
  private static final String HEX = "ab".repeat(32);

  @Test
  void takesWhatOneOfTheLiveSecretsSigned() {
    assertThat(fault(signed(BODY, SECRET, NOW))).isNull();
    assertThat(fault(signed(BODY, PREVIOUS, NOW))).isNull();
    assertThat(fault(signed(BODY, "whsec_other", NOW))).contains("no signature matches");
  }

  @Test
  void takesAnyOfSeveralSignatures() {
    String header =
        signed(BODY, "whsec_retired", NOW)
            + ",v0="
            + HEX
            + ", "
            + signed(BODY, SECRET, NOW).substring("t=1800000000,".length());
    assertThat(fault(header)).isNull();
  }

  @Test
  void takesNoOtherScheme() {
    assertThat(fault(signed(BODY, SECRET, NOW).replace("v1=", "v0="))).contains("no v1 signature");
    assertThat(fault(signed(BODY, SECRET, NOW).replace("v1=", "v2="))).contains("no v1 signature");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "0, -",
        "-300, -",
        "-301, too old",
        "300, -",
        "301, from the future",
        "-100000, too old",
        "100000, from the future"
      })
  void takesSignaturesOfItsTimeOnly(long secondsFromNow, @Nullable String fault) {
    String why = fault(signed(BODY, SECRET, NOW.plusSeconds(secondsFromNow)));
    if (fault == null) {
      assertThat(why).isNull();
    } else {
      assertThat(why).contains(fault);
    }
  }

  @Test
  void takesNoBodyOfWhichAByteIsAnother() {
    String header = signed(BODY, SECRET, NOW);
    byte[] body = BODY.getBytes(UTF_8);
    for (int at = 0; at < body.length; at++) {
      byte[] changed = body.clone();
      changed[at] ^= 1;
      assertThat(fault(header, changed)).as("byte " + at).isNotNull();
    }
    assertThat(fault(header, new byte[0])).isNotNull();
    assertThat(fault(header, (BODY + " ").getBytes(UTF_8))).isNotNull();
  }

  @Test
  void takesNoHeaderOfWhichACharacterIsAnother() {
    String header = signed(BODY, SECRET, NOW);
    for (int at = 0; at < header.length(); at++) {
      char other = header.charAt(at) == '1' ? '2' : '1';
      String changed = header.substring(0, at) + other + header.substring(at + 1);
      assertThat(fault(changed)).as(changed).isNotNull();
    }
  }

  @Test
  void takesNoHeaderOfWhichABitIsAnother() {
    byte[] header = signed(BODY, SECRET, NOW).getBytes(UTF_8);
    for (int bit = 0; bit < 8 * header.length; bit++) {
      byte[] changed = flipped(header, bit);
      // As Netty reads a header's bytes.
      assertThat(fault(new String(changed, ISO_8859_1))).as("bit " + bit).isNotNull();
    }
  }

  @Property(tries = 200, seed = "20261130")
  void takesNoBodyOfWhichABitIsAnother(
      @ForAll @Size(min = 1, max = 400) byte[] body, @ForAll @IntRange(max = 3_199) int bit) {
    String header = header(body);
    assertThat(fault(header, body)).isNull();
    assertThat(fault(header, flipped(body, bit % (8 * body.length)))).isNotNull();
  }

  private static String header(byte[] body) {
    long time = NOW.getEpochSecond();
    byte[] signature = HmacSha256.of(SECRET.getBytes(UTF_8), (time + ".").getBytes(UTF_8), body);
    return "t=" + time + ",v1=" + HexFormat.of().formatHex(signature);
  }

  private static byte[] flipped(byte[] bytes, int bit) {
    byte[] changed = bytes.clone();
    changed[bit / 8] ^= (byte) (1 << (bit % 8));
    return changed;
  }

  static Stream<String> hostileHeaders() {
    return Stream.of(
        "",
        "   ",
        "nonsense",
        ",,,,",
        "=",
        "t=,v1=" + HEX,
        "t=abc,v1=" + HEX,
        "t=-1,v1=" + HEX,
        "t=1.5,v1=" + HEX,
        "t=" + "9".repeat(13) + ",v1=" + HEX,
        "t=999999999999,v1=" + HEX,
        "t=٣٣٣,v1=" + HEX,
        "t=1800000000",
        "v1=" + HEX,
        "t=1800000000,t=1800000000,v1=" + HEX,
        "t=1800000000,v1=",
        "t=1800000000,v1=zz" + HEX.substring(2),
        "t=1800000000,v1=" + HEX + HEX,
        "t=1800000000,v1=" + HEX.substring(1),
        "t=1800000000" + (",v1=" + HEX).repeat(32),
        "t=1800000000" + (",v1=" + HEX).repeat(10_000),
        "t=1800000000" + ",".repeat(4_000),
        "x".repeat(1_000_000));
  }

  @ParameterizedTest
  @MethodSource("hostileHeaders")
  void refusesHostileHeaders(String header) {
    assertThat(fault(header)).isNotNull().hasSizeLessThan(100);
  }

  @Test
  void refusesWhereNothingIsSigned() {
    assertThat(fault(null)).contains("missing");
  }

  private static @Nullable String fault(@Nullable String header) {
    return fault(header, BODY.getBytes(UTF_8));
  }

  private static @Nullable String fault(@Nullable String header, byte[] body) {
    return StripeSignature.fault(header, body, List.of(SECRET, PREVIOUS), NOW, TOLERANCE);
  }
}
