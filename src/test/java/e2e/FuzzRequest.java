package e2e;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import support.OpenApi.Operation;

/**
 * A request that was made of the document.
 *
 * @param target path and query
 * @param body null where it has none
 * @param parameters what query or body say, where they say it in good form
 * @param wrong the one parameter that was given a value of no good, null where none or several are
 * @param value that value
 * @param sound whether everything is as the document says
 */
record FuzzRequest(
    Operation operation,
    String method,
    String target,
    String contentType,
    @Nullable Buffer body,
    List<String> headers,
    Map<String, Object> parameters,
    @Nullable String wrong,
    @Nullable Object value,
    boolean sound) {
  private static final ObjectMapper JSON =
      new ObjectMapper().configure(JsonGenerator.Feature.ESCAPE_NON_ASCII, true);

  /** A tree as JSON, also where it is no well-formed Unicode. */
  static String json(Object tree) {
    try {
      return JSON.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** A tree as a form; in lists every other time with numbers. */
  static String form(Map<String, Object> tree, boolean numbered) {
    var pairs = new ArrayList<String>();
    tree.forEach((name, value) -> add(name, value, numbered, pairs));
    return String.join("&", pairs);
  }

  private static void add(
      String name, @Nullable Object value, boolean numbered, List<String> pairs) {
    switch (value) {
      case Map<?, ?> map ->
          map.forEach((key, inner) -> add(name + "[" + key + "]", inner, numbered, pairs));
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          add(name + (numbered ? "[" + i + "]" : "[]"), list.get(i), numbered, pairs);
        }
      }
      case null -> pairs.add(encoded(name) + "=");
      default -> pairs.add(encoded(name) + "=" + encoded(String.valueOf(value)));
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    String shown = body == null ? "" : body.toString();
    return "%s %s\n%s\n%s\n%s\nwrong: %s = %s"
        .formatted(
            method,
            clip(target),
            contentType,
            headers,
            clip(shown),
            wrong,
            clip(String.valueOf(value)));
  }

  private static String clip(String text) {
    return text.length() > 3_000 ? text.substring(0, 3_000) + "..." : text;
  }
}
