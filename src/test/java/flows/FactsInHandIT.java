package flows;

import static org.assertj.core.api.Assertions.assertThat;

import inbox.InboxWork;
import inbox.RetryPlan;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import psp.PspFact;
import psp.PspWebhooks;
import store.Batcher;
import store.Database;
import store.Inbox;
import store.Inbox.Arrival;
import store.Lanes;
import support.Await;
import telemetry.WebhookMeters;

/** Whatever becomes of working an event, it does not stay in hand for ever. */
final class FactsInHandIT {
  private static final List<Integer> LANES = IntStream.range(0, Lanes.COUNT).boxed().toList();
  private static final int EVENTS = 6;

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final FactBench bench = new FactBench();
  private final AtomicBoolean broken = new AtomicBoolean();
  private final Inbox inbox =
      new Inbox(
          context,
          Database.openForBatches(vertx, bench.postgres.options(), "inbox", 1),
          new Batcher.Limits(64, 1, 100),
          Batcher.BatchObserver.NONE);
  private final InboxWork work =
      new InboxWork(
          context,
          inbox,
          bench.facts,
          Map.of(FactBench.ACCOUNT, new InboxWork.Reader("psp", new BrokenOnce())),
          new InboxWork.Options(
              // Smaller than what is lost, so that a leak would fill it.
              EVENTS / 2,
              Duration.ofMillis(50),
              new RetryPlan(List.of(Duration.ofMillis(10)), Duration.ofMinutes(1))),
          new WebhookMeters(new SimpleMeterRegistry()));

  @AfterEach
  void close() {
    bench.close();
    vertx.close().await();
  }

  @Test
  void takesUpAnewWhatAnErrorLeftInHand() {
    for (int at = 0; at < EVENTS; at++) {
      inbox
          .insert(
              new Arrival(
                  FactBench.MERCHANT,
                  FactBench.ACCOUNT,
                  "evt_" + at,
                  "t",
                  "of " + at,
                  Buffer.buffer("{}"),
                  null))
          .await();
    }
    Await.until("the first round broke", () -> round().failed() && broken.get());
    Await.until(
        "all have ended",
        () -> {
          round();
          return bench.postgres.number(
                  "SELECT count(*) FROM inbox_outcome WHERE status = 'ignored'")
              == EVENTS;
        });
    assertThat(bench.postgres.number("SELECT max(attempts) FROM inbox_outcome")).isEqualTo(1);
  }

  /** One round, whatever came of it. */
  private Future<Boolean> round() {
    Promise<Future<Boolean>> ended = Promise.promise();
    context.runOnContext(
        ignored -> work.round(LANES).onComplete(done -> ended.complete(asFuture(done))));
    return ended.future().await();
  }

  private static Future<Boolean> asFuture(io.vertx.core.AsyncResult<Boolean> done) {
    return done.succeeded()
        ? Future.succeededFuture(done.result())
        : Future.failedFuture(done.cause());
  }

  /** Reads nothing the first time: an error that no reader should throw. */
  private final class BrokenOnce implements PspWebhooks {
    @Override
    public Check check(Function<String, @Nullable String> header, Buffer body, Instant now) {
      throw new AssertionError("nothing comes in here");
    }

    @Override
    public Acknowledgement acknowledgement() {
      throw new AssertionError("nothing comes in here");
    }

    @Override
    public PspFact read(String type, String body) {
      if (broken.compareAndSet(false, true)) {
        throw new InternalError("an error in the reader");
      }
      return new PspFact.Irrelevant("nothing");
    }
  }
}
