package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.stripe.exception.CardException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.Charge;
import com.stripe.model.PaymentIntent;
import com.stripe.param.ChargeListParams;
import com.stripe.param.ChargeRetrieveParams;
import com.stripe.param.PaymentIntentCreateParams.PaymentMethodData;
import com.stripe.param.PaymentIntentListParams;
import com.stripe.param.PaymentIntentRetrieveParams;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Charges: what became of each attempt, and the card it was made with. */
final class ChargesIT {
  private static Shop shop;

  @BeforeAll
  static void open() {
    shop = Shop.open();
  }

  @AfterAll
  static void audit() {
    try (var closing = shop) {
      closing.audit();
    }
  }

  @Test
  void showsAnApprovedCharge() throws StripeException {
    PaymentIntent paid = shop.pay(Shop.VISA);
    Charge charge = shop.charges().retrieve(paid.getLatestCharge());
    assertThat(charge.getObject()).isEqualTo("charge");
    assertThat(charge.getAmount()).isEqualTo(1000);
    assertThat(charge.getAmountCaptured()).isEqualTo(1000);
    assertThat(charge.getAmountRefunded()).isZero();
    assertThat(charge.getCurrency()).isEqualTo("eur");
    assertThat(charge.getStatus()).isEqualTo("succeeded");
    assertThat(charge.getPaid()).isTrue();
    assertThat(charge.getCaptured()).isTrue();
    assertThat(charge.getRefunded()).isFalse();
    assertThat(charge.getDisputed()).isFalse();
    assertThat(charge.getPaymentIntent()).isEqualTo(paid.getId());
    assertThat(charge.getPaymentMethod()).isEqualTo(paid.getPaymentMethod());
    assertThat(charge.getFailureCode()).isNull();
    assertThat(charge.getOutcome().getType()).isEqualTo("authorized");
    assertThat(charge.getOutcome().getNetworkStatus()).isEqualTo("approved_by_network");
    assertThat(charge.getOutcome().getRiskLevel()).isEqualTo("normal");
    var card = charge.getPaymentMethodDetails().getCard();
    assertThat(charge.getPaymentMethodDetails().getType()).isEqualTo("card");
    assertThat(card.getChecks().getCvcCheck()).isEqualTo("pass");
    assertThat(card.getCountry()).isEqualTo("US");
    assertThat(card.getFunding()).isEqualTo("credit");
    assertThat(card.getExpMonth()).isBetween(1L, 12L);
    assertThat(card.getExpYear()).isGreaterThan(2020);
  }

  @Test
  void showsADeclinedCharge() throws StripeException {
    var declined = catchThrowableOfType(CardException.class, () -> shop.pay(Shop.DECLINED));
    Charge charge = shop.charges().retrieve(declined.getCharge());
    assertThat(charge.getStatus()).isEqualTo("failed");
    assertThat(charge.getPaid()).isFalse();
    assertThat(charge.getCaptured()).isFalse();
    assertThat(charge.getAmountCaptured()).isZero();
    assertThat(charge.getFailureCode()).isEqualTo("card_declined");
    assertThat(charge.getFailureMessage()).isEqualTo("Your card was declined.");
    assertThat(charge.getOutcome().getType()).isEqualTo("issuer_declined");
    assertThat(charge.getOutcome().getNetworkStatus()).isEqualTo("declined_by_network");
    assertThat(charge.getOutcome().getReason()).isEqualTo("generic_decline");
    assertThat(charge.getOutcome().getNetworkDeclineCode()).isEqualTo("05");
    assertThat(charge.getPaymentMethodDetails().getCard().getLast4()).isEqualTo("0002");
  }

