package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.stripe.exception.CardException;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.model.PaymentMethod;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentCreateParams.PaymentMethodOptions;
import com.stripe.param.PaymentIntentCreateParams.SetupFutureUsage;
import com.stripe.param.PaymentIntentUpdateParams;
import com.stripe.param.common.EmptyParam;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a merchant says of a payment is kept and shown back, whatever became of the payment. */
final class KeptParametersIT {
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

  private static PaymentIntentCreateParams.Builder everything() {
    return Shop.order()
        .setDescription("Two teas")
        .setReceiptEmail("ada@example.com")
        .setStatementDescriptor("TEA SHOP")
        .setStatementDescriptorSuffix("TEA 7")
        .setTransferGroup("group-7")
        .setSetupFutureUsage(SetupFutureUsage.OFF_SESSION)
        .setAutomaticPaymentMethods(
            PaymentIntentCreateParams.AutomaticPaymentMethods.builder()
                .setEnabled(true)
                .setAllowRedirects(
                    PaymentIntentCreateParams.AutomaticPaymentMethods.AllowRedirects.NEVER)
                .build())
        .setShipping(
            PaymentIntentCreateParams.Shipping.builder()
                .setName("Ada Lovelace")
                .setPhone("+44 20 7946 0000")
                .setCarrier("Royal Mail")
                .setTrackingNumber("TN-7")
                .setAddress(
                    PaymentIntentCreateParams.Shipping.Address.builder()
                        .setLine1("12 St James's Square")
                        .setLine2("Second floor")
                        .setCity("London")
                        .setPostalCode("SW1Y 4JH")
                        .setState("England")
                        .setCountry("GB")
                        .build())
                .build())
        .setPaymentMethodOptions(
            PaymentMethodOptions.builder()
                .setCard(
                    PaymentMethodOptions.Card.builder()
                        .setRequestThreeDSecure(
                            PaymentMethodOptions.Card.RequestThreeDSecure.AUTOMATIC)
                        .setRequestOvercapture(
                            PaymentMethodOptions.Card.RequestOvercapture.IF_AVAILABLE)
                        .build())
                .build())
        .putMetadata("order", "7")
        .putMetadata("colour", "grün ☕");
  }

  private static void showsEverything(PaymentIntent payment) {
    assertThat(payment.getDescription()).isEqualTo("Two teas");
    assertThat(payment.getReceiptEmail()).isEqualTo("ada@example.com");
    assertThat(payment.getStatementDescriptor()).isEqualTo("TEA SHOP");
    assertThat(payment.getStatementDescriptorSuffix()).isEqualTo("TEA 7");
    assertThat(payment.getTransferGroup()).isEqualTo("group-7");
    assertThat(payment.getSetupFutureUsage()).isEqualTo("off_session");
    assertThat(payment.getAutomaticPaymentMethods().getEnabled()).isTrue();
    assertThat(payment.getAutomaticPaymentMethods().getAllowRedirects()).isEqualTo("never");
    assertThat(payment.getShipping().getName()).isEqualTo("Ada Lovelace");
    assertThat(payment.getShipping().getPhone()).isEqualTo("+44 20 7946 0000");
    assertThat(payment.getShipping().getCarrier()).isEqualTo("Royal Mail");
    assertThat(payment.getShipping().getTrackingNumber()).isEqualTo("TN-7");
    assertThat(payment.getShipping().getAddress().getLine1()).isEqualTo("12 St James's Square");
    assertThat(payment.getShipping().getAddress().getLine2()).isEqualTo("Second floor");
    assertThat(payment.getShipping().getAddress().getCity()).isEqualTo("London");
    assertThat(payment.getShipping().getAddress().getPostalCode()).isEqualTo("SW1Y 4JH");
    assertThat(payment.getShipping().getAddress().getState()).isEqualTo("England");
    assertThat(payment.getShipping().getAddress().getCountry()).isEqualTo("GB");
    assertThat(payment.getPaymentMethodOptions().getCard().getRequestThreeDSecure())
        .isEqualTo("automatic");
    assertThat(payment.getPaymentMethodOptions().getCard().getRequestOvercapture())
        .isEqualTo("if_available");
    assertThat(payment.getMetadata()).isEqualTo(Map.of("order", "7", "colour", "grün ☕"));
  }

  @Test
  void showsThemInEveryAnswer() throws StripeException {
    PaymentIntent payment = shop.payments().create(everything().build());
    showsEverything(payment);
    showsEverything(shop.now(payment));
    showsEverything(shop.confirm(payment, Shop.VISA));
    showsEverything(shop.now(payment));
    assertThat(shop.payments().list().getData().getFirst().getId()).isEqualTo(payment.getId());
    showsEverything(shop.payments().list().getData().getFirst());
  }

