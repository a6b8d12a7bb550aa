package inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A storm is on while webhooks are stored in large batches, and a moment longer. */
final class StormTest {
  private final AtomicLong now = new AtomicLong(-5);
  private final Storm storm = new Storm(now::get);

  @Test
  void isNotOnBeforeAnythingCame() {
    assertThat(storm.on()).isFalse();
  }

  @Test
  void isNotOnWhereFewComeTogether() {
    storm.stored(Storm.ROWS - 1);
    assertThat(storm.on()).isFalse();
  }

  @Test
  void isOnForAMomentAfterMany() {
    storm.stored(Storm.ROWS);
    assertThat(storm.on()).isTrue();
    storm.stored(1);
    now.addAndGet(Storm.LASTS_NANOS - 1);
    assertThat(storm.on()).isTrue();
    now.incrementAndGet();
    assertThat(storm.on()).isFalse();
  }
}
