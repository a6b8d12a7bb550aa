package routes.api;

import static routes.api.Expansion.Kind.CHARGE;
import static routes.api.Expansion.Kind.REFUND;

import java.util.List;
import java.util.function.Function;
import payments.Command;
import payments.PublicId;
import payments.Refusal.Code;

/** {@code /v1/charges}: to look at; money is taken through payment_intents. */
final class ChargeRoutes {
  static final List<Endpoint> ALL =
      List.of(
          Endpoint.list("/v1/charges", CHARGE, ChargeParameters.LIST, ChargeRoutes::list),
          Endpoint.get(
              "/v1/charges/{id}", CHARGE, ChargeParameters.RETRIEVE, ChargeRoutes::retrieve),
          Endpoint.list(
              "/v1/charges/{id}/refunds",
              REFUND,
              ChargeParameters.LIST_REFUNDS,
              ChargeRoutes::refunds),
          refused("/v1/charges", "Create a PaymentIntent instead: POST /v1/payment_intents."),
          refused("/v1/charges/{id}", "Update the PaymentIntent instead."),
          refused(
              "/v1/charges/{id}/capture",
              "Capture the PaymentIntent instead: POST /v1/payment_intents/{id}/capture."),
          refused("/v1/charges/{id}/refund", "Create a refund instead: POST /v1/refunds."),
          refused("/v1/charges/{id}/refunds", "Create a refund instead: POST /v1/refunds."));

  private ChargeRoutes() {}

  private static Command list(ApiRequest request) {
    return new Command.ListCharges(
        request.context(),
        request.page(PublicId.CHARGE, "charge"),
        request.reference("payment_intent", PublicId.PAYMENT, "payment_intent"),
        request.reference("customer", PublicId.CUSTOMER, "customer"));
  }

  private static Command retrieve(ApiRequest request) {
    return new Command.RetrieveCharge(
        request.context(), request.id(PublicId.CHARGE, "charge", "id"));
  }

  /** Where the {@code refunds} of a charge go on. */
  private static Command refunds(ApiRequest request) {
    return new Command.ListRefunds(
        request.context(),
        request.page(PublicId.REFUND, "refund"),
        null,
        request.id(PublicId.CHARGE, "charge", "id"));
  }

  /** A way of Stripe's that is not served: refused before any of its parameters is read. */
  private static Endpoint refused(String path, String instead) {
    Function<ApiRequest, Command> refusal =
        request -> {
          throw new RefusedException(
              Code.PARAMETER_UNSUPPORTED, "Sluice does not change charges directly. " + instead);
        };
    return Endpoint.post(path, CHARGE, ParameterCatalogue.ANY, refusal);
  }
}
