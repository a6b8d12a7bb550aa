package psp.adyen;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import payments.OperationKind;
import psp.PspCommand;

/**
 * What our operations are called at Adyen, pure. A payment's {@code reference} is the operation's
 * id; a modification's has its kind before it, since Adyen tells of modifications from its Customer
 * Area under the payment's reference, and those are not ours.
 */
final class AdyenReferences {
  /** Adyen docs: "API idempotency"; a longer key would be refused. */
  private static final int LONGEST_KEY = 64;

  private AdyenReferences() {}

  static String ofModification(OperationKind kind, String operationId) {
    return kind.wire() + "/" + operationId;
  }

  /** Our key in a payment's reference; null in what is not ours. */
  static @Nullable String paymentKey(@Nullable String reference) {
    return reference != null && reference.startsWith(PspCommand.OUR_IDS) ? reference : null;
  }

  /** Our key in a modification's reference; null in what is not ours. */
  static @Nullable String modificationKey(OperationKind kind, @Nullable String reference) {
    String prefix = ofModification(kind, "");
    return reference != null && reference.startsWith(prefix)
        ? paymentKey(reference.substring(prefix.length()))
        : null;
  }

  /** The idempotency key as it is sent: one that is too long by its hash. */
  static String idempotencyKey(String key) {
    if (key.length() <= LONGEST_KEY) {
      return key;
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
