package simulator.adyen;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import simulator.Caller;
import simulator.Caller.Reply;
import simulator.SimulatorExtension;

/** A merchant's server that speaks Checkout, with one API key. */
final class Shop {
  static final String KEY = "adyen_test_shop";
  static final String MERCHANT = "ShopEU";
  static final String PAYMENTS = "/v71/payments";
  static final String VISA = "4111111111111111";
  static final String CHALLENGED = "4212345678901237";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String baseUrl;
  private final @Nullable String key;

  Shop(SimulatorExtension simulator) {
    this(simulator.simulator().baseUrl(), KEY);
  }

  Shop(String baseUrl, @Nullable String key) {
    this.baseUrl = baseUrl;
    this.key = key;
  }

  static JsonObject amount(long minor) {
    return new JsonObject().put("currency", "EUR").put("value", minor);
  }

  /** A card with Adyen's test number. */
  static JsonObject card(String number) {
    return new JsonObject()
        .put("type", "scheme")
        .put("encryptedCardNumber", "test_" + number)
        .put("encryptedExpiryMonth", "test_03")
        .put("encryptedExpiryYear", "test_2030")
        .put("encryptedSecurityCode", number.startsWith("37") ? "test_7373" : "test_737");
  }

  /** A payment of 10 euros that is captured when asked for. */
  static JsonObject payment(JsonObject card) {
    return new JsonObject()
        .put("merchantAccount", MERCHANT)
        .put("reference", "order-1")
        .put("amount", amount(1000))
        .put("paymentMethod", card)
        .put("returnUrl", "https://shop.example/back?order=1")
        .put("metadata", new JsonObject().put("operation_id", "op-1"))
        .put("additionalData", new JsonObject().put("manualCapture", "true"));
  }

  /** A card to be stored for a shopper. */
  static JsonObject storing(String shopper) {
    return new JsonObject()
        .put("merchantAccount", MERCHANT)
        .put("shopperReference", shopper)
        .put("recurringProcessingModel", "UnscheduledCardOnFile")
        .put("paymentMethod", card(VISA));
  }

  static JsonObject payment() {
    return payment(card(VISA));
  }

  static JsonObject heldBy(String holderName) {
    return payment(card(VISA).put("holderName", holderName));
  }

  static JsonObject modification() {
    return new JsonObject().put("merchantAccount", MERCHANT).put("reference", "modification-1");
  }

  static JsonObject modification(long amountMinor) {
    return modification().put("amount", amount(amountMinor));
  }

  /** Pays, and fails where it does not work. */
  String authorised(JsonObject payment) {
    JsonObject answer = post(PAYMENTS, payment).json();
    if (!"Authorised".equals(answer.getString("resultCode"))) {
      throw new AssertionError(answer.encode());
    }
    return answer.getString("pspReference");
  }

  /** Pays and captures all of it. */
  String captured(JsonObject payment) {
    String pspReference = authorised(payment);
    modify(pspReference, "captures", modification(1000));
    return pspReference;
  }

  Reply modify(String pspReference, String what, JsonObject body) {
    return post(PAYMENTS + "/" + pspReference + "/" + what, body);
  }

  Reply post(String path, JsonObject body) {
    return Caller.send(request(path, body.encode(), request -> {}));
  }

  Reply post(String path, String idempotencyKey, JsonObject body) {
    return Caller.send(
        request(path, body.encode(), one -> one.header("Idempotency-Key", idempotencyKey)));
  }

  Reply postText(String path, String body) {
    return Caller.send(request(path, body, request -> {}));
  }

  CompletableFuture<HttpResponse<String>> postLater(
      String path, String idempotencyKey, JsonObject body) {
    return HttpClient.newHttpClient()
        .sendAsync(
            request(path, body.encode(), one -> one.header("Idempotency-Key", idempotencyKey)),
            HttpResponse.BodyHandlers.ofString(UTF_8));
  }

  Reply get(String path) {
    return Caller.send(builder(path).GET().build());
  }

  Reply delete(String path) {
    HttpRequest.Builder request = builder(path).DELETE();
    return Caller.send(request.build());
  }

  private HttpRequest request(String path, String body, Consumer<HttpRequest.Builder> more) {
    HttpRequest.Builder request =
        builder(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body, UTF_8));
    more.accept(request);
    return request.build();
  }

  private HttpRequest.Builder builder(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(baseUrl + path)).timeout(PATIENCE);
    return key == null ? request : request.header("X-API-Key", key);
  }
}
