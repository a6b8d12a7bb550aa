package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.param.PaymentIntentCancelParams;
import com.stripe.param.PaymentIntentCaptureParams;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentCreateParams.CaptureMethod;
import com.stripe.param.PaymentIntentUpdateParams;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import simulator.Authorization;

/** A payment from its creation to its end, in every way a card merchant takes it. */
final class PaymentLifecycleIT {
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
  void createsAPaymentWithoutAMethod() throws StripeException {
    PaymentIntent payment = shop.unpaid();
    assertThat(payment.getId()).startsWith("pi_");
    assertThat(payment.getObject()).isEqualTo("payment_intent");
    assertThat(payment.getStatus()).isEqualTo("requires_payment_method");
    assertThat(payment.getAmount()).isEqualTo(1000);
    assertThat(payment.getAmountReceived()).isZero();
    assertThat(payment.getAmountCapturable()).isZero();
    assertThat(payment.getCurrency()).isEqualTo("eur");
    assertThat(payment.getCaptureMethod()).isEqualTo("automatic");
    assertThat(payment.getConfirmationMethod()).isEqualTo("automatic");
    assertThat(payment.getClientSecret()).startsWith(payment.getId() + "_secret_");
    assertThat(payment.getLatestCharge()).isNull();
    assertThat(payment.getLivemode()).isFalse();
    assertThat(payment.getCreated()).isPositive();
    assertThat(payment.getPaymentMethodTypes()).containsExactly("card");
    assertThat(shop.now(payment)).isEqualTo(payment);
  }

  @Test
  void createsWithAMethodAndConfirmsLater() throws StripeException {
    int before = shop.attempts();
    PaymentIntent payment =
        shop.payments().create(Shop.order().setPaymentMethod(Shop.VISA).build());
    assertThat(payment.getStatus()).isEqualTo("requires_confirmation");
    assertThat(payment.getPaymentMethod()).startsWith("pm_").isNotEqualTo(Shop.VISA);
    assertThat(shop.attempts()).as("nothing is charged before it is confirmed").isEqualTo(before);

    PaymentIntent paid = shop.payments().confirm(payment.getId());
    assertThat(paid.getStatus()).isEqualTo("succeeded");
    assertThat(paid.getAmountReceived()).isEqualTo(1000);
    assertThat(paid.getPaymentMethod()).isEqualTo(payment.getPaymentMethod());
    assertThat(paid.getLatestCharge()).startsWith("ch_");
    assertThat(shop.attempts()).isEqualTo(before + 1);
    assertThat(shop.now(payment)).isEqualTo(paid);
  }

  @Test
  void createsWithoutAMethodAndIsConfirmedWithOne() throws StripeException {
    PaymentIntent paid = shop.confirm(shop.unpaid(), "pm_card_mastercard");
    assertThat(paid.getStatus()).isEqualTo("succeeded");
    assertThat(paid.getAmountReceived()).isEqualTo(1000);
  }

  @Test
  void takesACardToken() throws StripeException {
    var data =
        PaymentIntentCreateParams.PaymentMethodData.builder()
            .putExtraParam("type", "card")
            .putExtraParam("card", Map.of("token", "tok_visa"))
            .setBillingDetails(
                PaymentIntentCreateParams.PaymentMethodData.BillingDetails.builder()
                    .setName("Ada Lovelace")
                    .setEmail("ada@example.com")
                    .build())
            .build();
    PaymentIntent paid =
        shop.payments()
            .create(
                Shop.order()
                    .setPaymentMethodData(data)
                    .setConfirm(true)
                    .addExpand("payment_method")
                    .addExpand("latest_charge")
                    .build());
    assertThat(paid.getStatus()).isEqualTo("succeeded");
    assertThat(paid.getPaymentMethodObject().getCard().getLast4()).isEqualTo("4242");
    assertThat(paid.getPaymentMethodObject().getBillingDetails().getName())
        .isEqualTo("Ada Lovelace");
    assertThat(paid.getLatestChargeObject().getBillingDetails().getEmail())
        .isEqualTo("ada@example.com");
  }

  @Test
  void confirmsWithACardToken() throws StripeException {
    var data =
        PaymentIntentConfirmParams.PaymentMethodData.builder()
            .putExtraParam("type", "card")
            .putExtraParam("card", Map.of("token", "tok_mastercard"))
            .build();
    PaymentIntent paid =
        shop.payments()
            .confirm(
                shop.unpaid().getId(),
                PaymentIntentConfirmParams.builder().setPaymentMethodData(data).build());
    assertThat(paid.getStatus()).isEqualTo("succeeded");
  }

