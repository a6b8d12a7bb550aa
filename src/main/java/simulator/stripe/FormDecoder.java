package simulator.stripe;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code a=1&b[c]=2&d[]=3} into a tree; every leaf is a string. */
final class FormDecoder {
  private static final int DEEPEST = 8;

  private FormDecoder() {}

  static JsonObject decode(String form) {
    Node root = new Node();
    for (String pair : form.split("&")) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = unescape(equals < 0 ? pair : pair.substring(0, equals));
      put(root, name, equals < 0 ? "" : unescape(pair.substring(equals + 1)));
    }
    return root.toObject();
  }

  private static String unescape(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw StripeError.invalid(null, null, "Invalid URL encoding: " + e.getMessage());
    }
  }

  private static void put(Node root, String name, String value) {
    int bracket = name.indexOf('[');
    String top = bracket < 0 ? name : name.substring(0, bracket);
    Node node = root.child(top);
    int depth = 0;
    for (int at = bracket; at >= 0 && at < name.length(); ) {
      int end = name.indexOf(']', at);
      if (name.charAt(at) != '[' || end < 0 || ++depth > DEEPEST) {
        throw StripeError.invalid(null, name, "Invalid parameter name: " + name);
      }
      node = node.child(name.substring(at + 1, end));
      at = end + 1;
    }
    node.value = value;
  }

  /** An object, a list (keys empty or all digits) or a leaf. */
  private static final class Node {
    private final Map<String, Node> children = new LinkedHashMap<>();
    private @Nullable String value;

    Node child(String key) {
      String name = key.isEmpty() ? Integer.toString(children.size()) : key;
      return children.computeIfAbsent(name, absent -> new Node());
    }

    JsonObject toObject() {
      JsonObject object = new JsonObject();
      children.forEach(
          (name, child) ->
              object.put(name, name.equals("metadata") ? child.toMetadata() : child.toTree()));
      return object;
    }

    private Object toMetadata() {
      return children.isEmpty() ? toTree() : toObject();
    }

    private Object toTree() {
      if (children.isEmpty()) {
        return value == null ? "" : value;
      }
      if (children.keySet().stream().allMatch(key -> key.chars().allMatch(Character::isDigit))) {
        JsonArray list = new JsonArray();
        children.values().forEach(child -> list.add(child.toTree()));
        return list;
      }
      return toObject();
    }
  }
}