  @Test
  void showsAHeldCharge() throws StripeException {
    PaymentIntent held = shop.hold(Shop.VISA);
    Charge charge = shop.charges().retrieve(held.getLatestCharge());
    assertThat(charge.getStatus()).isEqualTo("succeeded");
    assertThat(charge.getCaptured()).isFalse();
    assertThat(charge.getAmountCaptured()).isZero();
    shop.payments().capture(held.getId());
    assertThat(shop.charges().retrieve(held.getLatestCharge()).getCaptured()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "pm_card_visa,visa,4242,credit,US",
    "pm_card_visa_debit,visa,5556,debit,US",
    "pm_card_mastercard,mastercard,4444,credit,US",
    "pm_card_amex,amex,0005,credit,US",
    "pm_card_discover,discover,1117,credit,US",
    "pm_card_diners,diners,0004,credit,US",
    "pm_card_jcb,jcb,0505,credit,JP",
    "pm_card_unionpay,unionpay,0005,credit,CN",
    "pm_card_bypassPending,visa,0077,credit,US"
  })
  void showsBrandAndLast4(String token, String brand, String last4, String funding, String country)
      throws StripeException {
    PaymentIntent paid =
        shop.payments()
            .create(
                Shop.order(token).addExpand("latest_charge").addExpand("payment_method").build());
    assertThat(paid.getStatus()).isEqualTo("succeeded");
    var charged = paid.getLatestChargeObject().getPaymentMethodDetails().getCard();
    assertThat(charged.getBrand()).isEqualTo(brand);
    assertThat(charged.getLast4()).isEqualTo(last4);
    assertThat(charged.getFunding()).isEqualTo(funding);
    assertThat(charged.getCountry()).isEqualTo(country);
    var method = paid.getPaymentMethodObject().getCard();
    assertThat(method.getBrand()).isEqualTo(brand);
    assertThat(method.getLast4()).isEqualTo(last4);
  }

  @ParameterizedTest
  @CsvSource({
    "pm_card_visa,pass,pass,pass",
    "pm_card_avsFail,pass,fail,fail",
    "pm_card_avsLine1Fail,pass,fail,pass",
    "pm_card_avsZipFail,pass,pass,fail",
    "pm_card_avsUnchecked,pass,unavailable,unavailable",
    "pm_card_cvcCheckFail,fail,pass,pass"
  })
  void showsTheIssuersChecks(String token, String cvc, String line1, String postalCode)
      throws StripeException {
    var data =
        PaymentMethodData.builder()
            .putExtraParam("type", "card")
            .putExtraParam("card", Map.of("token", token.replace("pm_card_", "tok_")))
            .setBillingDetails(
                PaymentMethodData.BillingDetails.builder()
                    .setAddress(
                        PaymentMethodData.BillingDetails.Address.builder()
                            .setLine1("1 Main St")
                            .setPostalCode("12345")
                            .build())
                    .build())
            .build();
    PaymentIntent paid =
        shop.payments()
            .create(
                Shop.order()
                    .setPaymentMethodData(data)
                    .setConfirm(true)
                    .addExpand("latest_charge")
                    .build());
    var checks = paid.getLatestChargeObject().getPaymentMethodDetails().getCard().getChecks();
    assertThat(checks.getCvcCheck()).isEqualTo(cvc);
    assertThat(checks.getAddressLine1Check()).isEqualTo(line1);
    assertThat(checks.getAddressPostalCodeCheck()).isEqualTo(postalCode);
  }

  @ParameterizedTest
  @CsvSource({"pm_card_riskLevelElevated,elevated", "pm_card_riskLevelHighest,highest"})
  void showsTheRiskLevel(String token, String level) throws StripeException {
    PaymentIntent paid =
        shop.payments().create(Shop.order(token).addExpand("latest_charge").build());
    var outcome = paid.getLatestChargeObject().getOutcome();
    assertThat(outcome.getRiskLevel()).isEqualTo(level);
    assertThat(outcome.getRiskScore()).isEqualTo(level.equals("elevated") ? 65 : 85);
    assertThat(outcome.getNetworkStatus()).isEqualTo("approved_by_network");
    assertThat(outcome.getSellerMessage()).isEqualTo("Payment complete.");
  }

