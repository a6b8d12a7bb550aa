package simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A merchant's plain HTTP client, with one secret key. Each call uses a connection of its own. */
public final class Caller {
  public static final String SECRET_KEY = "sk_test_caller";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String baseUrl;
  private final String secretKey;

  public Caller(String baseUrl) {
    this(baseUrl, SECRET_KEY);
  }

  public Caller(String baseUrl, String secretKey) {
    this.baseUrl = baseUrl;
    this.secretKey = secretKey;
  }

  /** An answer as it came. */
  public record Reply(int status, String body, HttpResponse<String> raw) {
    public JsonObject json() {
      return new JsonObject(body);
    }

    public JsonObject error() {
      return json().getJsonObject("error");
    }

    public @Nullable String header(String name) {
      return raw.headers().firstValue(name).orElse(null);
    }
  }

  public Reply get(String path) {
    return send(request(path).GET().build());
  }

  public Reply delete(String path) {
    return send(request(path).DELETE().build());
  }

  /** Form parameters in pairs: name, value, name, value. */
  public Reply post(String path, String... params) {
    return send(postRequest(path, null, params));
  }

  public Reply postWithKey(String path, String idempotencyKey, String... params) {
    return send(postRequest(path, idempotencyKey, params));
  }

  public CompletableFuture<Reply> postLater(String path, String idempotencyKey, String... params) {
    return HttpClient.newHttpClient()
        .sendAsync(
            postRequest(path, idempotencyKey, params), HttpResponse.BodyHandlers.ofString(UTF_8))
        .thenApply(Caller::reply);
  }

  public Reply postJson(String path, JsonObject body) {
    return send(
        request(path).POST(HttpRequest.BodyPublishers.ofString(body.encode(), UTF_8)).build());
  }

  /** The path may be absolute. */
  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : baseUrl + path))
        .timeout(PATIENCE)
        .header("Authorization", "Bearer " + secretKey);
  }

  public HttpRequest postRequest(String path, @Nullable String idempotencyKey, String... params) {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form(params), UTF_8));
    return idempotencyKey == null
        ? request.build()
        : request.header("Idempotency-Key", idempotencyKey).build();
  }

  static String form(String... params) {
    StringBuilder form = new StringBuilder();
    for (int i = 0; i < params.length; i += 2) {
      form.append(i == 0 ? "" : "&")
          .append(URLEncoder.encode(params[i], UTF_8))
          .append('=')
          .append(URLEncoder.encode(params[i + 1], UTF_8));
    }
    return form.toString();
  }

  /** Sends it; a connection that breaks is an {@link UncheckedIOException}. */
  public static Reply send(HttpRequest request) {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return reply(client.send(request, HttpResponse.BodyHandlers.ofString(UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Reply reply(HttpResponse<String> response) {
    return new Reply(response.statusCode(), response.body(), response);
  }
}
