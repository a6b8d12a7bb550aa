package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.StripeClient;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.Customer;
import com.stripe.model.PaymentIntent;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentMethodListParams;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import support.Books;
import support.TestGateway;

/** A card that a payment saves for its customer, and pays with when the customer is away. */
final class SavedCardsIT {
  private static TestGateway gateway;
  private static StripeClient stripe;

  @BeforeAll
  static void start() {
    gateway = TestGateway.start();
    stripe = gateway.stripe();
  }

  @AfterAll
  static void stop() {
    new Books(gateway).balance();
    gateway.close();
  }

  @Test
  void savesTheCardOfAnApprovedPayment() throws StripeException {
    Customer customer = customer();
    PaymentIntent first =
        stripe
            .v1()
            .paymentIntents()
            .create(
                payment(customer, "pm_card_visa")
                    .setConfirm(true)
                    .setSetupFutureUsage(PaymentIntentCreateParams.SetupFutureUsage.OFF_SESSION)
                    .build());
    assertThat(methodsOf(customer)).containsExactly(first.getPaymentMethod());

    PaymentIntent second =
        stripe
            .v1()
            .paymentIntents()
            .create(
                payment(customer, first.getPaymentMethod())
                    .setConfirm(true)
                    .setOffSession(true)
                    .build());
    assertThat(second.getStatus()).isEqualTo("succeeded");
    assertThat(second.getPaymentMethod()).isEqualTo(first.getPaymentMethod());
  }

  @Test
  void savesWhenThePaymentIsConfirmedLater() throws StripeException {
    Customer customer = customer();
    PaymentIntent created =
        stripe
            .v1()
            .paymentIntents()
            .create(
                payment(customer, "pm_card_mastercard")
                    .setSetupFutureUsage(PaymentIntentCreateParams.SetupFutureUsage.ON_SESSION)
                    .build());
    assertThat(methodsOf(customer)).isEmpty();
    stripe
        .v1()
        .paymentIntents()
        .confirm(created.getId(), PaymentIntentConfirmParams.builder().build());
    assertThat(methodsOf(customer)).containsExactly(created.getPaymentMethod());
  }

  @Test
  void savesNothingOfADeclinedPayment() throws StripeException {
    Customer customer = customer();
    assertThatThrownBy(
            () ->
                stripe
                    .v1()
                    .paymentIntents()
                    .create(
                        payment(customer, "pm_card_visa_chargeDeclined")
                            .setConfirm(true)
                            .setSetupFutureUsage(
                                PaymentIntentCreateParams.SetupFutureUsage.OFF_SESSION)
                            .build()))
        .isInstanceOf(StripeException.class);
    assertThat(methodsOf(customer)).isEmpty();
  }

  @Test
  void refusesAnotherCustomersCard() throws StripeException {
    Customer owner = customer();
    PaymentIntent saved =
        stripe
            .v1()
            .paymentIntents()
            .create(
                payment(owner, "pm_card_visa")
                    .setConfirm(true)
                    .setSetupFutureUsage(PaymentIntentCreateParams.SetupFutureUsage.OFF_SESSION)
                    .build());
    Customer other = customer();
    assertThatThrownBy(
            () ->
                stripe
                    .v1()
                    .paymentIntents()
                    .create(payment(other, saved.getPaymentMethod()).setConfirm(true).build()))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused -> assertThat(refused.getParam()).isEqualTo("payment_method"));
  }

  private static Customer customer() throws StripeException {
    return stripe
        .v1()
        .customers()
        .create(CustomerCreateParams.builder().setEmail("ada@example.com").build());
  }

  private static PaymentIntentCreateParams.Builder payment(Customer customer, String method) {
    return PaymentIntentCreateParams.builder()
        .setAmount(1500L)
        .setCurrency("eur")
        .setCustomer(customer.getId())
        .setPaymentMethod(method);
  }

  private static java.util.List<String> methodsOf(Customer customer) throws StripeException {
    return stripe
        .v1()
        .paymentMethods()
        .list(PaymentMethodListParams.builder().setCustomer(customer.getId()).build())
        .getData()
        .stream()
        .map(method -> method.getId())
        .toList();
  }
}
