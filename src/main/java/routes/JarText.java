package routes;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Text that comes with the program. */
public final class JarText {
  private JarText() {}

  /**
   * The whole of a resource.
   *
   * @param path from the root, with a slash before it; it has to be there
   */
  public static String of(String path) {
    try (InputStream in = JarText.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("not in the jar: " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
