package outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import store.EventLog.Event;
import store.EventLog.Move;

/** What was acknowledged beyond a cursor is not sent again, unless it is to be. */
final class AheadTest {
  private final Ahead ahead = new Ahead();

  @Test
  void remembersWhatWasAcknowledgedBeyondTheCursor() {
    round(1, 10, List.of(11L, 12L, 13L, 14L), List.of(11L, 13L), 11L);
    assertThat(ahead.has(event(1, 11, 12))).isFalse();
    assertThat(ahead.has(event(1, 11, 13))).isTrue();
    assertThat(ahead.has(event(2, 11, 13))).as("another lane").isFalse();
  }

  @Test
  void keepsWhatALaterRoundDidNotReadAndForgetsWhatTheCursorHasPassed() {
    round(1, 0, List.of(1L, 2L, 3L, 4L), List.of(2L, 4L), null);
    round(1, 0, List.of(1L, 2L), List.of(1L, 2L), 2L);
    assertThat(ahead.has(event(1, 2, 4))).isTrue();
    assertThat(ahead.has(event(1, 2, 2))).isFalse();
    round(1, 2, List.of(3L, 4L), List.of(3L, 4L), 4L);
    assertThat(ahead.has(event(1, 4, 4))).isFalse();
  }

  @Test
  void forgetsWhereTheCursorIsNotAsItWasLeft() {
    round(1, 10, List.of(11L, 12L), List.of(12L), null);
    assertThat(ahead.has(event(1, 5, 12))).as("set back by an operator").isFalse();
    round(1, 5, List.of(6L, 7L), List.of(7L), null);
    assertThat(ahead.has(event(1, 5, 12))).isFalse();
    assertThat(ahead.has(event(1, 5, 7))).isTrue();
  }

  @Test
  void forgetsLanesThatAreAnotherNodes() {
    round(1, 0, List.of(1L, 2L), List.of(2L), null);
    round(2, 0, List.of(1L, 2L), List.of(2L), null);
    ahead.retain(List.of(2));
    assertThat(ahead.has(event(1, 0, 2))).isFalse();
    assertThat(ahead.has(event(2, 0, 2))).isTrue();
  }

  /** A round over places of a lane, which moves its cursor to one or leaves it. */
  private void round(
      int lane, long came, List<Long> places, List<Long> acknowledged, @Nullable Long to) {
    var were = new boolean[places.size()];
    for (int at = 0; at < were.length; at++) {
      were[at] = acknowledged.contains(places.get(at));
    }
    ahead.remember(
        places.stream().map(place -> event(lane, came, place)).toList(),
        were,
        to == null ? List.of() : List.of(new Move(lane, came, to)));
  }

  private static Event event(int lane, long came, long position) {
    return new Event(
        "m",
        new UUID(0, position),
        1,
        false,
        lane,
        came,
        position,
        "updated",
        null,
        "succeeded",
        "req",
        "key",
        Instant.EPOCH,
        "{}",
        null,
        null);
  }
}
