package routes.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.Stripe;
import com.stripe.model.Charge;
import com.stripe.model.Customer;
import com.stripe.model.PaymentIntent;
import com.stripe.model.PaymentIntentCollection;
import com.stripe.model.PaymentMethod;
import com.stripe.model.Refund;
import com.stripe.model.StripeObjectInterface;
import com.stripe.net.ApiResource;
import flows.Views.ChargeView;
import flows.Views.PaymentMethodView;
import flows.Views.PaymentView;
import flows.Views.RefundView;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import payments.Answer;
import payments.Command.Paged;
import payments.OperationStatus;
import payments.PaymentStatus;
import payments.Refusal;
import payments.Refusal.Category;
import payments.Refusal.Code;

/** Our records in Stripe's shapes, as stripe-java reads them. */
class StripeRendererTest {
  private static final Path FIXTURES = Path.of("../shared/specs/stripe/fixtures3.json");

  private final StripeRenderer renderer = new StripeRenderer();

  @Test
  void showsAPayment() {
    PaymentIntent intent =
        read(renderer.payment(Samples.context(), Samples.succeeded()), PaymentIntent.class);
    assertThat(intent.getObject()).isEqualTo("payment_intent");
    assertThat(intent.getAmount()).isEqualTo(1099);
    assertThat(intent.getAmountReceived()).isEqualTo(1099);
    assertThat(intent.getStatus()).isEqualTo("succeeded");
    assertThat(intent.getDescription()).isEqualTo("Tea \"for\" two\n");
    assertThat(intent.getMetadata()).isEqualTo(Map.of("order", "7"));
    assertThat(intent.getShipping().getAddress().getCity()).isEqualTo("Berlin");
    assertThat(intent.getLatestCharge()).startsWith("ch_");
    assertThat(intent.getCustomer()).startsWith("cus_");
    assertThat(intent.getPaymentMethodTypes()).containsExactly("card");
    assertThat(intent.getClientSecret()).isEqualTo("pi_x_secret_y");
    assertThat(intent.getLastPaymentError()).isNull();
  }

  @Test
  void showsADeclineAsLastPaymentErrorWithoutThePspsWords() {
    Answer answer = renderer.payment(Samples.context(), Samples.declined());
    PaymentIntent intent = read(answer, PaymentIntent.class);
    var error = intent.getLastPaymentError();
    assertThat(error.getType()).isEqualTo("card_error");
    assertThat(error.getCode()).isEqualTo("card_declined");
    assertThat(error.getDeclineCode()).isEqualTo("insufficient_funds");
    assertThat(error.getAdviceCode()).isEqualTo("try_again_later");
    assertThat(error.getCharge()).isEqualTo(intent.getLatestCharge());
    assertThat(error.getPaymentMethod().getId()).isEqualTo("pm_card_visa");
    assertThat(intent.getPaymentMethod()).isNull();
    assertThat(answer.body()).doesNotContain("raw").doesNotContain("tok_secret_of_psp");
  }

  @Test
  void expandsWhatIsAsked() {
    PaymentIntent intent =
        read(
            renderer.payment(
                Samples.context(
                    "customer",
                    "payment_method",
                    "latest_charge.refunds",
                    "latest_charge.customer"),
                Samples.succeeded()),
            PaymentIntent.class);
    assertThat(intent.getCustomerObject().getName()).isEqualTo("Ada");
    assertThat(intent.getPaymentMethodObject().getCard().getLast4()).isEqualTo("4242");
    Charge charge = intent.getLatestChargeObject();
    assertThat(charge.getStatus()).isEqualTo("succeeded");
    assertThat(charge.getCustomerObject().getEmail()).isEqualTo("ada@example.com");
    assertThat(charge.getRefunds().getData()).hasSize(1);
    assertThat(charge.getPaymentIntentObject()).isNull();
  }

  @Test
  void showsTheIdWhereAnExpandedRecordIsNotAtHand() {
    PaymentIntent intent =
        read(
            renderer.payment(
                Samples.context("customer", "latest_charge", "payment_method"),
                PaymentView.of(Samples.payment(PaymentStatus.SUCCEEDED, null))),
            PaymentIntent.class);
    assertThat(intent.getCustomer()).startsWith("cus_");
    assertThat(intent.getLatestCharge()).startsWith("ch_");
    assertThat(intent.getLatestChargeObject()).isNull();
  }

