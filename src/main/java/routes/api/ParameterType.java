package routes.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.regex.Pattern;
import payments.Refusal.Code;

/**
 * What a parameter's value must be. Each type turns the raw value, a string of a form or a JSON
 * value, into the one form that is kept: String, Long, Boolean, or Map and List of these. The empty
 * value was dealt with before.
 */
sealed interface ParameterType {
  /**
   * The value in its kept form.
   *
   * @param param the parameter's name in wire notation, for a refusal
   */
  Object check(String param, Object raw);

  /** Text up to a length in characters. */
  record Text(int maxLength) implements ParameterType {
    @Override
    public Object check(String param, Object raw) {
      String text = scalar(param, raw, "string");
      if (text.codePointCount(0, text.length()) > maxLength) {
        throw new RefusedException(
            Code.PARAMETER_INVALID,
            "Invalid string: `" + param + "` may have up to " + maxLength + " characters.",
            param);
      }
      if (text.isBlank()) {
        throw new RefusedException(
            Code.PARAMETER_INVALID_STRING_BLANK,
            "The value of `" + param + "` must not be blank.",
            param);
      }
      return text;
    }
  }

  /** The id of a payment method, or a PSP's token that can be one. */
  record MethodId() implements ParameterType {
    private static final Text TEXT = new Text(255);

    @Override
    public Object check(String param, Object raw) {
      if (raw instanceof String text && CardToken.isJson(text)) {
        throw new RefusedException(
            Code.PARAMETER_INVALID,
            "A card that a payment provider's page gives as JSON is passed as"
                + " payment_method_data[card][token].",
            param);
      }
      return TEXT.check(param, raw);
    }
  }

  /**
   * What a PSP's page gives for a card: a name, or the JSON of a component that encrypts it in the
   * browser, as text. Of JSON everything is looked through for card data that is not encrypted.
   */
  record CardToken() implements ParameterType {
    /** Adyen's four encrypted fields at their longest, with what comes beside them. */
    static final int MAX_LENGTH = 80 * 1_024;

    private static final Text NAME = new Text(255);

    @Override
    public Object check(String param, Object raw) {
      if (!(raw instanceof String text) || !isJson(text)) {
        return NAME.check(param, raw);
      }
      if (text.length() > MAX_LENGTH) {
        throw new RefusedException(
            Code.PARAMETER_INVALID,
            "Invalid string: `" + param + "` may have up to " + MAX_LENGTH + " characters.",
            param);
      }
      ContentRules.checkCardToken(param, JsonBodyReader.readText(param, text));
      return text.strip();
    }

    static boolean isJson(String text) {
      return text.stripLeading().startsWith("{");
    }
  }

  /**
   * An address with its scheme, which may be an app's own. A browser would take any other for one
   * of the page that sends it there.
   */
  record AbsoluteUrl(int maxLength) implements ParameterType {
    private static final Pattern ABSOLUTE =
        Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://[^\\s\\p{Cntrl}]+");

    @Override
    public Object check(String param, Object raw) {
      String text = (String) new Text(maxLength).check(param, raw);
      if (!ABSOLUTE.matcher(text).matches()) {
        throw new RefusedException(
            Code.URL_INVALID,
            "Not a valid URL: `" + param + "` must be absolute, with a scheme such as https.",
            param);
      }
      return text;
    }
  }

  /**
   * What is printed on the customer's statement: at least one letter, and none of {@code <>\'"*}.
   */
  record StatementDescriptor() implements ParameterType {
    private static final Text TEXT = new Text(22);

    @Override
    public Object check(String param, Object raw) {
      String text = (String) TEXT.check(param, raw);
      boolean forbidden = text.chars().anyMatch(next -> "<>\\'\"*".indexOf(next) >= 0);
      boolean letter = text.codePoints().anyMatch(Character::isLetter);
      if (forbidden || !letter) {
        throw new RefusedException(
            Code.PARAMETER_INVALID,
            "`" + param + "` must hold at least one letter and none of < > \\ ' \" *.",
            param);
      }
      return text;
    }
  }

  /** An e-mail address, checked for form only. */
  record Email() implements ParameterType {
    private static final Text TEXT = new Text(512);

    @Override
    public Object check(String param, Object raw) {
      String text = (String) TEXT.check(param, raw);
      int at = text.indexOf('@');
      boolean valid =
          at > 0
              && at == text.lastIndexOf('@')
              && at < text.length() - 1
              && text.charAt(at + 1) != '.'
              && !text.endsWith(".")
              && text.chars().noneMatch(c -> Character.isWhitespace(c) || c < 0x20 || c == 0x7f);
      if (!valid) {
        throw new RefusedException(
            Code.EMAIL_INVALID, "Invalid email address: " + Names.clip(text), param);
      }
      return text;
    }
  }

