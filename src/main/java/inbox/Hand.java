package inbox;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The events that are worked, or have been and are yet to be written down. It is bounded, and no
 * account may fill it: one whose PSP is slow leaves room for the others. Belongs to one event loop.
 */
final class Hand {
  /** Which part of the hand is kept for others than the account that has most of it. */
  private static final int KEPT = 8;

  private final int size;
  private final int share;
  private final Map<String, Held> events = new HashMap<>();
  private final Map<String, Integer> byAccount = new HashMap<>();

  private static final class Held {
    private final String account;
    private boolean inLine;
    private long sinceNanos;

    Held(String account, long sinceNanos) {
      this.account = account;
      this.sinceNanos = sinceNanos;
    }
  }

  /** An empty one. */
  Hand(int size) {
    this.size = size;
    this.share = size - size / KEPT;
  }

  /**
   * Takes an event in hand.
   *
   * @return whether it was taken: not where one of its name is in hand, or its account has its
   *     share
   */
  boolean take(String name, String account, long nowNanos) {
    if (events.containsKey(name) || hasShare(account)) {
      return false;
    }
    events.put(name, new Held(account, nowNanos));
    byAccount.merge(account, 1, Integer::sum);
    return true;
  }

  void release(String name) {
    Held held = events.remove(name);
    if (held != null) {
      byAccount.merge(held.account, -1, (had, less) -> had + less == 0 ? null : had + less);
    }
  }

  /** It is in line for its turn, however long that takes. */
  void waits(String name) {
    Held held = events.get(name);
    if (held != null) {
      held.inLine = true;
    }
  }

  /** Its turn has come. */
  void begins(String name, long nowNanos) {
    Held held = events.get(name);
    if (held != null) {
      held.inLine = false;
      held.sinceNanos = nowNanos;
    }
  }

  /**
   * Lets go of what has been at work for longer than that. What is in line is not: it would be read
   * and put in line once more.
   */
  void releaseOlder(long nowNanos, long longestNanos) {
    List<String> old = new ArrayList<>();
    events.forEach(
        (name, held) -> {
          if (!held.inLine && nowNanos - held.sinceNanos > longestNanos) {
            old.add(name);
          }
        });
    old.forEach(this::release);
  }

  /** For how many more there is room. */
  int room() {
    return size - events.size();
  }

  /**
   * How many more to look for: what fits even if all of it is of the account that has most, so that
   * nothing is read in vain. Those that have their share are not looked for.
   */
  int toLookFor() {
    int most = byAccount.values().stream().filter(had -> had < share).reduce(0, Math::max);
    return Math.min(room(), share - most);
  }

  boolean isEmpty() {
    return events.isEmpty();
  }

  Collection<String> names() {
    return List.copyOf(events.keySet());
  }

  /** The accounts of which none is taken at present. */
  List<String> accountsWithTheirShare() {
    return byAccount.keySet().stream().filter(this::hasShare).toList();
  }

  private boolean hasShare(String account) {
    return byAccount.getOrDefault(account, 0) >= share;
  }
}
