package routes.api;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import payments.Command;

/**
 * One route of the API.
 *
 * @param method GET, POST or DELETE
 * @param path as in {@code /v1/payment_intents/{id}/confirm}
 * @param catalogue its parameters
 * @param browserCatalogue its parameters for publishable keys, null where these may not use it
 * @param kind what it answers with
 * @param list whether it answers with a list of these
 * @param command makes the command of a request
 */
record Endpoint(
    String method,
    String path,
    ParameterCatalogue catalogue,
    @Nullable ParameterCatalogue browserCatalogue,
    Expansion.Kind kind,
    boolean list,
    Function<ApiRequest, Command> command) {

  static Endpoint get(
      String path,
      Expansion.Kind kind,
      ParameterCatalogue catalogue,
      Function<ApiRequest, Command> command) {
    return new Endpoint("GET", path, catalogue, null, kind, false, command);
  }

  static Endpoint list(
      String path,
      Expansion.Kind kind,
      ParameterCatalogue catalogue,
      Function<ApiRequest, Command> command) {
    return new Endpoint("GET", path, catalogue, null, kind, true, command);
  }

  static Endpoint post(
      String path,
      Expansion.Kind kind,
      ParameterCatalogue catalogue,
      Function<ApiRequest, Command> command) {
    return new Endpoint("POST", path, catalogue, null, kind, false, command);
  }

  static Endpoint delete(
      String path,
      Expansion.Kind kind,
      ParameterCatalogue catalogue,
      Function<ApiRequest, Command> command) {
    return new Endpoint("DELETE", path, catalogue, null, kind, false, command);
  }

  /** This, open to publishable keys with these parameters. */
  Endpoint forBrowsers(ParameterCatalogue browserParameters) {
    return new Endpoint(method, path, catalogue, browserParameters, kind, list, command);
  }

  /** The parameters that a key of this kind may give. */
  ParameterCatalogue catalogueFor(ApiKey key) {
    return key.publishable() && browserCatalogue != null ? browserCatalogue : catalogue;
  }

  /** What the answer to a key of this kind can be expanded by. */
  Expansion.Kind kindFor(ApiKey key) {
    return key.publishable() ? Expansion.Kind.PUBLIC_PAYMENT_INTENT : kind;
  }
}
