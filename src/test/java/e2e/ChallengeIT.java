package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.stripe.exception.CardException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.param.ChargeListParams;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentCreateParams.CaptureMethod;
import com.stripe.param.PaymentIntentCreateParams.PaymentMethodOptions;
import com.stripe.param.PaymentIntentCreateParams.PaymentMethodOptions.Card.RequestThreeDSecure;
import com.stripe.param.PaymentIntentUpdateParams;
import com.stripe.param.PaymentMethodAttachParams;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import support.Await;

/** Cards whose issuer asks for the customer (3-D Secure), settled without any webhook. */
final class ChallengeIT {
  private static final String RETURN_URL = "https://shop.example/return?order=7";

  private static final HttpClient BROWSER =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

  private static Shop shop;

  @BeforeAll
  static void open() {
    shop = Shop.open("--recovery.challenge-delay=100ms");
  }

  @AfterAll
  static void audit() {
    BROWSER.close();
    try (var closing = shop) {
      closing.audit();
    }
  }

  private static PaymentIntent challenged(PaymentIntentCreateParams.Builder order)
      throws StripeException {
    PaymentIntent payment = shop.payments().create(order.setReturnUrl(RETURN_URL).build());
    assertThat(payment.getStatus()).isEqualTo("requires_action");
    return payment;
  }

  /** The customer's word at the issuer; the last part of the page's address is the PSP's id. */
  private static boolean answer(PaymentIntent payment, boolean passed) {
    String url = payment.getNextAction().getRedirectToUrl().getUrl();
    return shop.gateway()
        .simulator()
        .completeChallenge(url.substring(url.lastIndexOf('/') + 1), passed);
  }

  private static PaymentIntent becomes(PaymentIntent payment, String status)
      throws StripeException {
    Await.until("the payment is " + status, () -> shop.now(payment).getStatus().equals(status));
    return shop.now(payment);
  }

  @Test
  void sendsTheCustomerToTheIssuerAndIsPaidWhenTheyComeBack() throws StripeException {
    int before = shop.truth().approved().size();
    PaymentIntent payment = challenged(Shop.order(Shop.CHALLENGED));
    assertThat(payment.getNextAction().getType()).isEqualTo("redirect_to_url");
    assertThat(payment.getNextAction().getRedirectToUrl().getUrl()).startsWith("http://");
    assertThat(payment.getNextAction().getRedirectToUrl().getReturnUrl()).isEqualTo(RETURN_URL);
    assertThat(payment.getAmountReceived()).isZero();
    assertThat(shop.now(payment)).isEqualTo(payment);
    assertThat(answer(payment, true)).isTrue();
    PaymentIntent paid = becomes(payment, "succeeded");
    assertThat(paid.getNextAction()).isNull();
    assertThat(paid.getAmountReceived()).isEqualTo(1000);
    var charges =
        shop.charges()
            .list(ChargeListParams.builder().setPaymentIntent(payment.getId()).build())
            .getData();
    assertThat(charges).hasSize(1);
    assertThat(charges.getFirst().getStatus()).isEqualTo("succeeded");
    assertThat(charges.getFirst().getId()).isEqualTo(paid.getLatestCharge());
    assertThat(shop.truth().approved()).hasSize(before + 1);
    assertThat(shop.refund(paid, 1000).getStatus()).isEqualTo("succeeded");
  }

