package simulator.stripe;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import simulator.Authorization;
import simulator.Operation;

/** {@code /v1/charges}: one per attempt to take money, failed ones included. */
final class Charges {
  private final StripeWorld world;

  Charges(StripeWorld world) {
    this.world = world;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(
            "charges", Operation.SEARCH, Page.params("payment_intent", "customer"), this::list),
        Endpoint.get("charges/*", Operation.RETRIEVE, Set.of(), this::retrieve));
  }

  private JsonObject retrieve(StripeCall call) {
    return world
        .bank()
        .authorization(call.account().id(), call.id())
        .map(charge -> ChargeJson.of(call.account(), charge))
        .orElseThrow(() -> StripeError.notFound("charge", call.id(), "id"));
  }

  private JsonObject list(StripeCall call) {
    String intentId = call.params().text("payment_intent");
    String customer = call.params().text("customer");
    return Page.of(
        "/v1/charges",
        call.params(),
        candidates(call.account(), intentId).stream()
            .filter(charge -> customer == null || customer.equals(customerOf(call, charge)))
            .toList(),
        Authorization::id,
        Authorization::createdAt,
        charge -> ChargeJson.of(call.account(), charge));
  }

  /** Charges, newest first; those of one intent are found without a look at all others. */
  private List<Authorization> candidates(StripeAccount account, @Nullable String intentId) {
    if (intentId == null) {
      return world.bank().authorizations(account.id()).reversed();
    }
    PaymentIntent intent = account.intent(intentId);
    return intent == null
        ? List.of()
        : intent.charges.reversed().stream()
            .flatMap(id -> world.bank().authorization(account.id(), id).stream())
            .toList();
  }

  private static @Nullable String customerOf(StripeCall call, Authorization charge) {
    PaymentIntent intent = call.account().intent(charge.payment());
    return intent == null ? null : intent.customer;
  }
}
