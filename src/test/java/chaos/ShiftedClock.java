package chaos;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The system's clock, off by as much as the test says. */
public final class ShiftedClock extends Clock {
  private static volatile long offsetMs;

  private final ZoneId zone;

  private ShiftedClock(ZoneId zone) {
    this.zone = zone;
  }

  /** In the place of {@link Clock#systemUTC}. */
  public static Clock systemUTC() {
    return new ShiftedClock(ZoneOffset.UTC);
  }

  /** In the place of {@link InstantSource#system}. */
  public static InstantSource system() {
    return systemUTC();
  }

  static void offset(long ms) {
    offsetMs = ms;
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  @Override
  public Clock withZone(ZoneId other) {
    return new ShiftedClock(other);
  }

  @Override
  public long millis() {
    return System.currentTimeMillis() + offsetMs;
  }

  @Override
  public Instant instant() {
    return Instant.now().plusMillis(offsetMs);
  }
}
