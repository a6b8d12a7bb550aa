package routes.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import payments.Refusal.Code;

/** Reads what HTTP carries of a request: its parameters, its Idempotency-Key. */
final class RequestReader {
  private static final int MAX_KEY_LENGTH = 255;

  /** How a body is written. */
  enum BodyForm {
    FORM,
    JSON
  }

  private RequestReader() {}

  /** The form of the body by its Content-Type; a form where none is given, as with Stripe. */
  static BodyForm bodyForm(HttpServerRequest request) {
    String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw new RefusedException(
          Code.BODY_MALFORMED, "Compressed bodies are not accepted: send it without an encoding.");
    }
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    if (type == null || type.isBlank()) {
      return BodyForm.FORM;
    }
    String[] parts = type.toLowerCase(Locale.ROOT).split(";");
    for (int i = 1; i < parts.length; i++) {
      String option = parts[i].strip().replace("\"", "");
      if (option.startsWith("charset=") && !option.equals("charset=utf-8")) {
        throw new RefusedException(Code.BODY_MALFORMED, "The body must be in UTF-8.");
      }
    }
    return switch (parts[0].strip()) {
      case "application/x-www-form-urlencoded" -> BodyForm.FORM;
      case "application/json" -> BodyForm.JSON;
      default ->
          throw new RefusedException(
              Code.BODY_MALFORMED,
              "The Content-Type must be application/x-www-form-urlencoded or application/json.");
    };
  }

  static Map<String, Object> body(byte[] bytes, BodyForm form) {
    if (bytes.length == 0) {
      return Map.of();
    }
    Map<String, Object> tree =
        switch (form) {
          case FORM -> FormReader.read(bytes);
          case JSON -> JsonBodyReader.read(bytes);
        };
    ContentRules.check(tree);
    return tree;
  }

  static Map<String, Object> query(@Nullable String query) {
    if (query == null || query.isEmpty()) {
      return Map.of();
    }
    Map<String, Object> tree = FormReader.read(query.getBytes(StandardCharsets.UTF_8));
    ContentRules.check(tree);
    return tree;
  }

  /** The Idempotency-Key, or null where none came. */
  static @Nullable String idempotencyKey(HttpServerRequest request) {
    List<String> keys = request.headers().getAll("Idempotency-Key");
    if (keys.isEmpty()) {
      return null;
    }
    String key = keys.getFirst();
    boolean printable = key.chars().allMatch(next -> next >= 0x20 && next < 0x7f);
    if (keys.size() > 1 || key.isBlank() || key.length() > MAX_KEY_LENGTH || !printable) {
      throw new RefusedException(
          Code.PARAMETER_INVALID,
          "The Idempotency-Key header must be given once, with 1 to "
              + MAX_KEY_LENGTH
              + " printable ASCII characters.");
    }
    ContentRules.check("", key);
    return key;
  }
}
