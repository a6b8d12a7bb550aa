package outbox;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import store.EventLog.Event;
import store.EventLog.Move;

/**
 * What was acknowledged of lanes beyond their cursors, which wait for an event before it: a
 * partition without a leader holds up its own payments' events only, and the others are not sent
 * with each try. Forgotten where a cursor is not as it was left, for then another node has moved it
 * or an operator wants everything since sent again. No more is remembered of a lane than a round
 * reads of it, for each reads from the cursor. Belongs to one event loop.
 */
final class Ahead {
  private final Map<Integer, Lane> lanes = new HashMap<>();

  /** The places that were acknowledged after a cursor. */
  private record Lane(long cursor, Set<Long> places) {}

  /** Forgets all but these lanes: the others are another node's. */
  void retain(List<Integer> mine) {
    lanes.keySet().retainAll(mine);
  }

  /** Whether an event that was read was acknowledged before. */
  boolean has(Event event) {
    Lane lane = lanes.get(event.lane());
    return lane != null && lane.cursor == event.came() && lane.places.contains(event.position());
  }

  /**
   * Remembers what a round came to.
   *
   * @param acknowledged which of the events were, now or before
   * @param moves where the round moves cursors to
   */
  void remember(List<Event> events, boolean[] acknowledged, List<Move> moves) {
    var cursors = new HashMap<Integer, Long>();
    moves.forEach(move -> cursors.put(move.lane(), move.to()));
    var after = new HashMap<Integer, Lane>();
    for (int at = 0; at < acknowledged.length; at++) {
      Event event = events.get(at);
      Lane lane =
          after.computeIfAbsent(
              event.lane(), number -> begun(event, cursors.getOrDefault(number, event.came())));
      if (acknowledged[at] && event.position() > lane.cursor) {
        lane.places.add(event.position());
      }
    }
    lanes.putAll(after);
    lanes.values().removeIf(lane -> lane.places.isEmpty());
  }

  /** A lane with what is remembered of it beyond its new cursor: a round may read less of it. */
  private Lane begun(Event event, long cursor) {
    Lane before = lanes.get(event.lane());
    var places = new HashSet<Long>();
    if (before != null && before.cursor == event.came()) {
      before.places.stream().filter(place -> place > cursor).forEach(places::add);
    }
    return new Lane(cursor, places);
  }
}
