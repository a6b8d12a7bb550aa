package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.Charge;
import com.stripe.model.Customer;
import com.stripe.model.PaymentIntent;
import com.stripe.model.PaymentMethod;
import com.stripe.param.ChargeListParams;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.CustomerListParams;
import com.stripe.param.CustomerPaymentMethodListParams;
import com.stripe.param.CustomerUpdateParams;
import com.stripe.param.PaymentIntentListParams;
import com.stripe.param.PaymentIntentUpdateParams;
import com.stripe.param.PaymentMethodAttachParams;
import com.stripe.param.common.EmptyParam;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Customers and their payments, through every endpoint they have. */
final class CustomersIT {
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

  private static Customer named(String name) throws StripeException {
    return shop.customers().create(CustomerCreateParams.builder().setName(name).build());
  }

  private static PaymentMethod attached(String card, Customer customer) throws StripeException {
    return shop.methods()
        .attach(card, PaymentMethodAttachParams.builder().setCustomer(customer.getId()).build());
  }

  @Test
  void keepsAndShowsEverythingSaidOfACustomer() throws StripeException {
    Customer created =
        shop.customers()
            .create(
                CustomerCreateParams.builder()
                    .setName("Ada Lovelace")
                    .setEmail("ada@example.com")
                    .setPhone("+44 20 7946 0000")
                    .setDescription("First programmer")
                    .setTaxExempt(CustomerCreateParams.TaxExempt.REVERSE)
                    .addPreferredLocale("en-GB")
                    .addPreferredLocale("fr")
                    .setAddress(
                        CustomerCreateParams.Address.builder()
                            .setLine1("12 St James's Square")
                            .setCity("London")
                            .setCountry("GB")
                            .build())
                    .setShipping(
                        CustomerCreateParams.Shipping.builder()
                            .setName("Ada")
                            .setPhone("1")
                            .setAddress(
                                CustomerCreateParams.Shipping.Address.builder()
                                    .setLine1("1 Main St")
                                    .build())
                            .build())
                    .putMetadata("vip", "yes")
                    .build());
    assertThat(created.getId()).startsWith("cus_");
    Customer read = shop.customers().retrieve(created.getId());
    assertThat(read).isEqualTo(created);
    assertThat(read.getName()).isEqualTo("Ada Lovelace");
    assertThat(read.getEmail()).isEqualTo("ada@example.com");
    assertThat(read.getPhone()).isEqualTo("+44 20 7946 0000");
    assertThat(read.getDescription()).isEqualTo("First programmer");
    assertThat(read.getTaxExempt()).isEqualTo("reverse");
    assertThat(read.getPreferredLocales()).containsExactly("en-GB", "fr");
    assertThat(read.getAddress().getLine1()).isEqualTo("12 St James's Square");
    assertThat(read.getAddress().getState()).isNull();
    assertThat(read.getShipping().getAddress().getLine1()).isEqualTo("1 Main St");
    assertThat(read.getMetadata()).isEqualTo(Map.of("vip", "yes"));

    Customer updated =
        shop.customers()
            .update(
                created.getId(),
                CustomerUpdateParams.builder()
                    .setDescription(EmptyParam.EMPTY)
                    .setName("Ada King")
                    .putMetadata("vip", "")
                    .putMetadata("since", "1843")
                    .build());
    assertThat(updated.getName()).isEqualTo("Ada King");
    assertThat(updated.getDescription()).isNull();
    assertThat(updated.getEmail()).isEqualTo("ada@example.com");
    assertThat(updated.getMetadata()).isEqualTo(Map.of("since", "1843"));
  }

  @Test
  void listsCustomersInPagesAndByEmail() throws StripeException {
    var newestFirst = new ArrayList<String>();
    for (int i = 0; i < 5; i++) {
      newestFirst.addFirst(
          shop.customers()
              .create(CustomerCreateParams.builder().setEmail("listed@example.com").build())
              .getId());
    }
    var byEmail = CustomerListParams.builder().setEmail("listed@example.com").setLimit(2L).build();
    var listed = new ArrayList<String>();
    shop.customers()
        .list(byEmail)
        .autoPagingIterable()
        .forEach(customer -> listed.add(customer.getId()));
    assertThat(listed).isEqualTo(newestFirst);
    assertThat(shop.customers().list(byEmail).getHasMore()).isTrue();
  }

