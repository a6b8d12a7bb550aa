package simulator;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Account ids: each secret key is an account of its own, whose id is derived from the key so that
 * no key is stored or shown.
 */
public final class AccountId {
  private static final String PREFIX = "acct_";

  private AccountId() {}

  /** The account of a secret key; an account id is returned as it is. */
  public static String of(String keyOrId) {
    if (keyOrId.startsWith(PREFIX)) {
      return keyOrId;
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(keyOrId.getBytes(StandardCharsets.UTF_8));
      return PREFIX + HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
