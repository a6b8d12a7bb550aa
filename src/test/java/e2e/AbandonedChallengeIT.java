package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.param.PaymentIntentCreateParams.CaptureMethod;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import support.Await;

/** Customers who leave an authentication (3-D Secure) and never come back. */
final class AbandonedChallengeIT {
  private static Shop shop;

  @BeforeAll
  static void open() {
    shop = Shop.open("--recovery.challenge-delay=100ms", "--recovery.challenge-deadline=2s");
  }

  @AfterAll
  static void audit() {
    try (var closing = shop) {
      assertThat(
              closing
                  .gateway()
                  .number(
                      "SELECT count(*) FROM operation WHERE status IN ('pending', 'unknown',"
                          + " 'accepted', 'awaiting_customer')"))
          .as("what is still open")
          .isZero();
      closing.audit();
    }
  }

  private static PaymentIntent challenged(CaptureMethod method) throws StripeException {
    PaymentIntent payment =
        shop.payments()
            .create(
                Shop.order(Shop.CHALLENGED)
                    .setCaptureMethod(method)
                    .setReturnUrl("https://shop.example/return")
                    .build());
    assertThat(payment.getStatus()).isEqualTo("requires_action");
    return payment;
  }

  private static boolean passes(PaymentIntent payment) {
    String url = payment.getNextAction().getRedirectToUrl().getUrl();
    return shop.gateway()
        .simulator()
        .completeChallenge(url.substring(url.lastIndexOf('/') + 1), true);
  }

  private static PaymentIntent ended(PaymentIntent payment) throws StripeException {
    Await.until(
        "the authentication ends",
        () -> shop.now(payment).getStatus().equals("requires_payment_method"));
    return shop.now(payment);
  }

  @ParameterizedTest
  @EnumSource(
      value = CaptureMethod.class,
      names = {"AUTOMATIC", "MANUAL"})
  void endWithNothingTaken(CaptureMethod method) throws StripeException {
    int approved = shop.truth().approved().size();
    PaymentIntent payment = challenged(method);
    PaymentIntent unpaid = ended(payment);
    assertThat(unpaid.getLastPaymentError().getCode())
        .isEqualTo("payment_intent_authentication_failure");
    assertThat(unpaid.getNextAction()).isNull();
    assertThat(unpaid.getAmountReceived()).isZero();
    assertThat(unpaid.getAmountCapturable()).isZero();
    assertThat(passes(payment)).as("the issuer's page is closed").isFalse();
    assertThat(shop.truth().approved()).hasSize(approved);
    assertThat(shop.charges().retrieve(unpaid.getLatestCharge()).getStatus()).isEqualTo("failed");
  }

  @Test
  void mayBePaidWithAnotherCardAfterwards() throws StripeException {
    PaymentIntent payment = ended(challenged(CaptureMethod.AUTOMATIC));
    assertThat(shop.confirm(payment, Shop.VISA).getStatus()).isEqualTo("succeeded");
    assertThat(shop.now(payment).getLastPaymentError()).isNull();
  }

  /** Whoever is first: the payment is paid once or not at all, here and at the PSP alike. */
  @Test
  void agreeWithThePspWhoeverIsFirst() throws StripeException {
    for (int i = 0; i < 6; i++) {
      PaymentIntent payment = challenged(CaptureMethod.AUTOMATIC);
      int before = shop.truth().approved().size();
      boolean[] passed = new boolean[1];
      int turn = i;
      long begun = System.nanoTime();
      Await.until(
          "the customer comes at about the deadline",
          () -> {
            boolean due = System.nanoTime() - begun > 1_900_000_000L + turn * 40_000_000L;
            passed[0] = passed[0] || (due && passes(payment));
            return due;
          });
      Await.until(
          "the payment ends",
          () -> !shop.now(payment).getStatus().matches("requires_action|processing"));
      assertThat(shop.now(payment).getStatus())
          .isEqualTo(passed[0] ? "succeeded" : "requires_payment_method");
      assertThat(shop.truth().approved()).hasSize(passed[0] ? before + 1 : before);
    }
  }
}
