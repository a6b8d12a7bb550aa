package simulator.adyen;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;

/** {@code /storedPaymentMethods}: the cards that are kept for shoppers. */
final class StoredCards {
  static final Set<String> FIELDS =
      Set.of(
          "merchantAccount",
          "paymentMethod",
          "recurringProcessingModel",
          "shopperEmail",
          "shopperIP",
          "shopperReference");

  private static final Set<String> MODELS =
      Set.of("CardOnFile", "Subscription", "UnscheduledCardOnFile");
  private static final String SHOPPER = "shopperReference";

  JsonObject store(AdyenCall call) {
    call.merchantAccount();
    JsonObject request = call.body();
    Limits.check(request);
    String shopper = request.getString(SHOPPER);
    if (shopper == null || shopper.isEmpty()) {
      throw AdyenError.invalid("158", "Required field 'shopperReference' is not provided.");
    }
    if (!MODELS.contains(request.getString("recurringProcessingModel", ""))) {
      throw AdyenError.invalid("14_006", "Required field 'recurringProcessingModel' is wrong.");
    }
    if (!(request.getValue("paymentMethod") instanceof JsonObject method)
        || !"scheme".equals(method.getString("type"))) {
      throw AdyenError.invalid("14_004", "Missing payment method details: paymentMethod");
    }
    var stored =
        new StoredCard(
            PspReference.next(),
            call.account().id(),
            shopper,
            PaymentCard.of(method).saved(),
            false);
    call.account().save(stored);
    return resource(stored);
  }

  JsonObject list(AdyenCall call) {
    String shopper = call.query().getOrDefault(SHOPPER, "");
    var methods = new JsonArray();
    call.account().storedCards(shopper).forEach(stored -> methods.add(resource(stored)));
    return new JsonObject()
        .put("merchantAccount", call.query().getOrDefault("merchantAccount", ""))
        .put(SHOPPER, shopper)
        .put("storedPaymentMethods", methods);
  }

  JsonObject forget(AdyenCall call) {
    StoredCard stored = call.account().storedCard(call.id());
    if (stored == null || !stored.shopperReference().equals(call.query().get(SHOPPER))) {
      throw AdyenError.invalid("800", "Contract not found");
    }
    call.account().forget(stored);
    return new JsonObject();
  }

  private static JsonObject resource(StoredCard stored) {
    PaymentCard card = stored.card();
    String[] expiry = card.expiry().split("/");
    JsonObject resource =
        new JsonObject()
            .put("id", stored.id())
            .put("type", "scheme")
            .put("brand", card.card().brand())
            .put("lastFour", card.card().last4())
            .put("expiryMonth", expiry[0])
            .put("expiryYear", expiry[1].substring(2))
            .put(SHOPPER, stored.shopperReference())
            .put(
                "supportedRecurringProcessingModels",
                new JsonArray().add("CardOnFile").add("Subscription").add("UnscheduledCardOnFile"));
    return card.holderName() == null ? resource : resource.put("holderName", card.holderName());
  }
}
