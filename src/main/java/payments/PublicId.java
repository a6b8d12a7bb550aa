package payments;

import java.util.Optional;
import java.util.UUID;

/**
 * The public form of our ids: a prefix that names the object and a time-ordered UUID in 22 base-62
 * digits, whose ASCII order is the order of the UUIDs. One id has one spelling: anything else does
 * not parse.
 */
public enum PublicId {
  PAYMENT("pi_"),
  CHARGE("ch_"),
  REFUND("re_"),
  CUSTOMER("cus_"),
  PAYMENT_METHOD("pm_"),
  EVENT("evt_"),
  WEBHOOK_ENDPOINT("we_"),
  DISPUTE("du_");

  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int LENGTH = 22;

  private final String prefix;

  PublicId(String prefix) {
    this.prefix = prefix;
  }

  public String prefix() {
    return prefix;
  }

  public String of(UUID id) {
    return prefix + digits(id);
  }

  /** The UUID of an id without a prefix, or empty where the text is not one. */
  public static Optional<UUID> parseDigits(String digits) {
    return CHARGE.parse(CHARGE.prefix + digits);
  }

  /** The UUID of a public id of this kind, or empty where the text is not one. */
  public Optional<UUID> parse(String text) {
    if (text.length() != prefix.length() + LENGTH || !text.startsWith(prefix)) {
      return Optional.empty();
    }
    long high = 0;
    long low = 0;
    for (int i = prefix.length(); i < text.length(); i++) {
      int digit = DIGITS.indexOf(text.charAt(i));
      if (digit < 0) {
        return Optional.empty();
      }
      // (high, low) = (high, low) * 62 + digit, unsigned 128 bit
      long carry = Math.unsignedMultiplyHigh(low, 62);
      low = low * 62 + digit;
      if (Long.compareUnsigned(low, digit) < 0) {
        carry++;
      }
      high = high * 62 + carry;
    }
    var id = new UUID(high, low);
    // An overflow would give a second spelling of another id.
    return of(id).equals(text) ? Optional.of(id) : Optional.empty();
  }

  /** The 22 digits of an id, without a prefix. */
  public static String digits(UUID id) {
    var text = new char[LENGTH];
    long high = id.getMostSignificantBits();
    long low = id.getLeastSignificantBits();
    for (int i = LENGTH - 1; i >= 0; i--) {
      // Long division of the unsigned 128-bit (high, low) by 62, in 32-bit steps.
      long rest = 0;
      long quotientHigh = 0;
      long quotientLow = 0;
      for (int word = 0; word < 4; word++) {
        long part = ((word < 2 ? high : low) >>> (word % 2 == 0 ? 32 : 0)) & 0xFFFF_FFFFL;
        long dividend = (rest << 32) | part;
        long quotient = dividend / 62;
        rest = dividend % 62;
        if (word < 2) {
          quotientHigh = (quotientHigh << 32) | quotient;
        } else {
          quotientLow = (quotientLow << 32) | quotient;
        }
      }
      text[i] = DIGITS.charAt((int) rest);
      high = quotientHigh;
      low = quotientLow;
    }
    return new String(text);
  }
}