  /** What a browser does on the issuer's page, and where it is sent from there. */
  private static HttpResponse<String> browse(PaymentIntent payment, String outcome)
      throws IOException, InterruptedException {
    return BROWSER.send(
        HttpRequest.newBuilder(URI.create(payment.getNextAction().getRedirectToUrl().getUrl()))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("outcome=" + outcome))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Where a browser is sent on to from an address. */
  private static String sentOn(String address) throws IOException, InterruptedException {
    return BROWSER
        .send(
            HttpRequest.newBuilder(URI.create(address)).build(),
            HttpResponse.BodyHandlers.discarding())
        .headers()
        .firstValue("Location")
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"pass,succeeded,succeeded", "fail,failed,requires_payment_method"})
  void sendsTheBrowserBackToTheMerchantOnceHoweverOftenItComes(
      String outcome, String told, String status) throws Exception {
    int before = shop.truth().approved().size();
    PaymentIntent payment = challenged(Shop.order(Shop.CHALLENGED));
    for (int visit = 0; visit < 3; visit++) {
      HttpResponse<String> response = browse(payment, outcome);
      String back = response.headers().firstValue("Location").orElseThrow();
      assertThat(back).startsWith(shop.gateway().api() + "/v1/redirects/");
      assertThat(sentOn(back))
          .startsWith(RETURN_URL + "&payment_intent=" + payment.getId() + "&")
          .endsWith("&redirect_status=" + told);
    }
    becomes(payment, status);
    assertThat(shop.truth().approved()).hasSize(outcome.equals("pass") ? before + 1 : before);
  }

  /** The page the customer comes back to asks for the payment, and must not wait for long. */
  @Test
  void asksThePspAtOnceWhereSomeoneAsksForThePayment() throws StripeException {
    PaymentIntent payment = challenged(Shop.order(Shop.CHALLENGED));
    shop.gateway()
        .database()
        .execute(
            "UPDATE operation SET recover_at = now() + interval '1 hour', updated_at = now() -"
                + " interval '1 minute' WHERE status = 'awaiting_customer'");
    assertThat(answer(payment, true)).isTrue();
    becomes(payment, "succeeded");
  }

  @Test
  void settlesWhatACustomerFinishedWhileTheGatewayWasAway() throws StripeException {
    PaymentIntent payment = challenged(Shop.order(Shop.CHALLENGED));
    assertThat(answer(payment, true)).isTrue();
    shop.gateway().restart();
    becomes(payment, "succeeded");
  }

  @Test
  void mayBeConfirmedWithAnotherCardWhileTheCustomerIsAway() throws StripeException {
    int before = shop.truth().approved().size();
    PaymentIntent payment = challenged(Shop.order(Shop.CHALLENGED));
    assertThat(shop.confirm(payment, Shop.VISA).getStatus()).isEqualTo("succeeded");
    assertThat(answer(payment, true)).as("the issuer's page is closed").isFalse();
    assertThat(shop.truth().approved()).hasSize(before + 1);
    assertThat(shop.now(payment).getStatus()).isEqualTo("succeeded");
  }

  @Test
  void mayBeSentToAnotherChallengeWhileTheCustomerIsAway() throws StripeException {
    PaymentIntent first = challenged(Shop.order(Shop.CHALLENGED));
    PaymentIntent second = shop.confirm(first, Shop.CHALLENGED);
    assertThat(second.getStatus()).isEqualTo("requires_action");
    assertThat(answer(first, true)).as("the first page is closed").isFalse();
    assertThat(answer(second, true)).isTrue();
    becomes(second, "succeeded");
  }

  @Test
  void mayBeChangedWhileTheCustomerIsAway() throws StripeException {
    PaymentIntent payment = challenged(Shop.order(Shop.CHALLENGED));
    PaymentIntent described =
        shop.payments()
            .update(
                payment.getId(),
                PaymentIntentUpdateParams.builder().setDescription("shoes").build());
    assertThat(described.getStatus()).isEqualTo("requires_action");
    PaymentIntent changed =
        shop.payments()
            .update(payment.getId(), PaymentIntentUpdateParams.builder().setAmount(700L).build());
    assertThat(changed.getStatus()).isEqualTo("requires_confirmation");
    assertThat(changed.getAmount()).isEqualTo(700);
    assertThat(changed.getNextAction()).isNull();
    assertThat(answer(payment, true)).as("the issuer's page is closed").isFalse();
    assertThat(shop.confirm(payment, Shop.VISA).getAmountReceived()).isEqualTo(700);
  }

  @Test
  void keepsTheAuthenticationWhereWhatReplacesItIsRefused() throws StripeException {
    PaymentIntent payment = challenged(Shop.order(Shop.CHALLENGED));
    String stranger =
        shop.customers().create(CustomerCreateParams.builder().setName("Ada").build()).getId();
    String theirs =
        shop.methods()
            .attach(Shop.VISA, PaymentMethodAttachParams.builder().setCustomer(stranger).build())
            .getId();
    assertThatThrownBy(() -> shop.confirm(payment, theirs))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(shop.now(payment).getStatus()).isEqualTo("requires_action");
    assertThat(answer(payment, true)).isTrue();
    becomes(payment, "succeeded");
  }

