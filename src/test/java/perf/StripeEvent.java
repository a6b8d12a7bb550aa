package perf;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Events as Stripe sends them, about as long as those of payments are. */
final class StripeEvent {
  static final String SECRET = "whsec_measured";

  /** Text that compresses as little as theirs. */
  private static final String FILLING = filling(1_800);

  private StripeEvent() {}

  /** A payment that an answer told already. */
  static String succeeded(String id, String intent) {
    var object =
        new JsonObject()
            .put("id", intent)
            .put("object", "payment_intent")
            .put("amount", 100_000)
            .put("amount_received", 100_000)
            .put("currency", "usd")
            .put("status", "succeeded")
            .put("metadata", new JsonObject())
            .put("description", FILLING);
    return event(id, "payment_intent.succeeded", object);
  }

  /** Of a type that is stored and left alone. */
  static String leftAlone(String id, String intent) {
    var object =
        new JsonObject()
            .put("id", "ch_measured")
            .put("object", "charge")
            .put("amount", 100_000)
            .put("currency", "usd")
            .put("payment_intent", intent)
            .put("status", "succeeded")
            .put("description", FILLING);
    return event(id, "charge.succeeded", object);
  }

  /** A refund that was made at the PSP: nothing told it before. */
  static String refund(long number, String intent) {
    var object =
        new JsonObject()
            .put("id", "re_measured_" + number)
            .put("object", "refund")
            .put("amount", 1)
            .put("currency", "usd")
            .put("payment_intent", intent)
            .put("charge", "ch_measured")
            .put("metadata", new JsonObject())
            .put("reason", "requested_by_customer")
            .put("status", "succeeded")
            .put("created", System.currentTimeMillis() / 1000);
    return event("evt_refund_" + number, "refund.created", object);
  }

  private static String filling(int length) {
    var random = new java.util.Random(1);
    var text = new StringBuilder();
    while (text.length() < length) {
      text.append(Integer.toString(random.nextInt(Integer.MAX_VALUE), 36)).append('_');
    }
    return text.toString();
  }

  private static String event(String id, String type, JsonObject object) {
    return new JsonObject()
        .put("id", id)
        .put("object", "event")
        .put("api_version", com.stripe.Stripe.API_VERSION)
        .put("created", System.currentTimeMillis() / 1000)
        .put("data", new JsonObject().put("object", object))
        .put("livemode", false)
        .put("pending_webhooks", 1)
        .put("request", new JsonObject().putNull("id").putNull("idempotency_key"))
        .put("type", type)
        .encode();
  }

  /** The header that signs an event. */
  static String signature(long time, String body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] signed = mac.doFinal((time + "." + body).getBytes(StandardCharsets.UTF_8));
      return "Stripe-Signature: t=" + time + ",v1=" + HexFormat.of().formatHex(signed);
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
