package payments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What may be kept of a way to pay. */
class PaymentMethodTest {
  private static final String ENCRYPTED = "{\"type\":\"scheme\",\"encryptedCardNumber\":\"adyen\"}";

  @Test
  void onlyWhatAComponentEncryptedIsForOnePayment() {
    PaymentMethod method = Records.method(Map.of("adyen", ENCRYPTED, "stripe", "pm_card_visa"));

    assertThat(method.isForOnePayment("adyen")).isTrue();
    assertThat(method.isForOnePayment("stripe")).isFalse();
    assertThat(method.isForOnePayment("another")).isFalse();
  }

  @Test
  void anAccountsTokenIsTakenAwayAndTheOthersStay() {
    PaymentMethod method = Records.method(Map.of("adyen", ENCRYPTED, "stripe", "pm_card_visa"));

    assertThat(method.without("adyen")).isEqualTo(Records.method(Map.of("stripe", "pm_card_visa")));
    assertThat(method.without("another")).isEqualTo(method);
  }
}
