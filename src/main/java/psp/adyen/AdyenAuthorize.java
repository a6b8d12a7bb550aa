package psp.adyen;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import payments.DeclineCode;
import psp.PspCall;
import psp.PspCommand.Authorize;
import psp.adyen.AdyenTestCards.TestCard;

/** The request that takes or holds an amount (Adyen API: POST /payments), pure. */
final class AdyenAuthorize {
  /** Adyen wants one in every request; nobody is sent there where there is no challenge. */
  private static final String NOWHERE = "https://nowhere.invalid/";

  private final String merchantAccount;
  private final boolean livemode;

  AdyenAuthorize(String merchantAccount, boolean livemode) {
    this.merchantAccount = merchantAccount;
    this.livemode = livemode;
  }

  /**
   * A card to pay with, as Adyen takes it.
   *
   * @param shopper whose stored card it is, null where it is none
   * @param answer the acquirer's answer to ask for in tests
   * @param more what the browser's component gave beside the card
   */
  record Card(
      JsonObject paymentMethod,
      @Nullable String shopper,
      @Nullable String answer,
      JsonObject more) {
    boolean isStored() {
      return paymentMethod.containsKey("storedPaymentMethodId");
    }
  }

  PspCall of(Authorize command) {
    Optional<JsonObject> amount = AdyenAmounts.of(command.amount());
    if (amount.isEmpty()) {
      return AdyenCalls.refused(
          DeclineCode.INVALID_AMOUNT, "Adyen has no such fraction of this currency");
    }
    String token = command.methodToken() == null ? command.cardToken() : command.methodToken();
    if (token == null) {
      throw new IllegalArgumentException("an authorization needs a payment method or a card token");
    }
    return card(token, command.customerReference(), followsChallenge(command))
        .map(card -> AdyenCalls.post(AdyenCalls.PAYMENTS, body(command, amount.get(), card)))
        .orElseGet(
            () ->
                AdyenCalls.refused(
                    DeclineCode.REFUSED_BY_PSP, "not a payment method that Adyen knows"));
  }

  private static boolean followsChallenge(Authorize command) {
    return !command.offSession() && !command.declinesChallenge();
  }

  /**
   * The card of a token: a test token, the JSON of the browser's component, or a stored method.
   *
   * @param shopper the customer's reference, for a stored method that does not name it
   * @return empty where it is none of these
   */
  Optional<Card> card(String token, @Nullable String shopper, boolean followsChallenge) {
    if (AdyenTestCards.isTestToken(token)) {
      return livemode
          ? Optional.empty()
          : AdyenTestCards.of(token).map(card -> test(card, followsChallenge));
    }
    if (AdyenComponent.isOne(token)) {
      return AdyenComponent.card(token);
    }
    AdyenToken stored = AdyenToken.of(token);
    String owner = stored.shopper() == null ? shopper : stored.shopper();
    return owner == null
        ? Optional.empty()
        : Optional.of(
            new Card(
                new JsonObject().put("type", "scheme").put("storedPaymentMethodId", stored.id()),
                owner,
                null,
                new JsonObject()));
  }

  private static Card test(TestCard card, boolean followsChallenge) {
    return new Card(card.paymentMethod(), null, card.answer(followsChallenge), new JsonObject());
  }

  private JsonObject body(Authorize command, JsonObject amount, Card card) {
    var body =
        new JsonObject()
            .put("merchantAccount", merchantAccount)
            .put("reference", command.operationId())
            .put("amount", amount)
            .put("metadata", new JsonObject().put("operation_id", command.operationId()))
            .put("channel", "Web")
            .put("paymentMethod", withHolder(card.paymentMethod(), command.billingDetails()))
            .put("returnUrl", command.returnUrl() == null ? NOWHERE : command.returnUrl())
            .put("redirectToIssuerMethod", "GET")
            .put("redirectFromIssuerMethod", "GET");
    capture(body, command, card);
    shopper(body, command, card);
    body.put("authenticationData", authentication(command));
    AdyenAddresses.billing(command.billingDetails())
        .ifPresent(address -> body.put("billingAddress", address));
    AdyenAddresses.delivery(command.shipping())
        .ifPresent(address -> body.put("deliveryAddress", address));
    return body.mergeIn(card.more());
  }

  /** Whether it is taken at once; without a word the account's own setting would decide. */
  private static void capture(JsonObject body, Authorize command, Card card) {
    var additional = new JsonObject();
    if (command.capture()) {
      body.put("captureDelayHours", 0);
    } else {
      additional.put("manualCapture", "true");
    }
    if (card.answer() != null) {
      additional.put("RequestedTestAcquirerResponseCode", card.answer());
    }
    if (!additional.isEmpty()) {
      body.put("additionalData", additional);
    }
  }

  private static void shopper(JsonObject body, Authorize command, Card card) {
    boolean stores =
        command.setupFutureUsage() != null
            && command.customerReference() != null
            && !card.isStored();
    body.put("shopperInteraction", command.offSession() ? "ContAuth" : "Ecommerce");
    if (card.isStored() || command.offSession() || stores) {
      boolean unscheduled =
          command.offSession() || "off_session".equals(command.setupFutureUsage());
      body.put("recurringProcessingModel", unscheduled ? "UnscheduledCardOnFile" : "CardOnFile");
    }
    if (stores) {
      body.put("storePaymentMethod", true);
    }
    put(
        body,
        "shopperReference",
        card.shopper() == null ? command.customerReference() : card.shopper());
    String email = command.receiptEmail();
    put(
        body,
        "shopperEmail",
        email == null && command.billingDetails().get("email") instanceof String of ? of : email);
    put(
        body,
        "shopperStatement",
        command.statementDescriptor() == null
            ? command.statementDescriptorSuffix()
            : command.statementDescriptor());
  }

  /** Only redirects can be followed through us, and none where nobody can follow. */
  private static JsonObject authentication(Authorize command) {
    var data = new JsonObject();
    if (!followsChallenge(command)) {
      return data.put("attemptAuthentication", "never");
    }
    String wish = command.threeDSecure();
    if ("any".equals(wish) || "challenge".equals(wish)) {
      data.put("attemptAuthentication", "always");
    }
    return data.put("threeDSRequestData", new JsonObject().put("nativeThreeDS", "disabled"));
  }

  private static JsonObject withHolder(JsonObject method, Map<String, Object> billingDetails) {
    boolean names =
        !method.containsKey("holderName") && !method.containsKey("storedPaymentMethodId");
    return names && billingDetails.get("name") instanceof String name
        ? method.copy().put("holderName", name)
        : method;
  }

  private static void put(JsonObject body, String name, @Nullable String value) {
    if (value != null) {
      body.put(name, value);
    }
  }

  /** Whether a stored request said that nobody can follow a challenge. */
  static boolean refusesChallenge(JsonObject body) {
    JsonObject data = AdyenJson.object(body, "authenticationData");
    return data != null && "never".equals(AdyenJson.text(data, "attemptAuthentication"));
  }

  /** Whether a stored request asked for the money to be taken at once. */
  static boolean capturesAtOnce(JsonObject body) {
    return body.containsKey("captureDelayHours");
  }
}
