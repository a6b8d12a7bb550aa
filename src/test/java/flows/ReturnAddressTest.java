package flows;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Parameters;
import payments.Payment;
import payments.PaymentStatus;
import psp.WayBack;

/** Addresses that customers come back to, and where they are sent on to. */
final class ReturnAddressTest {
  private static final Payment PAYMENT = Given.payment(PaymentStatus.REQUIRES_ACTION);

  private static final String KEY = "sluice-authorize-0123456789abcdef0123456789abcdef01234567";

  private static ReturnAddress address(String key, String secret) {
    return ReturnAddress.of(
        PAYMENT,
        key,
        new WayBack(URI.create("https://pay.example"), text -> PspKeys.ofAddress(secret + text)));
  }

  private static Operation charge(ReturnAddress address) {
    return charge(new Parameters(Map.of(ReturnAddress.DIGEST, address.digest())));
  }

  private static Operation charge(Parameters parameters) {
    return Given.operation(
        OperationKind.AUTHORIZE, OperationStatus.AWAITING_CUSTOMER, 1, false, parameters, null);
  }

  @Test
  void isReadFromItsOwnPath() {
    ReturnAddress address = address(KEY, "secret");
    assertThat(ReturnAddress.parse(address.path())).contains(address);
    assertThat(address.path()).startsWith("/v1/redirects/acme/test_" + KEY + "_");
    String withoutKey = PspKeys.ofAuthorize(Given.context(null), Given.OPERATION, "stripe_demo");
    assertThat(ReturnAddress.parse(address(withoutKey, "secret").path()))
        .contains(address(withoutKey, "secret"));
  }

  /** As of proofs themselves: a retry after a restore must be the same request. */
  @Test
  void isMadeInOneWayForEver() {
    var way = new WayBack(URI.create("https://pay.example"), text -> text.replace('/', '-'));
    assertThat(ReturnAddress.of(PAYMENT, "sluice-authorize-1", way).path())
        .isEqualTo("/v1/redirects/acme/test_sluice-authorize-1_acme-test-sluice-authorize-1");
  }

  @Test
  void isTheSameForTheSameRequestAndAnotherForAnyOther() {
    assertThat(address(KEY, "secret")).isEqualTo(address(KEY, "secret"));
    assertThat(address(KEY, "secret").proof())
        .isNotEqualTo(address(KEY + "0", "secret").proof())
        .isNotEqualTo(address(KEY, "other").proof());
  }

  @Test
  void isOfTheOperationThatWasBegunWithItAlone() {
    ReturnAddress address = address(KEY, "secret");
    assertThat(address.isOf(charge(address))).isTrue();
    assertThat(address.isOf(charge(address(KEY, "changed")))).isFalse();
    assertThat(address.isOf(charge(address(KEY + "0", "secret")))).isFalse();
    assertThat(address.isOf(charge(Parameters.EMPTY))).isFalse();
  }

  @Test
  void tellsNothingOfItselfToWhoReadsTheOperation() {
    ReturnAddress address = address(KEY, "secret");
    assertThat(address.digest()).doesNotContain(address.proof()).hasSize(40);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/redirects/",
        "/v1/redirects/acme",
        "/v1/redirects//test_sluice-authorize-1_x",
        "/v1/redirects/acme/test_-_x",
        "/v1/redirects/acme/test__x",
        "/v1/redirects/acme/prod_sluice-authorize-1_x",
        "/v1/redirects/acme/test_sluice-authorize-1",
        "/v1/redirects/acme/test_sluice-authorize-1_",
        "/v1/redirects/acme/test_sluice-authorize-1_x%00",
        "/v1/redirects/acme/test_sluice-authorize-1_x/more",
        "/v1/payment_intents/acme/test_sluice-authorize-1_x"
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
