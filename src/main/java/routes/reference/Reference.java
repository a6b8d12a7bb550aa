package routes.reference;

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

/**
 * The document and its page, made once and served from memory to anybody: they tell nothing of a
 * merchant, and all answers share the same bytes.
 */
public final class Reference {
  /** Long enough for a reader, short enough for an upgrade. */
  private static final String CACHE = "public, max-age=300";

  private final Map<String, Text> byPath;

  private record Text(Buffer body, String contentType, String etag, String policy) {
    static Text of(String text, String contentType, String policy) {
      return new Text(
          Buffer.buffer(text), contentType, '"' + digest(text).substring(0, 22) + '"', policy);
    }
  }

  private Reference(Map<String, Text> byPath) {
    this.byPath = byPath;
  }

  /** Reads the document from the jar and renders it; takes a moment, so not for an event loop. */
  public static Reference load() {
    String yaml = OpenApiDocument.text();
    String style = ReferencePage.style();
    return new Reference(
        Map.of(
            "/openapi.yaml",
            Text.of(yaml, "application/yaml; charset=utf-8", "default-src 'none'"),
            "/docs",
            Text.of(
                ReferencePage.of(OpenApiDocument.parse(yaml)),
                "text/html; charset=utf-8",
                "default-src 'none'; style-src 'sha256-"
                    + digest(style)
                    + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")));
  }

  /** Answers a request for one of the two; false where it is for something else. */
  public boolean answers(HttpServerRequest request) {
    Text text = request.path() == null ? null : byPath.get(request.path());
    boolean read =
        request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
    if (text == null || !read) {
      return false;
    }
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
    return true;
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
