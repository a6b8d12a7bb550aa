package simulator.stripe;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * Puts objects in the place of their ids where {@code expand[]} asks for it; what cannot be
 * expanded stays an id.
 */
final class Expansion {
  private final StripeWorld world;
  private final StripeAccount account;

  Expansion(StripeWorld world, StripeAccount account) {
    this.world = world;
    this.account = account;
  }

  void expand(JsonObject object, List<String> paths) {
    paths.forEach(path -> expand(object, path));
  }

  private void expand(JsonObject object, String path) {
    int dot = path.indexOf('.');
    String name = dot < 0 ? path : path.substring(0, dot);
    String rest = dot < 0 ? "" : path.substring(dot + 1);
    if (object.getValue(name) instanceof String id) {
      find(id).ifPresent(found -> object.put(name, found));
    }
    if (rest.isEmpty()) {
      return;
    }
    Object value = object.getValue(name);
    if (value instanceof JsonObject inner) {
      expand(inner, rest);
    } else if (value instanceof JsonArray list) {
      list.forEach(
          each -> {
            if (each instanceof JsonObject inner) {
              expand(inner, rest);
            }
          });
    }
  }

  private Optional<JsonObject> find(String id) {
    String prefix = id.substring(0, id.indexOf('_') + 1);
    return switch (prefix) {
      case "pm_" -> account.paymentMethod(id).map(PaymentMethodJson::of);
      case "cus_" -> account.customer(id).map(Customers::render);
      case "pi_" ->
          Optional.ofNullable(account.intent(id)).map(found -> IntentJson.of(world, found));
      case "ch_" ->
          world.bank().authorization(account.id(), id).map(found -> ChargeJson.of(account, found));
      case "re_" ->
          world.bank().refund(account.id(), id).map(found -> Refunds.render(account, found));
      case "dp_" -> world.bank().disputes().find(account.id(), id).map(DisputeJson::of);
      default -> Optional.empty();
    };
  }
}
