package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.param.PaymentIntentCaptureParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.RefundListParams;
import com.stripe.param.RefundRetrieveParams;
import com.stripe.param.RefundUpdateParams;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import simulator.BankRefund;
import support.Await;

/** Giving money back: whole, in parts, at once and later. */
final class RefundsIT {
  private static Shop shop;

  @BeforeAll
  static void open() {
    shop = Shop.open("--recovery.accepted-delay=100ms");
  }

  @AfterAll
  static void audit() {
    try (var closing = shop) {
      closing.audit();
    }
  }

  @Test
  void refundsEverythingWhereNoAmountIsSaid() throws StripeException {
    PaymentIntent paid = shop.pay(Shop.VISA);
    Refund refund =
        shop.refunds()
            .create(
                RefundCreateParams.builder()
                    .setPaymentIntent(paid.getId())
                    .setReason(RefundCreateParams.Reason.REQUESTED_BY_CUSTOMER)
                    .putMetadata("ticket", "9")
                    .build());
    assertThat(refund.getId()).startsWith("re_");
    assertThat(refund.getObject()).isEqualTo("refund");
    assertThat(refund.getAmount()).isEqualTo(1000);
    assertThat(refund.getCurrency()).isEqualTo("eur");
    assertThat(refund.getStatus()).isEqualTo("succeeded");
    assertThat(refund.getReason()).isEqualTo("requested_by_customer");
    assertThat(refund.getMetadata()).isEqualTo(Map.of("ticket", "9"));
    assertThat(refund.getPaymentIntent()).isEqualTo(paid.getId());
    assertThat(refund.getCharge()).isEqualTo(paid.getLatestCharge());
    assertThat(shop.refunds().retrieve(refund.getId())).isEqualTo(refund);
    var charge = shop.charges().retrieve(paid.getLatestCharge());
    assertThat(charge.getAmountRefunded()).isEqualTo(1000);
    assertThat(charge.getRefunded()).isTrue();
    BankRefund there = shop.truth().refunds().getLast();
    assertThat(there.amountMinor()).isEqualTo(1000);
    assertThat(there.currency()).isEqualTo("eur");
    assertThat(shop.now(paid).getStatus()).isEqualTo("succeeded");
  }

  @Test
  void refundsInPartsUpToWhatWasPaidAndNoMore() throws StripeException {
    PaymentIntent paid = shop.pay(Shop.VISA);
    assertThat(shop.refund(paid, 300).getStatus()).isEqualTo("succeeded");
    assertThat(shop.refund(paid, 200).getStatus()).isEqualTo("succeeded");
    var partly = shop.charges().retrieve(paid.getLatestCharge());
    assertThat(partly.getAmountRefunded()).isEqualTo(500);
    assertThat(partly.getRefunded()).isFalse();

    var tooMuch = catchThrowableOfType(InvalidRequestException.class, () -> shop.refund(paid, 501));
    assertThat(tooMuch.getStatusCode()).isEqualTo(400);
    assertThat(tooMuch.getParam()).isEqualTo("amount");
    assertThat(tooMuch.getCode()).isNull();

    Refund rest =
        shop.refunds()
            .create(RefundCreateParams.builder().setCharge(paid.getLatestCharge()).build());
    assertThat(rest.getAmount()).isEqualTo(500);
    var again = catchThrowableOfType(InvalidRequestException.class, () -> shop.refund(paid, 1));
    assertThat(again.getStatusCode()).isEqualTo(400);
    assertThat(again.getCode()).isEqualTo("charge_already_refunded");
    assertThat(shop.truth().charges().getLast().refundedMinor()).isEqualTo(1000);
  }

  @Test
  void refundsWhatWasCapturedNotWhatWasHeld() throws StripeException {
    PaymentIntent held = shop.hold(Shop.VISA);
    var early = catchThrowableOfType(InvalidRequestException.class, () -> shop.refund(held, 1));
    assertThat(early.getStatusCode()).isEqualTo(400);
    shop.payments()
        .capture(
            held.getId(), PaymentIntentCaptureParams.builder().setAmountToCapture(400L).build());
    var tooMuch = catchThrowableOfType(InvalidRequestException.class, () -> shop.refund(held, 401));
    assertThat(tooMuch.getParam()).isEqualTo("amount");
    assertThat(shop.refund(held, 150).getStatus()).isEqualTo("succeeded");
    assertThat(shop.refund(held, 250).getStatus()).isEqualTo("succeeded");
  }

