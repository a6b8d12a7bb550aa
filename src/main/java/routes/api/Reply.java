package routes.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import payments.Answer;
import payments.Refusal;

/**
 * The answer to one request, given once: the later of an answer and a timeout finds it taken. Every
 * answer names the request and the version.
 */
final class Reply {
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

  private final HttpServerRequest request;
  private final String requestId;
  private @Nullable String idempotencyKey;
  private boolean given;

  Reply(HttpServerRequest request, String requestId) {
    this.request = request;
    this.requestId = requestId;
    request
        .response()
        .putHeader("Request-Id", requestId)
        .putHeader("Stripe-Version", ApiVersion.PINNED)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache, no-store");
  }

  String requestId() {
    return requestId;
  }

  boolean given() {
    return given;
  }

  /** Opens the answer to pages of any origin: the endpoint is one that browsers may use. */
  void allowBrowsers() {
    request
        .response()
        .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
        .putHeader(
            HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS,
            "Request-Id, Stripe-Version, Idempotency-Key, Idempotent-Replayed,"
                + " Stripe-Should-Retry, Retry-After");
  }

  /** Answers a browser that asks before it sends the request itself. */
  void preflight(String method) {
    given = true;
    allowBrowsers();
    request
        .response()
        .setStatusCode(204)
        .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, method)
        .putHeader(
            HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS,
            "authorization, content-type, idempotency-key, stripe-version")
        .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, "600")
        .end();
  }

  /** Echoes the merchant's key. */
  void idempotencyKey(String key) {
    idempotencyKey = key;
    request.response().putHeader("Idempotency-Key", key);
  }

  void refuse(Refusal refusal) {
    give(ErrorJson.answer(refusal, null, false));
  }

  void give(Answer answer) {
    if (over()) {
      return;
    }
    HttpServerResponse response = request.response();
    response.setStatusCode(answer.status()).putHeader(HttpHeaders.CONTENT_TYPE, JSON);
    if (answer.replayed()) {
      response.putHeader("Idempotent-Replayed", "true");
    }
    retryAdvice(response, answer);
    response.end(answer.body());
  }

  /**
   * Whether there is nobody to answer: the client went away or was answered; what was done stands
   * and can be asked again. Else it is answered now.
   */
  private boolean over() {
    HttpServerResponse response = request.response();
    boolean over = given || response.ended() || response.closed();
    given = true;
    return over;
  }

  /** Sends a browser on. Where it came from is nobody's business there. */
  void sendOn(String url) {
    if (over()) {
      return;
    }
    browser(302).putHeader(HttpHeaders.LOCATION, visible(url)).end();
  }

  /** The merchant's own text: what is no visible ASCII may not stand in a header. */
  private static String visible(String url) {
    var safe = new StringBuilder(url.length());
    for (byte next : url.getBytes(StandardCharsets.UTF_8)) {
      if (next > 0x20 && next < 0x7f) {
        safe.append((char) next);
      } else {
        safe.append('%').append(HexFormat.of().withUpperCase().toHexDigits(next));
      }
    }
    return safe.toString();
  }

  /** Shows a browser a line of text. */
  void page(int status, String text) {
    if (over()) {
      return;
    }
    browser(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
        .end("<!doctype html><html lang=\"en\"><title>Payment</title><p>" + text + "</p></html>");
  }

  private HttpServerResponse browser(int status) {
    return request
        .response()
        .setStatusCode(status)
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  }

  /**
   * Tells an SDK whether its own retry is of use. Without a key a write may be repeated only when
   * nothing was done; a stored answer never changes.
   */
  private void retryAdvice(HttpServerResponse response, Answer answer) {
    switch (answer.status()) {
      case 429, 503 ->
          response.putHeader(HttpHeaders.RETRY_AFTER, "1").putHeader("Stripe-Should-Retry", "true");
      case 409 -> response.putHeader("Stripe-Should-Retry", "true");
      default -> {
        if (answer.status() >= 500) {
          boolean repeatable = idempotencyKey != null || !request.method().equals(HttpMethod.POST);
          response.putHeader(
              "Stripe-Should-Retry", Boolean.toString(repeatable && !answer.replayed()));
        }
      }
    }
  }
}
