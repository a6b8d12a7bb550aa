package routes.api;

import static routes.api.Parameter.served;
import static routes.api.Shapes.ID;

/** The parameters of the charges endpoints (Stripe API: Charges). */
final class ChargeParameters {
  static final ParameterCatalogue RETRIEVE = Shapes.expandOnly();

  static final ParameterCatalogue LIST =
      Shapes.pageByCreation()
          .with(served("customer", ID), served("payment_intent", ID))
          .unsupported("transfer_group");

  static final ParameterCatalogue LIST_REFUNDS = Shapes.pageByCreation();

  private ChargeParameters() {}
}
