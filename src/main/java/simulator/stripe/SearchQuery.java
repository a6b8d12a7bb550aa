package simulator.stripe;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of Stripe's search language that asks for equal fields: {@code metadata['k']:'v' AND
 * status:'succeeded'}.
 */
final class SearchQuery {
  private static final Pattern CLAUSE =
      Pattern.compile(
          "\\s*(?:metadata\\[(['\"])(?<key>.+?)\\1\\]|(?<field>[a-z_]+))\\s*:\\s*(?:(['\"])(?<text>.*?)\\4|(?<number>\\d+))\\s*");

  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, String> fields = new LinkedHashMap<>();

  private SearchQuery() {}

  static SearchQuery parse(String query) {
    SearchQuery parsed = new SearchQuery();
    for (String clause : query.split("(?i)\\s+AND\\s+")) {
      Matcher matcher = CLAUSE.matcher(clause);
      if (!matcher.matches()) {
        throw StripeError.invalid(null, "query", "We were unable to parse your search query.");
      }
      String text = matcher.group("text");
      String value = text == null ? matcher.group("number") : text;
      String key = matcher.group("key");
      if (key == null) {
        parsed.fields.put(matcher.group("field"), value);
      } else {
        parsed.metadata.put(key, value);
      }
    }
    return parsed;
  }

  boolean matches(PaymentIntent intent) {
    return metadata.entrySet().stream()
            .allMatch(entry -> entry.getValue().equals(intent.metadata.get(entry.getKey())))
        && fields.entrySet().stream()
            .allMatch(entry -> fieldMatches(intent, entry.getKey(), entry.getValue()));
  }

  private static boolean fieldMatches(PaymentIntent intent, String field, String value) {
    return switch (field) {
      case "status" -> value.equals(intent.status);
      case "customer" -> value.equals(intent.customer);
      case "currency" -> value.equals(intent.currency);
      case "amount" -> value.equals(Long.toString(intent.amountMinor));
      default ->
          throw StripeError.invalid(
              null, "query", "Field `" + field + "` is an unsupported search field.");
    };
  }
}
