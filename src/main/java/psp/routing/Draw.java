package psp.routing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The draw of a split: each account gets a rank from what is drawn by and its name alone, and the
 * lowest comes first. With ranks of {@code -ln(u) / weight} (the first of exponential variables) an
 * account is first in proportion to its weight, the others keep their shares among themselves where
 * it cannot be asked, and adding one moves only what it takes.
 */
final class Draw {
  /** As many bits as a double holds exactly. */
  private static final int BITS = 53;

  private Draw() {}

  static double rank(String draw, String accountId, int weight) {
    // StrictMath: every machine gets the same.
    return weight == 0
        ? Double.POSITIVE_INFINITY
        : -StrictMath.log(uniform(draw, accountId)) / weight;
  }

  /** Above 0 and below 1. */
  private static double uniform(String draw, String accountId) {
    long bits = hash(draw.length() + ":" + draw + accountId) >>> (Long.SIZE - BITS);
    return (bits + 0.5) / (1L << BITS);
  }

  private static long hash(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return ByteBuffer.wrap(digest.digest(text.getBytes(StandardCharsets.UTF_8))).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
