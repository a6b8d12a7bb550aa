package inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import store.Inbox.Due;
import store.Inbox.Ending;
import store.Inbox.Settled;
import support.Await;

/** What became of events is in hand until it is written. */
final class EndingsTest {
  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final List<List<Ending>> batches = new ArrayList<>();
  private final List<Promise<List<Settled>>> statements = new ArrayList<>();
  private final List<String> written = new CopyOnWriteArrayList<>();
  private final Endings endings =
      new Endings(
          context,
          this::settle,
          2,
          settled -> {},
          endings -> endings.forEach(ending -> written.add(ending.event().name())),
          Duration.ofMillis(50));

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private Future<List<Settled>> settle(List<Ending> batch) {
    batches.add(batch);
    Promise<List<Settled>> promise = Promise.promise();
    statements.add(promise);
    return promise.future();
  }

  private static Ending ending(String name) {
    var event = new Due("m", "a", name, 1, "t", "", 1, Instant.EPOCH, Instant.EPOCH, 0, 0);
    return Ending.processed(event, null, null);
  }

  /** Everything happens on the one loop that the endings belong to. */
  private void onLoop(Runnable work) {
    var done = new CountDownLatch(1);
    var failure = new ArrayList<Throwable>();
    context.runOnContext(
        ignored -> {
          try {
            work.run();
          } catch (Throwable broken) {
            failure.add(broken);
          } finally {
            done.countDown();
          }
        });
    try {
      assertThat(done.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
    assertThat(failure).isEmpty();
  }

  @Test
  void letsGoOfEachOnceItIsWritten() {
    onLoop(() -> List.of("a", "b", "c").forEach(name -> endings.add(ending(name))));
    onLoop(
        () -> {
          assertThat(batches).hasSize(1);
          assertThat(written).isEmpty();
          statements.getFirst().complete(List.of());
          assertThat(written).as("room is told before all is written").containsExactly("a", "b");
          statements.getLast().complete(List.of());
          assertThat(written).containsExactly("a", "b", "c");
        });
    assertThat(batches.stream().flatMap(List::stream).map(each -> each.event().name()))
        .containsExactly("a", "b", "c");
  }

  @Test
  void letsGoOfWhatCouldNotBeWrittenAfterAPause() {
    onLoop(() -> endings.add(ending("a")));
    onLoop(
        () -> {
          statements.getFirst().fail("the database is away");
          assertThat(written).isEmpty();
          endings.add(ending("b"));
        });
    onLoop(() -> assertThat(batches).hasSize(2));
    Await.until("a is let go of", () -> written.contains("a"));
    assertThat(written).doesNotContain("b");
  }
}
