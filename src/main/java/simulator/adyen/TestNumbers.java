package simulator.adyen;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import simulator.TestCard;
import simulator.TestCard.Authentication;

/**
 * The card numbers of Adyen's test environment, and what is known of others by their beginning.
 * Every number passes; what happens is asked for otherwise (see {@link Outcome}). Most can be
 * authenticated when that is asked for, some always are.
 */
final class TestNumbers {
  private static final int SHORTEST = 12;
  private static final int LONGEST = 19;
  private static final String CREDIT = "credit";
  private static final String DEBIT = "debit";

  private static final Map<String, TestCard> KNOWN =
      Stream.of(
              card("4111111111111111", "visa", "NL", CREDIT),
              card("4111111145551142", "visa", "NL", CREDIT),
              card("4111112014267661", "visa", "FR", DEBIT),
              card("4988438843884305", "visa", "ES", CREDIT),
              card("4166676667666746", "visa", "NL", CREDIT),
              card("4646464646464644", "visa", "PL", CREDIT),
              card("4000620000000007", "visa", "US", CREDIT),
              card("4000060000000006", "visa", "US", CREDIT),
              card("4400000000000008", "visa", "US", DEBIT),
              card("4444333322221111", "visa", "GB", CREDIT),
              card("4977949494949497", "visa", "FR", CREDIT),
              card("2222400070000005", "mc", "CA", CREDIT),
              card("5100060000000002", "mc", "US", CREDIT),
              card("5100290029002909", "mc", "NL", CREDIT),
              card("5555341244441115", "mc", "NL", CREDIT),
              card("5555555555554444", "mc", "GB", CREDIT),
              card("5577000055770004", "mc", "PL", CREDIT),
              card("5136333333333335", "mc", "NL", CREDIT),
              card("5454545454545454", "mc", "GB", CREDIT),
              card("370000000000002", "amex", "NL", CREDIT),
              card("6011601160116611", "discover", "US", CREDIT),
              card("6445644564456445", "discover", "GB", CREDIT),
              card("36006666333344", "diners", "US", CREDIT),
              card("3569990010095841", "jcb", "US", CREDIT),
              card("6250947000000014", "cup", "CN", CREDIT),
              card("4212345678901237", "visa", "NL", CREDIT).authentication(Authentication.ALWAYS),
              card("5212345678901234", "mc", "NL", CREDIT).authentication(Authentication.ALWAYS),
              card("4917610000000000", "visa", "GB", CREDIT).authentication(Authentication.ALWAYS))
          .collect(Collectors.toUnmodifiableMap(TestCard::name, Function.identity()));

  private TestNumbers() {}

  /** The card of a number; empty when no card can have it. */
  static Optional<TestCard> find(String number) {
    TestCard known = KNOWN.get(number);
    if (known != null) {
      return Optional.of(known);
    }
    String brand = brand(number);
    return brand != null
            && number.length() >= SHORTEST
            && number.length() <= LONGEST
            && number.chars().allMatch(Character::isDigit)
            && checksOut(number)
        ? Optional.of(card(number, brand, "US", CREDIT))
        : Optional.empty();
  }

  /** The card of a number that was accepted before. */
  static TestCard require(String number) {
    return find(number).orElseThrow(() -> new IllegalArgumentException("no such card number"));
  }

  private static TestCard card(String number, String brand, String country, String funding) {
    return TestCard.of(number, brand, number.substring(number.length() - 4))
        .from(country, funding)
        .authentication(Authentication.OPTIONAL);
  }

  private static @Nullable String brand(String number) {
    if (number.startsWith("4")) {
      return "visa";
    }
    if (number.startsWith("34") || number.startsWith("37")) {
      return "amex";
    }
    if (number.startsWith("35")) {
      return "jcb";
    }
    if (number.startsWith("3")) {
      return "diners";
    }
    if (number.startsWith("5") || number.startsWith("2")) {
      return "mc";
    }
    if (number.startsWith("62")) {
      return "cup";
    }
    return number.startsWith("6") ? "discover" : null;
  }

  /** The check digit that all card numbers end with (ISO/IEC 7812-1). */
  private static boolean checksOut(String number) {
    int sum = 0;
    for (int i = 0; i < number.length(); i++) {
      int digit = number.charAt(number.length() - 1 - i) - '0';
      int doubled = i % 2 == 0 ? digit : digit * 2;
      sum += doubled > 9 ? doubled - 9 : doubled;
    }
    return sum % 10 == 0;
  }
}
