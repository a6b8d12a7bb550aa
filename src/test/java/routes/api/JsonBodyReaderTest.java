package routes.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import payments.Refusal;
import payments.Refusal.Code;

/** JSON bodies: types, nulls, bounds, and what is refused. */
class JsonBodyReaderTest {

  @Test
  void readsObjectsListsAndScalars() {
    assertThat(
            read(
                "{\"amount\":1099,\"confirm\":true,\"types\":[\"card\"],\"metadata\":{\"a\":\"b\"},"
                    + "\"description\":null,\"ratio\":1.5}"))
        .isEqualTo(
            Map.of(
                "amount",
                1099L,
                "confirm",
                true,
                "types",
                List.of("card"),
                "metadata",
                Map.of("a", "b"),
                "description",
                "",
                "ratio",
                "1.5"));
  }

  @Test
  void keepsNumbersBeyondALongAsText() {
    assertThat(read("{\"amount\":99999999999999999999}"))
        .isEqualTo(Map.of("amount", "99999999999999999999"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "\"a\"",
        "1",
        "null",
        "{",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":01}",
        "{\"a\":NaN}",
        "{\"a\":1}{}",
        "{\"a\":1} x",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\t\"}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":[1,}",
        "// {}\n{}"
      })
  void refusesWhatIsNoObjectWithoutQuotingIt(String json) {
    Refusal refusal = Refusals.of(() -> read(json));
    assertThat(refusal.code()).isEqualTo(Code.BODY_MALFORMED);
    assertThat(refusal.message()).doesNotContain("{");
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    byte[] bytes = {'{', '"', 'a', '"', ':', '"', (byte) 0xff, '"', '}'};
    assertThat(Refusals.of(() -> JsonBodyReader.read(bytes)).code()).isEqualTo(Code.BODY_MALFORMED);
  }

  @Test
  void boundsDepthNumberAndLengthOfNames() {
    String deep = "{\"a\":".repeat(9) + "1" + "}".repeat(9);
    String deeper = "{\"a\":".repeat(100_000);
    String many = "{\"a\":[" + "1,".repeat(FormReader.MAX_PARAMETERS) + "1]}";
    String longName = "{\"" + "a".repeat(FormReader.MAX_NAME_LENGTH + 1) + "\":1}";
    for (String json : List.of(deep, deeper, many, longName)) {
      assertThat(Refusals.of(() -> read(json)).code()).isEqualTo(Code.BODY_MALFORMED);
    }
  }

  @Property
  void refusesOrReadsAnyBytes(@ForAll byte[] bytes) {
    try {
      assertThat(JsonBodyReader.read(bytes)).isNotNull();
    } catch (RefusedException e) {
      assertThat(e.refusal().code()).isEqualTo(Code.BODY_MALFORMED);
    }
  }

  private static Map<String, Object> read(String json) {
    return JsonBodyReader.read(json.getBytes(StandardCharsets.UTF_8));
  }
}
