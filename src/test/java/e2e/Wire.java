package e2e;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import support.TestGateway;

/** The API by hand, for what an SDK does not send. */
final class Wire implements AutoCloseable {
  static final String FORM = "application/x-www-form-urlencoded";
  static final String JSON = "application/json";

  private final TestGateway gateway;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Wire(TestGateway gateway) {
    this.gateway = gateway;
  }

  /** A request with the secret key. */
  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(gateway.api().resolve(path))
        .header("Authorization", "Bearer " + TestGateway.SECRET_KEY);
  }

  HttpResponse<String> get(String path) {
    return send(to(path).GET());
  }

  HttpResponse<String> post(String path, String type, String body) {
    return send(to(path).header("Content-Type", type).POST(BodyPublishers.ofString(body)));
  }

  HttpResponse<String> post(String path, String form) {
    return post(path, FORM, form);
  }

  HttpResponse<String> keyed(String key, String path, String form) {
    return send(
        to(path)
            .header("Content-Type", FORM)
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofString(form)));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  static JsonObject json(HttpResponse<String> response) {
    return new JsonObject(response.body());
  }

  static JsonObject error(HttpResponse<String> response) {
    return json(response).getJsonObject("error");
  }

  static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Override
  public void close() {
    client.close();
  }
}
