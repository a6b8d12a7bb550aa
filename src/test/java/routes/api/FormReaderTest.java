package routes.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import payments.Refusal;
import payments.Refusal.Code;

/** Forms: nested names, decoding, bounds, and what is refused. */
class FormReaderTest {

  @Test
  void readsPlainAndNestedNames() {
    assertThat(read("amount=1099&metadata[order]=7&shipping[address][city]=Berlin"))
        .isEqualTo(
            Map.of(
                "amount", "1099",
                "metadata", Map.of("order", "7"),
                "shipping", Map.of("address", Map.of("city", "Berlin"))));
  }

  @Test
  void readsListsByEmptyAndByNumberedBrackets() {
    assertThat(read("types[]=card&types[]=link"))
        .isEqualTo(Map.of("types", List.of("card", "link")));
    assertThat(read("types[0]=card&types[1]=link"))
        .isEqualTo(Map.of("types", Map.of("0", "card", "1", "link")));
    assertThat(read("lines[0][name]=a&lines[1][name]=b"))
        .isEqualTo(Map.of("lines", Map.of("0", Map.of("name", "a"), "1", Map.of("name", "b"))));
  }

  @Test
  void startsTheNextElementOfAListWhenAFieldComesAgain() {
    assertThat(read("lines[][name]=a&lines[][count]=1&lines[][name]=b"))
        .isEqualTo(
            Map.of("lines", List.of(Map.of("name", "a", "count", "1"), Map.of("name", "b"))));
  }

  @Test
  void decodesPercentPlusAndUtf8InNamesAndValues() {
    assertThat(read("metadata%5Bstra%C3%9Fe%5D=Am+Markt%2B1%20%E2%82%AC"))
        .isEqualTo(Map.of("metadata", Map.of("straße", "Am Markt+1 €")));
  }

  @Test
  void takesAMissingEqualsSignForAnEmptyValue() {
    assertThat(read("description&amount=")).isEqualTo(Map.of("description", "", "amount", ""));
    assertThat(read("&&a=1&")).isEqualTo(Map.of("a", "1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=%", "a=%4", "a=%zz", "a=%4g", "a=1%"})
  void refusesBadPercentEncodingAndNamesTheParameter(String form) {
    Refusal refusal = Refusals.of(() -> read(form));
    assertThat(refusal.code()).isEqualTo(Code.BODY_MALFORMED);
    assertThat(refusal.param()).isEqualTo("a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=%ff", "a=%c3", "a=%c0%80", "a=%ed%a0%80", "a=%f5%80%80%80"})
  void refusesBytesThatAreNotUtf8(String form) {
    Refusal refusal = Refusals.of(() -> read(form));
    assertThat(refusal.code()).isEqualTo(Code.BODY_MALFORMED);
    assertThat(refusal.param()).isEqualTo("a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a[b=1",
        "a[b]c=1",
        "[a]=1",
        "=1",
        "a]=1&a[=2",
        "a[b][=1",
        "a=1&a=2",
        "a=1&a[b]=2",
        "a[b]=1&a=2",
        "a[]=1&a[b]=2",
        "a[b]=1&a[]=2",
        "a[]=1&a[][b]=2",
        "a[b]=1&a[b]=1"
      })
  void refusesMalformedAndContradictoryNames(String form) {
    assertThat(Refusals.of(() -> read(form)).code()).isEqualTo(Code.BODY_MALFORMED);
  }

  @Test
  void boundsNumberDepthAndLengthOfNames() {
    var many = new StringBuilder();
    for (int i = 0; i <= FormReader.MAX_PARAMETERS; i++) {
      many.append("a[").append(i).append("]=1&");
    }
    String deep = "a" + "[b]".repeat(FormReader.MAX_DEPTH) + "=1";
    String longName = "a".repeat(FormReader.MAX_NAME_LENGTH + 1) + "=1";
    for (String form : List.of(many.toString(), deep, longName)) {
      assertThat(Refusals.of(() -> read(form)).code()).isEqualTo(Code.BODY_MALFORMED);
    }
  }

  @Test
  void doesNotQuoteACardNumberThatIsAName() {
    Refusal refusal = Refusals.of(() -> read("4242424242424242=1&4242424242424242=2"));
    assertThat(refusal.toString()).doesNotContain("4242424242424242");
  }

  @Property
  void readsBackWhateverWasEncoded(@ForAll("trees") Map<String, Object> tree) {
    assertThat(read(encode(tree))).isEqualTo(tree);
  }

  @Property
  void refusesOrReadsAnyBytes(@ForAll byte[] bytes) {
    try {
      assertThat(FormReader.read(bytes)).isNotNull();
    } catch (RefusedException e) {
      assertThat(e.refusal().code()).isEqualTo(Code.BODY_MALFORMED);
    }
  }

  @Property
  void refusesOrReadsAnyTextOfBracketsAndSigns(@ForAll("hostile") String form) {
    try {
      assertThat(read(form)).isNotNull();
    } catch (RefusedException e) {
      assertThat(e.refusal().code()).isEqualTo(Code.BODY_MALFORMED);
    }
  }

  @Provide
  Arbitrary<String> hostile() {
    return Arbitraries.strings().withChars("ab[]=&%4+\u0000é").ofMaxLength(40);
  }

  @Provide
  Arbitrary<Map<String, Object>> trees() {
    return maps(3).filter(map -> !map.isEmpty());
  }

  private static Arbitrary<Map<String, Object>> maps(int depth) {
    Arbitrary<String> names =
        Arbitraries.strings().withChars("abc_ é&=%+").ofMinLength(1).ofMaxLength(5);
    return Arbitraries.maps(names, values(depth)).ofMaxSize(4);
  }

  private static Arbitrary<Object> values(int depth) {
    Arbitrary<String> texts =
        Arbitraries.strings().withChars("xyz 123+%&=[]€\u0001").ofMaxLength(8);
    Arbitrary<List<String>> lists = texts.list().ofMinSize(1).ofMaxSize(3);
    if (depth == 0) {
      return Arbitraries.oneOf(texts.map(Object.class::cast), lists.map(Object.class::cast));
    }
    return Arbitraries.oneOf(
        texts.map(Object.class::cast),
        lists.map(Object.class::cast),
        Arbitraries.lazy(() -> maps(depth - 1))
            .filter(map -> !map.isEmpty())
            .map(Object.class::cast));
  }

  private static String encode(Map<String, Object> tree) {
    var pairs = new ArrayList<String>();
    tree.forEach((name, value) -> encode(name, value, pairs));
    return String.join("&", pairs);
  }

  private static void encode(String name, Object value, List<String> pairs) {
    switch (value) {
      case Map<?, ?> map ->
          map.forEach((key, inner) -> encode(name + "[" + key + "]", inner, pairs));
      case List<?> list -> list.forEach(item -> encode(name + "[]", item, pairs));
      default -> pairs.add(quoted(name) + "=" + quoted(value.toString()));
    }
  }

  private static String quoted(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  static Map<String, Object> read(String form) {
    return new LinkedHashMap<>(FormReader.read(form.getBytes(StandardCharsets.UTF_8)));
  }
}
