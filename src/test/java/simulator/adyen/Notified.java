package simulator.adyen;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import simulator.Receiver;
import simulator.Simulator;

/** The items of the notifications that came, and whether they are signed. */
record Notified(JsonObject json) {
  static final String KEY = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056";

  /** Everything that came, once nothing is on its way any more. */
  static List<Notified> all(Simulator simulator, Receiver receiver) throws Exception {
    simulator.webhooks().idle().await(30, TimeUnit.SECONDS);
    return receiver.received().stream().flatMap(one -> items(one.body()).stream()).toList();
  }

  static List<Notified> items(String body) {
    return new JsonObject(body)
        .getJsonArray("notificationItems").stream()
            .map(each -> ((JsonObject) each).getJsonObject("NotificationRequestItem"))
            .map(Notified::new)
            .toList();
  }

  String eventCode() {
    return json.getString("eventCode");
  }

  String pspReference() {
    return json.getString("pspReference");
  }

  boolean success() {
    return Boolean.parseBoolean(json.getString("success"));
  }

  String text(String field) {
    return json.getString(field);
  }

  String additional(String field) {
    return json.getJsonObject("additionalData").getString(field);
  }

  boolean signed() {
    String text =
        String.join(
            ":",
            pspReference(),
            json.getString("originalReference", ""),
            json.getString("merchantAccountCode"),
            json.getString("merchantReference"),
            json.getJsonObject("amount").getLong("value").toString(),
            json.getJsonObject("amount").getString("currency"),
            eventCode(),
            json.getString("success"));
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(HexFormat.of().parseHex(KEY), "HmacSHA256"));
      String expected = Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(UTF_8)));
      return expected.equals(additional("hmacSignature"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
