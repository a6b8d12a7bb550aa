package app;

import config.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import psp.HmacSha256;

/**
 * Proofs that only who has a PSP account's secret can make. They are the same as long as the secret
 * is, whatever happens to the database, and tell nothing of it.
 */
final class AccountProof {
  /** What the key is derived for: with the secret itself nothing but calls to the PSP is made. */
  private static final String PURPOSE = "sluice: customers' way back";

  private static final int BYTES = 18;

  private final byte[] key;

  AccountProof(Secret secret) {
    key = HmacSha256.of(bytes(secret.value()), bytes(PURPOSE));
  }

  /** The proof of a text: 24 letters, digits, - and _. */
  String of(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Arrays.copyOf(HmacSha256.of(key, bytes(text)), BYTES));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
