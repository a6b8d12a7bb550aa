package routes.api;

import static routes.api.Parameter.kept;
import static routes.api.Parameter.served;

import java.util.LinkedHashSet;
import java.util.List;
import routes.api.ParameterType.Choice;
import routes.api.ParameterType.CreatedFilter;
import routes.api.ParameterType.Email;
import routes.api.ParameterType.Flag;
import routes.api.ParameterType.Hash;
import routes.api.ParameterType.Listing;
import routes.api.ParameterType.Metadata;
import routes.api.ParameterType.StatementDescriptor;
import routes.api.ParameterType.Text;
import routes.api.ParameterType.Whole;

/** The types of parameters that several endpoints share. */
final class Shapes {
  static final Text TEXT = new Text(5_000);
  static final Text NAME = new Text(256);
  static final Text ID = new Text(255);
  static final ParameterType METHOD_ID = new ParameterType.MethodId();
  static final ParameterType CARD_TOKEN = new ParameterType.CardToken();
  static final Text URL = new Text(2_048);
  static final ParameterType RETURN_URL = new ParameterType.AbsoluteUrl(2_048);
  static final Flag FLAG = new Flag();
  static final Email EMAIL = new Email();
  static final Metadata METADATA = new Metadata();
  static final StatementDescriptor DESCRIPTOR = new StatementDescriptor();
  static final ParameterType AMOUNT = new ParameterType.Amount();

  static final Hash ADDRESS =
      hash(
          kept("city", TEXT),
          kept("country", TEXT),
          kept("line1", TEXT),
          kept("line2", TEXT),
          kept("postal_code", TEXT),
          kept("state", TEXT));

  static final Hash BILLING_DETAILS =
      hash(
          kept("address", ADDRESS),
          kept("email", EMAIL),
          kept("name", TEXT),
          kept("phone", TEXT),
          kept("tax_id", TEXT));

  static final Parameter EXPAND = served("expand", new Listing(TEXT, 50));
  static final Parameter KEPT_METADATA = kept("metadata", METADATA);

  private static final Parameter[] PAGE = {
    served("limit", new Whole(1, 100)),
    served("starting_after", ID),
    served("ending_before", ID),
    EXPAND
  };

  private Shapes() {}

  static Hash hash(Parameter... fields) {
    return new Hash(ParameterCatalogue.of(fields));
  }

  static Choice choice(String... words) {
    return new Choice(new LinkedHashSet<>(List.of(words)));
  }

  /** The parameters of every list, before an endpoint's own filters. */
  static ParameterCatalogue page() {
    return ParameterCatalogue.of(PAGE);
  }

  static ParameterCatalogue pageByCreation() {
    return page().with(served("created", new CreatedFilter()));
  }

  /** An endpoint that takes {@code expand} only. */
  static ParameterCatalogue expandOnly() {
    return ParameterCatalogue.of(EXPAND);
  }
}