  @Test
  void showsWhatTheRiskEngineBlocked() throws StripeException {
    var blocked = catchThrowableOfType(CardException.class, () -> shop.pay("pm_card_radarBlock"));
    var outcome = shop.charges().retrieve(blocked.getCharge()).getOutcome();
    assertThat(outcome.getType()).isEqualTo("blocked");
    assertThat(outcome.getNetworkStatus()).isEqualTo("not_sent_to_network");
    assertThat(outcome.getReason()).isEqualTo("fraudulent");
    // How high it was is not in the answer to a decline.
    assertThat(outcome.getRiskLevel()).isEqualTo("unknown");
  }

  @Test
  void listsThoseOfAPayment() throws StripeException {
    PaymentIntent paid = shop.pay(Shop.VISA);
    shop.pay(Shop.VISA);
    var listed =
        shop.charges().list(ChargeListParams.builder().setPaymentIntent(paid.getId()).build());
    assertThat(listed.getData()).extracting(Charge::getId).containsExactly(paid.getLatestCharge());
    assertThat(listed.getHasMore()).isFalse();
    assertThat(shop.charges().list().getData()).hasSizeGreaterThan(1);
  }

  @Test
  void expandsThroughSeveralLevels() throws StripeException {
    PaymentIntent paid = shop.pay(Shop.VISA);
    shop.refund(paid, 100);
    Charge charge =
        shop.charges()
            .retrieve(
                paid.getLatestCharge(),
                ChargeRetrieveParams.builder()
                    .addExpand("payment_intent.payment_method")
                    .addExpand("refunds")
                    .build());
    assertThat(charge.getPaymentIntentObject().getPaymentMethodObject().getCard().getLast4())
        .isEqualTo("4242");
    assertThat(charge.getRefunds().getData()).hasSize(1);
    assertThat(charge.getRefunds().getData().getFirst().getAmount()).isEqualTo(100);
    PaymentIntent expanded =
        shop.payments()
            .retrieve(
                paid.getId(),
                PaymentIntentRetrieveParams.builder()
                    .addExpand("latest_charge.refunds")
                    .addExpand("payment_method")
                    .build(),
                null);
    assertThat(expanded.getLatestChargeObject().getRefunds().getData()).hasSize(1);
  }

  @Test
  void expandsInLists() throws StripeException {
    PaymentIntent paid = shop.pay("pm_card_amex");
    var listed =
        shop.payments()
            .list(
                PaymentIntentListParams.builder()
                    .setLimit(1L)
                    .addExpand("data.latest_charge")
                    .addExpand("data.payment_method")
                    .build());
    PaymentIntent first = listed.getData().getFirst();
    assertThat(first.getId()).isEqualTo(paid.getId());
    assertThat(first.getLatestChargeObject().getPaymentMethodDetails().getCard().getBrand())
        .isEqualTo("amex");
    assertThat(first.getPaymentMethodObject().getCard().getBrand()).isEqualTo("amex");
  }

  @Test
  void refusesWhatCannotBeExpanded() throws StripeException {
    PaymentIntent paid = shop.pay(Shop.VISA);
    var refused =
        catchThrowableOfType(
            InvalidRequestException.class,
            () ->
                shop.payments()
                    .retrieve(
                        paid.getId(),
                        PaymentIntentRetrieveParams.builder().addExpand("invoice").build(),
                        null));
    assertThat(refused.getStatusCode()).isEqualTo(400);
    assertThat(refused.getParam()).isEqualTo("expand[0]");
  }

  @Test
  void isNotFoundByAnUnknownId() {
    var missing =
        catchThrowableOfType(
            InvalidRequestException.class, () -> shop.charges().retrieve("ch_none"));
    assertThat(missing.getStatusCode()).isEqualTo(404);
    assertThat(missing.getCode()).isEqualTo("resource_missing");
  }
}