  /** A whole number between two bounds, both included. */
  record Whole(long min, long max) implements ParameterType {
    @Override
    public Object check(String param, Object raw) {
      long number = parse(param, raw);
      if (number < min) {
        throw new RefusedException(
            Code.PARAMETER_INVALID_INTEGER,
            "This value must be greater than or equal to " + min + ".",
            param);
      }
      if (number > max) {
        throw new RefusedException(
            Code.PARAMETER_INVALID_INTEGER,
            "This value must be less than or equal to " + max + ".",
            param);
      }
      return number;
    }

    private static long parse(String param, Object raw) {
      if (raw instanceof Long number) {
        return number;
      }
      // Long.parseLong alone would take a plus sign and other scripts' digits.
      if (raw instanceof String text && text.matches("-?[0-9]{1,18}")) {
        return Long.parseLong(text);
      }
      throw new RefusedException(
          Code.PARAMETER_INVALID_INTEGER, "Invalid integer: " + shown(raw), param);
    }
  }

  /** An amount in minor units, with a code of its own when it is too large. */
  record Amount() implements ParameterType {
    static final long MAX = 99_999_999;
    private static final Whole WHOLE = new Whole(1, Long.MAX_VALUE);

    @Override
    public Object check(String param, Object raw) {
      if (raw instanceof String digits && digits.matches("[0-9]{19,}")) {
        throw tooLarge(param);
      }
      long amount = (Long) WHOLE.check(param, raw);
      if (amount > MAX) {
        throw tooLarge(param);
      }
      return amount;
    }

    private static RefusedException tooLarge(String param) {
      return new RefusedException(
          Code.AMOUNT_TOO_LARGE,
          "Amount must be no more than " + MAX + " in the currency's smallest unit.",
          param);
    }
  }

  record Flag() implements ParameterType {
    @Override
    public Object check(String param, Object raw) {
      if (raw instanceof Boolean) {
        return raw;
      }
      if (raw.equals("true") || raw.equals("false")) {
        return raw.equals("true");
      }
      throw new RefusedException(Code.PARAMETER_INVALID, "Invalid boolean: " + shown(raw), param);
    }
  }

  /** One of a few words. */
  record Choice(SequencedSet<String> words) implements ParameterType {
    @Override
    public Object check(String param, Object raw) {
      String word = scalar(param, raw, "string");
      if (!words.contains(word)) {
        throw new RefusedException(
            Code.PARAMETER_INVALID,
            "Invalid "
                + param
                + ": must be "
                + (words.size() == 1 ? "" : "one of ")
                + String.join(", ", words),
            param);
      }
      return word;
    }
  }

  /** A boolean, or one of a few words. */
  record FlagOr(Choice words) implements ParameterType {
    private static final Flag FLAG = new Flag();

    @Override
    public Object check(String param, Object raw) {
      boolean flag = raw instanceof Boolean || raw.equals("true") || raw.equals("false");
      return flag ? FLAG.check(param, raw) : words.check(param, raw);
    }
  }

  /** A hash with parameters of its own. Empty fields within are left out. */
  record Hash(ParameterCatalogue fields) implements ParameterType {
    @Override
    public Object check(String param, Object raw) {
      if (!(raw instanceof Map<?, ?> map)) {
        throw new RefusedException(Code.PARAMETER_INVALID, "Invalid object", param);
      }
      Map<String, Object> checked = fields.checkHash(param, map);
      checked.values().removeIf(""::equals);
      return checked;
    }
  }

  /** A list of values of one type; in a form also by numbered names. */
  record Listing(ParameterType element, int maxSize) implements ParameterType {
    @Override
    public Object check(String param, Object raw) {
      var checked = new ArrayList<>();
      for (Object item : items(param, raw)) {
        String place = Names.nested(param, checked.size());
        if (item.equals("")) {
          throw new RefusedException(
              Code.PARAMETER_INVALID_EMPTY, "`" + place + "` must not be empty.", place);
        }
        checked.add(element.check(place, item));
        if (checked.size() > maxSize) {
          throw new RefusedException(
              Code.PARAMETER_INVALID,
              "`" + param + "` may have up to " + maxSize + " items.",
              param);
        }
      }
      return checked;
    }

