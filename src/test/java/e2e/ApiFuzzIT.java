package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import org.jspecify.annotations.Nullable;
import support.Books;
import support.OpenApi;
import support.OpenApi.Operation;
import support.PropertyTries;
import support.TestGateway;

/**
 * Whatever is sent to any operation of the published document, the answer is one that the document
 * tells, in time, and never a fault of ours. What the document allows is not refused for its
 * parameters, and what it does not allow is refused by name. The books balance afterwards.
 *
 * <p>{@code -Dfuzz.tries=20000} tries more. A failure prints the request.
 */
final class ApiFuzzIT {
  private static final String SEED = "20261130";
  private static final Duration IN_TIME = Duration.ofSeconds(40);
  private static final OpenApi DOCUMENT = new OpenApi();
  private static final List<Operation> OPERATIONS =
      DOCUMENT.operations().stream().filter(Operation::isMerchants).toList();

  /** Codes that blame a parameter by itself: what the document allows is none of these. */
  private static final Set<String> OF_A_PARAMETER =
      Set.of(
          "parameter_unknown",
          "parameter_missing",
          "parameter_unsupported",
          "parameter_invalid_integer",
          "parameter_invalid_empty",
          "parameter_invalid_string_blank",
          "email_invalid",
          "url_invalid");

  /** How each operation was answered. */
  private static final Map<String, Set<Integer>> ANSWERED = new TreeMap<>();

  private static final Map<String, List<String>> IDS = new TreeMap<>();

  /** Opened by the first that asks, so that who only names this class opens nothing. */
  private static final class Opened {
    static final TestGateway GATEWAY = TestGateway.start("--breaker.max-failures=10000");
    static final HttpClient CLIENT =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    static {
      FuzzSeeds.plant(GATEWAY, IDS, ApiFuzzIT::planted);
    }
  }

  /** As many requests as a system property says. */
  static final class Tries extends PropertyTries {
    Tries() {
      super("fuzz.tries");
    }
  }

  private static void planted(String id, HttpResponse<String> answer) {
    Operation operation =
        OPERATIONS.stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(DOCUMENT.answerFaults(operation, 200, answer.headers().map(), answer.body()))
        .as(answer.body())
        .isEmpty();
    ANSWERED.computeIfAbsent(id, first -> new TreeSet<>()).add(200);
  }

  @AfterContainer
  static void close() {
    try {
      for (Operation operation : OPERATIONS) {
        Set<Integer> answers = ANSWERED.getOrDefault(operation.id(), Set.of());
        assertThat(answers).as(operation + ": " + ANSWERED).contains(400);
        if (!operation.isRefused()) {
          assertThat(answers).as(operation + ": " + ANSWERED).contains(200);
        }
      }
      assertThat(Opened.GATEWAY.get("/v1/refunds").statusCode()).isEqualTo(200);
      new Books(Opened.GATEWAY).balance();
    } finally {
      Opened.CLIENT.close();
      Opened.GATEWAY.close();
    }
  }

  @AddLifecycleHook(Tries.class)
  @Property(
      tries = 1_200,
      seed = SEED,
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF)
  void answersWhateverIsSentAsTheDocumentSays(@ForAll("seeds") long seed) {
    Operation operation = OPERATIONS.get((int) Math.floorMod(seed, (long) OPERATIONS.size()));
    var requests = new FuzzRequests(DOCUMENT, seed, IDS);
    FuzzRequest request = requests.next(operation);
    HttpResponse<String> answer = send(request);
    String both = request + "\n\n" + answer.statusCode() + "\n" + answer.body();
    assertThat(answer.statusCode()).as(both).isLessThan(500);
    JsonNode json = read(answer.body(), both);
    if (isServed(request, json)) {
      assertThat(
              DOCUMENT.answerFaults(
                  operation, answer.statusCode(), answer.headers().map(), answer.body()))
          .as(both)
          .isEmpty();
      ANSWERED.computeIfAbsent(operation.id(), id -> new TreeSet<>()).add(answer.statusCode());
    }
    judge(request, answer.statusCode(), json, both);
    requests.learn(json);
  }

