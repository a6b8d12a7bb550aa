package payments;

import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Makes time-ordered ids (UUIDv7, RFC 9562). Ids of one source strictly increase, also within a
 * millisecond and when the clock steps back: the 12 bits after the time count on. Safe for use by
 * several threads.
 */
public final class IdSource {
  private final Clock clock;
  private final RandomGenerator random;
  private long lastTick;

  public IdSource(Clock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /** A new id, above every earlier one of this source. */
  public synchronized UUID next() {
    // A tick is a millisecond and a 12-bit counter, so counting past 4,095 moves into the next
    // millisecond.
    long tick = clock.millis() << 12;
    lastTick = Math.max(tick, lastTick + 1);
    long high = (lastTick >>> 12 << 16) | 0x7000L | (lastTick & 0xFFFL);
    long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }

  /** A secret of 128 random bits in base 62, for client secrets. */
  public synchronized String secret() {
    return PublicId.digits(new UUID(random.nextLong(), random.nextLong()));
  }

  /** The moment an id was made, to the millisecond: every object's {@code created}. */
  public static Instant createdAt(UUID id) {
    return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
  }

  /**
   * The smallest id that could have been made at a moment: the bound for {@code created} filters.
   */
  public static UUID lowestAt(Instant moment) {
    return new UUID(moment.toEpochMilli() << 16, 0);
  }
}