  @Test
  void showsABrowserThePublicPartOnly() {
    Answer answer = renderer.payment(Samples.browser("payment_method"), Samples.succeeded());
    assertThat(new JsonObject(answer.body()).fieldNames())
        .contains("id", "status", "client_secret", "next_action", "payment_method")
        .doesNotContain("metadata", "customer", "latest_charge", "amount_received");
    assertThat(new JsonObject(answer.body()).getJsonObject("payment_method").fieldNames())
        .doesNotContain("metadata", "customer");
    assertThat(answer.body()).doesNotContain("fp1").doesNotContain("cus_");
  }

  @ParameterizedTest
  @EnumSource(OperationStatus.class)
  void showsAChargeInEveryStatus(OperationStatus status) {
    Charge charge =
        read(
            renderer.charge(
                Samples.context("payment_intent"),
                new ChargeView(Samples.charge(status, null), Samples.succeeded(), List.of())),
            Charge.class);
    assertThat(charge.getStatus()).isIn("succeeded", "failed", "pending");
    assertThat(charge.getPaid()).isEqualTo(status == OperationStatus.SUCCEEDED);
    assertThat(charge.getPaymentMethodDetails().getCard().getBrand()).isEqualTo("visa");
    assertThat(charge.getPaymentMethodDetails().getCard().getChecks().getCvcCheck())
        .isEqualTo("pass");
    assertThat(charge.getPaymentIntentObject().getStatus()).isEqualTo("succeeded");
    assertThat(charge.getBillingDetails().getName()).isEqualTo("Ada");
  }

  @Test
  void showsWhyAChargeFailed() {
    PaymentView declined = Samples.declined();
    Charge charge =
        read(
            renderer.charge(
                Samples.context(),
                new ChargeView(
                    Samples.charge(OperationStatus.FAILED, Samples.decline()),
                    declined,
                    List.of())),
            Charge.class);
    assertThat(charge.getFailureCode()).isEqualTo("card_declined");
    assertThat(charge.getOutcome().getReason()).isEqualTo("insufficient_funds");
    assertThat(charge.getOutcome().getType()).isEqualTo("issuer_declined");
    assertThat(charge.getOutcome().getNetworkStatus()).isEqualTo("declined_by_network");
  }

  @Test
  void showsARefundWithItsChargeAndPayment() {
    var view = new RefundView(Samples.refund(OperationStatus.ACCEPTED), Samples.succeeded());
    Refund refund =
        read(renderer.refund(Samples.context("charge", "payment_intent"), view), Refund.class);
    assertThat(refund.getStatus()).isEqualTo("pending");
    assertThat(refund.getReason()).isEqualTo("duplicate");
    assertThat(refund.getMetadata()).containsEntry("why", "twice");
    assertThat(refund.getChargeObject().getAmount()).isEqualTo(1099);
    assertThat(refund.getPaymentIntentObject().getAmount()).isEqualTo(1099);
  }

  @Test
  void showsACustomerAndADeletedOne() {
    Customer customer =
        read(renderer.customer(Samples.context(), Samples.customer(false)), Customer.class);
    assertThat(customer.getAddress().getLine1()).isEqualTo("1 Main St");
    assertThat(customer.getPreferredLocales()).containsExactly("de", "en");
    assertThat(customer.getTaxExempt()).isEqualTo("none");
    for (Answer answer :
        List.of(
            renderer.customer(Samples.context(), Samples.customer(true)),
            renderer.customerDeleted(Samples.context(), Samples.customer(true)))) {
      assertThat(new JsonObject(answer.body()).fieldNames())
          .containsExactlyInAnyOrder("id", "object", "deleted");
    }
  }

