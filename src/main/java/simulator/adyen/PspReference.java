package simulator.adyen;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Adyen's references: 16 characters, globally unique. Not drawn from the seed, as ids never are.
 */
final class PspReference {
  private static final int LENGTH = 16;
  private static final String ALPHABET = "BCDFGHJKLMNPQRSTVWXZ23456789";

  private PspReference() {}

  static String next() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    StringBuilder reference = new StringBuilder(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      reference.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return reference.toString();
  }
}
