package routes.api;

import static routes.api.Parameter.kept;
import static routes.api.Parameter.served;
import static routes.api.Shapes.AMOUNT;
import static routes.api.Shapes.EXPAND;
import static routes.api.Shapes.ID;
import static routes.api.Shapes.KEPT_METADATA;
import static routes.api.Shapes.choice;

/** The parameters of the refunds endpoints (Stripe API: Refunds). */
final class RefundParameters {
  static final ParameterCatalogue CREATE =
      ParameterCatalogue.of(
              served("amount", AMOUNT),
              served("charge", ID),
              served("payment_intent", ID),
              kept("reason", choice("duplicate", "fraudulent", "requested_by_customer")).notEmpty(),
              KEPT_METADATA,
              EXPAND)
          .unsupported(
              "currency",
              "customer",
              "instructions_email",
              "origin",
              "refund_application_fee",
              "reverse_transfer");

  static final ParameterCatalogue UPDATE = ParameterCatalogue.of(KEPT_METADATA, EXPAND);

  static final ParameterCatalogue RETRIEVE = Shapes.expandOnly();

  static final ParameterCatalogue LIST =
      Shapes.pageByCreation().with(served("charge", ID), served("payment_intent", ID));

  private RefundParameters() {}
}
