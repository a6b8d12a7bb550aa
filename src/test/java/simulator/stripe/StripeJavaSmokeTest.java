package simulator.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.StripeClient;
import com.stripe.exception.CardException;
import com.stripe.exception.StripeException;
import com.stripe.model.Charge;
import com.stripe.model.Customer;
import com.stripe.model.PaymentIntent;
import com.stripe.model.PaymentMethod;
import com.stripe.model.Refund;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.PaymentIntentCaptureParams;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentListParams;
import com.stripe.param.PaymentIntentSearchParams;
import com.stripe.param.PaymentMethodAttachParams;
import com.stripe.param.RefundCreateParams;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import simulator.SimulatorExtension;

/** The dialect as Stripe's own client sees it. */
class StripeJavaSmokeTest {
  @RegisterExtension static final SimulatorExtension SIMULATOR = new SimulatorExtension();

  private StripeClient stripe = StripeClient.builder().setApiKey("sk_test_unused").build();

  @BeforeEach
  void connect() {
    stripe =
        StripeClient.builder()
            .setApiKey("sk_test_smoke")
            .setApiBase(SIMULATOR.simulator().baseUrl())
            .setMaxNetworkRetries(0)
            .build();
  }

  private static PaymentIntentCreateParams.Builder payment(String card) {
    return PaymentIntentCreateParams.builder()
        .setAmount(2_500L)
        .setCurrency("eur")
        .setPaymentMethod(card)
        .setConfirm(true);
  }

  @Test
  void createsAndConfirms() throws StripeException {
    PaymentIntent created =
        stripe
            .v1()
            .paymentIntents()
            .create(
                PaymentIntentCreateParams.builder()
                    .setAmount(2_500L)
                    .setCurrency("eur")
                    .setAutomaticPaymentMethods(
                        PaymentIntentCreateParams.AutomaticPaymentMethods.builder()
                            .setEnabled(true)
                            .setAllowRedirects(
                                PaymentIntentCreateParams.AutomaticPaymentMethods.AllowRedirects
                                    .NEVER)
                            .build())
                    .build());

    PaymentIntent confirmed =
        stripe
            .v1()
            .paymentIntents()
            .confirm(
                created.getId(),
                PaymentIntentConfirmParams.builder().setPaymentMethod("pm_card_visa").build());

    assertThat(confirmed.getStatus()).isEqualTo("succeeded");
    assertThat(confirmed.getAutomaticPaymentMethods().getEnabled()).isTrue();
    Charge charge = stripe.v1().charges().retrieve(confirmed.getLatestCharge());
    assertThat(charge.getPaymentMethodDetails().getCard().getLast4()).isEqualTo("4242");
    assertThat(charge.getOutcome().getType()).isEqualTo("authorized");
  }

  @Test
  void declines() {
    assertThatThrownBy(
            () ->
                stripe
                    .v1()
                    .paymentIntents()
                    .create(payment("pm_card_visa_chargeDeclinedInsufficientFunds").build()))
        .isInstanceOfSatisfying(
            CardException.class,
            declined -> {
              assertThat(declined.getStatusCode()).isEqualTo(402);
              assertThat(declined.getCode()).isEqualTo("card_declined");
              assertThat(declined.getDeclineCode()).isEqualTo("insufficient_funds");
              assertThat(declined.getCharge()).startsWith("ch_");
              assertThat(declined.getStripeError().getAdviceCode()).isEqualTo("try_again_later");
              assertThat(declined.getStripeError().getPaymentIntent().getStatus())
                  .isEqualTo("requires_payment_method");
              assertThat(declined.getRequestId()).startsWith("req_");
            });
  }

  @Test
  void capturesAndRefunds() throws StripeException {
    PaymentIntent authorised =
        stripe
            .v1()
            .paymentIntents()
            .create(
                payment("pm_card_visa")
                    .setCaptureMethod(PaymentIntentCreateParams.CaptureMethod.MANUAL)
                    .build());
    PaymentIntent captured =
        stripe
            .v1()
            .paymentIntents()
            .capture(
                authorised.getId(),
                PaymentIntentCaptureParams.builder().setAmountToCapture(2_000L).build());
    Refund refund =
        stripe
            .v1()
            .refunds()
            .create(
                RefundCreateParams.builder()
                    .setPaymentIntent(captured.getId())
                    .setAmount(500L)
                    .setReason(RefundCreateParams.Reason.REQUESTED_BY_CUSTOMER)
                    .build());

    assertThat(captured.getAmountReceived()).isEqualTo(2_000L);
    assertThat(refund.getStatus()).isEqualTo("succeeded");
    assertThat(refund.getReason()).isEqualTo("requested_by_customer");
    assertThat(SIMULATOR.simulator().truth().account("sk_test_smoke").refundedMinor())
        .containsEntry("eur", 500L);
  }

  @Test
  void listsAndSearches() throws StripeException {
    PaymentIntent paid =
        stripe
            .v1()
            .paymentIntents()
            .create(payment("pm_card_visa").putMetadata("operation_id", "op-7").build());

    assertThat(
            stripe
                .v1()
                .paymentIntents()
                .list(PaymentIntentListParams.builder().setLimit(5L).build())
                .getData())
        .extracting(PaymentIntent::getId)
        .containsExactly(paid.getId());
    assertThat(
            stripe
                .v1()
                .paymentIntents()
                .search(
                    PaymentIntentSearchParams.builder()
                        .setQuery("metadata['operation_id']:'op-7'")
                        .build())
                .getData())
        .extracting(PaymentIntent::getId)
        .containsExactly(paid.getId());
  }

  @Test
  void savesACardForACustomer() throws StripeException {
    Customer customer =
        stripe
            .v1()
            .customers()
            .create(
                CustomerCreateParams.builder()
                    .setEmail("jenny@example.com")
                    .setAddress(CustomerCreateParams.Address.builder().setCity("Lyon").build())
                    .build());

    PaymentMethod attached =
        stripe
            .v1()
            .paymentMethods()
            .attach(
                "pm_card_visa",
                PaymentMethodAttachParams.builder().setCustomer(customer.getId()).build());

    assertThat(attached.getId()).isNotEqualTo("pm_card_visa");
    assertThat(attached.getCustomer()).isEqualTo(customer.getId());
    assertThat(customer.getAddress().getCity()).isEqualTo("Lyon");
  }
}
