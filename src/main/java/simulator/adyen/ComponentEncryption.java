package simulator.adyen;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * What stands here for the encryption of Adyen's component in a browser: card data as nobody reads
 * it by chance, and as long as the real thing may be. Beside it the test platform takes plain data
 * with {@code test_} before it, which no gateway may pass on from its merchants.
 */
public final class ComponentEncryption {
  private static final String TEST = "test_";
  private static final String MARK = "simulated_";
  private static final char FILLER = '.';

  private ComponentEncryption() {}

  /** Card data as a component would give it. */
  public static String encrypt(String plain) {
    return MARK
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(plain.getBytes(StandardCharsets.UTF_8));
  }

  /** The same, filled up to a length. */
  public static String encrypt(String plain, int length) {
    String shortest = encrypt(plain);
    return shortest + String.valueOf(FILLER).repeat(Math.max(0, length - shortest.length()));
  }

  /** What was encrypted, or empty where it was not encrypted for us. */
  static Optional<String> decrypt(String encrypted) {
    if (encrypted.startsWith(TEST)) {
      return Optional.of(encrypted.substring(TEST.length()));
    }
    if (!encrypted.startsWith(MARK)) {
      return Optional.empty();
    }
    int filled = encrypted.indexOf(FILLER);
    String encoded = encrypted.substring(MARK.length(), filled < 0 ? encrypted.length() : filled);
    try {
      return Optional.of(
          new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }
}
