package routes.api;

/** Parameter names in wire notation, and pieces of input made fit for a message. */
final class Names {
  private static final int SHOWN = 100;

  private Names() {}

  /** {@code parent[child]}, or the child alone at the top. */
  static String nested(String parent, String child) {
    return parent.isEmpty() ? clip(child) : clip(parent) + "[" + clip(child) + "]";
  }

  static String nested(String parent, int index) {
    return clip(parent) + "[" + index + "]";
  }

  /** Input for a message: cut, so that an answer cannot be blown up by what was sent. */
  static String clip(String text) {
    if (text.length() <= SHOWN) {
      return text;
    }
    // Not between the halves of a character outside the basic plane.
    int end = Character.isHighSurrogate(text.charAt(SHOWN - 1)) ? SHOWN - 1 : SHOWN;
    return text.substring(0, end) + "...";
  }
}
