package verticles;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import support.OpenApi;
import support.OpenApi.Operation;

/** The API's reference, as anybody gets it. */
class ReferenceServedTest {
  private static final Pattern STYLE = Pattern.compile("<style>(.*?)</style>", Pattern.DOTALL);

  private ApiServer server;

  @BeforeEach
  void start() throws Exception {
    server = new ApiServer(ApiServer.SETTINGS);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private HttpRequest.Builder open(String path) {
    return HttpRequest.newBuilder(URI.create(server.base() + path));
  }

  @Test
  void isTheDocumentItselfWithoutAKey() throws Exception {
    HttpResponse<String> answer = server.send(open("/openapi.yaml"));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "Content-Type")).startsWith("application/yaml");
    assertThat(answer.body())
        .isEqualTo(Files.readString(Path.of("src/main/resources/openapi.yaml")));
  }

  @Test
  void isAPageThatHoldsEveryOperationParameterAndObject() throws Exception {
    String page = server.send(open("/docs")).body();
    var document = new OpenApi();
    for (Operation operation : document.operations()) {
      String article = between(page, "<article id=\"" + operation.id() + "\">", "</article>");
      assertThat(article).contains(operation.path(), "Answers");
      assertThat(article.contains("curl ")).isEqualTo(!operation.isRefused());
      document
          .body(operation)
          .path("properties")
          .fieldNames()
          .forEachRemaining(name -> assertThat(article).contains("<code>" + name + "</code>"));
    }
    List<String> anchors = found(page, "id=\"([^\"]+)\"");
    assertThat(anchors).doesNotHaveDuplicates();
    assertThat(anchors).containsAll(found(page, "href=\"#([^\"]+)\""));
    assertThat(found(page, "<(table|tbody|tr|th|td|p|article|section|ul|li|nav|main|code|pre)\\b"))
        .hasSameSizeAs(
            found(page, "</(table|tbody|tr|th|td|p|article|section|ul|li|nav|main|code|pre)>"));
  }

  @Test
  void bringsNothingFromElsewhereAndRunsNothing() throws Exception {
    HttpResponse<String> answer = server.send(open("/docs"));
    String page = answer.body();
    assertThat(found(page, "(?:href|src|action)=\"([^#\"][^\"]*)\"")).containsOnly("/openapi.yaml");
    assertThat(page).doesNotContain("<script", "<img", "<link", "<iframe", "style=\"", "@import");
    MatchResult style = STYLE.matcher(page).results().findFirst().orElseThrow();
    byte[] hash =
        MessageDigest.getInstance("SHA-256")
            .digest(style.group(1).getBytes(StandardCharsets.UTF_8));
    assertThat(header(answer, "Content-Security-Policy"))
        .startsWith("default-src 'none'; ")
        .contains("style-src 'sha256-" + Base64.getEncoder().encodeToString(hash) + "'")
        .contains("frame-ancestors 'none'");
    assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
  }

  @Test
  void isNotSentAgainToWhoHasIt() throws Exception {
    String etag = header(server.send(open("/docs")), "ETag");
    HttpResponse<String> again = server.send(open("/docs").header("If-None-Match", etag));
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    HttpResponse<String> head = server.send(open("/docs").method("HEAD", BodyPublishers.noBody()));
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(header(head, "ETag")).isEqualTo(etag);
  }

  @Test
  void isTheSameForAllWhoAskWhileItIsMade() throws Exception {
    var client = HttpClient.newHttpClient();
    var asked =
        IntStream.range(0, 20)
            .mapToObj(
                ask ->
                    client.sendAsync(
                        open(ask % 2 == 0 ? "/docs" : "/openapi.yaml").build(),
                        HttpResponse.BodyHandlers.ofString()))
            .toList();
    var answers = asked.stream().map(CompletableFuture::join).toList();
    client.shutdownNow();
    assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200);
    assertThat(answers.stream().map(HttpResponse::body).distinct()).hasSize(2);
  }

  @Test
  void isReadOnly() throws Exception {
    HttpResponse<String> answer = server.send(open("/docs").POST(BodyPublishers.ofString("a=b")));
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(server.commands()).isEmpty();
  }

  private static String between(String page, String start, String end) {
    int from = page.indexOf(start);
    assertThat(from).as(start).isNotNegative();
    return page.substring(from, page.indexOf(end, from));
  }

  private static List<String> found(String page, String pattern) {
    return Pattern.compile(pattern).matcher(page).results().map(it -> it.group(1)).toList();
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }
}
