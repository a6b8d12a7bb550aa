package psp.adyen;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A stored payment method as we keep it: {@code shopperReference/storedPaymentMethodId}, because
 * Adyen shows and deletes one only to who names its shopper. A bare id, as merchants bring it, has
 * no shopper.
 */
record AdyenToken(@Nullable String shopper, String id) {
  private static final char SEPARATOR = '/';

  /** Adyen's ids are letters and digits; other PSPs' tokens say before a line what they are. */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9]+");

  static AdyenToken of(String text) {
    int at = text.lastIndexOf(SEPARATOR);
    return at < 1
        ? new AdyenToken(null, text)
        : new AdyenToken(text.substring(0, at), text.substring(at + 1));
  }

  /** Whether a text may be one. */
  static boolean isOne(String text) {
    return ID.matcher(of(text).id).matches();
  }

  /**
   * Why a customer cannot pay with one: a browser may name any shopper. Adyen itself holds a bare
   * id against the shopper that we name.
   */
  static Optional<String> objection(String text, @Nullable String customerId) {
    String shopper = of(text).shopper;
    return shopper == null || shopper.equals(customerId)
        ? Optional.empty()
        : Optional.of("This stored card names a shopper who is not the customer of this payment.");
  }

  String text() {
    return shopper == null ? id : shopper + SEPARATOR + id;
  }
}