  @Test
  void listsACustomersPaymentsAndCharges() throws StripeException {
    Customer ada = named("Ada");
    PaymentMethod card = attached(Shop.VISA, ada);
    PaymentIntent first =
        shop.payments()
            .create(
                Shop.order(card.getId()).setCustomer(ada.getId()).addExpand("customer").build());
    PaymentIntent second =
        shop.payments().create(Shop.order(card.getId()).setCustomer(ada.getId()).build());
    shop.pay(Shop.VISA);
    assertThat(first.getCustomerObject().getName()).isEqualTo("Ada");
    assertThat(
            shop.payments()
                .list(PaymentIntentListParams.builder().setCustomer(ada.getId()).build())
                .getData())
        .extracting(PaymentIntent::getId)
        .containsExactly(second.getId(), first.getId());
    assertThat(
            shop.charges()
                .list(ChargeListParams.builder().setCustomer(ada.getId()).build())
                .getData())
        .extracting(Charge::getId)
        .containsExactly(second.getLatestCharge(), first.getLatestCharge());
    assertThat(shop.charges().retrieve(first.getLatestCharge()).getCustomer())
        .isEqualTo(ada.getId());
    assertThat(shop.refund(first, 100).getPaymentMethod()).isEqualTo(card.getId());
  }

  @Test
  void listsACustomersCardsInPages() throws StripeException {
    Customer ada = named("Ada");
    var newestFirst = new ArrayList<String>();
    for (String card : List.of(Shop.VISA, "pm_card_mastercard", "pm_card_amex")) {
      newestFirst.addFirst(attached(card, ada).getId());
    }
    var listed = new ArrayList<String>();
    shop.customers()
        .paymentMethods()
        .list(
            ada.getId(),
            CustomerPaymentMethodListParams.builder()
                .setType(CustomerPaymentMethodListParams.Type.CARD)
                .setLimit(2L)
                .build())
        .autoPagingIterable()
        .forEach(card -> listed.add(card.getId()));
    assertThat(listed).isEqualTo(newestFirst);
    assertThat(
            shop.customers()
                .paymentMethods()
                .retrieve(ada.getId(), newestFirst.getFirst())
                .getCard()
                .getBrand())
        .isEqualTo("amex");
    assertThat(
            shop.customers()
                .paymentMethods()
                .list(
                    ada.getId(),
                    CustomerPaymentMethodListParams.builder()
                        .setType(CustomerPaymentMethodListParams.Type.SEPA_DEBIT)
                        .build())
                .getData())
        .isEmpty();
  }

  @Test
  void aPaymentMayBeGivenItsCustomerLater() throws StripeException {
    Customer ada = named("Ada");
    PaymentIntent payment = shop.unpaid();
    var updated =
        shop.payments()
            .update(
                payment.getId(),
                PaymentIntentUpdateParams.builder().setCustomer(ada.getId()).build());
    assertThat(updated.getCustomer()).isEqualTo(ada.getId());
    PaymentMethod card = attached(Shop.VISA, ada);
    assertThat(shop.confirm(payment, card.getId()).getStatus()).isEqualTo("succeeded");
  }

  @Test
  void aDeletedCustomerPaysNoMore() throws StripeException {
    Customer ada = named("Ada");
    PaymentMethod card = attached(Shop.VISA, ada);
    shop.customers().delete(ada.getId());
    var refused =
        catchThrowableOfType(
            InvalidRequestException.class,
            () ->
                shop.payments().create(Shop.order(card.getId()).setCustomer(ada.getId()).build()));
    assertThat(refused.getStatusCode()).isEqualTo(400);
    assertThat(shop.customers().list().getData())
        .extracting(Customer::getId)
        .doesNotContain(ada.getId());
  }

  @Test
  void namesWhatItDoesNotServe() {
    var refused =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> shop.customers().create(CustomerCreateParams.builder().setBalance(100L).build()));
    assertThat(refused.getCode()).isEqualTo("parameter_unsupported");
    assertThat(refused.getParam()).isEqualTo("balance");
  }
}
