package outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import payments.Parameters;
import payments.WebhookEndpoint;

/** Every endpoint is looked at, and none first time and again. */
class RotationTest {
  private final Rotation rotation = new Rotation(2);

  private static WebhookEndpoint endpoint(long number) {
    return new WebhookEndpoint(
        "m",
        false,
        new UUID(0, number),
        "https://example.com",
        true,
        null,
        List.of("*"),
        Parameters.EMPTY,
        "",
        null,
        null,
        1,
        null);
  }

  /** What the queue would answer while endpoints 1 to {@code last} wait. */
  private List<WebhookEndpoint> page(long last) {
    long from = rotation.after().getLeastSignificantBits() + 1;
    return LongStream.rangeClosed(from, Math.min(from + 1, last))
        .mapToObj(RotationTest::endpoint)
        .toList();
  }

  /**
   * Looks until there is no more; the endpoints that were looked at, those first that come first.
   */
  private List<Long> look(long last) {
    var seen = new ArrayList<Long>();
    boolean more = true;
    while (more) {
      assertThat(seen).as("it ends").hasSizeLessThan(100);
      List<WebhookEndpoint> page = page(last);
      page.forEach(endpoint -> seen.add(endpoint.id().getLeastSignificantBits()));
      more = rotation.goOn(page, false);
    }
    return seen;
  }

  @Test
  void looksAtAllOnceWhereNothingIsClaimed() {
    assertThat(look(5)).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(look(1)).containsExactly(1L);
    assertThat(look(0)).isEmpty();
    assertThat(look(4)).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void goesOnBehindWhatWasClaimedLast() {
    assertThat(rotation.goOn(page(5), true)).isTrue();
    assertThat(look(5)).startsWith(3L, 4L, 5L, 1L, 2L);
    assertThat(look(5)).as("the next time, too").startsWith(3L, 4L, 5L);
    assertThat(rotation.goOn(page(5), true)).isTrue();
    assertThat(rotation.after()).isEqualTo(endpoint(4).id());
    assertThat(look(5)).startsWith(5L, 1L, 2L, 3L, 4L);
  }

  @Test
  void endsAlsoWhereFewerWaitThanBefore() {
    rotation.goOn(page(9), true);
    rotation.goOn(page(9), true);
    assertThat(look(3)).contains(1L, 2L, 3L);
  }

  @Test
  void goesOnWhileSomethingIsClaimed() {
    for (int i = 0; i < 10; i++) {
      assertThat(rotation.goOn(page(3), true)).isTrue();
    }
  }
}
