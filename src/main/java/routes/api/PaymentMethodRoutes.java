package routes.api;

import static routes.api.Expansion.Kind.PAYMENT_METHOD;

import java.util.List;
import java.util.UUID;
import payments.Command;
import payments.PublicId;
import payments.Refusal.Code;

/** {@code /v1/payment_methods}. */
final class PaymentMethodRoutes {
  static final List<Endpoint> ALL =
      List.of(
          Endpoint.list(
              "/v1/payment_methods",
              PAYMENT_METHOD,
              PaymentMethodParameters.LIST,
              PaymentMethodRoutes::list),
          Endpoint.post(
              "/v1/payment_methods",
              PAYMENT_METHOD,
              ParameterCatalogue.ANY,
              PaymentMethodRoutes::create),
          Endpoint.get(
              "/v1/payment_methods/{id}",
              PAYMENT_METHOD,
              PaymentMethodParameters.RETRIEVE,
              PaymentMethodRoutes::retrieve),
          Endpoint.post(
              "/v1/payment_methods/{id}/attach",
              PAYMENT_METHOD,
              PaymentMethodParameters.ATTACH,
              PaymentMethodRoutes::attach),
          Endpoint.post(
              "/v1/payment_methods/{id}/detach",
              PAYMENT_METHOD,
              PaymentMethodParameters.DETACH,
              PaymentMethodRoutes::detach));

  private PaymentMethodRoutes() {}

  private static Command list(ApiRequest request) {
    return new Command.ListPaymentMethods(
        request.context(),
        request.page(),
        customer(request),
        request.parameters().text("type"),
        request.path());
  }

  private static Command retrieve(ApiRequest request) {
    return new Command.RetrievePaymentMethod(request.context(), request.paymentMethodId(0), null);
  }

  private static Command attach(ApiRequest request) {
    return new Command.AttachPaymentMethod(
        request.context(), request.paymentMethodId(0), customer(request));
  }

  private static Command detach(ApiRequest request) {
    return new Command.DetachPaymentMethod(request.context(), request.paymentMethodId(0));
  }

  private static Command create(ApiRequest request) {
    throw new RefusedException(
        Code.PARAMETER_UNSUPPORTED,
        "Sluice does not make payment methods by themselves. Pass a token of your payment provider"
            + " as payment_method, or payment_method_data[card][token], when you create or confirm"
            + " a PaymentIntent.");
  }

  private static UUID customer(ApiRequest request) {
    return request.requiredReference("customer", PublicId.CUSTOMER, "customer");
  }
}
