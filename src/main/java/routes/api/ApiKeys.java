package routes.api;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import payments.Refusal.Code;

/**
 * The API keys in memory, by digest. A key is looked up by its SHA-256, so neither the time of the
 * lookup nor a memory dump of the table tells anything of a key; a slow hash is not needed, because
 * keys are random and long. Safe for use by several threads.
 */
public final class ApiKeys {
  private volatile Map<String, ApiKey> byDigest;

  /**
   * @param byDigest the keys by {@link #digest}
   */
  public ApiKeys(Map<String, ApiKey> byDigest) {
    this.byDigest = Map.copyOf(byDigest);
  }

  /** Takes over a new table at once: keys were made or revoked. */
  public void replaceAll(Map<String, ApiKey> newByDigest) {
    byDigest = Map.copyOf(newByDigest);
  }

  /** The digest under which a key is stored: SHA-256 in lower-case hexadecimal. */
  public static String digest(String key) {
    return HexFormat.of()
        .formatHex(Fingerprint.sha256().digest(key.getBytes(StandardCharsets.UTF_8)));
  }

  Optional<ApiKey> find(String key) {
    return Optional.ofNullable(byDigest.get(digest(key)));
  }

  /**
   * The key of an Authorization header.
   *
   * @param authorization the header, null where the request has none
   */
  ApiKey authenticate(@Nullable String authorization) {
    String presented = presented(authorization);
    return find(presented)
        .orElseThrow(
            () ->
                new RefusedException(
                    Code.KEY_INVALID, "Invalid API Key provided: " + redacted(presented)));
  }

  private static String presented(@Nullable String authorization) {
    if (authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
      String key = authorization.substring(7).strip();
      if (!key.isEmpty()) {
        return key;
      }
    }
    if (authorization != null && authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
      String user = basicUser(authorization.substring(6).strip());
      if (!user.isEmpty()) {
        return user;
      }
    }
    throw new RefusedException(
        Code.KEY_MISSING,
        "You did not provide an API key. You need to provide your API key in the Authorization"
            + " header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY') or Basic"
            + " auth with the key as the user name.");
  }

  private static String basicUser(String credentials) {
    try {
      String decoded =
          new String(Base64.getDecoder().decode(credentials), StandardCharsets.ISO_8859_1);
      int colon = decoded.indexOf(':');
      return colon < 0 ? decoded : decoded.substring(0, colon);
    } catch (IllegalArgumentException notBase64) {
      // Not a key, so the request is answered as one without a key.
      return "";
    }
  }

  /** As much of a key as tells its owner which it was: {@code sk_test_****abcd}. */
  static String redacted(String key) {
    boolean shaped = key.matches("(sk|pk|rk)_(test|live)_[A-Za-z0-9_]{8,}");
    if (!shaped) {
      return "****";
    }
    // Of a short key four characters would be too much of it.
    return key.substring(0, 8)
        + "****"
        + (key.length() >= 24 ? key.substring(key.length() - 4) : "");
  }
}
