package routes.reference;

import static routes.reference.OpenApiDocument.asMap;
import static routes.reference.OpenApiDocument.list;
import static routes.reference.OpenApiDocument.map;
import static routes.reference.OpenApiDocument.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Schemas in words, and objects as tables of their properties. */
final class SchemaText {
  private static final String UNSET = "Unset";

  private final OpenApiDocument document;

  SchemaText(OpenApiDocument document) {
    this.document = document;
  }

  static String anchor(String schema) {
    return "schema-" + schema;
  }

  /** What a value must be, in a few words of HTML. */
  String type(Map<String, Object> schema) {
    String name = OpenApiDocument.referred(schema);
    if (name != null) {
      Map<String, Object> target = document.resolved(schema);
      return isTable(target) ? Html.link(anchor(name), name) : type(target);
    }
    if (schema.containsKey("const")) {
      return Html.code(String.valueOf(schema.get("const")));
    }
    if (schema.containsKey("enum")) {
      return words(list(schema, "enum"));
    }
    for (String choice : List.of("anyOf", "oneOf")) {
      if (schema.containsKey(choice)) {
        return alternatives(list(schema, choice));
      }
    }
    return plain(schema);
  }

  private String alternatives(List<Object> choices) {
    return choices.stream()
        .map(OpenApiDocument::asMap)
        .map(each -> UNSET.equals(OpenApiDocument.referred(each)) ? "empty to unset" : type(each))
        .collect(Collectors.joining(", or "));
  }

  private static String words(List<Object> words) {
    return words.stream()
        .map(word -> word == null ? "null" : word.equals("") ? "empty" : Html.code("" + word))
        .collect(Collectors.joining(", "));
  }

  private String plain(Map<String, Object> schema) {
    List<String> types =
        schema.get("type") instanceof List<?> several
            ? several.stream().map(String::valueOf).toList()
            : List.of(text(schema, "type"));
    String type = types.getFirst();
    String said =
        switch (type) {
          case "array" -> "list of " + type(map(schema, "items")) + counted(schema);
          case "object" -> isTable(schema) ? fields(schema) : "object" + counted(schema);
          case "string" -> "text" + lengths(schema);
          case "integer" -> "whole number" + bounds(schema);
          case "null" -> "null";
          case "" -> "anything";
          default -> type;
        };
    return types.contains("null") && types.size() > 1 ? said + ", or null" : said;
  }

  private String fields(Map<String, Object> schema) {
    var all = new ArrayList<String>();
    map(schema, "properties")
        .forEach((name, of) -> all.add(Html.code(name) + " (" + type(asMap(of)) + ")"));
    return all.isEmpty() ? "empty object" : "object of " + String.join(", ", all);
  }

  private static String counted(Map<String, Object> schema) {
    Object most = schema.getOrDefault("maxItems", schema.get("maxProperties"));
    return most == null ? "" : ", up to " + most;
  }

  private static String lengths(Map<String, Object> schema) {
    Object most = schema.get("maxLength");
    return most == null ? "" : " up to " + most;
  }

  private static String bounds(Map<String, Object> schema) {
    Object least = schema.get("minimum");
    Object most = schema.get("maximum");
    if (least == null || most == null) {
      return least == null ? "" : " from " + least;
    }
    return " from " + least + " to " + most;
  }

  /** Whether it is an object with named properties, which has a place of its own on the page. */
  static boolean isTable(Map<String, Object> schema) {
    return schema.containsKey("properties") && !map(schema, "properties").isEmpty();
  }

  /** The properties of an object, one a row. */
  String table(Map<String, Object> schema) {
    List<Object> required = list(schema, "required");
    var rows = new StringBuilder("<table><tbody>\n");
    map(schema, "properties")
        .forEach((name, of) -> rows.append(row(name, asMap(of), required.contains(name), null)));
    rows.append("</tbody></table>\n");
    List<Object> unsupported = list(schema, "x-unsupported");
    if (!unsupported.isEmpty()) {
      rows.append("<p class=\"aside\">Refused by name: ")
          .append(words(unsupported))
          .append(".</p>\n");
    }
    return rows.toString();
  }

  /** One row: a name, what its value must be, what it is about. */
  String row(String name, Map<String, Object> schema, boolean required, @Nullable String about) {
    String described = text(schema, "description");
    String own = described.isEmpty() ? text(document.resolved(schema), "description") : described;
    return "<tr><th>"
        + Html.code(name)
        + (required ? " <em>required</em>" : "")
        + "</th><td><span class=\"type\">"
        + type(schema)
        + "</span>"
        + Html.line(about == null || about.isEmpty() ? " " + own : " " + about)
        + "</td></tr>\n";
  }
}
