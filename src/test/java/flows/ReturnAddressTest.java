package flows;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import payments.Payment;
import payments.PaymentStatus;

/** Addresses that customers come back to, and where they are sent on to. */
final class ReturnAddressTest {
  private static final Payment PAYMENT = Given.payment(PaymentStatus.REQUIRES_ACTION);

  @Test
  void isReadFromItsOwnPath() {
    ReturnAddress address = ReturnAddress.of(PAYMENT, Given.OPERATION);
    assertThat(ReturnAddress.parse(address.path())).contains(address);
    assertThat(address.path()).startsWith("/v1/redirects/acme/test_").hasSizeLessThan(120);
    assertThat(ReturnAddress.proves(PAYMENT, Given.OPERATION, address.proof())).isTrue();
  }

  @Test
  void provesNoOtherOperation() {
    String proof = ReturnAddress.of(PAYMENT, Given.OPERATION).proof();
    assertThat(proof).hasSize(24);
    assertThat(ReturnAddress.proves(PAYMENT, Given.CHARGE, proof)).isFalse();
    assertThat(ReturnAddress.proves(PAYMENT, Given.OPERATION, proof.substring(1))).isFalse();
    assertThat(ReturnAddress.proves(PAYMENT, Given.OPERATION, "")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/redirects/",
        "/v1/redirects/acme",
        "/v1/redirects//test_0000000000000000000001_x",
        "/v1/redirects/acme/test_1_x",
        "/v1/redirects/acme/prod_0000000000000000000001_x",
        "/v1/redirects/acme/test_0000000000000000000001",
        "/v1/redirects/acme/test_0000000000000000000001_x/more",
        "/v1/payment_intents/acme/test_0000000000000000000001_x"
      })
  void isNotReadFromOtherPaths(String path) {
    assertThat(ReturnAddress.parse(path)).isEmpty();
    assertThat(ReturnAddress.parse(path + "x".repeat(300))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "https://shop.example, https://shop.example?",
    "https://shop.example/?, https://shop.example/?",
    "https://shop.example/?a=b, https://shop.example/?a=b&",
    "https://shop.example/?a=b&, https://shop.example/?a=b&",
    "shop://paid, shop://paid?",
  })
  void keepsWhatTheMerchantsAddressSays(String url, String begins) {
    String told =
        "payment_intent="
            + PAYMENT.publicId()
            + "&payment_intent_client_secret=pi_1_secret_2&redirect_status=pending";
    assertThat(ReturnCustomer.landingUrl(url, PAYMENT, "pending")).isEqualTo(begins + told);
    assertThat(ReturnCustomer.landingUrl(url + "#part?x", PAYMENT, "pending"))
        .isEqualTo(begins + told + "#part?x");
  }
}
