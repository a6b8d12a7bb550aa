package psp.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import money.Money;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import psp.PspCall;
import psp.PspCommand;

final class StripeCallsTest {
  private static final Money AMOUNT = Money.of(1099, "usd");

  @Test
  void authorizesWithAPaymentMethod() {
    assertThat(StripeCalls.of(authorize("pm_card_visa", null, Map.of())))
        .isEqualTo(
            new PspCall(
                "POST",
                "/v1/payment_intents",
                "amount=1099&capture_method=automatic&confirm=true&currency=usd"
                    + "&expand[0]=latest_charge&metadata[operation_id]=ch_operation"
                    + "&payment_method=pm_card_visa"
                    + "&payment_method_types[0]=card"));
  }

  @Test
  void authorizesWithACardTokenAndItsBillingDetails() {
    var call =
        StripeCalls.of(
            authorize(
                null, "tok_visa", Map.of("name", "Ann", "address", Map.of("postal_code", "123"))));
    assertThat(call.body())
        .contains("payment_method_data[type]=card")
        .contains("payment_method_data[card][token]=tok_visa")
        .contains("payment_method_data[billing_details][name]=Ann")
        .contains("payment_method_data[billing_details][address][postal_code]=123")
        .doesNotContain("payment_method=");
  }

  @Test
  void authorizesWithEverythingAMerchantMayGive() {
    var command =
        new PspCommand.Authorize(
            "ch_operation",
            Money.of(500, "jpy"),
            false,
            "pm_1",
            null,
            "cus_psp",
            true,
            true,
            "challenge",
            "off_session",
            "Größe & co = 100%",
            "SHOP",
            "SUFFIX",
            "ann+x@example.com",
            "https://shop.test/back?a=b",
            Map.of("name", "Ann", "address", Map.of("line1", "1 Way")),
            Map.of());
    PspCall call = StripeCalls.of(command);
    assertThat(decoded(call.body()))
        .containsEntry("amount", "500")
        .containsEntry("currency", "jpy")
        .containsEntry("capture_method", "manual")
        .containsEntry("customer", "cus_psp")
        .containsEntry("off_session", "true")
        .containsEntry("error_on_requires_action", "true")
        .containsEntry("payment_method_options[card][request_three_d_secure]", "challenge")
        .containsEntry("setup_future_usage", "off_session")
        .containsEntry("description", "Größe & co = 100%")
        .containsEntry("statement_descriptor", "SHOP")
        .containsEntry("statement_descriptor_suffix", "SUFFIX")
        .containsEntry("receipt_email", "ann+x@example.com")
        .containsEntry("return_url", "https://shop.test/back?a=b")
        .containsEntry("shipping[name]", "Ann")
        .containsEntry("shipping[address][line1]", "1 Way");
  }

  @Test
  void capturesVoidsAndRefunds() {
    assertThat(StripeCalls.of(new PspCommand.Capture("x", "pi_psp", AMOUNT)))
        .isEqualTo(
            new PspCall(
                "POST",
                "/v1/payment_intents/pi_psp/capture",
                "amount_to_capture=1099&expand[0]=latest_charge"));
    assertThat(StripeCalls.of(new PspCommand.VoidHold("x", "pi_psp", "abandoned")))
        .isEqualTo(
            new PspCall(
                "POST",
                "/v1/payment_intents/pi_psp/cancel",
                "cancellation_reason=abandoned&expand[0]=latest_charge"));
    assertThat(StripeCalls.of(new PspCommand.Reverse("re_op", "pi_psp", AMOUNT)))
        .isEqualTo(StripeCalls.of(new PspCommand.Refund("re_op", "pi_psp", AMOUNT, null)));
    assertThat(StripeCalls.of(new PspCommand.Refund("re_op", "pi_psp", AMOUNT, "duplicate")))
        .isEqualTo(
            new PspCall(
                "POST",
                "/v1/refunds",
                "amount=1099&metadata[operation_id]=re_op&payment_intent=pi_psp"
                    + "&reason=duplicate"));
  }

  @Test
  void equalCommandsMakeEqualBytesWhateverTheOrderOfTheirMaps() {
    var forward = new LinkedHashMap<String, Object>();
    var backward = new LinkedHashMap<String, Object>();
    for (int i = 0; i < 20; i++) {
      forward.put("key" + i, "v" + i);
      backward.put("key" + (19 - i), "v" + (19 - i));
    }
    assertThat(StripeCalls.of(authorize(null, "tok_visa", forward)))
        .isEqualTo(StripeCalls.of(authorize(null, "tok_visa", backward)));
  }

  @Test
  void aReferenceCannotLeaveItsPlaceInThePath() {
    assertThat(StripeCalls.of(new PspCommand.Capture("x", "pi/../x?y", AMOUNT)).path())
        .isEqualTo("/v1/payment_intents/pi%2F..%2Fx%3Fy/capture");
  }

  @Test
  void refusesAnAuthorizationWithoutACard() {
    assertThatThrownBy(() -> StripeCalls.of(authorize(null, null, Map.of())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  static PspCommand.Authorize authorize(
      @Nullable String method, @Nullable String token, Map<String, Object> billingDetails) {
    return new PspCommand.Authorize(
        "ch_operation",
        AMOUNT,
        true,
        method,
        token,
        null,
        false,
        false,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        Map.of(),
        billingDetails);
  }

  private static Map<String, String> decoded(String form) {
    var map = new LinkedHashMap<String, String>();
    for (String pair : form.split("&")) {
      int equals = pair.indexOf('=');
      map.put(
          URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
          URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return map;
  }
}