  @Provide
  Arbitrary<Long> seeds() {
    return Arbitraries.longs().withDistribution(RandomDistribution.uniform());
  }

  /** Whether the address is the operation's: hostile ones may be anybody's. */
  private static boolean isServed(FuzzRequest request, JsonNode answer) {
    boolean unknown =
        answer.path("error").path("message").asText().startsWith("Unrecognized request URL");
    if (unknown) {
      assertThat(request.sound()).as(request.toString()).isFalse();
    }
    return !unknown && !request.target().contains("..");
  }

  private static void judge(FuzzRequest request, int status, JsonNode answer, String both) {
    JsonNode error = answer.path("error");
    if (request.operation().isRefused()) {
      assertThat(status).as(both).isGreaterThanOrEqualTo(400);
      return;
    }
    if (request.sound()) {
      assertThat(OF_A_PARAMETER).as(both).doesNotContain(error.path("code").asText("-"));
      return;
    }
    String wrong = request.wrong();
    if (wrong != null && !allows(request, wrong, request.value())) {
      assertThat(status).as(both).isEqualTo(400);
      if (!error.path("message").asText().contains("levels deep")) {
        assertThat(error.path("param").asText()).as(both).startsWith(wrong);
      }
    }
  }

  /** Whether the document allows the value, as it is or as another type's text. */
  private static boolean allows(FuzzRequest request, String name, @Nullable Object value) {
    if (request.contentType().isEmpty() || !request.contentType().equals(FuzzRequests.JSON)) {
      // In a form empty lists and objects vanish, and all else is text.
      return true;
    }
    var readings = new ArrayList<Object>(Arrays.asList(value, String.valueOf(value), ""));
    if (value != null && !value.equals("")) {
      readings.removeLast();
    }
    if (value instanceof String text && text.matches("-?[0-9]{1,18}")) {
      readings.add(Long.valueOf(text));
    }
    if (value instanceof Map<?, ?> || value instanceof List<?>) {
      // Lists may be written as maps with numbers, and more within is read leniently.
      return !isScalar(request, name);
    }
    return readings.stream()
        .anyMatch(
            reading -> {
              var tree = new LinkedHashMap<>(request.parameters());
              tree.put(name, reading);
              return DOCUMENT.bodyFaults(request.operation(), FuzzRequest.json(tree)).isEmpty();
            });
  }

  private static boolean isScalar(FuzzRequest request, String name) {
    JsonNode schema =
        DOCUMENT.resolved(DOCUMENT.body(request.operation()).path("properties").path(name));
    while (schema.has("anyOf") || schema.has("oneOf")) {
      schema =
          DOCUMENT.resolved(
              schema.path("anyOf").path(0).isMissingNode()
                  ? schema.path("oneOf").path(0)
                  : schema.path("anyOf").path(0));
    }
    return Set.of("string", "integer", "boolean").contains(schema.path("type").asText());
  }

  private static JsonNode read(String body, String both) {
    try {
      JsonNode json = new ObjectMapper().readTree(body);
      assertThat(json.isObject()).as(both).isTrue();
      return json;
    } catch (IOException e) {
      throw new AssertionError(both, e);
    }
  }

  private static HttpResponse<String> send(FuzzRequest request) {
    Buffer body = request.body();
    var builder =
        HttpRequest.newBuilder(URI.create(Opened.GATEWAY.api() + safe(request.target())))
            .timeout(IN_TIME)
            .method(
                request.method(),
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(body.getBytes()));
    if (!request.contentType().isEmpty()) {
      builder.header("Content-Type", request.contentType());
    }
    builder.headers(request.headers().toArray(String[]::new));
    try {
      return Opened.CLIENT.send(builder.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError("no answer to " + request, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** What the JDK's client does not send as it is goes percent-encoded. */
  private static String safe(String target) {
    String path = target.replace("[", "%5B").replace("]", "%5D");
    return path.matches(".*%(?![0-9A-Fa-f]{2}).*")
        ? path.replaceAll("%(?![0-9A-Fa-f]{2})", "%25")
        : path;
  }
}