  @Test
  void cannotConfirmWithoutAMethod() throws StripeException {
    PaymentIntent payment = shop.unpaid();
    var refused =
        catchThrowableOfType(
            InvalidRequestException.class, () -> shop.payments().confirm(payment.getId()));
    assertThat(refused.getStatusCode()).isEqualTo(400);
    assertThat(refused).hasMessageContaining("missing a payment method");
    assertThat(shop.now(payment).getStatus()).isEqualTo("requires_payment_method");
  }

  @Test
  void cannotConfirmTwice() throws StripeException {
    PaymentIntent paid = shop.pay(Shop.VISA);
    int before = shop.attempts();
    var refused =
        catchThrowableOfType(InvalidRequestException.class, () -> shop.confirm(paid, Shop.VISA));
    assertThat(refused.getCode()).isEqualTo("payment_intent_unexpected_state");
    assertThat(refused.getStripeError().getPaymentIntent().getStatus()).isEqualTo("succeeded");
    assertThat(shop.attempts()).isEqualTo(before);
  }

  @Test
  void updatesWhatIsToBePaid() throws StripeException {
    PaymentIntent payment = shop.unpaid();
    PaymentIntent updated =
        shop.payments()
            .update(
                payment.getId(),
                PaymentIntentUpdateParams.builder()
                    .setAmount(1500L)
                    .setCurrency("usd")
                    .setDescription("Larger")
                    .setPaymentMethod(Shop.VISA)
                    .build());
    assertThat(updated.getAmount()).isEqualTo(1500);
    assertThat(updated.getCurrency()).isEqualTo("usd");
    assertThat(updated.getStatus()).isEqualTo("requires_confirmation");
    PaymentIntent paid = shop.payments().confirm(payment.getId());
    assertThat(paid.getAmountReceived()).isEqualTo(1500);
    assertThat(paid.getDescription()).isEqualTo("Larger");
    Authorization charged = shop.truth().charges().getLast();
    assertThat(charged.amountMinor()).isEqualTo(1500);
    assertThat(charged.currency()).isEqualTo("usd");
  }

  @Test
  void updatesADescriptionButNoAmountOncePaid() throws StripeException {
    PaymentIntent paid = shop.pay(Shop.VISA);
    var described =
        shop.payments()
            .update(
                paid.getId(), PaymentIntentUpdateParams.builder().setDescription("Paid").build());
    assertThat(described.getDescription()).isEqualTo("Paid");
    assertThat(described.getStatus()).isEqualTo("succeeded");
    var refused =
        catchThrowableOfType(
            InvalidRequestException.class,
            () ->
                shop.payments()
                    .update(
                        paid.getId(), PaymentIntentUpdateParams.builder().setAmount(1L).build()));
    assertThat(refused.getCode()).isEqualTo("payment_intent_unexpected_state");
    assertThat(shop.now(paid).getAmount()).isEqualTo(1000);
  }

  @Test
  void capturesAHoldInFull() throws StripeException {
    PaymentIntent held = shop.hold(Shop.VISA);
    assertThat(held.getStatus()).isEqualTo("requires_capture");
    assertThat(held.getCaptureMethod()).isEqualTo("manual");
    assertThat(held.getAmountCapturable()).isEqualTo(1000);
    assertThat(held.getAmountReceived()).isZero();
    PaymentIntent captured = shop.payments().capture(held.getId());
    assertThat(captured.getStatus()).isEqualTo("succeeded");
    assertThat(captured.getAmountCapturable()).isZero();
    assertThat(captured.getAmountReceived()).isEqualTo(1000);
  }

  @Test
  void capturesAPartAndLetsTheRestGo() throws StripeException {
    PaymentIntent held = shop.hold(Shop.VISA);
    PaymentIntent captured =
        shop.payments()
            .capture(
                held.getId(),
                PaymentIntentCaptureParams.builder()
                    .setAmountToCapture(300L)
                    .setStatementDescriptorSuffix("PART")
                    .putMetadata("shipped", "some")
                    .build());
    assertThat(captured.getStatus()).isEqualTo("succeeded");
    assertThat(captured.getAmount()).isEqualTo(1000);
    assertThat(captured.getAmountCapturable()).isZero();
    assertThat(captured.getAmountReceived()).isEqualTo(300);
    assertThat(captured.getStatementDescriptorSuffix()).isEqualTo("PART");
    assertThat(captured.getMetadata()).containsEntry("shipped", "some");
    Authorization there = shop.truth().charges().getLast();
    assertThat(there.capturedMinor()).isEqualTo(300);
    assertThat(shop.charges().retrieve(captured.getLatestCharge()).getAmountCaptured())
        .isEqualTo(300);
    var again =
        catchThrowableOfType(
            InvalidRequestException.class, () -> shop.payments().capture(held.getId()));
    assertThat(again.getCode()).isEqualTo("payment_intent_unexpected_state");
  }

