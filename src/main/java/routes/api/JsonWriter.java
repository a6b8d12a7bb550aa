package routes.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON into one text as it goes, without a tree between. The caller opens and closes objects
 * and arrays in pairs; commas and escapes are written here (RFC 8259).
 */
final class JsonWriter {
  private static final String HEX = "0123456789abcdef";

  private final StringBuilder out = new StringBuilder(2_048);

  JsonWriter beginObject() {
    comma();
    out.append('{');
    return this;
  }

  JsonWriter endObject() {
    out.append('}');
    return this;
  }

  JsonWriter beginArray() {
    comma();
    out.append('[');
    return this;
  }

  JsonWriter endArray() {
    out.append(']');
    return this;
  }

  JsonWriter name(String name) {
    comma();
    string(name);
    out.append(':');
    return this;
  }

  JsonWriter field(String name, @Nullable String value) {
    return name(name).value(value);
  }

  JsonWriter field(String name, long value) {
    name(name);
    out.append(value);
    return this;
  }

  JsonWriter field(String name, boolean value) {
    name(name);
    out.append(value);
    return this;
  }

  JsonWriter nullField(String name) {
    name(name);
    out.append("null");
    return this;
  }

  /** Left out where it is null, as Stripe does in errors. */
  JsonWriter fieldIfPresent(String name, @Nullable String value) {
    return value == null ? this : field(name, value);
  }

  /** A field of any kept value: text, number, boolean, map or list of these, or null. */
  JsonWriter field(String name, @Nullable Object value) {
    return name(name).any(value);
  }

  JsonWriter value(@Nullable String value) {
    comma();
    if (value == null) {
      out.append("null");
    } else {
      string(value);
    }
    return this;
  }

  JsonWriter any(@Nullable Object value) {
    switch (value) {
      case null -> value(null);
      case String text -> value(text);
      case Map<?, ?> map -> {
        beginObject();
        map.forEach((key, inner) -> name((String) key).any(inner));
        endObject();
      }
      case List<?> list -> {
        beginArray();
        list.forEach(this::any);
        endArray();
      }
      case Boolean flag -> raw(flag.toString());
      case Number number -> raw(number.toString());
      default -> throw new IllegalArgumentException("no JSON value: " + value.getClass());
    }
    return this;
  }

  private void raw(String literal) {
    comma();
    out.append(literal);
  }

  /** Only structure ends in these characters: a string always ends in its quote. */
  private void comma() {
    if (!out.isEmpty()) {
      char last = out.charAt(out.length() - 1);
      if (last != '{' && last != '[' && last != ':') {
        out.append(',');
      }
    }
  }

  private void string(String text) {
    out.append('"');
    int clean = 0;
    for (int i = 0; i < text.length(); i++) {
      char next = text.charAt(i);
      if (next >= 0x20 && next != '"' && next != '\\' && next != '\u2028' && next != '\u2029') {
        continue;
      }
      out.append(text, clean, i);
      clean = i + 1;
      switch (next) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default ->
            out.append("\\u")
                .append(HEX.charAt(next >> 12))
                .append(HEX.charAt(next >> 8 & 15))
                .append(HEX.charAt(next >> 4 & 15))
                .append(HEX.charAt(next & 15));
      }
    }
    out.append(text, clean, text.length()).append('"');
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
