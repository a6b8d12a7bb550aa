package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.stripe.exception.CardException;
import com.stripe.exception.StripeException;
import com.stripe.model.Charge;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.net.RequestOptions;
import com.stripe.param.PaymentIntentCaptureParams;
import com.stripe.param.PaymentIntentConfirmParams;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import support.Await;

/**
 * A merchant's day with stripe-java, the same to the letter whichever PSP is behind. What a
 * merchant would hear by webhook is looked for here.
 */
final class EitherPspIT {
  private static final String BACK = "https://shop.test/back?order=7";
  private static final Map<Behind, Shop> SHOPS = new EnumMap<>(Behind.class);
  private static final Cardholder CARDHOLDER = new Cardholder();

  @BeforeAll
  static void open() {
    for (Behind psp : Behind.values()) {
      SHOPS.put(psp, Shop.at(psp.start()));
    }
  }

  @AfterAll
  static void close() {
    SHOPS.values().forEach(Shop::close);
    CARDHOLDER.close();
  }

  @AfterEach
  void theBooksBalance() {
    SHOPS.forEach((psp, shop) -> psp.balance(shop.gateway()));
  }

  @ParameterizedTest
  @EnumSource
  void paysAndIsAnsweredTheSameAgain(Behind psp) throws StripeException {
    Shop shop = shop(psp);
    var once = RequestOptions.builder().setIdempotencyKey("order-7").build();
    PaymentIntent paid = shop.payments().create(Shop.order(Shop.VISA).build(), once);
    assertThat(paid.getStatus()).isEqualTo("succeeded");
    assertThat(paid.getAmountReceived()).isEqualTo(1_000);
    assertThat(shop.payments().create(Shop.order(Shop.VISA).build(), once).getId())
        .isEqualTo(paid.getId());

    Charge charge = shop.charges().retrieve(paid.getLatestCharge());
    assertThat(charge.getPaid()).isTrue();
    var card = charge.getPaymentMethodDetails().getCard();
    assertThat(card.getBrand()).isEqualTo("visa");
    assertThat(card.getChecks().getCvcCheck()).isEqualTo("pass");
    assertThat(charge.getOutcome().getType()).isEqualTo("authorized");
    assertThat(charge.getOutcome().getRiskLevel()).isEqualTo("normal");
  }

  @ParameterizedTest
  @EnumSource
  void holdsAndTakesAPart(Behind psp) throws StripeException {
    Shop shop = shop(psp);
    PaymentIntent held = shop.hold(Shop.VISA);
    assertThat(held.getStatus()).isEqualTo("requires_capture");
    assertThat(held.getAmountCapturable()).isEqualTo(1_000);
    shop.payments()
        .capture(
            held.getId(), PaymentIntentCaptureParams.builder().setAmountToCapture(600L).build());
    settles(shop, held, "succeeded");
    assertThat(shop.now(held).getAmountReceived()).isEqualTo(600);
  }

  @ParameterizedTest
  @EnumSource
  void letsAHoldGo(Behind psp) throws StripeException {
    Shop shop = shop(psp);
    PaymentIntent held = shop.hold(Shop.VISA);
    shop.payments().cancel(held.getId());
    settles(shop, held, "canceled");
  }

  @ParameterizedTest
  @EnumSource
  void givesBackInParts(Behind psp) throws StripeException {
    Shop shop = shop(psp);
    PaymentIntent paid = shop.pay(Shop.VISA);
    for (long amount : new long[] {300, 700}) {
      Refund refund = shop.refund(paid, amount);
      Await.until(
          "the refund has succeeded",
          () ->
              done(() -> shop.refunds().retrieve(refund.getId()).getStatus()).equals("succeeded"));
    }
    assertThat(shop.charges().retrieve(paid.getLatestCharge()).getRefunded()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void isDeclinedAndPaysWithAnotherCard(Behind psp) throws StripeException {
    Shop shop = shop(psp);
    PaymentIntent payment = shop.unpaid();
    CardException declined =
        catchThrowableOfType(
            CardException.class, () -> shop.confirm(payment, Shop.INSUFFICIENT_FUNDS));
    assertThat(declined.getCode()).isEqualTo("card_declined");
    assertThat(declined.getDeclineCode()).isEqualTo("insufficient_funds");
    assertThat(shop.now(payment).getStatus()).isEqualTo("requires_payment_method");
    assertThat(shop.confirm(payment, Shop.VISA).getStatus()).isEqualTo("succeeded");
  }

  @ParameterizedTest
  @EnumSource
  void sendsTheCardholderToTheirBankAndBack(Behind psp) throws StripeException {
    Shop shop = shop(psp);
    PaymentIntent payment = challenged(shop);
    String back = comesBack(shop, payment, true);
    assertThat(back)
        .isEqualTo(
            BACK
                + "&payment_intent="
                + payment.getId()
                + "&payment_intent_client_secret="
                + payment.getClientSecret()
                + "&redirect_status=succeeded");
    settles(shop, payment, "succeeded");
  }

  @ParameterizedTest
  @EnumSource
  void takesNothingFromACardholderWhoFails(Behind psp) throws StripeException {
    Shop shop = shop(psp);
    PaymentIntent payment = challenged(shop);
    assertThat(comesBack(shop, payment, false))
        .startsWith(BACK + "&payment_intent=" + payment.getId() + "&")
        .endsWith("&redirect_status=failed");
    settles(shop, payment, "requires_payment_method");
    assertThat(shop.now(payment).getLastPaymentError().getCode())
        .isEqualTo("payment_intent_authentication_failure");
  }

  @ParameterizedTest
  @EnumSource
  void asksNobodyWhoIsAway(Behind psp) {
    Shop shop = shop(psp);
    CardException declined =
        catchThrowableOfType(
            CardException.class,
            () -> shop.payments().create(Shop.order(Shop.CHALLENGED).setOffSession(true).build()));
    assertThat(declined.getCode()).isEqualTo("authentication_required");
  }

  private static Shop shop(Behind psp) {
    return Objects.requireNonNull(SHOPS.get(psp));
  }

  private static PaymentIntent challenged(Shop shop) throws StripeException {
    PaymentIntent payment =
        shop.payments()
            .confirm(
                shop.unpaid().getId(),
                PaymentIntentConfirmParams.builder()
                    .setPaymentMethod(Shop.CHALLENGED)
                    .setReturnUrl(BACK)
                    .build());
    assertThat(payment.getStatus()).isEqualTo("requires_action");
    assertThat(payment.getNextAction().getType()).isEqualTo("redirect_to_url");
    return payment;
  }

  /** The cardholder answers their bank; where the browser is in the end. */
  private static String comesBack(Shop shop, PaymentIntent payment, boolean passed) {
    URI page = URI.create(payment.getNextAction().getRedirectToUrl().getUrl());
    return CARDHOLDER.answers(shop.gateway(), page, passed);
  }

  private static void settles(Shop shop, PaymentIntent payment, String status) {
    Await.until(
        payment.getId() + " is " + status,
        () -> done(() -> shop.now(payment).getStatus()).equals(status));
  }

  private interface Asked<T> {
    T get() throws StripeException;
  }

  private static <T> T done(Asked<T> asked) {
    try {
      return asked.get();
    } catch (StripeException e) {
      throw new AssertionError(e);
    }
  }
}
