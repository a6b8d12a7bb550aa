package inbox;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The events that are worked, or have been and are yet to be written down. It is bounded, and no
 * PSP may fill it, however many accounts there are at it: one that is slow leaves room for the
 * others, and so does one account among those of its PSP. Belongs to one event loop.
 */
final class Hand {
  /**
   * Which part of the hand is kept for others than the PSP that has most of it, and which part of
   * what a PSP may have for others than its account that has most.
   */
  private static final int KEPT = 8;

  private final int size;
  private final int ofPsp;
  private final int ofAccount;
  private final Map<String, String> psps;
  private final Map<String, Held> events = new HashMap<>();
  private final Map<String, Integer> byAccount = new HashMap<>();
  private final Map<String, Integer> byPsp = new HashMap<>();

  private static final class Held {
    private final String account;
    private boolean inLine;
    private long sinceNanos;

    Held(String account, long sinceNanos) {
      this.account = account;
      this.sinceNanos = sinceNanos;
    }
  }

  /**
   * An empty one.
   *
   * @param psps which PSP each account is at; one that is not in it counts as a PSP of its own
   */
  Hand(int size, Map<String, String> psps) {
    this.size = size;
    this.ofPsp = allButAnEighth(size);
    this.ofAccount = allButAnEighth(ofPsp);
    this.psps = Map.copyOf(psps);
  }

  private static int allButAnEighth(int whole) {
    return whole - whole / KEPT;
  }

  /**
   * Takes an event in hand.
   *
   * @return whether it was taken: not where one of its name is in hand, or its account or its PSP
   *     has its share
   */
  boolean take(String name, String account, long nowNanos) {
    if (events.containsKey(name) || hasShare(account)) {
      return false;
    }
    events.put(name, new Held(account, nowNanos));
    count(account, 1);
    return true;
  }

  private void count(String account, int more) {
    byAccount.merge(account, more, Hand::sumUnlessNone);
    byPsp.merge(pspOf(account), more, Hand::sumUnlessNone);
  }

  private static @Nullable Integer sumUnlessNone(int had, int more) {
    return had + more == 0 ? null : had + more;
  }

  private String pspOf(String account) {
    return psps.getOrDefault(account, account);
  }

  void release(String name) {
    Held held = events.remove(name);
    if (held != null) {
      count(held.account, -1);
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
   * How many more to look for: what fits even if all of it is of the account, or of the accounts of
   * the PSP, that has most, so that nothing is read in vain. Those that have their share are not
   * looked for.
   */
  int toLookFor() {
    int left = Math.min(room(), ofAccount);
    for (String account : accounts()) {
      if (!hasShare(account)) {
        int ofItself = ofAccount - byAccount.getOrDefault(account, 0);
        int ofItsPsp = ofPsp - byPsp.getOrDefault(pspOf(account), 0);
        left = Math.min(left, Math.min(ofItself, ofItsPsp));
      }
    }
    return left;
  }

  boolean isEmpty() {
    return events.isEmpty();
  }

  Collection<String> names() {
    return List.copyOf(events.keySet());
  }

  /** The accounts of which none is taken at present, also where none of theirs is in hand. */
  List<String> accountsWithTheirShare() {
    return accounts().stream().filter(this::hasShare).toList();
  }

  private Set<String> accounts() {
    var all = new HashSet<>(psps.keySet());
    all.addAll(byAccount.keySet());
    return all;
  }

  private boolean hasShare(String account) {
    return byAccount.getOrDefault(account, 0) >= ofAccount
        || byPsp.getOrDefault(pspOf(account), 0) >= ofPsp;
  }
}
