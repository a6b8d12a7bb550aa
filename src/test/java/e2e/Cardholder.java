package e2e;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import support.TestGateway;

/** A cardholder's browser between the shop and their bank. */
final class Cardholder implements AutoCloseable {
  private final HttpClient browser =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

  /** The bank's page, to which a payment sends. */
  static URI page(JsonObject payment) {
    return URI.create(
        payment.getJsonObject("next_action").getJsonObject("redirect_to_url").getString("url"));
  }

  /** The cardholder at the bank's page; where the browser is sent then. */
  static URI sentBack(TestGateway gateway, URI page, boolean passed) {
    return gateway.simulator().completeChallenge(page, passed).orElseThrow();
  }

  HttpResponse<String> visits(URI address) {
    try {
      return browser.send(
          HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(60)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /**
   * Answers the bank on its page and goes where that sends them, which is the gateway.
   *
   * @return where that sends them
   */
  String answers(TestGateway gateway, URI page, boolean passed) {
    return location(visits(sentBack(gateway, page, passed)));
  }

  static String location(HttpResponse<?> sentOn) {
    return sentOn.headers().firstValue("Location").orElseThrow();
  }

  @Override
  public void close() {
    browser.close();
  }
}
