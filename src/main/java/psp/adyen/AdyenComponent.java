package psp.adyen;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import psp.adyen.AdyenAuthorize.Card;

/**
 * What Adyen's card component in a browser gives, as JSON: its payment method, alone or in its
 * whole state (Adyen docs: "Web Components"); pure. The browser is the customer's, so that only
 * what describes the card and the device is read of it.
 */
final class AdyenComponent {
  /** Cards, as Adyen calls them. Other methods have details and rules that we know nothing of. */
  private static final String CARDS = "scheme";

  private static final String METHOD = "paymentMethod";
  private static final String NUMBER = "encryptedCardNumber";
  private static final String STORED = "storedPaymentMethodId";

  /** What a card's data may be called that is not encrypted. No card number ever enters. */
  private static final Set<String> PLAIN_DATA =
      Set.of("number", "cvc", "expiryMonth", "expiryYear");

  /** What is passed on of a payment method, beside the encrypted fields. */
  private static final Set<String> METHOD_DATA = Set.of("type", "holderName", "brand", STORED);

  private AdyenComponent() {}

  /** Whether a token is meant to be what a component gave. */
  static boolean isOne(String token) {
    return token.startsWith("{");
  }

  /** The card, or empty where it is none that can be paid with. */
  static Optional<Card> card(String token) {
    Optional<JsonObject> state = AdyenJson.object(token);
    return state.isEmpty() || fault(method(state.get())) != null
        ? Optional.empty()
        : state.map(AdyenComponent::card);
  }

  /** Why it cannot be paid with, for whoever gave it; empty where it can. */
  static Optional<String> objection(String token) {
    Optional<JsonObject> state = AdyenJson.object(token);
    return state.isEmpty()
        ? Optional.of("The card token is not the JSON that Adyen's card component gives.")
        : Optional.ofNullable(fault(method(state.get())));
  }

  private static JsonObject method(JsonObject state) {
    JsonObject method = AdyenJson.object(state, METHOD);
    return method == null ? state : method;
  }

  private static @Nullable String fault(JsonObject method) {
    if (!CARDS.equals(AdyenJson.text(method, "type"))) {
      return "Only cards are taken: the `type` of Adyen's payment method must be `scheme`.";
    }
    if (PLAIN_DATA.stream().anyMatch(method::containsKey)) {
      return "Card data must be encrypted by Adyen's card component.";
    }
    return AdyenJson.filled(method, NUMBER) == null && AdyenJson.filled(method, STORED) == null
        ? "Adyen's payment method must have an `" + NUMBER + "` or a `" + STORED + "`."
        : null;
  }

  private static Card card(JsonObject state) {
    boolean whole = AdyenJson.object(state, METHOD) != null;
    return new Card(known(method(state)), null, null, whole ? beside(state) : new JsonObject());
  }

  /** Whether a field of a payment method is card data that the component encrypted. */
  static boolean isEncrypted(String name) {
    return name.startsWith("encrypted");
  }

  private static JsonObject known(JsonObject method) {
    var known = new JsonObject();
    method.forEach(
        field -> {
          String name = field.getKey();
          boolean text = field.getValue() instanceof String;
          if (text && (METHOD_DATA.contains(name) || isEncrypted(name))) {
            known.put(name, field.getValue());
          }
        });
    return known;
  }

  /** Of the risk data the device's only: a score that its owner may lower decides nothing. */
  private static JsonObject beside(JsonObject state) {
    var more = new JsonObject();
    JsonObject browser = AdyenJson.object(state, "browserInfo");
    if (browser != null) {
      more.put("browserInfo", browser);
    }
    String device = AdyenJson.filled(AdyenJson.object(state, "riskData"), "clientData");
    if (device != null) {
      more.put("riskData", new JsonObject().put("clientData", device));
    }
    return more;
  }
}
