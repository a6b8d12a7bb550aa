package psp;

/**
 * The exact request for a PSP: stored with the operation before it is sent, and sent from there,
 * byte for byte, however often and after whatever deploy.
 *
 * @param method HTTP method
 * @param path path and query, relative to the PSP's base URL; never a secret in it
 * @param body the body as it goes over the wire
 */
public record PspCall(String method, String path, String body) {
  /** The method of what is left of a call that is over; nothing of the kind is ever sent. */
  private static final String OVER = "OVER";

  public PspCall {
    if (method.indexOf(' ') >= 0 || method.indexOf('\n') >= 0 || path.indexOf('\n') >= 0) {
      // It would be read back as another call than the one that was written.
      throw new IllegalArgumentException("not a method and a path");
    }
  }

  /** The body may hold what opens a card, which no log may. */
  @Override
  public String toString() {
    return method + " " + path + " (" + body.length() + " characters)";
  }

  /** What is kept of the call once it is over, in place of the whole. */
  public PspCall over(String bodyToKeep) {
    return new PspCall(OVER, path, bodyToKeep);
  }

  /** Whether this is all that is left of a call, which can be neither sent nor repeated. */
  public boolean isOver() {
    return method.equals(OVER);
  }

  /** The one text form that is stored. */
  public String stored() {
    return method + " " + path + "\n" + body;
  }

  /** Reads what {@link #stored} wrote. */
  public static PspCall ofStored(String stored) {
    int space = stored.indexOf(' ');
    int line = stored.indexOf('\n');
    if (space < 0 || line < space) {
      throw new IllegalArgumentException("not a stored PSP call");
    }
    return new PspCall(
        stored.substring(0, space), stored.substring(space + 1, line), stored.substring(line + 1));
  }
}
