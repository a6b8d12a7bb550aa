package e2e;

import config.DataMode;
import config.KeyKind;
import config.KeySettings;
import config.MerchantSettings;
import config.PspAccountSettings;
import config.PspKind;
import config.Secret;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import simulator.Authorization;
import simulator.CallMatch;
import simulator.Operation;
import support.Books;
import support.TestGateway;

/**
 * The demo merchant with two PSP accounts at the simulator, and a merchant whose first account lies
 * behind a door.
 */
final class TwoAccounts {
  static final String FIRST = "stripe_demo";
  static final String SECOND = "stripe_second";
  static final String FIRST_KEY = TestGateway.PSP_KEY;
  static final String SECOND_KEY = "sk_test_simulator_second";

  static final String SHUT_KEY = "sk_test_shut";
  static final String BEHIND_DOOR = "stripe_behind_door";
  static final String BEHIND_DOOR_KEY = "sk_test_simulator_door";
  static final String BESIDE = "stripe_beside";
  static final String BESIDE_KEY = "sk_test_simulator_beside";

  /** Sendings of authorizations to the first account. */
  static final CallMatch AT_FIRST = CallMatch.of(Operation.AUTHORIZE).account(FIRST_KEY);

  private static final URI SIMULATOR = URI.create("http://127.0.0.1:1");

  private TwoAccounts() {}

  private static MerchantSettings demo(MerchantSettings merchant) {
    return new MerchantSettings(
        merchant.id(),
        merchant.keys(),
        List.of(
            account(FIRST, FIRST_KEY, SIMULATOR, 100, null),
            account(SECOND, SECOND_KEY, SIMULATOR, 200, null)));
  }

  static List<MerchantSettings> merchants(List<MerchantSettings> demo, URI door) {
    var key =
        new KeySettings("shut_secret", KeyKind.SECRET, DataMode.TEST, null, new Secret(SHUT_KEY));
    return List.of(
        // Without webhooks: one that overtakes the answer of a decline would end the payment.
        demo(demo.getFirst()),
        new MerchantSettings(
            "shut",
            List.of(key),
            List.of(
                account(BEHIND_DOOR, BEHIND_DOOR_KEY, door, 1, "whsec_door"),
                account(BESIDE, BESIDE_KEY, SIMULATOR, 2, null))));
  }

  private static PspAccountSettings account(
      String id, String key, URI url, int priority, @Nullable String webhookSecret) {
    return new PspAccountSettings(
        id,
        PspKind.STRIPE,
        DataMode.TEST,
        url,
        new Secret(key),
        null,
        webhookSecret == null ? null : new Secret(webhookSecret),
        null,
        priority,
        100);
  }

  static Books books(TestGateway gateway) {
    return new Books(
        gateway.database(),
        gateway.simulator(),
        FIRST_KEY,
        SECOND_KEY,
        BEHIND_DOOR_KEY,
        BESIDE_KEY);
  }

  /** A payment method of the demo merchant that the accounts know by different tokens. */
  static String method(TestGateway gateway, String id, String first, @Nullable String second) {
    var tokens = new JsonObject().put(FIRST, first);
    if (second != null) {
      tokens.put(SECOND, second);
    }
    gateway
        .database()
        .execute(
            "INSERT INTO payment_method (merchant_id, payment_method_id, livemode, tokens,"
                + " parameters, created_at) VALUES ('demo', '"
                + id
                + "', false, '"
                + tokens.encode()
                + "', '{}', now())");
    return id;
  }

  /** The story of a payment as operators see it. */
  static JsonObject story(TestGateway gateway, String paymentId) {
    return new JsonObject(gateway.operator("/ops/payments/" + paymentId).body());
  }

  static List<JsonObject> list(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }

  /** Its authorizations: account and status, in their order. */
  static List<String> authorizations(TestGateway gateway, String paymentId) {
    return list(story(gateway, paymentId).getJsonArray("operations")).stream()
        .filter(operation -> operation.getString("kind").equals("authorize"))
        .map(operation -> operation.getString("psp_account") + " " + operation.getString("status"))
        .toList();
  }

  /** The names of its history's events. */
  static String history(TestGateway gateway, String paymentId) {
    return list(story(gateway, paymentId).getJsonArray("history")).stream()
        .map(change -> change.getString("event"))
        .collect(Collectors.joining(" "));
  }

  /** The charges that were really made at an account for any of a payment's operations. */
  static List<Authorization> charges(TestGateway gateway, String paymentId, String pspKey) {
    List<String> keys =
        list(story(gateway, paymentId).getJsonArray("operations")).stream()
            .map(operation -> operation.getString("psp_idempotency_key"))
            .toList();
    return gateway.simulator().truth().account(pspKey).approved().stream()
        .filter(charge -> keys.contains(charge.metadata().get("operation_id")))
        .toList();
  }
}
