package routes.reference;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import routes.JarText;

/**
 * The document and its page, made once and served from memory to anybody: they tell nothing of a
 * merchant, and all answers share the same bytes. They are made when somebody first reads them: it
 * takes a second, by which a start would be later.
 */
public final class Reference {
  /** Long enough for a reader, short enough for an upgrade. */
  private static final String CACHE = "public, max-age=300";

  private static final String DOCUMENT = "/openapi.yaml";
  private static final String PAGE = "/docs";

  private final Vertx vertx;
  private @Nullable Future<Map<String, Text>> made;

  private record Text(Buffer body, String contentType, String etag, String policy) {
    static Text of(String text, String contentType, String policy) {
      return new Text(
          Buffer.buffer(text), contentType, '"' + digest(text).substring(0, 22) + '"', policy);
    }
  }

  public Reference(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Takes a moment, so not for an event loop. */
  private static Map<String, Text> make() {
    String yaml = JarText.of(DOCUMENT);
    String style = JarText.of(ReferencePage.STYLE);
    return Map.of(
        DOCUMENT,
        Text.of(yaml, "application/yaml; charset=utf-8", "default-src 'none'"),
        PAGE,
        Text.of(
            ReferencePage.of(OpenApiDocument.parse(yaml), style),
            "text/html; charset=utf-8",
            "default-src 'none'; style-src 'sha256-"
                + digest(style)
                + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"));
  }

  private synchronized Future<Map<String, Text>> texts() {
    Future<Map<String, Text>> texts = made;
    if (texts == null) {
      texts = vertx.executeBlocking(Reference::make).map(Objects::requireNonNull);
      made = texts;
      texts.onFailure(this::forget);
    }
    return texts;
  }

  /** What could not be made is made by who asks next. */
  private synchronized void forget(Throwable cause) {
    made = null;
  }

  /** Whether a request is for one of the two. */
  public static boolean isAskedFor(HttpServerRequest request) {
    boolean read =
        request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
    return read && (DOCUMENT.equals(request.path()) || PAGE.equals(request.path()));
  }

  /** Answers such a request; fails where neither can be made. */
  public Future<Void> answer(HttpServerRequest request) {
    // Told on the loop of who asked first; each answers on its own.
    Context own = vertx.getOrCreateContext();
    Promise<Map<String, Text>> here = Promise.promise();
    texts().onComplete(told -> own.runOnContext(back -> here.handle(told)));
    return here.future()
        .map(
            all -> {
              answer(request, Objects.requireNonNull(all.get(request.path())));
              return null;
            });
  }

  private static void answer(HttpServerRequest request, Text text) {
    HttpServerResponse response =
        request
            .response()
            .putHeader(HttpHeaders.CACHE_CONTROL, CACHE)
            .putHeader(HttpHeaders.ETAG, text.etag())
            .putHeader("Content-Security-Policy", text.policy())
            .putHeader("X-Content-Type-Options", "nosniff")
            .putHeader("Referrer-Policy", "no-referrer");
    if (text.etag().equals(request.getHeader(HttpHeaders.IF_NONE_MATCH))) {
      response.setStatusCode(304).end();
    } else {
      response.putHeader(HttpHeaders.CONTENT_TYPE, text.contentType()).end(text.body());
    }
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
