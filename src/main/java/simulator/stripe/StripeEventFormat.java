package simulator.stripe;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import simulator.Ids;
import simulator.webhooks.EventFormat;
import simulator.webhooks.WebhookEvent;

/**
 * How Stripe signs what it sends: {@code Stripe-Signature: t=seconds,v1=hmac}, the HMAC-SHA256
 * being over the seconds, a dot and the body, with one {@code v1} for each live secret.
 */
public final class StripeEventFormat implements EventFormat {
  private static final String ALGORITHM = "HmacSHA256";

  @Override
  public Sending sending(Buffer body, List<String> secrets, Instant at) {
    long seconds = at.getEpochSecond();
    StringBuilder signature = new StringBuilder("t=").append(seconds);
    for (String secret : secrets) {
      signature.append(",v1=").append(hmac(secret, seconds, body));
    }
    return new Sending(
        Map.of(
            "Content-Type",
            "application/json; charset=utf-8",
            "User-Agent",
            "Stripe/1.0 (simulated)",
            "Stripe-Signature",
            signature.toString()),
        body);
  }

  @Override
  public String wrongSecret() {
    return "whsec_that_is_none";
  }

  private static String hmac(String secret, long seconds, Buffer body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      mac.update((seconds + ".").getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(mac.doFinal(body.getBytes()));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java has HMAC-SHA256 for every key", e);
    }
  }

  @Override
  public WebhookEvent retold(WebhookEvent event) {
    String id = Ids.next("evt_");
    return new WebhookEvent(
        id,
        event.account(),
        event.type(),
        event.object(),
        event.metadata(),
        event.createdAt(),
        new JsonObject(event.body()).put("id", id).toBuffer());
  }
}
