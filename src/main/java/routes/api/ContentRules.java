package routes.api;

import java.util.List;
import java.util.Map;
import java.util.Set;
import payments.Refusal.Code;

/**
 * What no request may hold, whatever the endpoint: card numbers and codes, the NUL character, half
 * characters. Checked over the whole tree before anything else looks at it, so that no later
 * message can quote a card number.
 */
final class ContentRules {
  private static final Set<String> CARD_HASHES = Set.of("card", "source");
  private static final Set<String> CARD_FIELDS =
      Set.of("number", "cvc", "cvv", "exp_month", "exp_year");

  /** As they are called by PSPs whose pages give JSON. */
  private static final Set<String> CARD_TOKEN_FIELDS =
      Set.of("number", "cardNumber", "cvc", "cvv", "securityCode", "expiryMonth", "expiryYear");

  private ContentRules() {}

  static void check(Map<String, Object> tree) {
    map("", "", tree);
  }

  /** The same for text outside the parameters: a path, a header. */
  static void check(String param, String text) {
    text(param, text);
  }

  /** The same for the JSON that a card token is: it came as one text, in which JSON may hide. */
  static void checkCardToken(String param, Map<String, Object> token) {
    try {
      check(token);
      plainFields(param, token);
    } catch (RefusedException e) {
      // Its own names are nobody's parameters.
      throw e.refusal().code() == Code.CARD_NUMBER_REFUSED ? cardNumber(param) : illFormed(param);
    }
  }

  private static void plainFields(String param, Object value) {
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (name, inner) -> {
            if (CARD_TOKEN_FIELDS.contains((String) name)) {
              throw cardNumber(param);
            }
            plainFields(param, inner);
          });
    } else if (value instanceof List<?> list) {
      list.forEach(inner -> plainFields(param, inner));
    }
  }

  private static void map(String path, String name, Map<?, ?> map) {
    map.forEach(
        (key, value) -> {
          String field = (String) key;
          if (CardNumbers.in(field)) {
            throw cardNumber(path);
          }
          String param = Names.nested(path, field);
          if (!wellFormed(field)) {
            throw illFormed(path);
          }
          if (CARD_HASHES.contains(name) && CARD_FIELDS.contains(field)) {
            throw cardNumber(param);
          }
          value(param, field, value);
        });
  }

  private static void value(String param, String name, Object value) {
    switch (value) {
      case Map<?, ?> map -> map(param, name, map);
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          value(Names.nested(param, i), name, list.get(i));
        }
      }
      case String text -> text(param, text);
      case Long number -> text(param, Long.toString(number));
      default -> {} // a boolean holds nothing
    }
  }

  private static void text(String param, String text) {
    if (CardNumbers.in(text)) {
      throw cardNumber(param);
    }
    if (!wellFormed(text)) {
      throw illFormed(param);
    }
  }

  /** No NUL, which PostgreSQL cannot keep, and no half of a surrogate pair, which UTF-8 cannot. */
  private static boolean wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char next = text.charAt(i);
      if (next == 0 || Character.isLowSurrogate(next)) {
        return false;
      }
      if (Character.isHighSurrogate(next)
          && (++i == text.length() || !Character.isLowSurrogate(text.charAt(i)))) {
        return false;
      }
    }
    return true;
  }

  private static RefusedException cardNumber(String param) {
    String message =
        "Card numbers and card details must never be sent to this API, in no parameter. Send a"
            + " token of your payment provider instead (payment_method, or"
            + " payment_method_data[card][token]). Nothing of the request was kept.";
    return param.isEmpty()
        ? new RefusedException(Code.CARD_NUMBER_REFUSED, message)
        : new RefusedException(Code.CARD_NUMBER_REFUSED, message, param);
  }

  private static RefusedException illFormed(String param) {
    String message = "Text must be well-formed Unicode without the NUL character.";
    return param.isEmpty()
        ? new RefusedException(Code.PARAMETER_INVALID, message)
        : new RefusedException(Code.PARAMETER_INVALID, message, param);
  }
}
