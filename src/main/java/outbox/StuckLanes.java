package outbox;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import store.EventLog.Event;

/**
 * Lanes that stand still at an event that cannot be rendered, which is a fault of ours: passing
 * over it, consumers would miss a change of money. Each is tried again after a delay; the others go
 * on. Belongs to one event loop but for {@link #reason}.
 */
final class StuckLanes {
  private static final Logger LOG = LoggerFactory.getLogger(StuckLanes.class);

  private static final Duration LOG_EVERY = Duration.ofMinutes(1);

  private final Duration retryDelay;
  private final Map<Integer, Stuck> lanes = new HashMap<>();
  private volatile @Nullable String reason;

  private record Stuck(long until, long told, String reason) {}

  StuckLanes(Duration retryDelay) {
    this.retryDelay = retryDelay;
  }

  /** Those of a node's lanes that may be tried now. */
  List<Integer> without(List<Integer> mine, long now) {
    lanes.keySet().retainAll(mine);
    renew();
    return mine.stream().filter(lane -> mayTry(lanes.get(lane), now)).toList();
  }

  private static boolean mayTry(@Nullable Stuck stuck, long now) {
    return stuck == null || now - stuck.until >= 0;
  }

  /** An event's lane stands still at it. */
  void add(Event at, RuntimeException cause, long now) {
    Stuck before = lanes.get(at.lane());
    String why =
        "event %s of payment %s in lane %d cannot be rendered: %s"
            .formatted(at.sequence(), at.paymentId(), at.lane(), cause);
    boolean tell = before == null || now - before.told > LOG_EVERY.toNanos();
    if (tell) {
      LOG.error(why, cause);
    }
    lanes.put(
        at.lane(),
        new Stuck(now + retryDelay.toNanos(), before == null || tell ? now : before.told, why));
    renew();
  }

  /** Of the lanes that had some of these events, all but those that still stand go on. */
  void removeAllBut(Set<Integer> standing, List<Event> tried) {
    for (Event event : tried) {
      if (!standing.contains(event.lane())) {
        lanes.remove(event.lane());
      }
    }
    renew();
  }

  private void renew() {
    reason = lanes.values().stream().findFirst().map(Stuck::reason).orElse(null);
  }

  /** Why a lane stands still, null where none does. From any thread. */
  @Nullable String reason() {
    return reason;
  }
}
