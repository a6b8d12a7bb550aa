package flows;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts the secrets that the database keeps: AES-256-GCM with a fresh nonce each time, in a text
 * that names its form. What a secret belongs to is bound to it, so that a row's secret put into
 * another row does not open. Safe for use by several threads.
 */
public final class SecretBox {
  private static final String PREFIX = "sealed.v1.";
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeySpec key;
  private final SecureRandom random;

  /** A box with a key of 32 bytes. */
  public SecretBox(byte[] key, SecureRandom random) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("an encryption key has 32 bytes");
    }
    this.key = new SecretKeySpec(key, "AES");
    this.random = random;
  }

  /** The text is not what this box, with this key, sealed for that owner. */
  public static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unreadable() {
      super("a sealed secret does not open: this Sluice has no encryption-key");
    }

    Unreadable(Throwable cause) {
      super(
          "a sealed secret does not open: encryption-key is not the one it was sealed with", cause);
    }
  }

  static boolean isSealed(String text) {
    return text.startsWith(PREFIX);
  }

  /** Encrypts a text for what it belongs to. */
  String seal(String text, String... owner) {
    var nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      Cipher cipher = Cipher.getInstance(CIPHER);
      cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(bound(owner));
      byte[] encrypted = cipher.doFinal(text.getBytes(StandardCharsets.UTF_8));
      var whole = new byte[NONCE_BYTES + encrypted.length];
      System.arraycopy(nonce, 0, whole, 0, NONCE_BYTES);
      System.arraycopy(encrypted, 0, whole, NONCE_BYTES, encrypted.length);
      return PREFIX + Base64.getEncoder().encodeToString(whole);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("AES-256-GCM is part of every Java", impossible);
    }
  }

  /**
   * Opens what was sealed for that owner.
   *
   * @throws Unreadable for anything else
   */
  String open(String text, String... owner) {
    try {
      byte[] whole = Base64.getDecoder().decode(text.substring(PREFIX.length()));
      Cipher cipher = Cipher.getInstance(CIPHER);
      cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, whole, 0, NONCE_BYTES));
      cipher.updateAAD(bound(owner));
      byte[] clear = cipher.doFinal(whole, NONCE_BYTES, whole.length - NONCE_BYTES);
      return new String(clear, StandardCharsets.UTF_8);
    } catch (GeneralSecurityException | RuntimeException unreadable) {
      throw new Unreadable(unreadable);
    }
  }

  /** Each part with its length, so that no two owners have the same form. */
  private static byte[] bound(String... owner) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      for (String part : Arrays.asList(owner)) {
        out.writeUTF(part);
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }
}
