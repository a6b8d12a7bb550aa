package app;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class OpenPartsTest {
  private final OpenParts open = new OpenParts();
  private final List<String> closed = new CopyOnWriteArrayList<>();

  @Test
  void closesInReverseAlsoWhenOneFailsOrHangs() {
    Promise<Void> never = Promise.promise();
    add("first");
    open.add("failing", () -> Future.failedFuture("cannot close"));
    open.add("hanging", never::future);
    open.addCloseable("blocking", () -> closed.add("blocking"));
    add("last");

    open.close(Duration.ofMillis(10));

    assertThat(closed).containsExactly("last", "blocking", "first");
  }

  @Test
  void closesAtOnceWhatIsOpenedTooLate() {
    open.close(Duration.ofSeconds(1));

    add("late");

    assertThat(closed).containsExactly("late");
    assertThat(open.isClosing()).isTrue();
  }

  private void add(String name) {
    open.add(
        name,
        () -> {
          closed.add(name);
          return Future.succeededFuture();
        });
  }
}
