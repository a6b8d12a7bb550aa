package simulator.stripe;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import simulator.CardDeck;
import simulator.DeclineReason;
import simulator.Ids;
import simulator.Operation;
import simulator.TestCard;

/** {@code /v1/payment_methods}, and the way from a published test token to a payment method. */
final class PaymentMethods {
  private static final String CARD_TOKEN = "pm_card_";
  private static final String LEGACY_TOKEN = "tok_";

  private final StripeWorld world;

  PaymentMethods(StripeWorld world) {
    this.world = world;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.post(
            "payment_methods",
            Operation.OTHER,
            Set.of("type", "card", "billing_details", "metadata", "allow_redisplay"),
            this::create),
        Endpoint.get(
            "payment_methods", Operation.SEARCH, Page.params("customer", "type"), this::list),
        Endpoint.get("payment_methods/*", Operation.RETRIEVE, Set.of(), this::retrieve),
        Endpoint.post(
            "payment_methods/*",
            Operation.OTHER,
            Set.of("billing_details", "metadata", "card", "allow_redisplay"),
            this::update),
        Endpoint.post(
            "payment_methods/*/attach", Operation.OTHER, Set.of("customer"), this::attach),
        Endpoint.post("payment_methods/*/detach", Operation.OTHER, Set.of(), this::detach),
        Endpoint.get(
            "customers/*/payment_methods",
            Operation.SEARCH,
            Page.params("type"),
            call -> list(call, call.id())));
  }

  private JsonObject create(StripeCall call) {
    return PaymentMethodJson.of(fromData(call.account(), call.params(), "card", "billing_details"));
  }

  /**
   * A payment method from {@code payment_method_data}, or from the parameters of its own creation.
   */
  PaymentMethod fromData(StripeAccount account, Params params) {
    JsonObject data = params.object("payment_method_data");
    if (data == null) {
      throw StripeError.missing("payment_method_data");
    }
    return fromData(account, new Params(data), "payment_method_data[card]", "billing_details");
  }

  private PaymentMethod fromData(
      StripeAccount account, Params data, String cardParam, String billingParam) {
    String type = data.requiredText("type");
    if (!type.equals("card")) {
      throw StripeError.invalid(null, "type", "Only cards are simulated, not " + type + ".");
    }
    if (data.nested("card", "number") != null) {
      throw StripeError.invalid(
          null,
          cardParam + "[number]",
          "Sending credit card numbers directly to the API is generally unsafe. Use a test token"
              + " instead.");
    }
    String token = data.nested("card", "token");
    if (token == null) {
      throw StripeError.missing(cardParam + "[token]");
    }
    TestCard card =
        token.startsWith(LEGACY_TOKEN)
            ? CardDeck.find(token.substring(LEGACY_TOKEN.length())).orElse(null)
            : null;
    if (card == null) {
      throw StripeError.noSuchParam("token", token, cardParam + "[token]");
    }
    JsonObject billing = data.object(billingParam);
    return account.save(
        fresh(
            account, card, data.metadata(Map.of()), billing == null ? new JsonObject() : billing));
  }

  /**
   * The payment method of an id or a published test token; the latter becomes a fresh one. Null
   * when there is none.
   */
  @Nullable PaymentMethod find(StripeAccount account, String idOrToken) {
    if (idOrToken.startsWith(CARD_TOKEN)) {
      return CardDeck.find(idOrToken.substring(CARD_TOKEN.length()))
          .map(card -> account.save(fresh(account, card, Map.of(), new JsonObject())))
          .orElse(null);
    }
    return account.paymentMethod(idOrToken).orElse(null);
  }

  private PaymentMethod fresh(
      StripeAccount account, TestCard card, Map<String, String> metadata, JsonObject billing) {
    return new PaymentMethod(
        Ids.next("pm_"),
        account.id(),
        card.name(),
        world.now(),
        null,
        metadata,
        billing,
        false,
        false);
  }

  private JsonObject list(StripeCall call) {
    String customer = call.params().text("customer");
    return customer == null
        ? page(call, "/v1/payment_methods", call.account().paymentMethods().stream().toList())
        : list(call, customer);
  }

  private JsonObject list(StripeCall call, String customer) {
    call.account().checkedCustomer(customer);
    return page(
        call,
        "/v1/payment_methods",
        call.account().paymentMethods().stream()
            .filter(method -> customer.equals(method.customer()))
            .toList());
  }

  private static JsonObject page(StripeCall call, String url, List<PaymentMethod> methods) {
    return Page.of(
        url,
        call.params(),
        methods,
        PaymentMethod::id,
        PaymentMethod::createdAt,
        PaymentMethodJson::of);
  }

  private JsonObject retrieve(StripeCall call) {
    return PaymentMethodJson.of(require(call));
  }

  private PaymentMethod require(StripeCall call) {
    PaymentMethod method = find(call.account(), call.id());
    if (method == null) {
      throw StripeError.notFound("PaymentMethod", call.id(), "payment_method");
    }
    return method;
  }

  private JsonObject update(StripeCall call) {
    PaymentMethod method = require(call);
    JsonObject billing = call.params().object("billing_details");
    return PaymentMethodJson.of(
        call.account()
            .save(
                method.described(
                    call.params().metadata(method.metadata()),
                    billing == null
                        ? method.billingDetails()
                        : method.billingDetails().copy().mergeIn(billing, true))));
  }

  private JsonObject attach(StripeCall call) {
    String customer = call.params().requiredText("customer");
    call.account().checkedCustomer(customer);
    return PaymentMethodJson.of(attach(call.account(), call.id(), customer));
  }

  /** Saves a card with a customer; issuers that decline the card decline this too. */
  PaymentMethod attach(StripeAccount account, String idOrToken, String customer) {
    PaymentMethod method = find(account, idOrToken);
    if (method == null) {
      throw StripeError.notFound("PaymentMethod", idOrToken, "payment_method");
    }
    if (method.customer() != null && !method.customer().equals(customer)) {
      throw StripeError.refused(
          null, null, "The payment method you provided has already been attached to a customer.");
    }
    if (method.consumed()) {
      throw usedUp(null);
    }
    DeclineReason decline = method.card().decline();
    if (decline != null && !method.card().attaches()) {
      throw StripeError.declined(Confirmation.cardError(Declines.of(decline)));
    }
    return account.save(method.attachedTo(customer));
  }

  private JsonObject detach(StripeCall call) {
    PaymentMethod method = require(call);
    if (method.customer() == null) {
      throw StripeError.refused(
          null,
          null,
          "The payment method you provided is not attached to a customer so detachment is"
              + " impossible.");
    }
    return PaymentMethodJson.of(call.account().save(method.detached()));
  }

  static StripeError usedUp(@Nullable String param) {
    return StripeError.refused(
        null,
        param,
        "The provided PaymentMethod was previously used with a PaymentIntent without Customer"
            + " attachment, or was detached from a Customer. It may not be used again. To use a"
            + " PaymentMethod multiple times, you must attach it to a Customer first.");
  }
}
