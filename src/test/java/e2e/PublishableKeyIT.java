package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.stripe.exception.CardException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.PermissionException;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentRetrieveParams;
import com.stripe.service.V1Services;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import support.TestGateway;

/** What a browser may do with a publishable key: look at a payment and confirm it, no more. */
final class PublishableKeyIT {
  private static Shop shop;
  private static Wire wire;

  @BeforeAll
  static void open() {
    shop = Shop.open();
    wire = new Wire(shop.gateway());
  }

  @AfterAll
  static void audit() {
    try (var closing = shop;
        var alsoClosing = wire) {
      closing.audit();
    }
  }

  private static V1Services browser() {
    return shop.client(TestGateway.PUBLISHABLE_KEY).v1();
  }

  private static PaymentIntent order() throws StripeException {
    return shop.payments()
        .create(Shop.order().putMetadata("margin", "40").setDescription("Tea").build());
  }

  private static PaymentIntentRetrieveParams with(String secret) {
    return PaymentIntentRetrieveParams.builder().setClientSecret(secret).build();
  }

  private static PaymentIntentConfirmParams.Builder confirmation(String secret) {
    return PaymentIntentConfirmParams.builder()
        .putExtraParam("client_secret", secret)
        .setPaymentMethod(Shop.VISA)
        .setReturnUrl("https://shop.example/return");
  }

  @Test
  void seesAPaymentWithItsSecretButNotTheMerchantsOwnNotes() throws StripeException {
    PaymentIntent payment = order();
    PaymentIntent seen =
        browser().paymentIntents().retrieve(payment.getId(), with(payment.getClientSecret()), null);
    assertThat(seen.getStatus()).isEqualTo("requires_payment_method");
    assertThat(seen.getAmount()).isEqualTo(1000);
    assertThat(seen.getMetadata()).isNull();
    assertThat(seen.getLastResponse().body()).doesNotContain("margin", "latest_charge");
  }

  @Test
  void seesNothingWithoutTheRightSecret() throws StripeException {
    PaymentIntent payment = order();
    var none =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> browser().paymentIntents().retrieve(payment.getId()));
    assertThat(none.getParam()).isEqualTo("client_secret");
    var other = order();
    var wrong =
        catchThrowableOfType(
            InvalidRequestException.class,
            () ->
                browser()
                    .paymentIntents()
                    .retrieve(payment.getId(), with(other.getClientSecret()), null));
    assertThat(wrong.getStatusCode()).isBetween(400, 404);
    var confirmed =
        catchThrowableOfType(
            InvalidRequestException.class,
            () ->
                browser()
                    .paymentIntents()
                    .confirm(payment.getId(), confirmation(other.getClientSecret()).build()));
    assertThat(confirmed.getStatusCode()).isBetween(400, 404);
    assertThat(shop.now(payment).getStatus()).isEqualTo("requires_payment_method");
  }

  @Test
  void confirmsAPayment() throws StripeException {
    PaymentIntent payment = order();
    PaymentIntent paid =
        browser()
            .paymentIntents()
            .confirm(payment.getId(), confirmation(payment.getClientSecret()).build());
    assertThat(paid.getStatus()).isEqualTo("succeeded");
    assertThat(paid.getLastResponse().body()).doesNotContain("margin", "fingerprint");
    assertThat(shop.now(payment).getStatus()).isEqualTo("succeeded");
    assertThat(shop.now(payment).getMetadata()).containsEntry("margin", "40");
  }

  @Test
  void isToldOfADeclineWithoutTheMerchantsOwnNotes() throws StripeException {
    PaymentIntent payment = order();
    var declined =
        catchThrowableOfType(
            CardException.class,
            () ->
                browser()
                    .paymentIntents()
                    .confirm(
                        payment.getId(),
                        confirmation(payment.getClientSecret())
                            .setPaymentMethod(Shop.DECLINED)
                            .build()));
    assertThat(declined.getDeclineCode()).isEqualTo("generic_decline");
    assertThat(declined.getStripeError().getPaymentIntent().getMetadata()).isNull();
    assertThat(declined.getStripeError().getPaymentIntent().getClientSecret())
        .isEqualTo(payment.getClientSecret());
  }

  @Test
  void mayNotChooseWhatOnlyTheMerchantMay() throws StripeException {
    PaymentIntent payment = order();
    for (String extra : List.of("capture_method=manual", "off_session=true", "amount=1")) {
      var refused =
          wire.send(
              HttpRequest.newBuilder(
                      shop.gateway()
                          .api()
                          .resolve("/v1/payment_intents/" + payment.getId() + "/confirm"))
                  .header("Authorization", "Bearer " + TestGateway.PUBLISHABLE_KEY)
                  .header("Content-Type", Wire.FORM)
                  .POST(
                      BodyPublishers.ofString(
                          "payment_method=pm_card_visa&client_secret="
                              + payment.getClientSecret()
                              + "&"
                              + extra)));
      assertThat(refused.statusCode()).as(extra).isEqualTo(400);
    }
    assertThat(shop.now(payment).getStatus()).isEqualTo("requires_payment_method");
  }

  @Test
  void mayDoNothingElse() throws StripeException {
    PaymentIntent held = shop.hold(Shop.VISA);
    for (Call call :
        List.<Call>of(
            () -> browser().paymentIntents().create(Shop.order(Shop.VISA).build()),
            () -> browser().paymentIntents().list(),
            () -> browser().paymentIntents().capture(held.getId()),
            () -> browser().paymentIntents().cancel(held.getId()),
            () -> browser().paymentIntents().update(held.getId()),
            () -> browser().refunds().list(),
            () -> browser().charges().retrieve(held.getLatestCharge()),
            () -> browser().customers().list())) {
      var refused = catchThrowableOfType(PermissionException.class, call::run);
      assertThat(refused.getStatusCode()).isEqualTo(403);
      assertThat(refused.getCode()).isEqualTo("secret_key_required");
    }
    assertThat(shop.now(held).getStatus()).isEqualTo("requires_capture");
    shop.payments().cancel(held.getId());
  }

  /** One call of the SDK. */
  private interface Call {
    void run() throws StripeException;
  }
}
