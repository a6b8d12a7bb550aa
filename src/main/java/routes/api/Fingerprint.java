package routes.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an Idempotency-Key is bound to: SHA-256 over method, path and parameters. Order within
 * objects does not matter, and a form and a JSON body of the same content are the same request.
 */
final class Fingerprint {
  private Fingerprint() {}

  static String of(String method, String path, Map<String, Object> parameters) {
    var canonical = new StringBuilder(256);
    text(canonical, method);
    text(canonical, path);
    value(canonical, parameters);
    return HexFormat.of()
        .formatHex(sha256().digest(canonical.toString().getBytes(StandardCharsets.UTF_8)));
  }

  /** SHA-256, which every Java platform has. */
  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of the platform", e);
    }
  }

  private static void value(StringBuilder out, Object value) {
    switch (value) {
      case Map<?, ?> map -> {
        out.append('{');
        new TreeMap<Object, Object>(map)
            .forEach(
                (key, inner) -> {
                  text(out, key.toString());
                  value(out, inner);
                });
        out.append('}');
      }
      case List<?> list -> {
        out.append('[');
        list.forEach(item -> value(out, item));
        out.append(']');
      }
      default -> text(out, value.toString());
    }
  }

  /** With its length in front, so that no two different requests read the same. */
  private static void text(StringBuilder out, String text) {
    out.append(text.length()).append(':').append(text);
  }
}