  @Test
  void showsHowTheCardholderWasAuthenticated() throws StripeException {
    PaymentIntent payment = challenged(Shop.order(Shop.CHALLENGED));
    assertThat(answer(payment, true)).isTrue();
    PaymentIntent paid = becomes(payment, "succeeded");
    var card = shop.charges().retrieve(paid.getLatestCharge()).getPaymentMethodDetails().getCard();
    assertThat(card.getThreeDSecure().getResult()).isEqualTo("authenticated");
    assertThat(card.getThreeDSecure().getAuthenticationFlow()).isEqualTo("challenge");
    assertThat(card.getThreeDSecure().getVersion()).isEqualTo("2.2.0");
    assertThat(card.getThreeDSecure().getElectronicCommerceIndicator()).isEqualTo("05");
    var plain = shop.charges().retrieve(shop.pay(Shop.VISA).getLatestCharge());
    assertThat(plain.getPaymentMethodDetails().getCard().getThreeDSecure()).isNull();
  }

  /** Nobody is there to be sent to the issuer. */
  @Test
  void declinesAChallengeOffSession() throws StripeException {
    var declined =
        catchThrowableOfType(
            CardException.class,
            () ->
                shop.payments()
                    .create(
                        Shop.order("pm_card_authenticationRequired")
                            .setReturnUrl(RETURN_URL)
                            .setOffSession(true)
                            .build()));
    assertThat(declined.getStatusCode()).isEqualTo(402);
    assertThat(declined.getCode()).isEqualTo("authentication_required");
    assertThat(declined.getDeclineCode()).isEqualTo("authentication_required");
    assertThat(declined.getStripeError().getType()).isEqualTo("card_error");
    PaymentIntent payment = shop.now(declined.getStripeError().getPaymentIntent());
    assertThat(payment.getStatus()).isEqualTo("requires_payment_method");
    assertThat(payment.getLastPaymentError().getCode()).isEqualTo("authentication_required");
    assertThat(payment.getNextAction()).isNull();
    assertThat(shop.charges().retrieve(declined.getCharge()).getStatus()).isEqualTo("failed");
    // The customer is asked to come: with them, the same card asks for its challenge.
    PaymentIntent present =
        shop.payments()
            .confirm(
                payment.getId(),
                PaymentIntentConfirmParams.builder()
                    .setPaymentMethod("pm_card_authenticationRequired")
                    .setReturnUrl(RETURN_URL)
                    .build());
    assertThat(answer(present, true)).isTrue();
    becomes(present, "succeeded");
  }

  @Test
  void mayBePaidWithAnotherCardAfterAFailedChallenge() throws StripeException {
    PaymentIntent payment = challenged(Shop.order(Shop.CHALLENGED));
    assertThat(answer(payment, false)).isTrue();
    PaymentIntent unpaid = becomes(payment, "requires_payment_method");
    assertThat(unpaid.getNextAction()).isNull();
    assertThat(unpaid.getPaymentMethod()).isNull();
    assertThat(unpaid.getLastPaymentError().getCode())
        .isEqualTo("payment_intent_authentication_failure");
    assertThat(shop.confirm(payment, Shop.VISA).getStatus()).isEqualTo("succeeded");
  }

