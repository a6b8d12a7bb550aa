package routes.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import payments.Refusal;
import payments.Refusal.Code;

/** What may be given as a card token: a PSP's name for a card, or what its component made of it. */
class CardTokenTest {
  private static final String PARAM = "payment_method_data[card][token]";

  private static Object check(Object token) {
    return Shapes.CARD_TOKEN.check(PARAM, token);
  }

  private static Refusal refused(Object token) {
    return Refusals.of(() -> check(token));
  }

  @Test
  void takesNamesAndTheJsonOfAComponent() {
    String json = "{\"type\":\"scheme\",\"encryptedCardNumber\":\"" + "x".repeat(15_000) + "\"}";
    assertThat(check("tok_visa")).isEqualTo("tok_visa");
    assertThat(check(json)).isEqualTo(json);
    assertThat(check(" " + json + "\n")).isEqualTo(json);
  }

  /** All four fields as long as Adyen's document lets them be, and the device's data. */
  @Test
  void takesTheLongestThatAdyenGives() {
    String field = "\"" + "x".repeat(15_000) + "\"";
    String json =
        "{\"riskData\":{\"clientData\":\""
            + "y".repeat(5_000)
            + "\"},\"paymentMethod\":{\"type\":\"scheme\",\"encryptedCardNumber\":"
            + field
            + ",\"encryptedExpiryMonth\":"
            + field
            + ",\"encryptedExpiryYear\":"
            + field
            + ",\"encryptedSecurityCode\":"
            + field
            + "}}";
    assertThat(check(json)).isEqualTo(json);
  }

  @Test
  void boundsBoth() {
    assertThat(refused("t".repeat(256)).param()).isEqualTo(PARAM);
    Refusal tooLong = refused("{\"a\":\"" + "x".repeat(82_000) + "\"}");
    assertThat(tooLong.param()).isEqualTo(PARAM);
    assertThat(tooLong.message()).doesNotContain("xx");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{\"a\":1", "{\"a\":1}{}", "{\"a\":1,\"a\":2}", "{a}"})
  void refusesWhatIsNoSoundJson(String token) {
    assertThat(refused(token).code()).isEqualTo(Code.PARAMETER_INVALID);
    assertThat(refused(token).param()).isEqualTo(PARAM);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"type\":\"scheme\",\"number\":\"1\"}",
        "{\"paymentMethod\":{\"type\":\"scheme\",\"cvc\":\"737\"}}",
        "{\"paymentMethod\":{\"expiryMonth\":\"03\"}}",
        "{\"a\":[{\"holderName\":\"4111 1111 1111 1111\"}]}",
        "{\"encryptedCardNumber\":\"test_4111111111111111\"}",
        "{\"a\":4111111111111111}",
        "{\"a\":\"\\u0034111111111111111\"}",
        "{\"4111111111111111\":\"a\"}",
      })
  void refusesCardDataThatIsNotEncryptedHoweverItIsWritten(String token) {
    assertThat(refused(token).code()).isEqualTo(Code.CARD_NUMBER_REFUSED);
    assertThat(refused(token).param()).isEqualTo(PARAM);
    assertThat(refused(token).message()).doesNotContain("1111");
  }

  @Test
  void refusesWhatPostgresCannotKeep() {
    assertThat(refused("{\"a\":\"\\u0000\"}").code()).isEqualTo(Code.PARAMETER_INVALID);
  }

  /** Its id would be the card's data, and be shown. */
  @Test
  void aPaymentMethodsIdIsNoJson() {
    assertThat(
            Refusals.of(() -> Shapes.METHOD_ID.check("payment_method", "{\"type\":\"scheme\"}"))
                .message())
        .contains(PARAM);
    assertThat(Shapes.METHOD_ID.check("payment_method", "pm_1")).isEqualTo("pm_1");
    assertThat(Refusals.of(() -> Shapes.CARD_TOKEN.check(PARAM, Map.of())).param())
        .isEqualTo(PARAM);
  }
}
