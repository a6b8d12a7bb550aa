package routes.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flows.ReturnAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import payments.Answer;
import payments.DeclineCode;
import payments.PaymentStatus;
import payments.Refusal;
import payments.Refusal.Category;
import payments.Refusal.Code;
import support.OpenApi;
import support.OpenApi.Operation;

/** The published document and the code say the same, in both directions. */
final class OpenApiTest {
  private static final OpenApi DOCUMENT = new OpenApi();
  private static final Set<String> WITHOUT_A_KEY =
      Set.of(
          "GET /docs",
          "GET /openapi.yaml",
          "GET /v1/redirects/{way}",
          "POST /v1/redirects/{way}",
          "POST /webhooks/{psp}/{account}");

  /** What tells readers, and is not checked. */
  private static final List<String> PROSE = List.of("description", "example", "default");

  static Stream<Endpoint> endpoints() {
    return ApiEdge.ENDPOINTS.stream().flatMap(List::stream);
  }

  private static Operation operation(Endpoint endpoint) {
    String name = endpoint.method() + " " + endpoint.path();
    return DOCUMENT.operations().stream()
        .filter(each -> each.toString().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not in the document"));
  }

  @Test
  void tellsEveryRouteAndNoOther() {
    Set<String> routed =
        endpoints()
            .map(endpoint -> endpoint.method() + " " + endpoint.path())
            .collect(Collectors.toCollection(TreeSet::new));
    routed.addAll(WITHOUT_A_KEY);
    assertThat(DOCUMENT.operations()).extracting(Operation::toString).hasSameElementsAs(routed);
    assertThat(DOCUMENT.operations()).extracting(Operation::id).doesNotHaveDuplicates();
    assertThat(ReturnAddress.PATH).isEqualTo("/v1/redirects/");
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void tellsEveryParameterAsTheCodeTakesIt(Endpoint endpoint) {
    Operation operation = operation(endpoint);
    assertThat(operation.isRefused()).isEqualTo(endpoint.catalogue() == ParameterCatalogue.ANY);
    if (!operation.isRefused()) {
      JsonNode told =
          endpoint.method().equals("POST") ? DOCUMENT.body(operation) : query(operation);
      assertThat(pretty(told)).isEqualTo(pretty(CatalogueSchemas.of(endpoint.catalogue())));
    }
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void tellsWhatPublishableKeysMay(Endpoint endpoint) {
    JsonNode told = operation(endpoint).content().path("x-publishable").path("schema");
    assertThat(told.isMissingNode()).isEqualTo(endpoint.browserCatalogue() == null);
    if (endpoint.browserCatalogue() != null) {
      assertThat(pretty(told)).isEqualTo(pretty(CatalogueSchemas.of(endpoint.browserCatalogue())));
    }
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void tellsWhatCanBeExpanded(Endpoint endpoint) {
    if (operation(endpoint).isRefused()) {
      return;
    }
    String data = endpoint.list() ? "data." : "";
    List<String> known =
        Stream.of(
                "charge",
                "customer",
                "latest_charge",
                "payment_intent",
                "payment_method",
                "refunds")
            .filter(name -> endpoint.kind().property(name) != null)
            .map(name -> data + name)
            .toList();
    assertThat(operation(endpoint).content().path("x-expandable"))
        .extracting(JsonNode::asText)
        .containsExactlyElementsOf(known);
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void tellsTheIdsOfItsPathAndHowABodyIsWritten(Endpoint endpoint) {
    Operation operation = operation(endpoint);
    List<String> ids =
        Arrays.stream(endpoint.path().split("/"))
            .filter(segment -> segment.startsWith("{"))
            .map(segment -> segment.substring(1, segment.length() - 1))
            .toList();
    assertThat(DOCUMENT.parameters(operation, "path"))
        .extracting(each -> each.path("name").asText())
        .containsExactlyElementsOf(ids);
    JsonNode content = operation.content().path("requestBody").path("content");
    JsonNode form = content.path("application/x-www-form-urlencoded");
    assertThat(content.path("application/json").path("schema")).isEqualTo(form.path("schema"));
    plain(form.path("schema"))
        .path("properties")
        .properties()
        .forEach(
            property ->
                assertThat(form.path("encoding").has(property.getKey()))
                    .as(operation + " " + property.getKey())
                    .isEqualTo(isNested(property.getValue())));
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void givesExamplesThatAreAsItSays(Endpoint endpoint) {
    Operation operation = operation(endpoint);
    JsonNode example = DOCUMENT.example(operation);
    if (!example.isMissingNode()) {
      assertThat(DOCUMENT.bodyFaults(operation, example.toString())).isEmpty();
    }
    boolean required = operation.content().path("requestBody").path("required").asBoolean();
    assertThat(required && example.isMissingNode()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Category.class)
  void tellsEveryErrorsStatusTypesAndCodes(Category category) {
    int status = ErrorJson.status(category);
    List<Code> codes =
        Arrays.stream(Code.values())
            .filter(code -> ErrorJson.status(code.category()) == status)
            .filter(code -> code != Code.CARD_DECLINED)
            .toList();
    JsonNode error = error(status);
    Set<String> wire =
        codes.stream()
            .map(Code::wire)
            .filter(java.util.Objects::nonNull)
            .collect(Collectors.toCollection(TreeSet::new));
    if (category != Category.CARD) {
      assertThat(texts(error.path("properties").path("code").path("enum"))).isEqualTo(wire);
    }
    for (Code code : codes) {
      Answer answer = ErrorJson.answer(Refusal.of(code, "why"), null, false);
      assertThat(faults(status, answer.body())).as(code.name()).isEmpty();
    }
  }

  @Test
  void tellsEveryDecline() {
    JsonNode properties = DOCUMENT.schemaNamed("CardErrorDetails").path("properties");
    assertThat(texts(properties.path("code").path("enum")))
        .isEqualTo(
            Arrays.stream(DeclineCode.values())
                .map(DeclineCode::errorCode)
                .collect(Collectors.toCollection(TreeSet::new)));
    assertThat(texts(properties.path("decline_code").path("enum")))
        .isEqualTo(
            Arrays.stream(DeclineCode.values())
                .map(DeclineCode::declineCode)
                .filter(java.util.Objects::nonNull)
                .collect(Collectors.toCollection(TreeSet::new)));
    assertThat(
            texts(
                DOCUMENT
                    .resolved(DOCUMENT.schemaNamed("PaymentIntent"))
                    .path("properties")
                    .path("status")
                    .path("enum")))
        .isEqualTo(
            Arrays.stream(PaymentStatus.values())
                .map(PaymentStatus::wire)
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void tellsTheLimitsThatHold() {
    String text = DOCUMENT.root().path("info").path("description").asText();
    assertThat(text)
        .contains(ApiSettings.DEFAULTS.maxBodyBytes() + " bytes")
        .contains(FormReader.MAX_PARAMETERS + " parameters")
        .contains(FormReader.MAX_DEPTH + " levels");
    assertThat(DOCUMENT.root().path("info").path("version").asText()).isEqualTo(ApiVersion.PINNED);
  }

  private static JsonNode error(int status) {
    JsonNode response = response(status);
    return DOCUMENT
        .resolved(response.path("content").path("application/json").path("schema"))
        .path("properties")
        .path("error");
  }

  private static JsonNode response(int status) {
    Operation confirm =
        DOCUMENT.operations().stream()
            .filter(each -> each.id().equals("confirmPaymentIntent"))
            .findFirst()
            .orElseThrow();
    return DOCUMENT.resolved(confirm.content().path("responses").path(String.valueOf(status)));
  }

  private static List<String> faults(int status, String body) {
    String reference =
        response(status)
            .path("content")
            .path("application/json")
            .path("schema")
            .path("$ref")
            .asText();
    return DOCUMENT.schemaFaults(reference.substring(reference.lastIndexOf('/') + 1), body);
  }

  private static boolean isNested(JsonNode schema) {
    if (schema.has("anyOf")) {
      return isNested(schema.path("anyOf").path(0));
    }
    String type = schema.path("type").asText();
    return type.equals("object") || type.equals("array");
  }

  private static Set<String> texts(JsonNode array) {
    var texts = new TreeSet<String>();
    array.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  /** The parameters of a query, as the body would have them. */
  private static ObjectNode query(Operation operation) {
    var mapper = new ObjectMapper();
    ObjectNode schema = mapper.createObjectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    var required = new ArrayList<String>();
    for (JsonNode parameter : DOCUMENT.parameters(operation, "query")) {
      String name = parameter.path("name").asText();
      JsonNode told = plain(parameter.path("schema"));
      boolean list = told.path("type").asText().equals("array");
      assertThat(name.endsWith("[]")).as(name).isEqualTo(list);
      String bare = list ? name.substring(0, name.length() - 2) : name;
      properties.set(bare, told);
      if (parameter.path("required").asBoolean()) {
        required.add(bare);
      }
    }
    schema.put("additionalProperties", false);
    if (!required.isEmpty()) {
      ArrayNode names = schema.putArray("required");
      required.stream().sorted().forEach(names::add);
    }
    JsonNode unsupported = operation.content().path("x-unsupported");
    if (!unsupported.isMissingNode()) {
      schema.set("x-unsupported", unsupported);
    }
    return schema;
  }

  /** A schema with everything that it refers to in its place, without what only tells readers. */
  private static JsonNode plain(JsonNode node) {
    JsonNode resolved = DOCUMENT.resolved(node);
    if (resolved instanceof ObjectNode object) {
      ObjectNode copy = new ObjectMapper().createObjectNode();
      object
          .properties()
          .forEach(
              each -> {
                boolean name = each.getKey().equals("properties");
                if (name) {
                  ObjectNode inner = copy.putObject("properties");
                  each.getValue()
                      .properties()
                      .forEach(one -> inner.set(one.getKey(), plain(one.getValue())));
                } else if (!PROSE.contains(each.getKey())) {
                  copy.set(each.getKey(), sorted(each.getKey(), plain(each.getValue())));
                }
              });
      return copy;
    }
    if (resolved instanceof ArrayNode array) {
      ArrayNode copy = new ObjectMapper().createArrayNode();
      array.forEach(each -> copy.add(plain(each)));
      return copy;
    }
    return resolved;
  }

  /** A schema as text, in an order of its own. */
  private static String pretty(JsonNode node) {
    try {
      var mapper =
          new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);
      Object tree = mapper.treeToValue(plain(node), Object.class);
      return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** What is a set in JSON Schema is compared as one. */
  private static JsonNode sorted(String name, JsonNode value) {
    if (!List.of("required", "enum", "x-unsupported").contains(name)) {
      return value;
    }
    ArrayNode copy = new ObjectMapper().createArrayNode();
    texts(value).forEach(copy::add);
    return copy;
  }
}
