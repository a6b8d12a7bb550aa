package support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.Yaml;

/** The published OpenAPI document, and whether answers are as it says. */
public final class OpenApi {
  private static final Path FILE = Path.of("src/main/resources/openapi.yaml");
  private static final String ID = "urn:sluice:openapi";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final List<String> METHODS = List.of("get", "post", "delete");

  private final JsonNode root;
  private final JsonSchemaFactory factory;
  private final Map<String, JsonSchema> schemas = new ConcurrentHashMap<>();

  public OpenApi() {
    try {
      Object tree = new Yaml().load(Files.readString(FILE));
      root = new ObjectMapper().valueToTree(tree);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String text = root.toString();
    factory =
        JsonSchemaFactory.getInstance(
            SpecVersion.VersionFlag.V202012,
            builder -> builder.schemaLoaders(loaders -> loaders.schemas(Map.of(ID, text))));
  }

  /**
   * One of its operations.
   *
   * @param pointer where it stands in the document
   */
  public record Operation(String method, String path, String pointer, JsonNode content) {
    /** Whether merchants call it, with a key and on the API's port. */
    public boolean isMerchants() {
      return !content.has("security");
    }

    /** Whether every request is refused. */
    public boolean isRefused() {
      return content.has("x-refused");
    }

    public String id() {
      return content.path("operationId").asText();
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  public JsonNode root() {
    return root;
  }

  public List<Operation> operations() {
    var all = new ArrayList<Operation>();
    root.path("paths")
        .properties()
        .forEach(
            path ->
                METHODS.stream()
                    .filter(path.getValue()::has)
                    .forEach(
                        method ->
                            all.add(
                                new Operation(
                                    method.toUpperCase(Locale.ROOT),
                                    path.getKey(),
                                    "/paths/" + escaped(path.getKey()) + "/" + method,
                                    path.getValue().path(method)))));
    return all;
  }

  private static String escaped(String step) {
    return step.replace("~", "~0").replace("/", "~1");
  }

  /** What a reference refers to; anything else itself. */
  public JsonNode resolved(JsonNode node) {
    JsonNode at = node;
    while (at.has("$ref")) {
      at = root.at(at.path("$ref").asText().substring(1));
    }
    return at;
  }

  /** The parameters outside the body, of one place: path, query or header. */
  public List<JsonNode> parameters(Operation operation, String in) {
    var all = new ArrayList<JsonNode>();
    operation
        .content()
        .path("parameters")
        .forEach(
            each -> {
              JsonNode parameter = resolved(each);
              if (parameter.path("in").asText().equals(in)) {
                all.add(parameter);
              }
            });
    return all;
  }

  /** The schema of the body, missing where there is none. */
  public JsonNode body(Operation operation) {
    return resolved(
        operation.content().path("requestBody").path("content").path(FORM).path("schema"));
  }

  /** An example of the body, missing where there is none. */
  public JsonNode example(Operation operation) {
    return operation.content().path("requestBody").path("content").path(FORM).path("example");
  }

  /** What a JSON body does not keep of its schema; empty where it keeps all. */
  public List<String> bodyFaults(Operation operation, String json) {
    String pointer = operation.pointer() + "/requestBody/content/application~1json/schema";
    return faults(pointer, json);
  }

  /** What an answer does not keep of the document: its status, its headers, its body. */
  public List<String> answerFaults(
      Operation operation, int status, Map<String, List<String>> headers, String body) {
    JsonNode response = operation.content().path("responses").path(String.valueOf(status));
    if (response.isMissingNode()) {
      return new ArrayList<>(List.of("status " + status + " is not documented"));
    }
    String pointer = operation.pointer() + "/responses/" + status;
    if (response.has("$ref")) {
      pointer = response.path("$ref").asText().substring(1);
    }
    var faults = new ArrayList<String>();
    headers(root.at(pointer).path("headers"), headers, faults);
    if (!header(headers, "content-type").startsWith("application/json")) {
      faults.add("Content-Type is " + header(headers, "content-type"));
    } else {
      faults.addAll(faults(pointer + "/content/application~1json/schema", body));
    }
    return faults;
  }

  private void headers(
      JsonNode documented, Map<String, List<String>> headers, List<String> faults) {
    for (String name : List.of("Request-Id", "Stripe-Version")) {
      if (!documented.has(name) || header(headers, name).isEmpty()) {
        faults.add("without " + name);
      }
    }
    for (String name :
        List.of("Idempotency-Key", "Idempotent-Replayed", "Retry-After", "Stripe-Should-Retry")) {
      if (!header(headers, name).isEmpty() && !documented.has(name)) {
        faults.add(name + " is not documented");
      }
    }
  }

  private static String header(Map<String, List<String>> headers, String name) {
    return headers.entrySet().stream()
        .filter(each -> each.getKey().equalsIgnoreCase(name))
        .map(each -> each.getValue().getFirst())
        .findFirst()
        .orElse("");
  }

  private List<String> faults(String pointer, String json) {
    return schema(pointer).validate(json, InputFormat.JSON).stream()
        .map(Object::toString)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private JsonSchema schema(String pointer) {
    return schemas.computeIfAbsent(
        pointer, at -> factory.getSchema(SchemaLocation.of(ID + "#" + at)));
  }

  /** What a value of one of its schemas does not keep of it. */
  public List<String> schemaFaults(String name, String json) {
    return faults("/components/schemas/" + name, json);
  }

  /** The schema of that name, missing where there is none. */
  public JsonNode schemaNamed(String name) {
    return root.path("components").path("schemas").path(name);
  }
}
