package routes.api;

import static routes.api.Parameter.required;
import static routes.api.Parameter.served;
import static routes.api.Shapes.EXPAND;
import static routes.api.Shapes.ID;

import routes.api.ParameterType.Text;

/** The parameters of the payment_methods endpoints (Stripe API: PaymentMethods). */
final class PaymentMethodParameters {
  static final ParameterCatalogue RETRIEVE = Shapes.expandOnly();

  /** A customer's methods, the customer being in the path. */
  static final ParameterCatalogue LIST_OF_CUSTOMER =
      Shapes.page().with(served("type", new Text(100))).unsupported("allow_redisplay");

  static final ParameterCatalogue LIST =
      LIST_OF_CUSTOMER.with(required("customer", ID)).unsupported("customer_account");

  static final ParameterCatalogue ATTACH =
      ParameterCatalogue.of(required("customer", ID), EXPAND).unsupported("customer_account");

  static final ParameterCatalogue DETACH = Shapes.expandOnly();

  private PaymentMethodParameters() {}
}