  @Test
  void showsThemOnTheCharge() throws StripeException {
    PaymentIntent payment =
        shop.payments()
            .create(
                everything()
                    .setPaymentMethod(Shop.VISA)
                    .setConfirm(true)
                    .setReturnUrl("https://shop.example/return")
                    .addExpand("latest_charge")
                    .build());
    showsEverything(payment);
    var charge = payment.getLatestChargeObject();
    assertThat(charge.getDescription()).isEqualTo("Two teas");
    assertThat(charge.getReceiptEmail()).isEqualTo("ada@example.com");
    assertThat(charge.getStatementDescriptorSuffix()).isEqualTo("TEA 7");
    assertThat(charge.getShipping().getTrackingNumber()).isEqualTo("TN-7");
    assertThat(charge.getMetadata()).isEqualTo(Map.of("order", "7", "colour", "grün ☕"));
  }

  @Test
  void showsThemAfterADecline() throws StripeException {
    PaymentIntent payment = shop.payments().create(everything().build());
    var declined =
        catchThrowableOfType(CardException.class, () -> shop.confirm(payment, Shop.DECLINED));
    showsEverything(declined.getStripeError().getPaymentIntent());
    showsEverything(shop.now(payment));
  }

  @Test
  void savesTheCardWhereItsOwnOptionsSaySo() throws StripeException {
    String customer = shop.customers().create().getId();
    PaymentIntent paid =
        shop.payments()
            .create(
                Shop.order(Shop.VISA)
                    .setCustomer(customer)
                    .setPaymentMethodOptions(
                        PaymentMethodOptions.builder()
                            .setCard(
                                PaymentMethodOptions.Card.builder()
                                    .setSetupFutureUsage(
                                        PaymentMethodOptions.Card.SetupFutureUsage.OFF_SESSION)
                                    .build())
                            .build())
                    .build());
    assertThat(shop.customers().paymentMethods().list(customer).getData())
        .extracting(PaymentMethod::getId)
        .containsExactly(paid.getPaymentMethod());
  }

  @Test
  void keepsMethodTypes() throws StripeException {
    PaymentIntent payment =
        shop.payments()
            .create(Shop.order().addPaymentMethodType("card").addPaymentMethodType("link").build());
    assertThat(payment.getPaymentMethodTypes()).isEqualTo(List.of("card", "link"));
  }

  @Test
  void keepsWhatAConfirmationSays() throws StripeException {
    PaymentIntent paid =
        shop.payments()
            .confirm(
                shop.unpaid().getId(),
                PaymentIntentConfirmParams.builder()
                    .setPaymentMethod(Shop.VISA)
                    .setReceiptEmail("grace@example.com")
                    .setReturnUrl("https://shop.example/return")
                    .setSetupFutureUsage(PaymentIntentConfirmParams.SetupFutureUsage.ON_SESSION)
                    .setShipping(
                        PaymentIntentConfirmParams.Shipping.builder()
                            .setName("Grace")
                            .setAddress(
                                PaymentIntentConfirmParams.Shipping.Address.builder()
                                    .setLine1("1 Main St")
                                    .build())
                            .build())
                    .build());
    assertThat(paid.getReceiptEmail()).isEqualTo("grace@example.com");
    assertThat(paid.getSetupFutureUsage()).isEqualTo("on_session");
    assertThat(paid.getShipping().getName()).isEqualTo("Grace");
    assertThat(paid.getShipping().getAddress().getCity()).isNull();
  }

  @Test
  void mergesMetadataAndUnsetsByTheEmptyValue() throws StripeException {
    PaymentIntent payment =
        shop.payments()
            .create(
                Shop.order()
                    .putMetadata("kept", "1")
                    .putMetadata("changed", "1")
                    .putMetadata("removed", "1")
                    .setDescription("gone soon")
                    .setReceiptEmail("ada@example.com")
                    .build());
    PaymentIntent updated =
        shop.payments()
            .update(
                payment.getId(),
                PaymentIntentUpdateParams.builder()
                    .putMetadata("changed", "2")
                    .putMetadata("removed", "")
                    .putMetadata("added", "1")
                    .setDescription(EmptyParam.EMPTY)
                    .build());
    var expected = Map.of("kept", "1", "changed", "2", "added", "1");
    assertThat(updated.getMetadata()).isEqualTo(expected);
    assertThat(updated.getDescription()).isNull();
    assertThat(updated.getReceiptEmail()).isEqualTo("ada@example.com");
    assertThat(shop.now(payment).getMetadata()).isEqualTo(expected);

    PaymentIntent cleared =
        shop.payments()
            .update(
                payment.getId(),
                PaymentIntentUpdateParams.builder()
                    .setMetadata(EmptyParam.EMPTY)
                    .setReceiptEmail(EmptyParam.EMPTY)
                    .build());
    assertThat(cleared.getMetadata()).isEmpty();
    assertThat(cleared.getReceiptEmail()).isNull();
  }

  @Test
  void metadataWorksLikeThatAfterThePaymentToo() throws StripeException {
    PaymentIntent paid =
        shop.payments().create(Shop.order(Shop.VISA).putMetadata("order", "7").build());
    var updated =
        shop.payments()
            .update(
                paid.getId(),
                PaymentIntentUpdateParams.builder().putMetadata("shipped", "yes").build());
    assertThat(updated.getMetadata()).isEqualTo(Map.of("order", "7", "shipped", "yes"));
  }
}
