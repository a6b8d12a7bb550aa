package routes.reference;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text on its way into a page: everything is escaped, and nothing else makes tags of it. */
final class Html {
  private static final Pattern MARKED = Pattern.compile("`([^`]+)`|\\*\\*([^*]+)\\*\\*");

  private Html() {}

  static String escaped(String text) {
    var safe = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char next = text.charAt(i);
      switch (next) {
        case '&' -> safe.append("&amp;");
        case '<' -> safe.append("&lt;");
        case '>' -> safe.append("&gt;");
        case '"' -> safe.append("&quot;");
        case '\'' -> safe.append("&#39;");
        default -> safe.append(next);
      }
    }
    return safe.toString();
  }

  /** A line with the marks that the document uses: {@code `code`} and {@code **strong**}. */
  static String line(String text) {
    Matcher marks = MARKED.matcher(escaped(text));
    return marks.replaceAll(
        found ->
            Matcher.quoteReplacement(
                found.group(1) != null
                    ? "<code>" + found.group(1) + "</code>"
                    : "<strong>" + found.group(2) + "</strong>"));
  }

  /** Paragraphs that empty lines divide. */
  static String paragraphs(String text) {
    var all = new StringBuilder();
    for (String paragraph : text.strip().split("\n\\s*\n")) {
      all.append("<p>").append(line(paragraph)).append("</p>\n");
    }
    return all.toString();
  }

  static String code(String text) {
    return "<code>" + escaped(text) + "</code>";
  }

  static String link(String anchor, String text) {
    return "<a href=\"#" + escaped(anchor) + "\">" + escaped(text) + "</a>";
  }
}
