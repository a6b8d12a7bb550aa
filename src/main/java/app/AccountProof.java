package app;

import config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proofs that only who has a PSP account's secret can make. They are the same as long as the secret
 * is, whatever happens to the database, and tell nothing of it.
 */
final class AccountProof {
  private static final String ALGORITHM = "HmacSHA256";

  /** What the key is derived for: with the secret itself nothing but calls to the PSP is made. */
  private static final String PURPOSE = "sluice: customers' way back";

  private static final int BYTES = 18;

  private final SecretKeySpec key;

  AccountProof(Secret secret) {
    var whole = new SecretKeySpec(secret.value().getBytes(StandardCharsets.UTF_8), ALGORITHM);
    key = new SecretKeySpec(mac(whole, PURPOSE), ALGORITHM);
  }

  /** The proof of a text: 24 letters, digits, - and _. */
  String of(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Arrays.copyOf(mac(key, text), BYTES));
  }

  private static byte[] mac(SecretKeySpec key, String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", e);
    }
  }
}
