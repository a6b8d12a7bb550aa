package flows;

import static org.assertj.core.api.Assertions.assertThat;

import flows.Views.ChargeView;
import flows.Views.PaymentMethodView;
import flows.Views.PaymentView;
import flows.Views.RefundView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import payments.Answer;
import payments.AttemptOutcome;
import payments.CardChecks;
import payments.Command.Paged;
import payments.Customer;
import payments.Decline;
import payments.DeclineCode;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Parameters;
import payments.Payment;
import payments.PaymentMethod;
import payments.PaymentStatus;
import payments.Refusal;
import payments.RequestContext;
import payments.WebhookEndpoint;
import psp.PspResult.Details;

/** Which answer the request that began an operation gets, from where the operation stands. */
class AnswersTest {
  private final SpokenRenderer renderer = new SpokenRenderer();
  private final Answers answers = new Answers(renderer);

  @ParameterizedTest
  @CsvSource({
    // kind, status, and what is answered
    "AUTHORIZE, SUCCEEDED, payment",
    "AUTHORIZE, UNKNOWN, payment",
    "AUTHORIZE, ACCEPTED, payment",
    "AUTHORIZE, AWAITING_CUSTOMER, payment",
    "AUTHORIZE, CANCELED, payment",
    "AUTHORIZE, FAILED, refusal CARD_DECLINED",
    "CAPTURE, SUCCEEDED, payment",
    "CAPTURE, UNKNOWN, payment",
    "CAPTURE, FAILED, refusal UNEXPECTED_STATE",
    "VOID, SUCCEEDED, payment",
    "VOID, UNKNOWN, payment",
    "VOID, FAILED, refusal UNEXPECTED_STATE",
    "REFUND, SUCCEEDED, refund",
    "REFUND, UNKNOWN, refund",
    "REFUND, ACCEPTED, refund",
    "REFUND, FAILED, refusal PARAMETER_INVALID",
  })
  void answers(OperationKind kind, OperationStatus status, String answer) {
    assertThat(answer(ended(kind, status, Given.DECLINE, null))).isEqualTo(answer);
  }

  @Test
  void aRefundThatThePspMadeAndFailedIsARefundAndNotARefusal() {
    assertThat(answer(ended(OperationKind.REFUND, OperationStatus.FAILED, Given.DECLINE, "re_psp")))
        .isEqualTo("refund");
  }

  @Test
  void aRefundOfWhatWasRefundedElsewhereSaysSo() {
    var twice =
        new Decline(DeclineCode.REFUSED_BY_PSP, "charge_already_refunded", "again?", null, null);

    assertThat(answer(ended(OperationKind.REFUND, OperationStatus.FAILED, twice, null)))
        .isEqualTo("refusal CHARGE_ALREADY_REFUNDED");
  }

  @Test
  void aDeclineTellsTheCustomersMessageAndNeverThePsps() {
    var stolen = new Decline(DeclineCode.STOLEN_CARD, "stolen", "card is stolen", null, null);
    answer(ended(OperationKind.AUTHORIZE, OperationStatus.FAILED, stolen, "psp_1"));

    assertThat(renderer.refusals.getLast().message()).isEqualTo("Your card was declined.");
  }

  @Test
  void aRefusedCaptureSaysWhatWasRefusedAndByWhom() {
    answer(ended(OperationKind.CAPTURE, OperationStatus.FAILED, Given.DECLINE, null));

    assertThat(renderer.refusals.getLast().message())
        .isEqualTo("The payment provider refused this capture (insufficient_funds).");
  }

  @Test
  void anAuthorizationIsShownAsTheCharge() {
    Operation charge = ended(OperationKind.AUTHORIZE, OperationStatus.SUCCEEDED, null, "psp_1");
    answer(charge);

    assertThat(renderer.payments.getLast().charge()).extracting("id").isEqualTo(charge.id());
  }

  @Test
  void aNewMethodIsShownWithTheCardThatThePspHasJustTold() {
    answer(
        After.operation(
            Given.operation(OperationKind.AUTHORIZE, OperationStatus.PENDING),
            OperationStatus.SUCCEEDED,
            null,
            "psp_1",
            null,
            new Details(Given.CARD, CardChecks.NONE, AttemptOutcome.NONE),
            Given.NOW));

    assertThat(renderer.payments.getLast().method()).extracting("card").isEqualTo(Given.CARD);
  }

  private String answer(Operation operation) {
    Payment payment = Given.payment(PaymentStatus.PROCESSING);
    var method =
        new PaymentMethod(
            "acme",
            false,
            "pm_used",
            Given.NOW,
            null,
            null,
            CardChecks.NONE,
            Map.of("stripe_demo", "pm_psp"),
            Parameters.EMPTY);
    var before = new PaymentView(payment, null, method, null, List.of());
    return answers.of(Given.context(null), before, payment, operation).body();
  }

  private static Operation ended(
      OperationKind kind,
      OperationStatus status,
      @Nullable Decline decline,
      @Nullable String reference) {
    return After.operation(
        Given.operation(kind, OperationStatus.PENDING),
        status,
        decline,
        reference,
        null,
        Details.NONE,
        Given.NOW);
  }

  /** A renderer that says in a word what it was asked to render, and keeps it. */
  private static final class SpokenRenderer implements Renderer {
    private final List<PaymentView> payments = new ArrayList<>();
    private final List<Refusal> refusals = new ArrayList<>();

    @Override
    public Answer payment(RequestContext context, PaymentView view) {
      payments.add(view);
      return spoken("payment");
    }

    @Override
    public Answer refund(RequestContext context, RefundView view) {
      return spoken("refund");
    }

    @Override
    public Answer refusal(RequestContext context, Refusal refusal, @Nullable PaymentView payment) {
      refusals.add(refusal);
      return spoken("refusal " + refusal.code());
    }

    @Override
    public Answer webhookEndpoint(
        RequestContext context, WebhookEndpoint endpoint, @Nullable String secret) {
      return spoken("webhooks");
    }

    @Override
    public Answer webhookEndpointDeleted(RequestContext context, UUID endpointId) {
      return spoken("webhooks");
    }

    @Override
    public Answer webhookEndpoints(RequestContext context, Paged<WebhookEndpoint> page) {
      return spoken("webhooks");
    }

    @Override
    public Answer event(RequestContext context, EventView view) {
      return spoken("webhooks");
    }

    @Override
    public Answer events(RequestContext context, Paged<EventView> page) {
      return spoken("webhooks");
    }

    @Override
    public Answer payments(RequestContext context, Paged<PaymentView> page) {
      return spoken("payments");
    }

    @Override
    public Answer charge(RequestContext context, ChargeView view) {
      return spoken("charge");
    }

    @Override
    public Answer charges(RequestContext context, Paged<ChargeView> page) {
      return spoken("charges");
    }

    @Override
    public Answer refunds(RequestContext context, Paged<RefundView> page) {
      return spoken("refunds");
    }

    @Override
    public Answer customer(RequestContext context, Customer customer) {
      return spoken("customer");
    }

    @Override
    public Answer customerDeleted(RequestContext context, Customer customer) {
      return spoken("customer deleted");
    }

    @Override
    public Answer customers(RequestContext context, Paged<Customer> page) {
      return spoken("customers");
    }

    @Override
    public Answer paymentMethod(RequestContext context, PaymentMethodView view) {
      return spoken("payment method");
    }

    @Override
    public Answer paymentMethods(
        RequestContext context, Paged<PaymentMethodView> page, String url) {
      return spoken("payment methods");
    }

    private static Answer spoken(String words) {
      return new Answer(200, words, false);
    }
  }
}
