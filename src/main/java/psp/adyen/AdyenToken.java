package psp.adyen;

import org.jspecify.annotations.Nullable;

/**
 * A stored payment method as we keep it: {@code shopperReference/storedPaymentMethodId}, because
 * Adyen shows and deletes one only to who names its shopper. A bare id, as merchants bring it, has
 * no shopper.
 */
record AdyenToken(@Nullable String shopper, String id) {
  private static final char SEPARATOR = '/';

  static AdyenToken of(String text) {
    int at = text.lastIndexOf(SEPARATOR);
    return at < 1
        ? new AdyenToken(null, text)
        : new AdyenToken(text.substring(0, at), text.substring(at + 1));
  }

  String text() {
    return shopper == null ? id : shopper + SEPARATOR + id;
  }
}
