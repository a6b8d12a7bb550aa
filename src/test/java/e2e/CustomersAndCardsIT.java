package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.stripe.exception.CardException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.Customer;
import com.stripe.model.PaymentMethod;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.CustomerUpdateParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentMethodAttachParams;
import com.stripe.param.PaymentMethodListParams;
import com.stripe.param.PaymentMethodRetrieveParams;
import com.stripe.service.V1Services;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import support.TestGateway;

/** Cards on file through the merchant's own SDK. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CustomersAndCardsIT {
  private final TestGateway gateway = TestGateway.start();
  private final V1Services stripe = gateway.stripe().v1();

  @AfterAll
  void close() {
    gateway.close();
  }

  @Test
  void keepsCustomers() throws StripeException {
    Customer ada =
        stripe
            .customers()
            .create(
                CustomerCreateParams.builder()
                    .setEmail("ada@example.com")
                    .putMetadata("a", "1")
                    .build());
    stripe
        .customers()
        .update(ada.getId(), CustomerUpdateParams.builder().putMetadata("b", "2").build());

    assertThat(stripe.customers().retrieve(ada.getId()).getMetadata())
        .containsEntry("a", "1")
        .containsEntry("b", "2");
    assertThat(stripe.customers().delete(ada.getId()).getDeleted()).isTrue();
    assertThat(stripe.customers().retrieve(ada.getId()).getDeleted()).isTrue();
    var again =
        catchThrowableOfType(
            InvalidRequestException.class, () -> stripe.customers().delete(ada.getId()));
    assertThat(again.getStatusCode()).isEqualTo(404);
    assertThat(again.getCode()).isEqualTo("resource_missing");
  }

  @Test
  void paysWithACardOnFile() throws StripeException {
    Customer ada = customer();
    PaymentMethod card = attach("pm_card_visa", ada);

    var intent =
        stripe
            .paymentIntents()
            .create(
                PaymentIntentCreateParams.builder()
                    .setAmount(1099L)
                    .setCurrency("usd")
                    .setCustomer(ada.getId())
                    .setPaymentMethod(card.getId())
                    .setConfirm(true)
                    .build());

    assertThat(intent.getStatus()).isEqualTo("succeeded");
    assertThat(intent.getPaymentMethod()).isEqualTo(card.getId());
  }

  @Test
  void attachesListsExpandsAndDetaches() throws StripeException {
    Customer ada = customer();
    PaymentMethod card = attach("pm_card_visa", ada);

    assertThat(card.getCard().getLast4()).isEqualTo("4242");
    var list =
        stripe
            .paymentMethods()
            .list(PaymentMethodListParams.builder().setCustomer(ada.getId()).build());
    assertThat(list.getData()).extracting(PaymentMethod::getId).containsExactly(card.getId());
    var expanded =
        stripe
            .paymentMethods()
            .retrieve(
                card.getId(), PaymentMethodRetrieveParams.builder().addExpand("customer").build());
    assertThat(expanded.getCustomerObject()).isEqualTo(ada);

    assertThat(stripe.paymentMethods().detach(card.getId()).getCustomer()).isNull();
    var again =
        catchThrowableOfType(
            InvalidRequestException.class, () -> stripe.paymentMethods().detach(card.getId()));
    assertThat(again.getStatusCode()).isEqualTo(400);
  }

  @Test
  void declinesACardThatTheIssuerDeclines() throws StripeException {
    Customer ada = customer();

    var declined =
        catchThrowableOfType(CardException.class, () -> attach("pm_card_visa_chargeDeclined", ada));

    assertThat(declined.getStatusCode()).isEqualTo(402);
    assertThat(declined.getCode()).isEqualTo("card_declined");
  }

  @Test
  void attachesManyCardsToANewCustomerAtOnce() throws StripeException {
    Customer ada = customer();

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all =
          IntStream.range(0, 8)
              .mapToObj(
                  i ->
                      CompletableFuture.supplyAsync(
                          () -> attachUnchecked("pm_card_visa", ada), threads))
              .toList();
      all.forEach(CompletableFuture::join);
    }

    assertThat(
            stripe
                .paymentMethods()
                .list(PaymentMethodListParams.builder().setCustomer(ada.getId()).build())
                .getData())
        .hasSize(8);
  }

  private Customer customer() throws StripeException {
    return stripe.customers().create(CustomerCreateParams.builder().setName("Ada").build());
  }

  private PaymentMethod attach(String token, Customer customer) throws StripeException {
    return stripe
        .paymentMethods()
        .attach(token, PaymentMethodAttachParams.builder().setCustomer(customer.getId()).build());
  }

  private PaymentMethod attachUnchecked(String token, Customer customer) {
    try {
      return attach(token, customer);
    } catch (StripeException e) {
      throw new AssertionError(e);
    }
  }
}
