package psp.adyen;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import payments.CardChecks;
import payments.CardDetails;
import psp.CardVault;
import psp.TransportFailure;
import psp.adyen.AdyenTestCards.TestCard;

/**
 * Adyen's stored payment methods (Adyen API: storedPaymentMethods). A shopper is nothing but a name
 * of ours there, so our customer's id is its reference and is not made first.
 *
 * <p>Stripe's test tokens need no storing: each stands for its test card for ever.
 */
final class AdyenVault implements CardVault {
  private static final String SHOPPER = "shopperReference";

  private final AdyenConnection connection;
  private final AdyenSettings settings;

  AdyenVault(AdyenConnection connection, AdyenSettings settings) {
    this.connection = connection;
    this.settings = settings;
  }

  @Override
  public Future<VaultResult<CardOnFile>> retrieve(String token) {
    Optional<VaultResult<CardOnFile>> known = knownHere(token);
    if (known.isPresent()) {
      return Future.succeededFuture(known.get());
    }
    AdyenToken stored = AdyenToken.of(token);
    String shopper = stored.shopper();
    return shopper == null
        // Adyen shows stored cards to who names the shopper only.
        ? Future.succeededFuture(new VaultResult.NotFound<>())
        : ask(HttpMethod.GET, AdyenCalls.STORED + owner(shopper), null, null)
            .map(
                asked ->
                    switch (asked) {
                      case VaultResult.Done<JsonObject> done ->
                          listed(done.value(), shopper, stored);
                      case VaultResult.Refused<JsonObject> refused ->
                          new VaultResult.Refused<>(refused.decline());
                      case VaultResult.NotFound<JsonObject> ignored -> new VaultResult.NotFound<>();
                      case VaultResult.Unavailable<JsonObject> unavailable ->
                          new VaultResult.Unavailable<>(unavailable.detail());
                    });
  }

  @Override
  public Future<VaultResult<String>> createCustomer(
      String customerId, Map<String, Object> parameters, String idempotencyKey) {
    return Future.succeededFuture(new VaultResult.Done<>(customerId));
  }

  @Override
  public Future<VaultResult<CardOnFile>> attach(
      String token, String customerReference, String idempotencyKey) {
    Optional<VaultResult<CardOnFile>> known = knownHere(token);
    if (known.isPresent()) {
      return Future.succeededFuture(known.get());
    }
    if (!AdyenComponent.isOne(token)) {
      // It was stored for its shopper when it was made.
      AdyenToken stored = AdyenToken.of(token);
      String owner = stored.shopper() == null ? customerReference : stored.shopper();
      return Future.succeededFuture(
          new VaultResult.Done<>(onFile(new AdyenToken(owner, stored.id()), null)));
    }
    return AdyenComponent.card(token)
        .filter(card -> !card.isStored())
        .map(card -> store(card.paymentMethod(), customerReference, idempotencyKey))
        .orElseGet(() -> Future.succeededFuture(new VaultResult.NotFound<>()));
  }

  private Future<VaultResult<CardOnFile>> store(
      JsonObject paymentMethod, String shopper, String idempotencyKey) {
    JsonObject body = storing(settings.merchantAccount(), paymentMethod, shopper);
    return ask(HttpMethod.POST, AdyenCalls.STORED, body.encode(), idempotencyKey)
        .map(
            asked ->
                switch (asked) {
                  case VaultResult.Done<JsonObject> done -> stored(done.value(), shopper);
                  case VaultResult.Refused<JsonObject> refused ->
                      new VaultResult.Refused<>(refused.decline());
                  case VaultResult.NotFound<JsonObject> ignored -> new VaultResult.NotFound<>();
                  case VaultResult.Unavailable<JsonObject> unavailable ->
                      new VaultResult.Unavailable<>(unavailable.detail());
                });
  }

  /** The request that stores a card (Adyen API: POST /storedPaymentMethods). */
  static JsonObject storing(String merchantAccount, JsonObject paymentMethod, String shopper) {
    return new JsonObject()
        .put("merchantAccount", merchantAccount)
        .put(SHOPPER, shopper)
        .put("recurringProcessingModel", "UnscheduledCardOnFile")
        .put("paymentMethod", paymentMethod);
  }

  @Override
  public Future<VaultResult<CardOnFile>> detach(String token, String idempotencyKey) {
    Optional<VaultResult<CardOnFile>> known = knownHere(token);
    AdyenToken stored = AdyenToken.of(token);
    if (known.isPresent() || AdyenComponent.isOne(token)) {
      return Future.succeededFuture(
          known.orElseGet(() -> new VaultResult.Done<>(onFile(stored, null))));
    }
    if (stored.shopper() == null) {
      return Future.succeededFuture(new VaultResult.NotFound<>());
    }
    String path =
        AdyenCalls.STORED + "/" + AdyenCalls.encoded(stored.id()) + owner(stored.shopper());
    return connection
        .call(HttpMethod.DELETE, path, null, null)
        .map(answer -> detached(answer, stored))
        .recover(AdyenVault::unavailable);
  }

  private static VaultResult<CardOnFile> detached(AdyenAnswer answer, AdyenToken stored) {
    return answer.isSuccess()
        ? new VaultResult.Done<>(onFile(stored, null))
        : VaultAnswers.ofFailure(answer);
  }

