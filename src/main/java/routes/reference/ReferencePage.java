package routes.reference;

import static routes.reference.OpenApiDocument.asMap;
import static routes.reference.OpenApiDocument.list;
import static routes.reference.OpenApiDocument.map;
import static routes.reference.OpenApiDocument.text;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import routes.reference.OpenApiDocument.Operation;

/** The document as one page of HTML without scripts and without anything from elsewhere. */
final class ReferencePage {
  /** The resource that stands between the page's style tags, to the byte. */
  static final String STYLE = "/reference.css";

  private final OpenApiDocument document;
  private final List<Operation> operations;
  private final String style;
  private final SchemaText schemas;
  private final StringBuilder page = new StringBuilder(256 * 1_024);

  private ReferencePage(OpenApiDocument document, String style) {
    this.document = document;
    this.operations = document.operations();
    this.style = style;
    this.schemas = new SchemaText(document);
  }

  static String of(OpenApiDocument document, String style) {
    return new ReferencePage(document, style).write();
  }

  private String write() {
    String title = text(document.info(), "title");
    page.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
        .append(Html.escaped(title))
        .append(" API</title>\n<style>")
        .append(style)
        .append("</style>\n</head>\n<body>\n");
    contents();
    page.append("<main>\n<h1>")
        .append(Html.escaped(title))
        .append(" API</h1>\n<p class=\"lead\">")
        .append(Html.line(text(document.info(), "summary")))
        .append(" Version ")
        .append(Html.code(text(document.info(), "version")))
        .append(". The same as a document: <a href=\"/openapi.yaml\">OpenAPI</a>.</p>\n")
        .append(Html.paragraphs(text(document.info(), "description")));
    for (Map<String, Object> tag : document.tags()) {
      section(text(tag, "name"), text(tag, "description"));
    }
    objects();
    page.append("</main>\n</body>\n</html>\n");
    return page.toString();
  }

  private void contents() {
    page.append("<nav>\n");
    for (Map<String, Object> tag : document.tags()) {
      String name = text(tag, "name");
      page.append("<h2>").append(Html.link(anchor(name), name)).append("</h2>\n<ul>\n");
      for (Operation operation : of(name)) {
        page.append("<li>")
            .append(Html.link(operation.id(), text(operation.content(), "summary")))
            .append("</li>\n");
      }
      page.append("</ul>\n");
    }
    page.append("<h2>").append(Html.link("objects", "Objects")).append("</h2>\n</nav>\n");
  }

  private List<Operation> of(String tag) {
    return operations.stream().filter(each -> each.tag().equals(tag)).toList();
  }

  private static String anchor(String name) {
    return name.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z]+", "-");
  }

  private void section(String name, String description) {
    page.append("<section>\n<h2 id=\"")
        .append(anchor(name))
        .append("\">")
        .append(Html.escaped(name))
        .append("</h2>\n<p>")
        .append(Html.line(description))
        .append("</p>\n");
    of(name).forEach(this::operation);
    page.append("</section>\n");
  }

  private void operation(Operation operation) {
    Map<String, Object> content = operation.content();
    page.append("<article id=\"")
        .append(Html.escaped(operation.id()))
        .append("\">\n<h3>")
        .append(Html.link(operation.id(), text(content, "summary")))
        .append("</h3>\n<p class=\"call\"><b>")
        .append(operation.method())
        .append("</b> ")
        .append(Html.code(operation.path()))
        .append("</p>\n");
    String description = text(content, "description");
    if (!description.isEmpty()) {
      page.append("<p>").append(Html.line(description)).append("</p>\n");
    }
    parameters(content);
    body(operation);
    answers(content);
    if (!content.containsKey("x-refused")) {
      page.append("<h4>Example</h4>\n<pre>")
          .append(Html.escaped(new CurlExample(document, operation).text()))
          .append("</pre>\n");
    }
    page.append("</article>\n");
  }

  private void parameters(Map<String, Object> content) {
    List<Object> parameters = list(content, "parameters");
    if (parameters.isEmpty()) {
      return;
    }
    page.append("<h4>Parameters</h4>\n<table><tbody>\n");
    for (Object each : parameters) {
      Map<String, Object> parameter = document.resolved(asMap(each));
      boolean required = Boolean.TRUE.equals(parameter.get("required"));
      String where = text(parameter, "in");
      String about = text(parameter, "description");
      page.append(
          schemas.row(
              text(parameter, "name"),
              map(parameter, "schema"),
              required,
              where.equals("query") ? about : "In the " + where + ". " + about));
    }
    page.append("</tbody></table>\n");
    words("Can be expanded", list(content, "x-expandable"));
    words("Refused by name", list(content, "x-unsupported"));
  }

  private void words(String label, List<Object> words) {
    if (!words.isEmpty()) {
      page.append("<p class=\"aside\">").append(label).append(": ");
      for (int i = 0; i < words.size(); i++) {
        page.append(i == 0 ? "" : ", ").append(Html.code(String.valueOf(words.get(i))));
      }
      page.append(".</p>\n");
    }
  }

  private void body(Operation operation) {
    Map<String, Object> schema = document.resolved(map(operation.form(), "schema"));
    if (SchemaText.isTable(schema)) {
      page.append("<h4>Body</h4>\n").append(schemas.table(schema));
    }
  }

  private void answers(Map<String, Object> content) {
    page.append("<h4>Answers</h4>\n<table><tbody>\n");
    map(content, "responses")
        .forEach(
            (status, of) -> {
              Map<String, Object> answer = document.resolved(asMap(of));
              Map<String, Object> schema = answered(answer);
              page.append("<tr><th>")
                  .append(Html.escaped(status))
                  .append("</th><td><span class=\"type\">")
                  .append(schema == null ? "" : schemas.type(schema))
                  .append("</span> ")
                  .append(Html.line(text(answer, "description")))
                  .append("</td></tr>\n");
            });
    page.append("</tbody></table>\n");
  }

  private static @Nullable Map<String, Object> answered(Map<String, Object> answer) {
    Map<String, Object> json = map(map(answer, "content"), "application/json");
    return json.isEmpty() ? null : map(json, "schema");
  }

  private void objects() {
    page.append("<section>\n<h2 id=\"objects\">Objects</h2>\n");
    document
        .schemas()
        .forEach(
            (name, of) -> {
              Map<String, Object> schema = asMap(of);
              if (SchemaText.isTable(schema)) {
                page.append("<article id=\"")
                    .append(Html.escaped(SchemaText.anchor(name)))
                    .append("\">\n<h3>")
                    .append(Html.link(SchemaText.anchor(name), name))
                    .append("</h3>\n<p>")
                    .append(Html.line(text(schema, "description")))
                    .append("</p>\n")
                    .append(schemas.table(schema))
                    .append("</article>\n");
              }
            });
    page.append("</section>\n");
  }
}
