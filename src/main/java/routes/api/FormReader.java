package routes.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import payments.Refusal.Code;

/**
 * Reads {@code application/x-www-form-urlencoded} text with nested names into a tree of maps, lists
 * and strings: {@code a[b]=}, {@code a[]=}, {@code a[][k]=}. A numbered name as in {@code a[0]=}
 * becomes a map key, because only the catalogue knows whether a list is meant or a metadata key.
 *
 * <p>Everything is bounded: number of parameters, depth and length of names. A name given twice is
 * refused: with money, the last one must not silently win.
 */
final class FormReader {
  static final int MAX_PARAMETERS = 1_000;
  static final int MAX_DEPTH = 8;
  static final int MAX_NAME_LENGTH = 512;

  private final byte[] bytes;
  private final Map<String, Object> root = new LinkedHashMap<>();
  private int count;

  private FormReader(byte[] bytes) {
    this.bytes = bytes;
  }

  static Map<String, Object> read(byte[] bytes) {
    return new FormReader(bytes).readAll();
  }

  private Map<String, Object> readAll() {
    int start = 0;
    while (start < bytes.length) {
      int end = indexOf((byte) '&', start, bytes.length);
      if (end > start) {
        readPair(start, end);
      }
      start = end + 1;
    }
    return root;
  }

  private void readPair(int start, int end) {
    if (++count > MAX_PARAMETERS) {
      throw new RefusedException(
          Code.BODY_MALFORMED, "A request may have up to " + MAX_PARAMETERS + " parameters.");
    }
    int equals = indexOf((byte) '=', start, end);
    String name = decode(start, equals, "");
    if (name.length() > MAX_NAME_LENGTH) {
      throw new RefusedException(
          Code.BODY_MALFORMED,
          "A parameter's name may have up to " + MAX_NAME_LENGTH + " characters.");
    }
    String value = equals < end ? decode(equals + 1, end, name) : "";
    put(name, segments(name), value);
  }

  private int indexOf(byte wanted, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return to;
  }

  private String decode(int from, int to, String name) {
    var decoded = new byte[to - from];
    int length = 0;
    for (int i = from; i < to; i++) {
      byte next = bytes[i];
      if (next == '+') {
        decoded[length++] = ' ';
      } else if (next == '%') {
        boolean complete = i + 2 < to;
        int high = complete ? Character.digit(bytes[i + 1], 16) : -1;
        int low = complete ? Character.digit(bytes[i + 2], 16) : -1;
        if (high < 0 || low < 0) {
          throw malformed("a percent sign without two hexadecimal digits after it", name);
        }
        decoded[length++] = (byte) (high << 4 | low);
        i += 2;
      } else {
        decoded[length++] = next;
      }
    }
    return Utf8.decode(decoded, 0, length)
        .orElseThrow(() -> malformed("text that is not valid UTF-8", name));
  }

  private static RefusedException malformed(String what, String name) {
    return name.isEmpty()
        ? new RefusedException(Code.BODY_MALFORMED, "The name of a parameter holds " + what + ".")
        : blaming("The value of a parameter holds " + what + ".", name);
  }

  /** The parts of {@code a[b][]}: a, b and the empty text. */
  private static List<String> segments(String name) {
    int bracket = name.indexOf('[');
    if (bracket < 0) {
      bracket = name.length();
    }
    var segments = new ArrayList<String>(4);
    segments.add(name.substring(0, bracket));
    int at = bracket;
    while (at < name.length()) {
      int close = name.indexOf(']', at);
      if (name.charAt(at) != '[' || close < 0) {
        throw badName();
      }
      segments.add(name.substring(at + 1, close));
      at = close + 1;
    }
    if (segments.getFirst().isEmpty()) {
      throw badName();
    }
    if (segments.size() > MAX_DEPTH) {
      throw new RefusedException(
          Code.BODY_MALFORMED, "Parameters may be nested up to " + MAX_DEPTH + " levels deep.");
    }
    return segments;
  }

  private static RefusedException badName() {
    return new RefusedException(
        Code.BODY_MALFORMED,
        "The name of a parameter is malformed: brackets must be paired, as in metadata[order].");
  }

  private void put(String name, List<String> segments, String value) {
    Map<String, Object> map = root;
    for (int i = 0; ; i++) {
      String key = segments.get(i);
      boolean last = i == segments.size() - 1;
      boolean listed = !last && segments.get(i + 1).isEmpty();
      if (last) {
        if (map.putIfAbsent(key, value) != null) {
          throw conflict(name);
        }
        return;
      }
      if (listed) {
        List<Object> list = listAt(map, key, name);
        if (i + 2 == segments.size()) {
          list.add(value);
          return;
        }
        map = elementFor(list, segments.get(i + 2), i + 3 == segments.size(), name);
        i++;
      } else {
        map = mapAt(map, key, name);
      }
    }
  }

  @SuppressWarnings("unchecked") // lists in the tree are made here
  private static List<Object> listAt(Map<String, Object> map, String key, String name) {
    Object found = map.computeIfAbsent(key, absent -> new ArrayList<>());
    if (found instanceof List<?> list) {
      return (List<Object>) list;
    }
    throw conflict(name);
  }

  @SuppressWarnings("unchecked") // maps in the tree are made here
  private static Map<String, Object> mapAt(Map<String, Object> map, String key, String name) {
    Object found = map.computeIfAbsent(key, absent -> new LinkedHashMap<String, Object>());
    if (found instanceof Map<?, ?> inner) {
      return (Map<String, Object>) inner;
    }
    throw conflict(name);
  }

  /** {@code a[][k]} goes on with the last element until a field comes a second time. */
  @SuppressWarnings("unchecked") // maps in the tree are made here
  private static Map<String, Object> elementFor(
      List<Object> list, String field, boolean leaf, String name) {
    if (!list.isEmpty()) {
      if (!(list.getLast() instanceof Map<?, ?> last)) {
        throw conflict(name);
      }
      if (!leaf || !last.containsKey(field)) {
        return (Map<String, Object>) last;
      }
    }
    var fresh = new LinkedHashMap<String, Object>();
    list.add(fresh);
    return fresh;
  }

  private static RefusedException conflict(String name) {
    return blaming(
        "A parameter was given more than once, or both as a value and as an object.", name);
  }

  private static RefusedException blaming(String message, String name) {
    // A card number as a name must not come back, and nothing was scanned yet.
    return CardNumbers.in(name)
        ? new RefusedException(Code.BODY_MALFORMED, message)
        : new RefusedException(Code.BODY_MALFORMED, message, Names.clip(name));
  }
}
