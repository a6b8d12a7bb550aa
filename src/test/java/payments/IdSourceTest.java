package payments;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Ids that are ordered in time, whatever the clock does. */
class IdSourceTest {
  private static final long NOW_MS = 1_767_225_600_000L;
  private static final long LAST_MS = (1L << 48) - 1;

  @Property
  void idsIncreaseWhateverTheClockDoes(
      @ForAll @Size(min = 2, max = 200) List<@IntRange(min = -5_000, max = 5_000) Integer> steps,
      @ForAll long seed) {
    var clock = new SetClock();
    var source = new IdSource(clock, new Random(seed));
    UUID before = source.next();

    for (int step : steps) {
      clock.millis = Math.max(0, clock.millis + step);
      UUID id = source.next();
      assertThat(compareBytes(before, id)).isNegative();
      assertThat(id.version()).isEqualTo(7);
      assertThat(id.variant()).isEqualTo(2);
      before = id;
    }
  }

  @Test
  void moreThanAMillisecondHoldsCountOnIntoTheNext() {
    var source = new IdSource(new SetClock(), new Random(1));
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      ids.add(source.next());
    }

    assertThat(ids).isSortedAccordingTo(IdSourceTest::compareBytes).doesNotHaveDuplicates();
    assertThat(IdSource.createdAt(ids.get(4_095))).isEqualTo(Instant.ofEpochMilli(NOW_MS));
    assertThat(IdSource.createdAt(ids.get(4_096))).isEqualTo(Instant.ofEpochMilli(NOW_MS + 1));
    assertThat(IdSource.createdAt(ids.getLast())).isEqualTo(Instant.ofEpochMilli(NOW_MS + 2));
  }

  @Test
  void aClockThatStepsBackIsWaitedForByCounting() {
    var clock = new SetClock();
    var source = new IdSource(clock, new Random(1));
    UUID before = source.next();
    clock.millis -= 3_600_000;

    assertThat(IdSource.createdAt(source.next())).isEqualTo(IdSource.createdAt(before));
  }

  @Test
  void idsOfSeveralThreadsAreDifferentAndOrderedInEach() throws Exception {
    var source = new IdSource(Clock.systemUTC(), new Random(1));
    Callable<List<UUID>> work =
        () -> {
          List<UUID> mine = new ArrayList<>();
          for (int i = 0; i < 5_000; i++) {
            mine.add(source.next());
          }
          return mine;
        };
    Set<UUID> all = new HashSet<>();
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (var done : threads.invokeAll(List.of(work, work, work, work))) {
        assertThat(done.get()).isSortedAccordingTo(IdSourceTest::compareBytes);
        all.addAll(done.get());
      }
    }
    assertThat(all).hasSize(20_000);
  }

  @Property
  void anIdTellsWhenItWasMade(@ForAll @LongRange(min = 0, max = LAST_MS) long millis) {
    var clock = new SetClock();
    clock.millis = millis;

    assertThat(IdSource.createdAt(new IdSource(clock, new Random(1)).next()).toEpochMilli())
        .isEqualTo(millis);
  }

  @Property
  void theLowestIdOfAMomentPartsWhatCameBeforeFromWhatCameAfter(
      @ForAll @LongRange(min = 1, max = LAST_MS) long millis, @ForAll long seed) {
    UUID bound = IdSource.lowestAt(Instant.ofEpochMilli(millis));
    var clock = new SetClock();
    clock.millis = millis;
    UUID at = new IdSource(clock, new Random(seed)).next();
    clock.millis = millis - 1;
    UUID before = new IdSource(clock, new Random(seed)).next();

    assertThat(compareBytes(before, bound)).isNegative();
    assertThat(compareBytes(bound, at)).isNegative();
  }

  @Test
  void secretsAreLongAndNeverTheSame() {
    var source = new IdSource(Clock.systemUTC(), new Random(1));
    Set<String> secrets = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      String secret = source.secret();
      assertThat(secret).matches("[0-9A-Za-z]{22}");
      secrets.add(secret);
    }
    assertThat(secrets).hasSize(1_000);
  }

  private static int compareBytes(UUID a, UUID b) {
    int high = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
  }

  /** A clock that stands where it is set. */
  private static final class SetClock extends Clock {
    private long millis = NOW_MS;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(millis);
    }
  }
}
