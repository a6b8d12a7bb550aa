package routes.api;

import static routes.api.Parameter.kept;
import static routes.api.Parameter.required;
import static routes.api.Parameter.served;
import static routes.api.Shapes.EXPAND;
import static routes.api.Shapes.FLAG;
import static routes.api.Shapes.KEPT_METADATA;
import static routes.api.Shapes.TEXT;
import static routes.api.Shapes.URL;
import static routes.api.Shapes.choice;

import routes.api.ParameterType.EventTypeList;
import routes.api.ParameterType.Whole;

/** The parameters of the webhook endpoints endpoints (Stripe API: Webhook Endpoints). */
final class WebhookEndpointParameters {
  private static final long WEEK_SECONDS = 604_800;

  private static final ParameterCatalogue KEPT =
      ParameterCatalogue.of(kept("description", TEXT), KEPT_METADATA, EXPAND);

  /** Events are rendered at one version, so that one may be asked for and no other. */
  static final ParameterCatalogue CREATE =
      KEPT.with(
              required("url", URL),
              required("enabled_events", new EventTypeList()),
              served("api_version", choice(ApiVersion.PINNED)))
          .unsupported("connect");

  static final ParameterCatalogue UPDATE =
      KEPT.with(
          served("url", URL),
          served("enabled_events", new EventTypeList()),
          served("disabled", FLAG));

  /** Not Stripe's: its dashboard does this. */
  static final ParameterCatalogue ROTATE =
      ParameterCatalogue.of(served("expires_in", new Whole(0, WEEK_SECONDS)), EXPAND);

  static final ParameterCatalogue RETRIEVE = Shapes.expandOnly();

  static final ParameterCatalogue DELETE = ParameterCatalogue.NONE;

  static final ParameterCatalogue LIST = Shapes.page();

  private WebhookEndpointParameters() {}
}