  @ParameterizedTest
  @CsvSource({
    "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds,insufficient_funds",
    "pm_card_threeDSecureRequiredChargeDeclined,generic_decline"
  })
  void mayBeDeclinedAfterAChallengeThatWasPassed(String card, String declineCode)
      throws StripeException {
    PaymentIntent payment = challenged(Shop.order(card));
    assertThat(answer(payment, true)).isTrue();
    PaymentIntent unpaid = becomes(payment, "requires_payment_method");
    assertThat(unpaid.getLastPaymentError().getCode()).isEqualTo("card_declined");
    assertThat(unpaid.getLastPaymentError().getDeclineCode()).isEqualTo(declineCode);
    assertThat(shop.charges().retrieve(unpaid.getLatestCharge()).getStatus()).isEqualTo("failed");
    assertThat(shop.confirm(payment, Shop.VISA).getStatus()).isEqualTo("succeeded");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pm_card_authenticationRequired",
        "pm_card_authenticationRequiredOnSetup",
        "pm_card_authenticationRequiredSetupForOffSession",
        "pm_card_threeDSecure2Required"
      })
  void holdsAfterAChallengeAndCapturesLater(String card) throws StripeException {
    PaymentIntent payment = challenged(Shop.order(card).setCaptureMethod(CaptureMethod.MANUAL));
    assertThat(answer(payment, true)).isTrue();
    PaymentIntent held = becomes(payment, "requires_capture");
    assertThat(held.getAmountCapturable()).isEqualTo(1000);
    assertThat(shop.payments().capture(held.getId()).getStatus()).isEqualTo("succeeded");
  }

  @Test
  void cancelsWhileTheCustomerIsAway() throws StripeException {
    int before = shop.truth().approved().size();
    PaymentIntent payment = challenged(Shop.order(Shop.CHALLENGED));
    PaymentIntent canceled = shop.payments().cancel(payment.getId());
    assertThat(canceled.getStatus()).isEqualTo("canceled");
    assertThat(canceled.getNextAction()).isNull();
    assertThat(answer(payment, true)).as("the issuer's page is closed too").isFalse();
    assertThat(shop.truth().approved()).hasSize(before);
    assertThat(shop.now(payment).getStatus()).isEqualTo("canceled");
  }

  @Test
  void failsAtOnceWhereTheMerchantWantsNoChallenge() throws StripeException {
    var declined =
        catchThrowableOfType(
            CardException.class,
            () ->
                shop.payments()
                    .create(Shop.order(Shop.CHALLENGED).setErrorOnRequiresAction(true).build()));
    assertThat(declined.getStatusCode()).isEqualTo(402);
    assertThat(declined.getCode()).isEqualTo("authentication_required");
    PaymentIntent payment = shop.now(declined.getStripeError().getPaymentIntent());
    assertThat(payment.getStatus()).isEqualTo("requires_payment_method");
    assertThat(payment.getNextAction()).isNull();
  }

  /**
   * Stripe would answer with an action that only its own browser code can follow, and the payment
   * would hang.
   */
  @Test
  void declinesAChallengeThatNobodyCouldBeSentBackFrom() throws StripeException {
    var declined =
        catchThrowableOfType(
            CardException.class, () -> shop.payments().create(Shop.order(Shop.CHALLENGED).build()));
    assertThat(declined.getCode()).isEqualTo("authentication_required");
    PaymentIntent payment = shop.now(declined.getStripeError().getPaymentIntent());
    assertThat(payment.getStatus()).isEqualTo("requires_payment_method");
  }

  @Test
  void asksForAChallengeWhereTheMerchantWantsOne() throws StripeException {
    var options =
        PaymentMethodOptions.builder()
            .setCard(
                PaymentMethodOptions.Card.builder()
                    .setRequestThreeDSecure(RequestThreeDSecure.ANY)
                    .build())
            .build();
    PaymentIntent payment = challenged(Shop.order(Shop.VISA).setPaymentMethodOptions(options));
    assertThat(answer(payment, true)).isTrue();
    becomes(payment, "succeeded");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pm_card_threeDSecureOptional",
        "pm_card_threeDSecureOptionalProcessingError",
        "pm_card_amex_threeDSecureNotSupported"
      })
  void doesNotAskWhereTheIssuerDoesNot(String card) throws StripeException {
    assertThat(shop.pay(card).getStatus()).isEqualTo("succeeded");
  }

  @Test
  void declinesWhereTheAuthenticationCannotBeLookedUp() {
    var declined =
        catchThrowableOfType(
            CardException.class, () -> shop.pay("pm_card_threeDSecureRequiredProcessingError"));
    assertThat(declined.getCode()).isEqualTo("card_declined");
  }
}
