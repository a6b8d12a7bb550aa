package flows;

import flows.Views.PaymentView;
import flows.Views.RefundView;
import org.jspecify.annotations.Nullable;
import payments.Answer;
import payments.Decline;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Payment;
import payments.PaymentMethod;
import payments.Refusal;
import payments.RequestContext;

/**
 * The answer to the request that began an operation, from where the operation and its payment
 * stand.
 */
final class Answers {
  private final Renderer renderer;

  Answers(Renderer renderer) {
    this.renderer = renderer;
  }

  /**
   * The answer.
   *
   * @param before the payment's view as it was before; what it shows besides the payment and the
   *     charge does not change
   */
  Answer of(RequestContext context, PaymentView before, Payment payment, Operation operation) {
    PaymentView view = view(before, payment, operation);
    Decline decline = operation.status() == OperationStatus.FAILED ? operation.decline() : null;
    return switch (operation.kind()) {
      case AUTHORIZE, COMPLETE_AUTHENTICATION ->
          decline != null
              ? renderer.refusal(context, Refusal.declined(decline), view)
              : renderer.payment(context, view);
      case CAPTURE, VOID ->
          decline != null
              ? renderer.refusal(context, refusedByPsp(operation.kind(), decline), view)
              : renderer.payment(context, view);
      case REFUND ->
          decline != null && operation.pspReference() == null
              ? renderer.refusal(context, refusedByPsp(operation.kind(), decline), null)
              : renderer.refund(context, new RefundView(operation, view));
    };
  }

  private static PaymentView view(PaymentView before, Payment payment, Operation operation) {
    Operation charge = operation.kind() == OperationKind.AUTHORIZE ? operation : before.charge();
    return new PaymentView(
        payment,
        charge == null ? null : After.withTotals(charge, payment),
        known(before.method(), operation),
        before.customer(),
        before.refunds());
  }

  /** The payment method with the card that the PSP has just told of. */
  private static @Nullable PaymentMethod known(
      @Nullable PaymentMethod method, Operation operation) {
    if (method == null || method.card() != null || operation.card() == null) {
      return method;
    }
    return new PaymentMethod(
        method.merchantId(),
        method.livemode(),
        method.id(),
        method.createdAt(),
        method.customerId(),
        operation.card(),
        operation.checks(),
        method.tokens(),
        method.parameters());
  }

  private static Refusal refusedByPsp(OperationKind kind, Decline decline) {
    String word =
        switch (kind) {
          case CAPTURE -> "capture";
          case VOID -> "cancellation";
          case REFUND -> "refund";
          case AUTHORIZE, COMPLETE_AUTHENTICATION -> "payment";
        };
    Refusal.Code code =
        "charge_already_refunded".equals(decline.rawCode())
            ? Refusal.Code.CHARGE_ALREADY_REFUNDED
            : kind == OperationKind.REFUND
                ? Refusal.Code.PARAMETER_INVALID
                : Refusal.Code.UNEXPECTED_STATE;
    return Refusal.of(
        code,
        "The payment provider refused this "
            + word
            + (decline.rawCode() == null ? "." : " (" + decline.rawCode() + ")."));
  }
}
