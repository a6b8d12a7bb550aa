package psp.stripe;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import psp.HmacSha256;

/**
 * Stripe's webhook signatures, pure (Stripe documentation: "Verify webhook signatures manually").
 * The header is {@code t=1700000000,v1=<hex>,v1=<hex>,...}: HMAC-SHA256 over the time, a dot and
 * the raw bytes, one for each secret that is live. Schemes other than v1 are no proof of anything.
 */
final class StripeSignature {
  static final String HEADER = "Stripe-Signature";

  /** Stripe sends one or two signatures; what is far longer was not made by it. */
  private static final int MAX_HEADER_LENGTH = 4_096;

  private static final int MAX_ENTRIES = 32;
  private static final int MAX_TIME_DIGITS = 12;
  private static final int SIGNATURE_BYTES = 32;

  private StripeSignature() {}

  private record Parts(long time, List<byte[]> signatures) {}

  /** Why a header's signatures do not count, in a text that holds nothing of a secret. */
  private static final class Wrong extends Exception {
    private static final long serialVersionUID = 1L;

    Wrong(String why) {
      super(why, null, false, false);
    }
  }

  /**
   * Checks a body against the header that came with it.
   *
   * @param secrets those that are live; any may have signed
   * @param tolerance how old a signature may be, and how far in the future
   * @return null where one of the secrets signed these bytes, else why not
   */
  static @Nullable String fault(
      @Nullable String header, byte[] body, List<String> secrets, Instant now, Duration tolerance) {
    try {
      Parts parts = parts(header);
      Duration age = Duration.between(Instant.ofEpochSecond(parts.time), now);
      if (age.compareTo(tolerance) > 0) {
        return "the signature is too old";
      }
      if (age.negated().compareTo(tolerance) > 0) {
        return "the signature is from the future: are the clocks right?";
      }
      for (String secret : secrets) {
        byte[] expected =
            HmacSha256.of(
                secret.getBytes(StandardCharsets.UTF_8),
                (parts.time + ".").getBytes(StandardCharsets.US_ASCII),
                body);
        for (byte[] signature : parts.signatures) {
          if (MessageDigest.isEqual(expected, signature)) {
            return null;
          }
        }
      }
      return "no signature matches: is the secret right?";
    } catch (Wrong wrong) {
      return wrong.getMessage();
    }
  }

  private static Parts parts(@Nullable String header) throws Wrong {
    if (header == null || header.isBlank()) {
      throw new Wrong("the header " + HEADER + " is missing");
    }
    if (header.length() > MAX_HEADER_LENGTH) {
      throw new Wrong("the header " + HEADER + " is too long");
    }
    String[] entries = header.split(",", MAX_ENTRIES + 1);
    if (entries.length > MAX_ENTRIES) {
      throw new Wrong("the header " + HEADER + " has too many entries");
    }
    String time = null;
    var signatures = new ArrayList<byte[]>();
    for (String entry : entries) {
      String part = entry.strip();
      if (part.startsWith("t=")) {
        if (time != null) {
          throw new Wrong("the header " + HEADER + " names more than one time");
        }
        time = part.substring(2);
      } else if (part.startsWith("v1=")) {
        byte[] signature = bytes(part.substring(3));
        if (signature != null) {
          signatures.add(signature);
        }
      }
    }
    if (time == null || !isTime(time)) {
      throw new Wrong("the header " + HEADER + " names no time");
    }
    if (signatures.isEmpty()) {
      throw new Wrong("the header " + HEADER + " has no v1 signature");
    }
    return new Parts(Long.parseLong(time), signatures);
  }

  private static boolean isTime(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_TIME_DIGITS
        && text.chars().allMatch(next -> next >= '0' && next <= '9');
  }

  /**
   * A signature's bytes; null for what cannot be one, which matches nothing. Stripe writes lower
   * case: one signature has one spelling.
   */
  private static byte @Nullable [] bytes(String hex) {
    if (hex.length() != 2 * SIGNATURE_BYTES || !hex.chars().allMatch(StripeSignature::isHex)) {
      return null;
    }
    return HexFormat.of().parseHex(hex);
  }

  private static boolean isHex(int digit) {
    return (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
  }
}
