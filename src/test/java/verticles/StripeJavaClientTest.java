package verticles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.stripe.StripeClient;
import com.stripe.exception.AuthenticationException;
import com.stripe.exception.CardException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.model.PaymentIntent;
import com.stripe.net.RequestOptions;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.PaymentIntentCaptureParams;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentListParams;
import com.stripe.param.PaymentIntentUpdateParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.common.EmptyParam;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import money.Money;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import payments.Answer;
import payments.CaptureMethod;
import payments.Command;
import payments.IdSource;
import payments.PublicId;

/** The API's edge as a merchant's stripe-java sees it. */
class StripeJavaClientTest {
  private static final String ID =
      PublicId.PAYMENT.of(IdSource.lowestAt(Instant.ofEpochSecond(1_800_000_000)));
  private static final String INTENT =
      "{\"id\":\"" + ID + "\",\"object\":\"payment_intent\",\"status\":\"succeeded\"}";

  private ApiServer server;
  private StripeClient stripe;

  @BeforeEach
  void start() throws Exception {
    server = new ApiServer(ApiServer.SETTINGS);
    server.answer(new Answer(200, INTENT, false));
    stripe = client(ApiServer.SECRET);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private StripeClient client(String key) {
    return StripeClient.builder()
        .setApiKey(key)
        .setApiBase(server.base())
        .setMaxNetworkRetries(0)
        .build();
  }

  @Test
  void takesEverythingACardMerchantSends() throws Exception {
    var params =
        PaymentIntentCreateParams.builder()
            .setAmount(1099L)
            .setCurrency("eur")
            .setConfirm(true)
            .setCaptureMethod(PaymentIntentCreateParams.CaptureMethod.MANUAL)
            .setPaymentMethod("pm_card_visa")
            .addPaymentMethodType("card")
            .setOffSession(PaymentIntentCreateParams.OffSession.RECURRING)
            .setSetupFutureUsage(PaymentIntentCreateParams.SetupFutureUsage.OFF_SESSION)
            .setReturnUrl("https://shop.example/return")
            .setDescription("Tea")
            .setReceiptEmail("ada@example.com")
            .setStatementDescriptorSuffix("TEA 7")
            .setTransferGroup("group")
            .setErrorOnRequiresAction(true)
            .putMetadata("order", "7")
            .setShipping(
                PaymentIntentCreateParams.Shipping.builder()
                    .setName("Ada")
                    .setAddress(
                        PaymentIntentCreateParams.Shipping.Address.builder()
                            .setLine1("1 Main St")
                            .setCountry("DE")
                            .build())
                    .build())
            .setPaymentMethodOptions(
                PaymentIntentCreateParams.PaymentMethodOptions.builder()
                    .setCard(
                        PaymentIntentCreateParams.PaymentMethodOptions.Card.builder()
                            .setRequestThreeDSecure(
                                PaymentIntentCreateParams.PaymentMethodOptions.Card
                                    .RequestThreeDSecure.ANY)
                            .build())
                    .build())
            .addExpand("latest_charge")
            .build();
    PaymentIntent intent = stripe.v1().paymentIntents().create(params);
    assertThat(intent.getStatus()).isEqualTo("succeeded");
    assertThat(intent.getLastResponse().requestId()).startsWith("req_");
    var command = (Command.CreatePayment) server.onlyCommand();
    assertThat(command.amount()).isEqualTo(Money.of(1099, "eur"));
    assertThat(command.captureMethod()).isEqualTo(CaptureMethod.MANUAL);
    assertThat(command.confirmed()).isTrue();
    assertThat(command.confirmation().offSession()).isTrue();
    assertThat(command.confirmation().paymentMethod()).isEqualTo("pm_card_visa");
    assertThat(command.context().expand()).containsExactly("latest_charge");
    assertThat(command.parameters().metadata()).isEqualTo(Map.of("order", "7"));
    assertThat(command.parameters().values().keySet())
        .contains("shipping", "return_url", "receipt_email", "payment_method_options");
  }

  @Test
  void confirmsWithATokenThatIsGivenAsAnExtraParameter() throws Exception {
    var params =
        PaymentIntentConfirmParams.builder()
            .setPaymentMethodData(
                PaymentIntentConfirmParams.PaymentMethodData.builder()
                    .putExtraParam("type", "card")
                    .putExtraParam("card", Map.of("token", "tok_visa"))
                    .setBillingDetails(
                        PaymentIntentConfirmParams.PaymentMethodData.BillingDetails.builder()
                            .setName("Ada")
                            .build())
                    .build())
            .build();
    stripe.v1().paymentIntents().confirm(ID, params);
    var command = (Command.ConfirmPayment) server.onlyCommand();
    assertThat(command.confirmation().cardToken()).isEqualTo("tok_visa");
    assertThat(command.confirmation().billingDetails().text("name")).isEqualTo("Ada");
  }

  @Test
  void updatesAndUnsets() throws Exception {
    stripe
        .v1()
        .paymentIntents()
        .update(
            ID,
            PaymentIntentUpdateParams.builder()
                .setAmount(500L)
                .setDescription(EmptyParam.EMPTY)
                .putMetadata("order", "")
                .build());
    var command = (Command.UpdatePayment) server.onlyCommand();
    assertThat(command.amountMinor()).isEqualTo(500L);
    assertThat(command.parameters().values())
        .isEqualTo(Map.of("description", "", "metadata", Map.of("order", "")));
  }

  @Test
  void capturesCancelsRefundsAndLists() throws Exception {
    var payments = stripe.v1().paymentIntents();
    payments.capture(ID, PaymentIntentCaptureParams.builder().setAmountToCapture(300L).build());
    payments.cancel(ID);
    server.answer(new Answer(200, "{\"object\":\"refund\"}", false));
    stripe
        .v1()
        .refunds()
        .create(RefundCreateParams.builder().setPaymentIntent(ID).setAmount(5L).build());
    server.answer(new Answer(200, "{\"object\":\"list\",\"data\":[]}", false));
    payments.list(
        PaymentIntentListParams.builder()
            .setLimit(5L)
            .setCreated(PaymentIntentListParams.Created.builder().setGte(10L).build())
            .build());
    assertThat(server.commands())
        .hasExactlyElementsOfTypes(
            Command.CapturePayment.class,
            Command.CancelPayment.class,
            Command.RefundPayment.class,
            Command.ListPayments.class);
    assertThat(((Command.CapturePayment) server.commands().getFirst()).amountMinor())
        .isEqualTo(300L);
  }

  @Test
  void makesAndDeletesCustomers() throws Exception {
    server.answer(new Answer(200, "{\"object\":\"customer\",\"id\":\"cus_1\"}", false));
    stripe
        .v1()
        .customers()
        .create(CustomerCreateParams.builder().setEmail("ada@example.com").setName("Ada").build());
    String id = PublicId.CUSTOMER.of(IdSource.lowestAt(Instant.EPOCH));
    stripe.v1().customers().delete(id);
    stripe.v1().customers().paymentMethods().list(id);
    assertThat(((Command.CreateCustomer) server.commands().getFirst()).parameters().text("email"))
        .isEqualTo("ada@example.com");
    assertThat(server.commands().get(1)).isInstanceOf(Command.DeleteCustomer.class);
    assertThat(((Command.ListPaymentMethods) server.commands().get(2)).url())
        .isEqualTo("/v1/customers/" + id + "/payment_methods");
  }

  @Test
  void sendsTheIdempotencyKey() throws Exception {
    stripe
        .v1()
        .paymentIntents()
        .create(
            PaymentIntentCreateParams.builder().setAmount(1L).setCurrency("usd").build(),
            RequestOptions.builder().setIdempotencyKey("order-7").build());
    var idempotency = Objects.requireNonNull(server.onlyCommand().context().idempotency());
    assertThat(idempotency.key()).isEqualTo("order-7");
  }

  @Test
  void throwsTheExceptionsMerchantsCatch() {
    var invalid =
        catchThrowableOfType(
            InvalidRequestException.class,
            () ->
                stripe
                    .v1()
                    .paymentIntents()
                    .create(
                        PaymentIntentCreateParams.builder()
                            .setAmount(100L)
                            .setCurrency("usd")
                            .setApplicationFeeAmount(5L)
                            .build()));
    assertThat(invalid.getParam()).isEqualTo("application_fee_amount");
    assertThat(invalid.getCode()).isEqualTo("parameter_unsupported");
    assertThat(invalid.getRequestId()).startsWith("req_");
    assertThat(
            catchThrowableOfType(
                AuthenticationException.class,
                () -> client("sk_test_nonesuchkey").v1().paymentIntents().retrieve(ID)))
        .hasMessageContaining("Invalid API Key provided: sk_test_****");
    server.answer(
        new Answer(
            402,
            "{\"error\":{\"type\":\"card_error\",\"code\":\"card_declined\","
                + "\"decline_code\":\"generic_decline\",\"message\":\"Your card was declined.\"}}",
            false));
    var declined =
        catchThrowableOfType(CardException.class, () -> stripe.v1().paymentIntents().confirm(ID));
    assertThat(declined.getDeclineCode()).isEqualTo("generic_decline");
  }
}