  @Test
  void cannotRefundWhatWasNotPaid() throws StripeException {
    for (PaymentIntent payment :
        new PaymentIntent[] {shop.unpaid(), shop.payments().cancel(shop.unpaid().getId())}) {
      var refused =
          catchThrowableOfType(InvalidRequestException.class, () -> shop.refund(payment, 1));
      assertThat(refused.getStatusCode()).isEqualTo(400);
      assertThat(refused).hasMessageContaining("does not have a successful charge to refund");
    }
  }

  @Test
  void updatesMetadataAndNothingElse() throws StripeException {
    Refund refund = shop.refund(shop.pay(Shop.VISA), 100);
    Refund updated =
        shop.refunds()
            .update(
                refund.getId(),
                RefundUpdateParams.builder().putMetadata("a", "1").putMetadata("b", "2").build());
    assertThat(updated.getMetadata()).isEqualTo(Map.of("a", "1", "b", "2"));
    shop.refunds()
        .update(refund.getId(), RefundUpdateParams.builder().putMetadata("a", "").build());
    assertThat(shop.refunds().retrieve(refund.getId()).getMetadata()).isEqualTo(Map.of("b", "2"));
    var refused = shop.gateway().post("/v1/refunds/" + refund.getId(), "amount=1");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("parameter_unknown");
  }

  @Test
  void listsThoseOfAPaymentNewestFirst() throws StripeException {
    PaymentIntent paid = shop.pay(Shop.VISA);
    Refund first = shop.refund(paid, 100);
    Refund second = shop.refund(paid, 200);
    shop.refund(shop.pay(Shop.VISA), 300);
    var byPayment =
        shop.refunds().list(RefundListParams.builder().setPaymentIntent(paid.getId()).build());
    assertThat(byPayment.getData())
        .extracting(Refund::getId)
        .containsExactly(second.getId(), first.getId());
    var byCharge =
        shop.refunds().list(RefundListParams.builder().setCharge(paid.getLatestCharge()).build());
    assertThat(byCharge.getData()).isEqualTo(byPayment.getData());
  }

  @Test
  void expandsWhatItBelongsTo() throws StripeException {
    PaymentIntent paid = shop.pay(Shop.VISA);
    Refund refund =
        shop.refunds()
            .retrieve(
                shop.refund(paid, 100).getId(),
                RefundRetrieveParams.builder()
                    .addExpand("payment_intent")
                    .addExpand("charge")
                    .build());
    assertThat(refund.getPaymentIntentObject().getStatus()).isEqualTo("succeeded");
    assertThat(refund.getChargeObject().getAmountRefunded()).isEqualTo(100);
  }

  @Test
  void aPendingRefundSucceedsWhenThePspSaysSo() throws StripeException {
    PaymentIntent paid = shop.pay("pm_card_pendingRefund");
    Refund refund = shop.refund(paid, 400);
    assertThat(refund.getStatus()).isEqualTo("pending");
    var tooMuch = catchThrowableOfType(InvalidRequestException.class, () -> shop.refund(paid, 601));
    assertThat(tooMuch.getParam()).as("a pending refund is reserved").isEqualTo("amount");
    assertThat(shop.refunds().retrieve(refund.getId()).getStatus()).isEqualTo("pending");
    shop.gateway().simulator().settlePending();
    Await.until(
        "the refund succeeds",
        () -> shop.refunds().retrieve(refund.getId()).getStatus().equals("succeeded"));
    assertThat(shop.charges().retrieve(paid.getLatestCharge()).getAmountRefunded()).isEqualTo(400);
    assertThat(shop.truth().payment(shop.truth().charges().getLast().payment()).refunds())
        .as("asked for once")
        .hasSize(1);
  }

  @Test
  void namesWhatItDoesNotFind() {
    var payment =
        catchThrowableOfType(
            InvalidRequestException.class,
            () ->
                shop.refunds()
                    .create(RefundCreateParams.builder().setPaymentIntent("pi_none").build()));
    assertThat(payment.getCode()).isEqualTo("resource_missing");
    assertThat(payment.getParam()).isEqualTo("payment_intent");
    var refund =
        catchThrowableOfType(
            InvalidRequestException.class, () -> shop.refunds().retrieve("re_none"));
    assertThat(refund.getStatusCode()).isEqualTo(404);
    assertThat(refund.getCode()).isEqualTo("resource_missing");
  }
}
