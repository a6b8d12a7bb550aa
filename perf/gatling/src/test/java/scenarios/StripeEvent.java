package scenarios;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Webhooks as Stripe sends them: about as long as those of payments, and signed. */
final class StripeEvent {
  /** Text that compresses as little as theirs. */
  private static final String FILLING = filling(1_800);

  private StripeEvent() {}

  /**
   * A payment that an answer told already: it is looked up, and nothing changes.
   *
   * @param intent the PSP's name for it
   * @param key ours, by which the gateway knows what it made
   */
  static String succeeded(String id, String intent, String key, long amountMinor) {
    return event(
        id,
        "payment_intent.succeeded",
        """
        {"id":"%s","object":"payment_intent","amount":%d,"amount_received":%d,"currency":"%s","status":"succeeded",\
        "metadata":{"operation_id":"%s"},"description":"%s"}\
        """
            .formatted(intent, amountMinor, amountMinor, Parameters.currency(), key, FILLING));
  }

  /** Of a type that is stored and left alone. */
  static String leftAlone(String id, String intent) {
    return event(
        id,
        "charge.succeeded",
        """
        {"id":"ch_%s","object":"charge","amount":1099,"currency":"%s","payment_intent":"%s","status":"succeeded",\
        "metadata":{},"description":"%s"}\
        """
            .formatted(id, Parameters.currency(), intent, FILLING));
  }

  private static String event(String id, String type, String object) {
    return """
    {"id":"%s","object":"event","api_version":"2026-07-29.dahlia","created":%d,"data":{"object":%s},"livemode":false,\
    "pending_webhooks":1,"request":{"id":null,"idempotency_key":null},"type":"%s"}\
    """
        .formatted(id, seconds(), object, type);
  }

  /** The value of {@code Stripe-Signature} for a body that is sent now. */
  static String signature(String secret, String body) {
    long time = seconds();
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] signed = mac.doFinal((time + "." + body).getBytes(StandardCharsets.UTF_8));
      return "t=" + time + ",v1=" + HexFormat.of().formatHex(signed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long seconds() {
    return System.currentTimeMillis() / 1000;
  }

  private static String filling(int length) {
    var random = new Random(1);
    var text = new StringBuilder();
    while (text.length() < length) {
      text.append(Integer.toString(random.nextInt(Integer.MAX_VALUE), 36)).append('_');
    }
    return text.toString();
  }
}
