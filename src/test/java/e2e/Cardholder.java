package e2e;

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

  /**
   * Answers the bank on its page and goes where that sends them, which is the gateway.
   *
   * @return where that sends them
   */
  String answers(TestGateway gateway, URI page, boolean passed) {
    URI address = gateway.simulator().completeChallenge(page, passed).orElseThrow();
    try {
      return browser
          .send(
              HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(60)).build(),
              HttpResponse.BodyHandlers.ofString())
          .headers()
          .firstValue("Location")
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    browser.close();
  }
}