  @Test
  void refusesCaptureAboveTheAuthorisedAmount() throws StripeException {
    PaymentIntent held = shop.hold(Shop.VISA);
    var refused =
        catchThrowableOfType(
            InvalidRequestException.class,
            () ->
                shop.payments()
                    .capture(
                        held.getId(),
                        PaymentIntentCaptureParams.builder().setAmountToCapture(1001L).build()));
    assertThat(refused.getCode()).isEqualTo("amount_too_large");
    assertThat(refused.getParam()).isEqualTo("amount_to_capture");
    assertThat(shop.now(held).getStatus()).isEqualTo("requires_capture");
    shop.payments().cancel(held.getId());
  }

  @Test
  void confirmMayChooseManualCapture() throws StripeException {
    PaymentIntent held =
        shop.payments()
            .confirm(
                shop.unpaid().getId(),
                PaymentIntentConfirmParams.builder()
                    .setPaymentMethod(Shop.VISA)
                    .setCaptureMethod(PaymentIntentConfirmParams.CaptureMethod.MANUAL)
                    .build());
    assertThat(held.getStatus()).isEqualTo("requires_capture");
    assertThat(shop.payments().cancel(held.getId()).getStatus()).isEqualTo("canceled");
  }

  @Test
  void asynchronousCaptureIsAutomaticCapture() throws StripeException {
    PaymentIntent paid =
        shop.payments()
            .create(Shop.order(Shop.VISA).setCaptureMethod(CaptureMethod.AUTOMATIC_ASYNC).build());
    assertThat(paid.getStatus()).isEqualTo("succeeded");
    assertThat(paid.getCaptureMethod()).isEqualTo("automatic_async");
  }

  @Test
  void cancelsInEveryStateBeforeMoneyMoved() throws StripeException {
    var states =
        List.of(
            shop.unpaid(),
            shop.payments().create(Shop.order().setPaymentMethod(Shop.VISA).build()),
            shop.hold(Shop.VISA));
    assertThat(states.stream().map(PaymentIntent::getStatus))
        .containsExactly("requires_payment_method", "requires_confirmation", "requires_capture");
    for (PaymentIntent payment : states) {
      PaymentIntent canceled =
          shop.payments()
              .cancel(
                  payment.getId(),
                  PaymentIntentCancelParams.builder()
                      .setCancellationReason(
                          PaymentIntentCancelParams.CancellationReason.REQUESTED_BY_CUSTOMER)
                      .build());
      assertThat(canceled.getStatus()).isEqualTo("canceled");
      assertThat(canceled.getCancellationReason()).isEqualTo("requested_by_customer");
      assertThat(canceled.getCanceledAt()).isPositive();
      assertThat(canceled.getAmountCapturable()).isZero();
      assertThat(canceled.getAmountReceived()).isZero();
      assertThat(shop.now(payment)).isEqualTo(canceled);
    }
    assertThat(shop.truth().charges().getLast().voided()).isTrue();
  }

  @Test
  void cancelsAfterADecline() throws StripeException {
    PaymentIntent payment = shop.unpaid();
    shop.isDeclined(payment, Shop.DECLINED);
    assertThat(shop.payments().cancel(payment.getId()).getStatus()).isEqualTo("canceled");
  }

  @Test
  void neitherCancelsNorConfirmsNorCapturesWhatIsOver() throws StripeException {
    PaymentIntent paid = shop.pay(Shop.VISA);
    PaymentIntent canceled = shop.payments().cancel(shop.unpaid().getId());
    for (PaymentIntent over : List.of(paid, canceled)) {
      for (StripeCall call :
          List.<StripeCall>of(
              () -> shop.payments().cancel(over.getId()),
              () -> shop.confirm(over, Shop.VISA),
              () -> shop.payments().capture(over.getId()))) {
        var refused = catchThrowableOfType(InvalidRequestException.class, call::run);
        assertThat(refused.getStatusCode()).isEqualTo(400);
        assertThat(refused.getCode()).isEqualTo("payment_intent_unexpected_state");
        assertThat(refused.getStripeError().getPaymentIntent().getId()).isEqualTo(over.getId());
      }
    }
    assertThat(shop.now(paid).getStatus()).isEqualTo("succeeded");
    assertThat(shop.now(canceled).getStatus()).isEqualTo("canceled");
  }

  /** One call of the SDK. */
  private interface StripeCall {
    void run() throws StripeException;
  }
}
