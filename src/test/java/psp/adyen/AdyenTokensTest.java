package psp.adyen;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens are Adyen's, and what is said of those that cannot be paid with. */
final class AdyenTokensTest {
  private static Vertx vertx;
  private static AdyenPsp test;
  private static AdyenPsp live;

  @BeforeAll
  static void open() {
    vertx = Vertx.vertx();
    test = psp(false);
    live = psp(true);
  }

  @AfterAll
  static void close() {
    vertx.close().await();
  }

  private static AdyenPsp psp(boolean livemode) {
    return new AdyenPsp(
        vertx,
        new AdyenSettings(
            "adyen_1",
            URI.create("http://127.0.0.1:1"),
            "key",
            Commands.MERCHANT_ACCOUNT,
            livemode,
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            4,
            4,
            List.of()));
  }

  private static String objection(String token, String customerId) {
    return test.objection(token, customerId).orElse("");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"scheme\",\"encryptedCardNumber\":\"a\"}",
        "{\"paymentMethod\":{\"type\":\"ideal\"}}",
        "M5N7TQ4TG5PFWR50",
        "8415718415172836",
        "cus_1/M5N7TQ4TG5PFWR50",
      })
  void knowsItsOwn(String token) {
    assertThat(List.of(test, live)).allMatch(psp -> psp.recognizes(token));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pm_1QYxkD2eZvKYlo2CmJ4s7TzA",
        "tok_1QYxkD2eZvKYlo2CmJ4s7TzA",
        "card_1QYxkD2eZvKYlo2CmJ4s7TzA",
        "src_1QYxkD2eZvKYlo2CmJ4s7TzA",
        "pm_card_noSuchToken",
      })
  void knowsStripesAreNone(String token) {
    assertThat(List.of(test, live)).noneMatch(psp -> psp.recognizes(token));
  }

  @Test
  void knowsStripesTestTokensInTestModeOnly() {
    Predicate<AdyenPsp> knows = psp -> psp.recognizes("tok_visa") && psp.recognizes("pm_card_visa");
    assertThat(test).matches(knows);
    assertThat(live).matches(knows.negate());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":\"ideal\"} | Only cards",
        "{\"paymentMethod\":{\"type\":\"googlepay\",\"googlePayToken\":\"a\"}} | Only cards",
        "{\"encryptedCardNumber\":\"a\"} | Only cards",
        "{\"type\":\"scheme\"} | must have",
        "{\"type\":\"scheme\",\"encryptedCardNumber\":\"a\",\"cvc\":\"737\"} | encrypted",
        "{broken | not the JSON",
      })
  void saysWhyAComponentsDataCannotBePaidWith(String token, String why) {
    assertThat(objection(token, "cus_1")).contains(why).doesNotContain("737");
  }

  @Test
  void takesCardsAndWhatIsStoredForTheCustomer() {
    for (String token :
        new String[] {
          "{\"type\":\"scheme\",\"encryptedCardNumber\":\"a\"}",
          "{\"paymentMethod\":{\"type\":\"scheme\",\"storedPaymentMethodId\":\"M5\"}}",
          "cus_1/M5N7TQ4TG5PFWR50",
          "M5N7TQ4TG5PFWR50",
          "pm_card_visa"
        }) {
      assertThat(objection(token, "cus_1")).isEmpty();
    }
  }

  @Test
  void refusesAnotherShoppersCard() {
    assertThat(objection("cus_2/M5N7TQ4TG5PFWR50", "cus_1")).contains("not the customer");
    assertThat(test.objection("cus_2/M5N7TQ4TG5PFWR50", null)).isPresent();
  }
}