  private String owner(String shopper) {
    return "?merchantAccount="
        + AdyenCalls.encoded(settings.merchantAccount())
        + "&shopperReference="
        + AdyenCalls.encoded(shopper);
  }

  /** What is known of a test token without asking, in test mode. */
  private Optional<VaultResult<CardOnFile>> knownHere(String token) {
    if (!AdyenTestCards.isTestToken(token)) {
      return Optional.empty();
    }
    Optional<TestCard> card = settings.livemode() ? Optional.empty() : AdyenTestCards.of(token);
    return Optional.of(
        card.<VaultResult<CardOnFile>>map(
                test ->
                    new VaultResult.Done<>(
                        new CardOnFile(token, test.details(), CardChecks.NONE, Map.of())))
            .orElseGet(VaultResult.NotFound::new));
  }

  private Future<VaultResult<JsonObject>> ask(
      HttpMethod method, String path, @Nullable String body, @Nullable String idempotencyKey) {
    return connection
        .call(method, path, body, idempotencyKey)
        .map(VaultAnswers::of)
        .recover(AdyenVault::unavailable);
  }

  private static <T> Future<VaultResult<T>> unavailable(Throwable failure) {
    return failure instanceof TransportFailure transport
        ? Future.succeededFuture(
            new VaultResult.Unavailable<>(transport.stage() + " " + transport.getMessage()))
        : Future.failedFuture(failure);
  }

  /** Whether an answer says that it is about another shopper than the one that was named. */
  private static boolean isOfAnother(String shopper, JsonObject answer) {
    String told = AdyenJson.filled(answer, SHOPPER);
    return told != null && !told.equals(shopper);
  }

  private static <T> VaultResult<T> ofAnother() {
    return new VaultResult.Unavailable<>("the answer is about another shopper");
  }

  private static VaultResult<CardOnFile> listed(
      JsonObject list, String shopper, AdyenToken wanted) {
    if (isOfAnother(shopper, list)) {
      return ofAnother();
    }
    if (!(list.getValue("storedPaymentMethods") instanceof JsonArray methods)) {
      return new VaultResult.Unavailable<>("unreadable answer");
    }
    for (Object method : methods) {
      if (method instanceof JsonObject stored && wanted.id().equals(AdyenJson.text(stored, "id"))) {
        return new VaultResult.Done<>(onFile(wanted, stored));
      }
    }
    return new VaultResult.NotFound<>();
  }

  private static VaultResult<CardOnFile> stored(JsonObject resource, String shopper) {
    if (isOfAnother(shopper, resource)) {
      return ofAnother();
    }
    String id = AdyenJson.filled(resource, "id");
    return id == null
        ? new VaultResult.Unavailable<>("unreadable answer")
        : new VaultResult.Done<>(onFile(new AdyenToken(shopper, id), resource));
  }

  private static CardOnFile onFile(AdyenToken token, @Nullable JsonObject resource) {
    return new CardOnFile(token.text(), card(resource), CardChecks.NONE, Map.of());
  }

  /** A stored card writes the last two digits of its year. */
  private static @Nullable CardDetails card(@Nullable JsonObject resource) {
    String last4 = AdyenJson.filled(resource, "lastFour");
    String month = AdyenJson.filled(resource, "expiryMonth");
    String year = AdyenJson.filled(resource, "expiryYear");
    boolean readable =
        last4 != null
            && month != null
            && month.matches("\\d{1,2}")
            && year != null
            && year.matches("\\d{2}|\\d{4}");
    if (!readable || last4 == null || month == null || year == null) {
      return null;
    }
    String brand = AdyenCards.brand(AdyenJson.filled(resource, "brand"));
    return new CardDetails(
        brand,
        last4,
        Integer.parseInt(month),
        Integer.parseInt(year.length() == 2 ? "20" + year : year),
        "unknown",
        null,
        null,
        brand.equals("unknown") ? null : brand);
  }

  /** What answers to vault calls mean. */
  private static final class VaultAnswers {
    static VaultResult<JsonObject> of(AdyenAnswer answer) {
      JsonObject body = answer.body();
      if (!answer.isSuccess()) {
        return ofFailure(answer);
      }
      return body == null
          ? new VaultResult.Unavailable<>("unreadable answer")
          : new VaultResult.Done<>(body);
    }

    static <T> VaultResult<T> ofFailure(AdyenAnswer answer) {
      Optional<AdyenError> error = AdyenError.of(answer.body());
      boolean definite = !answer.isTransient() && error.isPresent();
      return switch (answer.status()) {
        case 404 ->
            definite
                ? new VaultResult.NotFound<>()
                : new VaultResult.Unavailable<>(AdyenMapping.describe(answer));
        case 400, 422 ->
            definite && !AdyenMapping.isInProgress(error.orElseThrow())
                ? new VaultResult.Refused<>(AdyenDeclines.ofError(error.orElseThrow()))
                : new VaultResult.Unavailable<>(AdyenMapping.describe(answer));
        default -> new VaultResult.Unavailable<>(AdyenMapping.describe(answer));
      };
    }
  }
}
