package simulator.stripe;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import simulator.CardDeck;
import simulator.Metadata;
import simulator.TestCard;

/**
 * A card as saved with the provider.
 *
 * @param cardName which test card it is
 * @param setUp a payment with it was made for later use, so that the issuer knows of off-session
 *     ones
 * @param consumed paid once without a customer, or taken from one: it cannot be used again
 */
record PaymentMethod(
    String id,
    String account,
    String cardName,
    Instant createdAt,
    @Nullable String customer,
    Map<String, String> metadata,
    JsonObject billingDetails,
    boolean setUp,
    boolean consumed) {

  TestCard card() {
    return CardDeck.require(cardName);
  }

  PaymentMethod attachedTo(String newCustomer) {
    return new PaymentMethod(
        id, account, cardName, createdAt, newCustomer, metadata, billingDetails, setUp, consumed);
  }

  PaymentMethod detached() {
    return new PaymentMethod(
        id, account, cardName, createdAt, null, metadata, billingDetails, setUp, true);
  }

  PaymentMethod madeForLater() {
    return new PaymentMethod(
        id, account, cardName, createdAt, customer, metadata, billingDetails, true, consumed);
  }

  PaymentMethod usedUp() {
    return new PaymentMethod(
        id, account, cardName, createdAt, customer, metadata, billingDetails, setUp, true);
  }

  PaymentMethod described(Map<String, String> newMetadata, JsonObject newBillingDetails) {
    return new PaymentMethod(
        id,
        account,
        cardName,
        createdAt,
        customer,
        newMetadata,
        newBillingDetails,
        setUp,
        consumed);
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("id", id)
        .put("account", account)
        .put("card", cardName)
        .put("created_at", createdAt.toEpochMilli())
        .put("customer", customer)
        .put("metadata", Metadata.toJson(metadata))
        .put("billing_details", billingDetails)
        .put("set_up", setUp)
        .put("consumed", consumed);
  }

  static PaymentMethod fromJson(JsonObject json) {
    return new PaymentMethod(
        json.getString("id"),
        json.getString("account"),
        json.getString("card"),
        Instant.ofEpochMilli(json.getLong("created_at")),
        json.getString("customer"),
        Metadata.fromJson(json.getJsonObject("metadata")),
        json.getJsonObject("billing_details"),
        json.getBoolean("set_up"),
        json.getBoolean("consumed"));
  }
}
