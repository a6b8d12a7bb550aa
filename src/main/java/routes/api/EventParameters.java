package routes.api;

import static routes.api.Parameter.served;
import static routes.api.Shapes.FLAG;
import static routes.api.Shapes.NAME;

import routes.api.ParameterType.Listing;

/** The parameters of the events endpoints (Stripe API: Events). */
final class EventParameters {
  private static final int MAX_TYPES = 20;

  static final ParameterCatalogue RETRIEVE = Shapes.expandOnly();

  static final ParameterCatalogue LIST =
      Shapes.pageByCreation()
          .with(
              served("type", NAME),
              served("types", new Listing(NAME, MAX_TYPES)),
              served("delivery_success", FLAG));

  private EventParameters() {}
}
