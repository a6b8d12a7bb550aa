package routes.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import payments.Refusal.Code;

/**
 * What of an object is shown whole instead of by its id (Stripe API: Expanding responses): a tree
 * of property names. A path that Sluice cannot follow is refused, never ignored.
 */
final class Expansion {
  static final Expansion NONE = new Expansion();
  private static final int MAX_LEVELS = 4;

  private final Map<String, Expansion> properties = new LinkedHashMap<>();

  private Expansion() {}

  /** The tree of paths that were checked before. */
  static Expansion of(List<String> paths) {
    if (paths.isEmpty()) {
      return NONE;
    }
    var root = new Expansion();
    for (String path : paths) {
      var at = root;
      for (String property : path.split("\\.")) {
        at = at.properties.computeIfAbsent(property, absent -> new Expansion());
      }
    }
    return root;
  }

  /** What is expanded within a property, or null where the property is not expanded. */
  @Nullable Expansion of(String property) {
    return properties.get(property);
  }

  /** What is expanded within a property, nothing where the property is not expanded. */
  Expansion within(String property) {
    Expansion inner = properties.get(property);
    return inner == null ? NONE : inner;
  }

  /** The objects that can be expanded, each with its expandable properties. */
  enum Kind {
    PAYMENT_INTENT,
    CHARGE,
    REFUND,
    CUSTOMER,
    PAYMENT_METHOD,
    REFUND_LIST,
    WEBHOOK_ENDPOINT,
    EVENT,
    /** What a browser may see of a payment, and of its payment method. */
    PUBLIC_PAYMENT_INTENT,
    PUBLIC_PAYMENT_METHOD;

    @Nullable Kind property(String name) {
      return switch (this) {
        case PAYMENT_INTENT ->
            switch (name) {
              case "customer" -> CUSTOMER;
              case "latest_charge" -> CHARGE;
              case "payment_method" -> PAYMENT_METHOD;
              default -> null;
            };
        case CHARGE ->
            switch (name) {
              case "customer" -> CUSTOMER;
              case "payment_intent" -> PAYMENT_INTENT;
              case "refunds" -> REFUND_LIST;
              default -> null;
            };
        case REFUND ->
            switch (name) {
              case "charge" -> CHARGE;
              case "customer" -> CUSTOMER;
              case "payment_intent" -> PAYMENT_INTENT;
              case "payment_method" -> PAYMENT_METHOD;
              default -> null;
            };
        case REFUND_LIST -> name.equals("data") ? REFUND : null;
        case PAYMENT_METHOD -> name.equals("customer") ? CUSTOMER : null;
        case PUBLIC_PAYMENT_INTENT -> name.equals("payment_method") ? PUBLIC_PAYMENT_METHOD : null;
        case CUSTOMER, PUBLIC_PAYMENT_METHOD, WEBHOOK_ENDPOINT, EVENT -> null;
      };
    }
  }

  /**
   * Refuses paths that cannot be expanded.
   *
   * @param kind what the endpoint answers with
   * @param list whether it answers with a list of these, so that paths start with {@code data}
   */
  static void check(List<String> paths, Kind kind, boolean list) {
    for (int i = 0; i < paths.size(); i++) {
      check(paths.get(i), Names.nested("expand", i), kind, list);
    }
  }

  private static void check(String path, String param, Kind kind, boolean list) {
    String[] properties = path.split("\\.", -1);
    if (properties.length > MAX_LEVELS) {
      throw new RefusedException(
          Code.PARAMETER_INVALID,
          "You cannot expand more than " + MAX_LEVELS + " levels of a property.",
          param);
    }
    Kind at = kind;
    int first = 0;
    if (list) {
      if (!properties[0].equals("data") || properties.length == 1) {
        throw refused(path, param);
      }
      first = 1;
    }
    for (int i = first; i < properties.length; i++) {
      Kind next = at.property(properties[i]);
      if (next == null) {
        throw refused(path, param);
      }
      at = next;
    }
  }

  private static RefusedException refused(String path, String param) {
    return new RefusedException(
        Code.PARAMETER_INVALID,
        "This property cannot be expanded (" + Names.clip(path) + ").",
        param);
  }
}
