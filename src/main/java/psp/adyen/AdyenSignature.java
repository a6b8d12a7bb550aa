package psp.adyen;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import psp.HmacSha256;

/**
 * Adyen's webhook signatures, pure (Adyen docs: "Verify HMAC signatures"): HMAC-SHA256 over eight
 * fields of each item, in its {@code additionalData.hmacSignature}. What is not among the eight is
 * not signed, and comes as safe as the connection it came over.
 */
final class AdyenSignature {
  private static final String FIELD = "hmacSignature";

  private AdyenSignature() {}

  /** Whether a text can be a key. */
  static boolean isKey(String hex) {
    return !hex.isEmpty() && hex.length() % 2 == 0 && hex.chars().allMatch(HexFormat::isHexDigit);
  }

  /**
   * Checks an item against the signature within it.
   *
   * @param keys in hex; any may have signed
   * @return null where one of them signed it, else why not
   */
  static @Nullable String fault(JsonObject item, List<String> keys) {
    JsonObject additional = AdyenJson.object(item, "additionalData");
    String told = additional == null ? null : AdyenJson.text(additional, FIELD);
    if (told == null) {
      return "an item has no " + FIELD;
    }
    byte[] signature = decoded(told);
    if (signature == null) {
      return "the " + FIELD + " is not Base64";
    }
    byte[] signed = payload(item).getBytes(StandardCharsets.UTF_8);
    boolean genuine = false;
    for (String key : keys) {
      // Every key is tried, so that the time tells nothing of which one it was.
      genuine |= MessageDigest.isEqual(hmac(key, signed), signature);
    }
    return genuine ? null : "no signature matches: is the HMAC key right?";
  }

  /** One signature has one spelling: the decoder alone would not look at the last bits. */
  private static byte @Nullable [] decoded(String base64) {
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      return Base64.getEncoder().encodeToString(bytes).equals(base64) ? bytes : null;
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }

  /** The text that is signed: what is missing is empty. */
  static String payload(JsonObject item) {
    JsonObject amount = AdyenJson.object(item, "amount");
    return String.join(
        ":",
        part(item, "pspReference"),
        part(item, "originalReference"),
        part(item, "merchantAccountCode"),
        part(item, "merchantReference"),
        part(amount, "value"),
        part(amount, "currency"),
        part(item, "eventCode"),
        part(item, "success"));
  }

  private static String part(@Nullable JsonObject in, String name) {
    Object value = in == null ? null : in.getValue(name);
    return value == null ? "" : String.valueOf(value);
  }

  static byte[] hmac(String hexKey, byte[] text) {
    return HmacSha256.of(HexFormat.of().parseHex(hexKey), text);
  }
}
