package simulator.adyen;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import simulator.Ids;
import simulator.webhooks.EventFormat;
import simulator.webhooks.WebhookEvent;

/**
 * How Adyen signs what it sends: each item for itself, by an HMAC-SHA256 in its additional data
 * over its references, amount, event code and success. Where there are several keys, the first is
 * the one in use, as Adyen signs once.
 */
final class AdyenEventFormat implements EventFormat {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String ADDITIONAL_DATA = "additionalData";
  private static final String EVENT_DATE = "eventDate";
  private static final String ITEM = "NotificationRequestItem";
  private static final String ITEMS = "notificationItems";
  private static final int KEY_BYTES = 32;

  @Override
  public Sending sending(Buffer body, List<String> secrets, Instant at) {
    JsonObject notification = new JsonObject(body);
    for (JsonObject item : items(notification)) {
      JsonObject additional = item.getJsonObject(ADDITIONAL_DATA);
      if (additional == null) {
        additional = new JsonObject();
        item.put(ADDITIONAL_DATA, additional);
      }
      additional.put("hmacSignature", signature(signed(item), secrets.getFirst()));
    }
    return new Sending(
        Map.of(
            "Content-Type",
            "application/json; charset=utf-8",
            "User-Agent",
            "Adyen HttpClient 1.0 (simulated)"),
        notification.toBuffer());
  }

  private static List<JsonObject> items(JsonObject notification) {
    JsonArray items = notification.getJsonArray(ITEMS);
    return items.stream().map(each -> ((JsonObject) each).getJsonObject(ITEM)).toList();
  }

  private static String signed(JsonObject item) {
    JsonObject amount = item.getJsonObject("amount");
    return String.join(
        ":",
        item.getString("pspReference", ""),
        item.getString("originalReference", ""),
        item.getString("merchantAccountCode", ""),
        item.getString("merchantReference", ""),
        String.valueOf(amount.getLong("value")),
        amount.getString("currency"),
        item.getString("eventCode"),
        item.getString("success"));
  }

  /** Of a text under a key in hex. */
  static String signature(String text, String hexKey) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(bytes(hexKey), ALGORITHM));
      return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java has HMAC-SHA256 for every key", e);
    }
  }

  /** A key that is no hex signs by its characters, and no receiver takes that. */
  private static byte[] bytes(String hexKey) {
    try {
      return HexFormat.of().parseHex(hexKey);
    } catch (IllegalArgumentException noHex) {
      return hexKey.getBytes(StandardCharsets.UTF_8);
    }
  }

  @Override
  public String wrongSecret() {
    return "5A".repeat(KEY_BYTES);
  }

  /** Adyen's items have no id of their own: what is told anew has another date. */
  @Override
  public WebhookEvent retold(WebhookEvent event) {
    JsonObject notification = new JsonObject(event.body());
    for (JsonObject item : items(notification)) {
      OffsetDateTime told = OffsetDateTime.parse(item.getString(EVENT_DATE));
      item.put(EVENT_DATE, AdyenEvents.DATE.format(told.plusSeconds(1)));
    }
    return new WebhookEvent(
        Ids.next(AdyenEvents.ID),
        event.account(),
        event.type(),
        event.object(),
        event.metadata(),
        event.createdAt(),
        notification.toBuffer());
  }
}
