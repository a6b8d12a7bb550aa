package routes.api;

import static routes.api.Expansion.Kind.CUSTOMER;
import static routes.api.Expansion.Kind.PAYMENT_METHOD;

import java.util.List;
import java.util.UUID;
import payments.Command;
import payments.PublicId;

/** {@code /v1/customers}, with the payment methods of one. */
final class CustomerRoutes {
  static final List<Endpoint> ALL =
      List.of(
          Endpoint.post(
              "/v1/customers", CUSTOMER, CustomerParameters.CREATE, CustomerRoutes::create),
          Endpoint.list("/v1/customers", CUSTOMER, CustomerParameters.LIST, CustomerRoutes::list),
          Endpoint.get(
              "/v1/customers/{id}",
              CUSTOMER,
              CustomerParameters.RETRIEVE,
              CustomerRoutes::retrieve),
          Endpoint.post(
              "/v1/customers/{id}", CUSTOMER, CustomerParameters.UPDATE, CustomerRoutes::update),
          Endpoint.delete(
              "/v1/customers/{id}", CUSTOMER, CustomerParameters.DELETE, CustomerRoutes::delete),
          Endpoint.list(
              "/v1/customers/{id}/payment_methods",
              PAYMENT_METHOD,
              PaymentMethodParameters.LIST_OF_CUSTOMER,
              CustomerRoutes::paymentMethods),
          Endpoint.get(
              "/v1/customers/{id}/payment_methods/{payment_method}",
              PAYMENT_METHOD,
              PaymentMethodParameters.RETRIEVE,
              CustomerRoutes::paymentMethod));

  private CustomerRoutes() {}

  private static Command create(ApiRequest request) {
    return new Command.CreateCustomer(
        request.context(),
        request.parameters().text("payment_method"),
        request.parameters().kept());
  }

  private static Command list(ApiRequest request) {
    return new Command.ListCustomers(
        request.context(),
        request.page(PublicId.CUSTOMER, "customer"),
        request.parameters().text("email"));
  }

  private static Command retrieve(ApiRequest request) {
    return new Command.RetrieveCustomer(request.context(), id(request));
  }

  private static Command update(ApiRequest request) {
    return new Command.UpdateCustomer(
        request.context(), id(request), request.parameters().keptByUpdate());
  }

  private static Command delete(ApiRequest request) {
    return new Command.DeleteCustomer(request.context(), id(request));
  }

  private static Command paymentMethods(ApiRequest request) {
    return new Command.ListPaymentMethods(
        request.context(),
        request.page(),
        id(request),
        request.parameters().text("type"),
        request.path());
  }

  private static Command paymentMethod(ApiRequest request) {
    return new Command.RetrievePaymentMethod(
        request.context(), request.paymentMethodId(1), id(request));
  }

  private static UUID id(ApiRequest request) {
    return request.id(PublicId.CUSTOMER, "customer", "id");
  }
}
