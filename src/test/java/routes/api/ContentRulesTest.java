package routes.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import payments.Refusal;
import payments.Refusal.Code;

/** What no request may hold: card data, NUL, half characters. */
class ContentRulesTest {
  private static final String CARD = "4242424242424242";

  @Test
  void refusesACardNumberAnywhereAndNamesItsPlaceOnly() {
    refusesCard(Map.of("description", "card " + CARD), "description");
    refusesCard(Map.of("metadata", Map.of("note", CARD)), "metadata[note]");
    refusesCard(Map.of("types", List.of("card", CARD)), "types[1]");
    refusesCard(Map.of("amount", Long.valueOf(CARD)), "amount");
    refusesCard(Map.of("metadata", Map.of(CARD, "x")), "metadata");
    refusesCard(Map.of(CARD, "x"), null);
  }

  @ParameterizedTest
  @CsvSource({"card,number", "card,cvc", "card,exp_month", "source,number"})
  void refusesCardDetailsWhateverTheirValue(String hash, String field) {
    refusesCard(
        Map.of("payment_method_data", Map.of(hash, Map.of(field, "1"))),
        "payment_method_data[" + hash + "]");
  }

  @Test
  void refusesNulAndHalfCharacters() {
    for (String text : List.of("a\u0000b", "\ud800", "\udc00", "\udc00\ud800")) {
      Refusal refusal =
          Refusals.of(() -> ContentRules.check(Map.of("metadata", Map.of("k", text))));
      assertThat(refusal.code()).isEqualTo(Code.PARAMETER_INVALID);
      assertThat(refusal.param()).isEqualTo("metadata[k]");
      assertThat(
              Refusals.of(() -> ContentRules.check(Map.of("metadata", Map.of(text, "v")))).code())
          .isEqualTo(Code.PARAMETER_INVALID);
    }
  }

  @Test
  void letsOrdinaryTextThrough() {
    assertThatCode(
            () ->
                ContentRules.check(
                    Map.of("description", "Order 1234567890123456 \ud83d\ude00", "confirm", true)))
        .doesNotThrowAnyException();
  }

  private static void refusesCard(Map<String, Object> tree, @Nullable String paramStart) {
    Refusal refusal = Refusals.of(() -> ContentRules.check(tree));
    assertThat(refusal.code()).isEqualTo(Code.CARD_NUMBER_REFUSED);
    assertThat(refusal.toString()).doesNotContain(CARD);
    if (paramStart == null) {
      assertThat(refusal.param()).isNull();
    } else {
      assertThat(refusal.param()).startsWith(paramStart);
    }
  }
}
