package routes.api;

import java.util.regex.Pattern;

/**
 * Finds what looks like a card number in text: 13 to 19 digits, single spaces or dashes between
 * them, with a card network's prefix at a length that network uses, and a valid Luhn digit (ISO/IEC
 * 7812-1). A telephone number with its plus sign and the groups of a UUID are not taken for one.
 */
final class CardNumbers {
  private static final int SHORTEST = 13;
  private static final int LONGEST = 19;
  private static final Pattern UUID =
      Pattern.compile(
          "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

  private CardNumbers() {}

  /** Whether a card number is anywhere in the text. */
  static boolean in(String text) {
    if (text.length() < SHORTEST) {
      return false;
    }
    for (int start = 0; start <= text.length() - SHORTEST; start++) {
      if (startsGroup(text, start) && startsNumber(text, start)) {
        return true;
      }
    }
    return false;
  }

  private static boolean startsGroup(String text, int at) {
    return digit(text, at) && !digit(text, at - 1) && !(at > 0 && text.charAt(at - 1) == '+');
  }

  /** Whether a number starts here and ends where a group of digits ends. */
  private static boolean startsNumber(String text, int start) {
    var digits = new StringBuilder(LONGEST);
    int at = start;
    while (digits.length() < LONGEST && digit(text, at)) {
      digits.append(text.charAt(at));
      boolean groupEnds = !digit(text, at + 1);
      if (groupEnds
          && digits.length() >= SHORTEST
          && isCardNumber(digits)
          && !insideUuid(text, start, at)) {
        return true;
      }
      at += groupEnds && separator(text, at + 1) ? 2 : 1;
    }
    return false;
  }

  private static boolean digit(String text, int at) {
    return at >= 0 && at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
  }

  private static boolean separator(String text, int at) {
    return at < text.length()
        && (text.charAt(at) == ' ' || text.charAt(at) == '-' || text.charAt(at) == '\u00a0');
  }

  private static boolean isCardNumber(CharSequence digits) {
    return knownPrefix(digits) && luhn(digits);
  }

  private static boolean luhn(CharSequence digits) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int doubled = digit * 2;
      sum += i % 2 == 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
    }
    return sum % 10 == 0;
  }

  private static boolean knownPrefix(CharSequence digits) {
    int length = digits.length();
    int four = Integer.parseInt(digits, 0, 4, 10);
    int three = four / 10;
    int two = four / 100;
    return switch (two / 10) {
      // Visa
      case 4 -> length == 13 || length == 16 || length == 19;
      // Mastercard; Maestro and national schemes at 50 and 56 to 58
      case 5 -> (two >= 51 && two <= 55) ? length == 16 : length >= 16;
      // Mastercard's second range; Mir
      case 2 ->
          (four >= 2221 && four <= 2720 && length == 16)
              || (four <= 2204 && four >= 2200 && length >= 16);
      case 3 ->
          switch (two) {
            // American Express
            case 34, 37 -> length == 15;
            // Diners Club
            case 36, 38, 39 -> length == 14 || length >= 16;
            case 30 -> (three <= 305 || four == 3095) && (length == 14 || length >= 16);
            // JCB
            case 35 -> four >= 3528 && four <= 3589 && length >= 16;
            default -> false;
          };
      // Discover, UnionPay, Maestro, RuPay
      case 6 -> length >= 16;
      case 8 -> (two == 81 || two == 82) && length >= 16;
      // Troy
      case 9 -> four == 9792 && length == 16;
      default -> false;
    };
  }

  private static boolean insideUuid(String text, int start, int end) {
    var uuid = UUID.matcher(text);
    while (uuid.find()) {
      if (uuid.start() <= start && end < uuid.end()) {
        return true;
      }
    }
    return false;
  }
}
