package e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import support.OpenApi;

/** Values for parameters: those that the document allows, and those that nobody should send. */
final class FuzzValues {
  private static final List<String> CARDS =
      List.of(
          "pm_card_visa",
          "pm_card_mastercard",
          "pm_card_chargeDeclined",
          "pm_card_chargeDeclinedInsufficientFunds",
          "pm_card_threeDSecure2Required",
          "pm_card_pendingRefund",
          "pm_nobody_knows");
  private static final List<String> LETTERS =
      List.of(
          "a", "Q", "z", " ", "-", "é", "ß", "日", "😀", "\u0301", "&", "=", "%", "+", "'", "\"");

  private final OpenApi document;
  private final Random random;
  private final Map<String, List<String>> ids;

  FuzzValues(OpenApi document, Random random, Map<String, List<String>> ids) {
    this.document = document;
    this.random = random;
    this.ids = ids;
  }

  <T> T pick(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private boolean rarely(int oneOf) {
    return random.nextInt(oneOf) == 0;
  }

  /** An id of a kind that is there, now and then one that is not. */
  String id(String prefix) {
    List<String> known = ids.getOrDefault(prefix, List.of());
    return known.isEmpty() || rarely(12) ? prefix + "_0000000000000000000000" : pick(known);
  }

  /** Any value that the schema allows; where it says little, one that makes sense by its name. */
  @Nullable Object allowed(String name, JsonNode of) {
    JsonNode schema = document.resolved(of);
    for (String choice : List.of("anyOf", "oneOf")) {
      if (schema.has(choice)) {
        JsonNode choices = schema.path(choice);
        return allowed(name, choices.get(rarely(5) ? choices.size() - 1 : 0));
      }
    }
    if (schema.has("enum")) {
      JsonNode word = schema.path("enum").get(random.nextInt(schema.path("enum").size()));
      return word.isNull() ? null : word.asText();
    }
    return switch (schema.path("type").asText()) {
      case "string" -> text(name, schema);
      case "integer" -> whole(schema);
      case "boolean" -> random.nextBoolean();
      case "array" -> list(name, schema);
      case "object" -> object(schema);
      default -> "anything";
    };
  }

  private Object whole(JsonNode schema) {
    long least = schema.path("minimum").asLong();
    long most = schema.path("maximum").asLong();
    return switch (random.nextInt(8)) {
      case 0 -> least;
      case 1 -> most;
      default -> least + 10L * random.nextInt((int) Math.min(1_000, 1 + (most - least) / 10));
    };
  }

  private String text(String name, JsonNode schema) {
    return switch (name) {
      case "currency" -> pick(List.of("eur", "usd", "jpy", "EUR", "kwd"));
      case "payment_method" -> rarely(4) ? id("pm") : pick(CARDS);
      case "token" -> pick(List.of("tok_visa", "tok_chargeDeclined", "tok_mastercard"));
      case "customer" -> id("cus");
      case "payment_intent" -> id("pi");
      case "charge" -> id("ch");
      case "starting_after", "ending_before" -> id(pick(List.copyOf(ids.keySet())));
      case "client_secret" -> pick(ids.getOrDefault("secret", List.of("pi_x_secret_y")));
      case "url", "return_url" -> "https://shop.example/" + random.nextInt(100);
      case "enabled_events", "types" ->
          pick(List.of("charge.refunded", "payment_intent.succeeded"));
      case "type" -> pick(List.of("card", "charge.*", "payment_intent.created", "%", "_*_"));
      default -> {
        if (schema.path("format").asText().equals("email")) {
          yield pick(List.of("ada@example.com", "ä+b@exämple.test", "a@b"));
        }
        yield letters(schema.path("maxLength").asInt(40));
      }
    };
  }

  private String letters(int most) {
    int length = rarely(20) ? most : 1 + random.nextInt(Math.min(20, most));
    var text = new StringBuilder("n");
    boolean statement = most == 22;
    for (int i = 1; i < length; i++) {
      text.append(statement ? "b" : pick(LETTERS));
    }
    return text.toString();
  }

  private List<Object> list(String name, JsonNode schema) {
    var list = new ArrayList<Object>();
    int most = schema.path("maxItems").asInt(3);
    int size = schema.path("minItems").asInt(0) + random.nextInt(3);
    for (int i = 0; i < Math.min(size, most); i++) {
      list.add(allowed(name, schema.path("items")));
    }
    return list;
  }

  private Map<String, Object> object(JsonNode schema) {
    var object = new LinkedHashMap<String, Object>();
    if (schema.has("propertyNames")) {
      int keys = rarely(20) ? 50 : random.nextInt(4);
      for (int i = 0; i < keys; i++) {
        object.put("k" + i + pick(LETTERS), rarely(5) ? "" : letters(500));
      }
      return object;
    }
    List<String> required = new ArrayList<>();
    schema.path("required").forEach(each -> required.add(each.asText()));
    schema
        .path("properties")
        .properties()
        .forEach(
            property -> {
              int size = schema.path("properties").size();
              if (required.contains(property.getKey()) || rarely(size > 10 ? 5 : 2)) {
                object.put(property.getKey(), allowed(property.getKey(), property.getValue()));
              }
            });
    return object;
  }

  /** A value that is wrong nearly everywhere, or at least at the edge. */
  @Nullable Object hostile() {
    return switch (random.nextInt(30)) {
      case 0 -> Map.of();
      case 1 -> List.of();
      case 2 -> Map.of("a", "b");
      case 3 -> List.of(List.of("a"), Map.of("b", 1));
      case 4 -> -1L;
      case 5 -> 0L;
      case 6 -> Long.MAX_VALUE;
      case 7 -> new BigInteger("9".repeat(40));
      case 8 -> 1.5;
      case 9 -> 1e300;
      case 10 -> true;
      case 11 -> null;
      case 12 -> "";
      case 13 -> " \t";
      case 14 -> "x".repeat(6_000);
      case 15 -> "a\u0000b";
      case 16 -> "\ud800";
      case 17 -> "\u202e\ufeff\uffff";
      case 18 -> "4242424242424242";
      case 19 -> "'; DROP TABLE payment; --";
      case 20 -> "<script>alert(1)</script>";
      case 21 -> "-0";
      case 22 -> "1e3";
      case 23 -> "٣";
      case 24 -> nested(20);
      case 25 -> new ArrayList<>(java.util.Collections.nCopies(200, "x"));
      case 26 -> many(60);
      case 27 -> Map.of("0", "a", "1", "b", "01", "c");
      case 28 -> Arrays.asList(null, null);
      default -> "https://user:pass@[::1]:99999/\\..";
    };
  }

  private static Object nested(int depth) {
    Object inner = "deep";
    for (int i = 0; i < depth; i++) {
      inner = Map.of("n", inner);
    }
    return inner;
  }

  private static Map<String, Object> many(int keys) {
    var map = new TreeMap<String, Object>();
    for (int i = 0; i < keys; i++) {
      map.put("key" + i, "v");
    }
    return map;
  }

  /** A name that no parameter has. */
  String strangeName() {
    return pick(
        List.of(
            "unknown",
            "Amount",
            "amount ",
            "__proto__",
            "a]b",
            "a[b",
            "é",
            "\u0000",
            "x".repeat(300),
            "x".repeat(600),
            "4242424242424242",
            "metadata[",
            "[]",
            ""));
  }
}
