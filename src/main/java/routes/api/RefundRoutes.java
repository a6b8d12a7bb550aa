package routes.api;

import static routes.api.Expansion.Kind.REFUND;

import java.util.List;
import java.util.UUID;
import payments.Command;
import payments.PublicId;
import payments.Refusal.Code;

/** {@code /v1/refunds}. */
final class RefundRoutes {
  static final List<Endpoint> ALL =
      List.of(
          Endpoint.post("/v1/refunds", REFUND, RefundParameters.CREATE, RefundRoutes::create),
          Endpoint.list("/v1/refunds", REFUND, RefundParameters.LIST, RefundRoutes::list),
          Endpoint.get(
              "/v1/refunds/{id}", REFUND, RefundParameters.RETRIEVE, RefundRoutes::retrieve),
          Endpoint.post("/v1/refunds/{id}", REFUND, RefundParameters.UPDATE, RefundRoutes::update));

  private RefundRoutes() {}

  private static Command create(ApiRequest request) {
    CheckedParameters given = request.parameters();
    given.exclusive("payment_intent", "charge");
    if (!given.has("payment_intent") && !given.has("charge")) {
      throw new RefusedException(
          Code.PARAMETER_MISSING,
          "One of the following params should be provided for this request: payment_intent or"
              + " charge.",
          "payment_intent");
    }
    return new Command.RefundPayment(
        request.context(),
        request.reference("payment_intent", PublicId.PAYMENT, "payment_intent"),
        request.reference("charge", PublicId.CHARGE, "charge"),
        given.number("amount"),
        given.text("reason"),
        given.kept());
  }

  private static Command list(ApiRequest request) {
    return new Command.ListRefunds(
        request.context(),
        request.page(PublicId.REFUND, "refund"),
        request.reference("payment_intent", PublicId.PAYMENT, "payment_intent"),
        request.reference("charge", PublicId.CHARGE, "charge"));
  }

  private static Command retrieve(ApiRequest request) {
    return new Command.RetrieveRefund(request.context(), id(request));
  }

  private static Command update(ApiRequest request) {
    return new Command.UpdateRefund(
        request.context(), id(request), request.parameters().keptByUpdate());
  }

  private static UUID id(ApiRequest request) {
    return request.id(PublicId.REFUND, "refund", "id");
  }
}