  @Test
  void showsListsWithHasMoreAndUrl() {
    PaymentIntentCollection list =
        read(
            renderer.payments(
                Samples.context("data.customer"),
                new Paged<>(List.of(Samples.succeeded(), Samples.declined()), true)),
            PaymentIntentCollection.class);
    assertThat(list.getHasMore()).isTrue();
    assertThat(list.getUrl()).isEqualTo("/v1/payment_intents");
    assertThat(list.getData()).hasSize(2);
    assertThat(list.getData().getFirst().getCustomerObject()).isNotNull();
    Answer empty =
        renderer.paymentMethods(
            Samples.context(), new Paged<>(List.of(), false), "/v1/customers/c/payment_methods");
    assertThat(empty.body())
        .isEqualTo(
            "{\"object\":\"list\",\"data\":[],\"has_more\":false,"
                + "\"url\":\"/v1/customers/c/payment_methods\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"payment_intent", "charge", "refund", "customer", "payment_method"})
  void hasEveryKeyOfStripesOwnExample(String object) throws IOException {
    Assumptions.assumeTrue(Files.exists(FIXTURES));
    JsonObject example =
        new JsonObject(Files.readString(FIXTURES)).getJsonObject("resources").getJsonObject(object);
    JsonObject ours = new JsonObject(rendered(object).body());
    assertThat(ours.fieldNames()).containsAll(example.fieldNames());
    for (String hash : List.of("outcome", "billing_details", "card", "invoice_settings")) {
      holdsKeys(ours, example, hash);
    }
    if (object.equals("charge")) {
      holdsKeys(
          ours.getJsonObject("payment_method_details"),
          example.getJsonObject("payment_method_details"),
          "card");
    }
  }

  private static void holdsKeys(JsonObject ours, JsonObject example, String hash) {
    if (example.getValue(hash) instanceof JsonObject fields) {
      assertThat(ours.getJsonObject(hash).fieldNames()).containsAll(fields.fieldNames());
    }
  }

  private Answer rendered(String object) {
    var context = Samples.context();
    PaymentView view = Samples.succeeded();
    return switch (object) {
      case "payment_intent" -> renderer.payment(context, view);
      case "charge" ->
          renderer.charge(
              context,
              new ChargeView(Samples.charge(OperationStatus.SUCCEEDED, null), view, List.of()));
      case "refund" ->
          renderer.refund(context, new RefundView(Samples.refund(OperationStatus.SUCCEEDED), view));
      case "customer" -> renderer.customer(context, Samples.customer(false));
      default -> renderer.paymentMethod(context, new PaymentMethodView(Samples.method(), null));
    };
  }

  @Test
  void showsAPaymentMethodWithoutThePspsToken() {
    Answer answer =
        renderer.paymentMethod(
            Samples.context("customer"),
            new PaymentMethodView(Samples.method(), Samples.customer(false)));
    PaymentMethod method = read(answer, PaymentMethod.class);
    assertThat(method.getCustomerObject().getName()).isEqualTo("Ada");
    assertThat(method.getCard().getNetworks().getAvailable()).containsExactly("visa");
    assertThat(answer.body()).doesNotContain("tok_secret_of_psp");
  }

  @ParameterizedTest
  @EnumSource(Code.class)
  void givesEveryRefusalAStatusAndAType(Code code) {
    Answer answer =
        renderer.refusal(Samples.context(), Refusal.of(code, "Because.", "amount"), null);
    JsonObject error = new JsonObject(answer.body()).getJsonObject("error");
    assertThat(answer.status()).isBetween(400, 599);
    assertThat(error.getString("message")).isEqualTo("Because.");
    assertThat(error.getString("param")).isEqualTo("amount");
    assertThat(error.getString("code")).isEqualTo(code.wire());
    assertThat(error.getString("type"))
        .isIn(Set.of("invalid_request_error", "card_error", "idempotency_error", "api_error"));
  }

  @ParameterizedTest
  @EnumSource(Category.class)
  void givesEveryCategoryItsOwnStatus(Category category) {
    assertThat(ErrorJson.status(category))
        .isEqualTo(
            switch (category) {
              case INVALID_REQUEST, IDEMPOTENCY_MISMATCH -> 400;
              case AUTHENTICATION -> 401;
              case CARD -> 402;
              case PERMISSION -> 403;
              case NOT_FOUND -> 404;
              case CONFLICT -> 409;
              case TOO_LARGE -> 413;
              case RATE_LIMIT -> 429;
              case INTERNAL -> 500;
              case UNAVAILABLE -> 503;
              case OUTCOME_UNKNOWN -> 504;
            });
  }

  @Test
  void answersADeclineWith402AndThePayment() {
    Answer answer =
        renderer.refusal(
            Samples.context(), Refusal.declined(Samples.decline()), Samples.declined());
    JsonObject error = new JsonObject(answer.body()).getJsonObject("error");
    assertThat(answer.status()).isEqualTo(402);
    assertThat(error.getString("type")).isEqualTo("card_error");
    assertThat(error.getString("code")).isEqualTo("card_declined");
    assertThat(error.getString("decline_code")).isEqualTo("insufficient_funds");
    assertThat(error.getString("advice_code")).isEqualTo("try_again_later");
    assertThat(error.getString("message")).isEqualTo("Your card has insufficient funds.");
    assertThat(error.getString("charge")).startsWith("ch_");
    assertThat(error.getJsonObject("payment_intent").getString("status"))
        .isEqualTo("requires_payment_method");
    assertThat(answer.body()).doesNotContain("raw");
  }

  @Test
  void rendersAtTheVersionOfStripeJava() {
    assertThat(ApiVersion.PINNED).isEqualTo(Stripe.API_VERSION);
  }

  private static <T extends StripeObjectInterface> T read(Answer answer, Class<T> type) {
    return ApiResource.GSON.fromJson(answer.body(), type);
  }
}