    private static Iterable<?> items(String param, Object raw) {
      if (raw instanceof List<?> list) {
        return list;
      }
      if (raw instanceof Map<?, ?> map) {
        var ordered = new TreeMap<Integer, Object>();
        map.forEach(
            (key, value) -> {
              if (((String) key).matches("[0-9]{1,6}")) {
                ordered.put(Integer.valueOf((String) key), value);
              }
            });
        if (ordered.size() == map.size()) {
          return ordered.values();
        }
      }
      throw new RefusedException(Code.PARAMETER_INVALID, "Invalid array", param);
    }
  }

  /** Event types, at least one, each known or {@code *} for all. */
  record EventTypeList() implements ParameterType {
    private static final Listing TYPES = new Listing(new Text(256), 500);

    @Override
    public Object check(String param, Object raw) {
      List<?> types = (List<?>) TYPES.check(param, raw);
      if (types.isEmpty()) {
        throw new RefusedException(
            Code.PARAMETER_INVALID_EMPTY, "`" + param + "` must name at least one type.", param);
      }
      for (int i = 0; i < types.size(); i++) {
        String type = (String) types.get(i);
        if (!EventTypes.known(type)) {
          throw new RefusedException(
              Code.PARAMETER_INVALID,
              "Invalid " + param + ": `" + Names.clip(type) + "` is no event type.",
              Names.nested(param, i));
        }
      }
      return types.stream().distinct().toList();
    }
  }

  /** Up to 50 keys of 40 characters, with values of 500; an empty value unsets its key. */
  record Metadata() implements ParameterType {
    private static final int MAX_KEYS = 50;
    private static final int MAX_KEY = 40;
    private static final int MAX_VALUE = 500;

    @Override
    public Object check(String param, Object raw) {
      if (!(raw instanceof Map<?, ?> map)) {
        throw new RefusedException(
            Code.PARAMETER_INVALID, "Metadata must be a set of keys with text values.", param);
      }
      if (map.size() > MAX_KEYS) {
        throw new RefusedException(
            Code.PARAMETER_INVALID, "Metadata may have up to " + MAX_KEYS + " keys.", param);
      }
      var checked = new LinkedHashMap<String, Object>();
      map.forEach((key, value) -> checked.put(key(param, (String) key), value(param, key, value)));
      return checked;
    }

    private static String key(String param, String key) {
      if (key.isBlank()
          || key.codePointCount(0, key.length()) > MAX_KEY
          || key.indexOf('[') >= 0
          || key.indexOf(']') >= 0) {
        throw new RefusedException(
            Code.PARAMETER_INVALID,
            "Metadata keys must have 1 to " + MAX_KEY + " characters and no square brackets.",
            Names.nested(param, key));
      }
      return key;
    }

    private static String value(String param, Object key, Object value) {
      String place = Names.nested(param, (String) key);
      String text = scalar(place, value, "string");
      int length = text.codePointCount(0, text.length());
      if (length > MAX_VALUE) {
        throw new RefusedException(
            Code.PARAMETER_INVALID,
            "Metadata values can have up to "
                + MAX_VALUE
                + " characters, but you passed in a value that is "
                + length
                + " characters.",
            place);
      }
      return text;
    }
  }

  /**
   * A moment in Unix seconds, or bounds of one: {@code gt}, {@code gte}, {@code lt}, {@code lte}.
   */
  record CreatedFilter() implements ParameterType {
    private static final Whole SECONDS = new Whole(0, 253_402_300_799L);
    private static final Hash BOUNDS =
        new Hash(
            ParameterCatalogue.of(
                Parameter.served("gt", SECONDS),
                Parameter.served("gte", SECONDS),
                Parameter.served("lt", SECONDS),
                Parameter.served("lte", SECONDS)));

    @Override
    public Object check(String param, Object raw) {
      return raw instanceof Map<?, ?> ? BOUNDS.check(param, raw) : SECONDS.check(param, raw);
    }
  }

  /** Kept as it came: what Sluice has no use for, such as the options of other payment methods. */
  record Free() implements ParameterType {
    @Override
    public Object check(String param, Object raw) {
      return raw;
    }
  }

  private static String scalar(String param, Object raw, String kind) {
    return switch (raw) {
      case String text -> text;
      case Long number -> Long.toString(number);
      case Boolean flag -> Boolean.toString(flag);
      default -> throw new RefusedException(Code.PARAMETER_INVALID, "Invalid " + kind, param);
    };
  }

  private static String shown(Object raw) {
    return raw instanceof Map<?, ?>
        ? "an object"
        : raw instanceof List<?> ? "an array" : Names.clip(String.valueOf(raw));
  }
}
