package psp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A PSP call's stored form: what is sent after a crash is what was written before it. */
class PspCallTest {

  @Test
  void theStoredFormIsPinnedBecauseOldRowsAreReadByNewCode() {
    assertThat(new PspCall("POST", "/v1/refunds", "amount=5&reason=duplicate").stored())
        .isEqualTo("POST /v1/refunds\namount=5&reason=duplicate");
  }

  @Property
  void everyCallIsReadBackByteForByte(
      @ForAll("methods") String method, @ForAll("paths") String path, @ForAll String body) {
    var call = new PspCall(method, path, body);

    assertThat(PspCall.ofStored(call.stored())).isEqualTo(call);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\n\n", " ", "\r\n", "a\nb c\n", "{\n  \"amount\": 1\n}"})
  void linesAndSpacesInABodyAreTheBodys(String body) {
    var call = new PspCall("POST", "/payments?x=a b", body);

    assertThat(PspCall.ofStored(call.stored())).isEqualTo(call);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "POST", "POST /v1/refunds", "POST\n/v1 x", "\n", " "})
  void refusesWhatIsNotAStoredCall(String text) {
    assertThatThrownBy(() -> PspCall.ofStored(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"'PO ST', /v1", "'PO\nST', /v1", "POST, '/v1\n/x'"})
  void refusesAMethodOrPathThatWouldBeReadBackAsAnother(String method, String path) {
    assertThatThrownBy(() -> new PspCall(method, path, ""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Provide
  Arbitrary<String> methods() {
    return Arbitraries.of("POST", "GET", "DELETE", "PATCH");
  }

  @Provide
  Arbitrary<String> paths() {
    return Arbitraries.strings().excludeChars('\n').map(text -> "/" + text);
  }

  /** What a log may print of it. */
  @Test
  void saysNothingOfItsBody() {
    assertThat(new PspCall("POST", "/payments", "secret").toString())
        .isEqualTo("POST /payments (6 characters)");
  }
}
