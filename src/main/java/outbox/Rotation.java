package outbox;

import java.util.List;
import java.util.UUID;
import payments.WebhookEndpoint;

/**
 * Where a look at endpoints goes on: page by page, round and round, from where the last claim left
 * off. So none is looked at first time and again while places are short. It ends when once around
 * nothing was claimed.
 */
final class Rotation {
  private static final UUID FIRST = new UUID(0, 0);

  private final int pageSize;
  private UUID after = FIRST;
  private UUID began = FIRST;
  private boolean wrapped;

  /**
   * A rotation that begins with the lowest id.
   *
   * @param pageSize endpoints on a page; one that has fewer is the last
   */
  Rotation(int pageSize) {
    this.pageSize = pageSize;
  }

  /** The next page holds ids above this one. */
  UUID after() {
    return after;
  }

  /**
   * Goes on behind a page.
   *
   * @param claimed whether anything was claimed of it
   * @return whether there may be more to claim at once
   */
  boolean goOn(List<WebhookEndpoint> page, boolean claimed) {
    boolean last = page.size() < pageSize;
    after = last ? FIRST : page.getLast().id();
    if (claimed) {
      begin();
      return true;
    }
    boolean around = last ? wrapped || began.equals(FIRST) : wrapped && after.compareTo(began) >= 0;
    if (around) {
      begin();
    } else {
      wrapped |= last;
    }
    return !around;
  }

  private void begin() {
    began = after;
    wrapped = false;
  }
}
