package e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import support.OpenApi;
import support.OpenApi.Operation;
import support.TestGateway;

/** Requests made of the document: sound ones, ones with one fault, and hostile ones. */
final class FuzzRequests {
  static final String FORM = "application/x-www-form-urlencoded";
  static final String JSON = "application/json";
  private static final List<String> CONFIRMATION_ONLY =
      List.of("error_on_requires_action", "mandate_data", "off_session", "return_url");

  private final OpenApi document;
  private final Random random;
  private final FuzzValues values;
  private final Map<String, List<String>> ids;

  FuzzRequests(OpenApi document, long seed, Map<String, List<String>> ids) {
    this.document = document;
    this.random = new Random(seed);
    this.ids = ids;
    this.values = new FuzzValues(document, random, ids);
  }

  FuzzRequest next(Operation operation) {
    Map<String, Object> parameters = sound(operation);
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> request(operation, parameters, null, null, true);
      case 3, 4, 5, 6 -> withOneFault(operation, parameters);
      default -> hostile(operation, parameters);
    };
  }

  private boolean isPost(Operation operation) {
    return operation.method().equals("POST");
  }

  /** Parameters as the document says, and as its words say of how they go together. */
  private Map<String, Object> sound(Operation operation) {
    var all = new LinkedHashMap<String, Object>();
    if (isPost(operation)) {
      JsonNode body = document.body(operation);
      if (!body.isMissingNode() && values.allowed("", body) instanceof Map<?, ?> tree) {
        tree.forEach((name, value) -> all.put((String) name, value));
      }
    } else {
      for (JsonNode parameter : document.parameters(operation, "query")) {
        if (parameter.path("required").asBoolean() || random.nextInt(3) == 0) {
          String name = parameter.path("name").asText().replace("[]", "");
          all.put(name, values.allowed(name, parameter.path("schema")));
        }
      }
    }
    together(operation, all);
    return all;
  }

  private void together(Operation operation, Map<String, Object> all) {
    if (all.containsKey("expand")) {
      var paths = new ArrayList<Object>();
      operation.content().path("x-expandable").forEach(each -> paths.add(each.asText()));
      all.put("expand", paths);
    }
    exclusive(all, "payment_method", "payment_method_data");
    exclusive(all, "payment_intent", "charge");
    exclusive(all, "starting_after", "ending_before");
    exclusive(all, "type", "types");
    all.computeIfPresent("confirmation_method", (name, any) -> "automatic");
    all.computeIfPresent("final_capture", (name, any) -> true);
    all.computeIfPresent("payment_method_types", (name, any) -> List.of("card"));
    all.computeIfPresent("allowed_payment_method_types", (name, any) -> List.of("card", "link"));
    all.remove("excluded_payment_method_types", List.of("card"));
    all.remove("automatic_payment_methods");
    if (operation.id().equals("createPaymentIntent")) {
      if (random.nextInt(3) == 0) {
        all.remove("payment_method_types");
        all.put("automatic_payment_methods", Map.of("enabled", true, "allow_redirects", "never"));
      }
      if (random.nextInt(3) > 0) {
        all.put("confirm", true);
        all.put(
            "payment_method", values.allowed("payment_method", document.schemaNamed("MethodId")));
        all.remove("payment_method_data");
      } else {
        all.remove("confirm");
      }
      if (!Boolean.TRUE.equals(all.get("confirm"))) {
        CONFIRMATION_ONLY.forEach(all::remove);
      }
      if (all.get("amount") instanceof Long amount) {
        all.put("amount", Math.max(10, amount / 10 * 10));
      }
    }
    boolean unpaid = !all.containsKey("payment_method") && !all.containsKey("payment_method_data");
    if (isConfirmation(operation) && (unpaid || random.nextInt(4) > 0)) {
      all.put("payment_method", "pm_card_visa");
      all.remove("payment_method_data");
    }
    if (operation.id().equals("createRefund") && !all.containsKey("charge")) {
      boolean paid = random.nextBoolean();
      all.put("payment_intent", values.id(paid ? "paid" : "pi"));
      all.put("amount", paid ? 1L + random.nextInt(9) : 10L * random.nextInt(1, 20_000));
    }
    for (String page : List.of("starting_after", "ending_before")) {
      all.computeIfPresent(page, (name, any) -> values.id(prefix(operation.path())));
    }
  }

  private static boolean isConfirmation(Operation operation) {
    return operation.id().equals("confirmPaymentIntent");
  }

  private static void exclusive(Map<String, Object> all, String one, String other) {
    if (all.containsKey(one)) {
      all.remove(other);
    }
  }

  /** What the objects of a path's list are called. */
  static String prefix(String path) {
    String last = path.substring(path.lastIndexOf('/') + 1);
    String resource = path.endsWith("}") ? path.split("/")[2] : last;
    return switch (resource) {
      case "payment_intents" -> "pi";
      case "refunds" -> "re";
      case "charges" -> "ch";
      case "customers" -> "cus";
      case "payment_methods" -> "pm";
      case "webhook_endpoints" -> "we";
      case "events" -> "evt";
      default -> "pi";
    };
  }

  private FuzzRequest withOneFault(Operation operation, Map<String, Object> sound) {
    var all = new LinkedHashMap<>(sound);
    JsonNode known =
        isPost(operation) ? document.body(operation).path("properties") : queryNames(operation);
    var names = new ArrayList<String>();
    known.fieldNames().forEachRemaining(names::add);
    String name = names.isEmpty() || random.nextInt(6) == 0 ? "unknown" : values.pick(names);
    Object value = values.hostile();
    all.put(name, value);
    return request(operation, all, name, value, false);
  }

  private JsonNode queryNames(Operation operation) {
    var names = new com.fasterxml.jackson.databind.ObjectMapper().createObjectNode();
    document
        .parameters(operation, "query")
        .forEach(each -> names.put(each.path("name").asText().replace("[]", ""), true));
    return names;
  }

  private FuzzRequest request(
      Operation operation,
      Map<String, Object> all,
      @Nullable String wrong,
      @Nullable Object value,
      boolean sound) {
    String path = path(operation);
    var headers = new ArrayList<String>(List.of("Authorization", bearer(TestGateway.SECRET_KEY)));
    boolean numbered = random.nextBoolean();
    if (!isPost(operation)) {
      String query = FuzzRequest.form(all, numbered);
      String target = query.isEmpty() ? path : path + "?" + query;
      return new FuzzRequest(
          operation, operation.method(), target, "", null, headers, all, wrong, value, sound);
    }
    if (random.nextInt(3) == 0) {
      headers.addAll(List.of("Idempotency-Key", "key-" + random.nextInt(20)));
    }
    boolean json = random.nextBoolean();
    String text = json ? FuzzRequest.json(all) : FuzzRequest.form(all, numbered);
    return new FuzzRequest(
        operation,
        "POST",
        path,
        json ? JSON : FORM,
        Buffer.buffer(text),
        headers,
        all,
        wrong,
        value,
        sound);
  }

  private static String bearer(String key) {
    return "Bearer " + key;
  }

  private String path(Operation operation) {
    String path = operation.path();
    if (path.contains("{payment_method}") && random.nextBoolean()) {
      List<String> pair = ids.getOrDefault("pair", List.of("cus_x", "pm_x"));
      return path.replace("{id}", pair.get(0)).replace("{payment_method}", pair.get(1));
    }
    if (isConfirmation(operation) && random.nextInt(4) > 0) {
      return path.replace("{id}", values.id("open"));
    }
    String first = path.contains("{id}") ? path.split("/")[2] : "";
    path = path.replace("{id}", values.id(prefix("/v1/" + first)));
    return path.replace("{payment_method}", values.id("pm"));
  }

  private FuzzRequest hostile(Operation operation, Map<String, Object> sound) {
    var all = new LinkedHashMap<>(sound);
    for (int i = random.nextInt(3); i >= 0; i--) {
      all.put(values.strangeName(), values.hostile());
    }
    FuzzRequest made = request(operation, all, null, null, false);
    return switch (random.nextInt(4)) {
      case 0 -> made;
      case 1 -> with(made, target(made), made.contentType(), made.body(), made.headers());
      case 2 ->
          with(made, made.target(), contentType(), Buffer.buffer(garbage(made)), made.headers());
      default -> with(made, made.target(), made.contentType(), made.body(), headers());
    };
  }

  private static FuzzRequest with(
      FuzzRequest made,
      String target,
      String contentType,
      @Nullable Buffer body,
      List<String> headers) {
    return new FuzzRequest(
        made.operation(),
        made.method(),
        target,
        contentType,
        body,
        headers,
        Map.of(),
        null,
        null,
        false);
  }

  private String contentType() {
    return values.pick(
        List.of(
            FORM,
            JSON,
            "text/plain",
            "application/json; charset=utf-16",
            "x",
            "multipart/form-data"));
  }

  /** An address that is nearly one of the API's. */
  private String target(FuzzRequest made) {
    String path = made.operation().path();
    String id =
        values.pick(
            List.of(
                "%00",
                "..",
                "%2e%2e%2f",
                "pi_" + "z".repeat(22),
                "x".repeat(300),
                "%F0%9F%98%80",
                "4242424242424242",
                "*",
                values.id("evt"),
                values.id("cus") + "/"));
    String query =
        values.pick(
            List.of(
                "",
                "?",
                "?&&&",
                "?=x",
                "?limit=10&limit=20",
                "?expand[]=data&expand[0]=x",
                "?created[gt]=1&created=2",
                "?%",
                "?a%5Bb%5D%5Bc%5D=%80",
                "?a" + "%5Bb%5D".repeat(60) + "=1",
                "?limit=%EF%BC%91"));
    return path.replace("{id}", id).replace("{payment_method}", id) + query;
  }

  private byte[] garbage(FuzzRequest made) {
    byte[] sent = made.body() == null ? new byte[] {'a', '=', '1'} : made.body().getBytes();
    return switch (random.nextInt(8)) {
      case 0 -> new byte[0];
      case 1 -> {
        byte[] bytes = new byte[random.nextInt(300)];
        random.nextBytes(bytes);
        yield bytes;
      }
      case 2 -> java.util.Arrays.copyOf(sent, random.nextInt(sent.length + 1));
      case 3 -> "[".repeat(20_000).getBytes(StandardCharsets.UTF_8);
      case 4 -> "{\"a\":".repeat(2_000).getBytes(StandardCharsets.UTF_8);
      case 5 -> ("a" + "[b]".repeat(20_000) + "=1").getBytes(StandardCharsets.UTF_8);
      case 6 -> "a[]=1&".repeat(1_500).getBytes(StandardCharsets.UTF_8);
      default -> {
        byte[] flipped = sent.clone();
        if (flipped.length > 0) {
          flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        }
        yield flipped;
      }
    };
  }

  private List<String> headers() {
    var headers = new ArrayList<String>();
    String key =
        values.pick(
            List.of(
                bearer(TestGateway.SECRET_KEY),
                bearer(TestGateway.PUBLISHABLE_KEY),
                bearer("sk_test_nobody"),
                "Basic " + "!".repeat(20),
                "Basic c2tfdGVzdF9kZW1vOg==",
                bearer("x".repeat(2_000))));
    headers.addAll(List.of("Authorization", key));
    headers.addAll(
        values.pick(
            List.of(
                List.<String>of(),
                List.of("Idempotency-Key", "k".repeat(300)),
                List.of("Idempotency-Key", "4242424242424242"),
                List.of("Idempotency-Key", "one", "Idempotency-Key", "two"),
                List.of("Stripe-Account", "acct_1"),
                List.of("Stripe-Version", "x".repeat(500)),
                List.of("Content-Encoding", "gzip"),
                List.of("X-HTTP-Method-Override", "DELETE"))));
    return headers;
  }

  /** Takes note of what an answer shows, for later requests. */
  void learn(JsonNode answer) {
    String id = answer.path("id").asText();
    int end = id.indexOf('_');
    if (end > 0) {
      List<String> known = ids.computeIfAbsent(id.substring(0, end), prefix -> new ArrayList<>());
      if (known.size() < 200) {
        known.add(id);
      }
    }
    answer
        .path("data")
        .forEach(
            each -> {
              if (each.has("id")) {
                learn(each);
              }
            });
  }
}
