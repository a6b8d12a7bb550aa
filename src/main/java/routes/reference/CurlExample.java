package routes.reference;

import static routes.reference.OpenApiDocument.asMap;
import static routes.reference.OpenApiDocument.list;
import static routes.reference.OpenApiDocument.map;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import routes.reference.OpenApiDocument.Operation;

/** An operation as a line for a shell, made of the document's own examples. */
final class CurlExample {
  private static final String SERVER = "http://localhost:8080";
  private static final String KEY = "sk_test_demo";

  private final OpenApiDocument document;
  private final Operation operation;

  CurlExample(OpenApiDocument document, Operation operation) {
    this.document = document;
    this.operation = operation;
  }

  String text() {
    var words = new ArrayList<String>();
    words.add("curl " + SERVER + path());
    boolean open = operation.content().get("security") instanceof List<?> none && none.isEmpty();
    if (!open) {
      words.add("-u " + KEY + ":");
    }
    if (operation.method().equals("DELETE")) {
      words.add("-X DELETE");
    }
    List<String> pairs = pairs();
    pairs.forEach(pair -> words.add("-d '" + pair + "'"));
    if (pairs.isEmpty() && operation.method().equals("POST")) {
      words.add("-X POST");
    }
    return String.join(" \\\n  ", words);
  }

  private String path() {
    String path = operation.path();
    var query = new ArrayList<String>();
    for (Object each : list(operation.content(), "parameters")) {
      Map<String, Object> parameter = document.resolved(asMap(each));
      String name = OpenApiDocument.text(parameter, "name");
      String example = OpenApiDocument.text(parameter, "example");
      boolean required = Boolean.TRUE.equals(parameter.get("required"));
      switch (OpenApiDocument.text(parameter, "in")) {
        case "path" -> path = path.replace("{" + name + "}", example);
        case "query" -> {
          if (required) {
            query.add(name + "=" + example);
          }
        }
        default -> {} // a header is no part of the address
      }
    }
    return query.isEmpty() ? path : path + "?" + String.join("&", query);
  }

  private List<String> pairs() {
    var pairs = new ArrayList<String>();
    map(operation.form(), "example").forEach((name, value) -> add(name, value, pairs));
    return pairs;
  }

  private static void add(String name, Object value, List<String> pairs) {
    switch (value) {
      case Map<?, ?> map -> map.forEach((key, inner) -> add(name + "[" + key + "]", inner, pairs));
      case List<?> list -> list.forEach(inner -> add(name + "[]", inner, pairs));
      default -> pairs.add(name + "=" + value);
    }
  }
}
