package routes.api;

import static routes.api.Parameter.kept;
import static routes.api.Parameter.served;
import static routes.api.Shapes.EMAIL;
import static routes.api.Shapes.EXPAND;
import static routes.api.Shapes.KEPT_METADATA;
import static routes.api.Shapes.METHOD_ID;
import static routes.api.Shapes.NAME;
import static routes.api.Shapes.TEXT;
import static routes.api.Shapes.choice;
import static routes.api.Shapes.hash;

import routes.api.ParameterType.Listing;
import routes.api.ParameterType.Text;

/** The parameters of the customers endpoints (Stripe API: Customers). */
final class CustomerParameters {
  private static final ParameterCatalogue KEPT =
      ParameterCatalogue.of(
              kept("address", Shapes.ADDRESS),
              kept("business_name", new Text(150)),
              kept("description", TEXT),
              kept("email", EMAIL),
              kept("individual_name", new Text(150)),
              kept("name", NAME),
              kept("phone", new Text(64)),
              kept("preferred_locales", new Listing(new Text(64), 50)),
              kept(
                  "shipping",
                  hash(
                      kept("address", Shapes.ADDRESS).mandatory(),
                      kept("name", TEXT).mandatory(),
                      kept("phone", TEXT))),
              kept("tax_exempt", choice("exempt", "none", "reverse")),
              KEPT_METADATA,
              EXPAND)
          .unsupported(
              "balance",
              "cash_balance",
              "invoice_prefix",
              "invoice_settings",
              "next_invoice_sequence",
              "source",
              "tax",
              "validate");

  static final ParameterCatalogue CREATE =
      KEPT.with(served("payment_method", METHOD_ID)).unsupported("tax_id_data", "test_clock");

  static final ParameterCatalogue UPDATE = KEPT.unsupported("default_source");

  static final ParameterCatalogue RETRIEVE = Shapes.expandOnly();

  static final ParameterCatalogue DELETE = ParameterCatalogue.NONE;

  static final ParameterCatalogue LIST =
      Shapes.pageByCreation().with(served("email", EMAIL)).unsupported("test_clock");

  private CustomerParameters() {}
}
