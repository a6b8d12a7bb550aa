package routes.reference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The OpenAPI document of the API as a tree, with what it refers to. */
final class OpenApiDocument {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String HERE = "#/";

  private final Map<String, Object> root;

  private OpenApiDocument(Map<String, Object> root) {
    this.root = root;
  }

  /** One of its operations. */
  record Operation(String method, String path, Map<String, Object> content) {
    String id() {
      return text(content, "operationId");
    }

    String tag() {
      return String.valueOf(list(content, "tags").getFirst());
    }

    /** The form that is its body, empty where it has none. */
    Map<String, Object> form() {
      return map(map(map(content, "requestBody"), "content"), FORM);
    }
  }

  static OpenApiDocument parse(String yaml) {
    var options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    Object read = new Yaml(new SafeConstructor(options)).load(yaml);
    return new OpenApiDocument(asMap(read));
  }

  Map<String, Object> info() {
    return map(root, "info");
  }

  /** The groups of operations, each with a description, in the document's order. */
  List<Map<String, Object>> tags() {
    return list(root, "tags").stream().map(OpenApiDocument::asMap).toList();
  }

  List<Operation> operations() {
    return map(root, "paths").entrySet().stream()
        .flatMap(
            path ->
                asMap(path.getValue()).entrySet().stream()
                    .filter(member -> List.of("get", "post", "delete").contains(member.getKey()))
                    .map(
                        member ->
                            new Operation(
                                member.getKey().toUpperCase(java.util.Locale.ROOT),
                                path.getKey(),
                                asMap(member.getValue()))))
        .toList();
  }

  Map<String, Object> schemas() {
    return map(map(root, "components"), "schemas");
  }

  /** What a reference refers to, and anything else itself. */
  Map<String, Object> resolved(Map<String, Object> node) {
    Map<String, Object> at = node;
    while (at.get("$ref") instanceof String reference) {
      Map<String, Object> target = root;
      for (String step : reference.substring(HERE.length()).split("/")) {
        target = map(target, step);
      }
      at = target;
    }
    return at;
  }

  /** The last part of a reference, or null where the node is none. */
  static @Nullable String referred(Map<String, Object> node) {
    return node.get("$ref") instanceof String reference
        ? reference.substring(reference.lastIndexOf('/') + 1)
        : null;
  }

  static Map<String, Object> map(Map<String, Object> node, String name) {
    return node.get(name) instanceof Map<?, ?> found ? asMap(found) : Map.of();
  }

  static List<Object> list(Map<String, Object> node, String name) {
    return node.get(name) instanceof List<?> found ? new ArrayList<>(found) : List.of();
  }

  /** A text, empty where there is none. */
  static String text(Map<String, Object> node, String name) {
    Object found = node.get(name);
    return found == null ? "" : String.valueOf(found);
  }

  static Map<String, Object> asMap(Object node) {
    if (!(node instanceof Map<?, ?> found)) {
      throw new IllegalStateException("no object in the OpenAPI document: " + node);
    }
    var named = new LinkedHashMap<String, Object>();
    found.forEach((name, value) -> named.put(String.valueOf(name), value));
    return named;
  }
}
