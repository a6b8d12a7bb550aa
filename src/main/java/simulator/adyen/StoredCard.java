package simulator.adyen;

import io.vertx.core.json.JsonObject;

/**
 * A card that was saved for a shopper.
 *
 * @param authenticated whether the shopper passed a challenge when it was saved, so that payments
 *     without the shopper pass later
 */
record StoredCard(
    String id, String account, String shopperReference, PaymentCard card, boolean authenticated) {

  JsonObject toJson() {
    return new JsonObject()
        .put("id", id)
        .put("account", account)
        .put("shopper_reference", shopperReference)
        .put("card", card.toJson())
        .put("authenticated", authenticated);
  }

  static StoredCard fromJson(JsonObject json) {
    return new StoredCard(
        json.getString("id"),
        json.getString("account"),
        json.getString("shopper_reference"),
        PaymentCard.fromJson(json.getJsonObject("card")),
        json.getBoolean("authenticated"));
  }
}
