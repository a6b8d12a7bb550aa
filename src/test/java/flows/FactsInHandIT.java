package flows;

import static java.util.stream.Collectors.toMap;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import payments.CaptureMethod;
import psp.PspFact;
import psp.PspResult;
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
  private InboxWork work = work(Map.of(), 1, Duration.ZERO, new BrokenOnce());

  @AfterEach
  void close() {
    bench.close();
    vertx.close().await();
  }

  @Test
  void takesUpAnewWhatAnErrorLeftInHand() {
    // Smaller than what is lost, so that a leak would fill it.
    work =
        work(Map.of(FactBench.ACCOUNT, "psp"), EVENTS / 2, Duration.ofMillis(50), new BrokenOnce());
    store(FactBench.ACCOUNT, EVENTS);
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

  @Test
  void accountsOfOnePspThatDoesNotAnswerLeaveRoomForOthers() {
    slowAndQuick(Promise.<PspResult>promise().future());
    store("quick", EVENTS);
    Await.until(
        "the quick one's have ended",
        () -> {
          round();
          return ended("quick") == EVENTS;
        });
    assertThat(bench.number("SELECT count(*) FROM inbox_outcome WHERE psp_account_id <> 'quick'"))
        .isZero();
  }

  @Test
  void aRoundThatFindsNothingOfOthersEndsThoughAnAccountHasItsShare() {
    Promise<PspResult> answer = Promise.promise();
    var mayGoOn = new AtomicInteger();
    slowAndQuick(answer.future());
    work.whenOthersMayGoOn(mayGoOn::incrementAndGet);
    // Else what comes of others meanwhile would have to wait for what a PSP does not answer.
    Await.until("a round has nothing more to do", () -> !round().result());
    assertThat(mayGoOn).hasValue(0);
    answer.complete(new PspResult.Unknown(PspResult.UnknownReason.TIMEOUT, "no answer"));
    Await.until("told that there is room again", () -> mayGoOn.get() > 0);
  }

  @Test
  void isBehindByWhatHasBeenDueForLongAndNotByWhatIsOld() {
    work = work(Map.of("quick", "quick"), 16, Duration.ofHours(1), new Saying(Map.of()));
    store("quick", 1);
    bench.postgres.execute("UPDATE inbox_event SET received_at = now() - interval '2 days'");
    assertThat(round().succeeded()).isTrue();
    assertThat(work.behind()).as("it was due now").isLessThan(Duration.ofDays(1));

    store("quick", 2);
    bench.postgres.execute("UPDATE inbox_work SET due_at = now() - interval '2 days'");
    assertThat(round().succeeded()).isTrue();
    assertThat(work.behind()).isGreaterThan(Duration.ofDays(1));
  }

  /** Two accounts of a PSP that is asked in vain, with more to ask than may be in hand. */
  private void slowAndQuick(Future<PspResult> answer) {
    Map<String, PspFact> said = Map.of("slow_1", asking("slow_1"), "slow_2", asking("slow_2"));
    bench.silence = answer;
    work =
        work(
            Map.of("slow_1", "slow", "slow_2", "slow", "quick", "quick"),
            16,
            Duration.ofHours(1),
            new Saying(said));
    store("slow_1", 16);
    store("slow_2", 16);
  }

  /** What an account's PSP has to be asked about. */
  private PspFact asking(String account) {
    bench.script.add(
        FactBench.answer(
            sending ->
                new PspResult.ActionRequired(
                    "pi_" + sending.operationId(),
                    "https://psp.test/3ds",
                    PspResult.Details.NONE)));
    FactBench.Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    bench.postgres.execute(
        "UPDATE operation SET psp_account_id = '%s' WHERE operation_id = '%s'"
            .formatted(account, paid.charge()));
    return FactBench.failed(paid);
  }

  private long ended(String account) {
    return bench.number(
        "SELECT count(*) FROM inbox_outcome WHERE psp_account_id = '" + account + "'");
  }

  private void store(String account, int number) {
    for (int at = 0; at < number; at++) {
      String name = account + " " + at;
      inbox
          .insert(
              new Arrival(
                  FactBench.MERCHANT, account, name, "t", name, Buffer.buffer(account), null))
          .await();
    }
  }

  /** Work over accounts at PSPs. */
  private InboxWork work(
      Map<String, String> psps, int size, Duration longest, PspWebhooks webhooks) {
    return new InboxWork(
        context,
        inbox,
        bench.facts,
        psps.entrySet().stream()
            .collect(toMap(Map.Entry::getKey, it -> new InboxWork.Reader(it.getValue(), webhooks))),
        new InboxWork.Options(
            size, longest, new RetryPlan(List.of(Duration.ofMillis(10)), Duration.ofMinutes(1))),
        new WebhookMeters(new SimpleMeterRegistry()));
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
  private final class BrokenOnce extends Read {
    @Override
    public PspFact read(String type, String body) {
      if (broken.compareAndSet(false, true)) {
        throw new InternalError("an error in the reader");
      }
      return new PspFact.Irrelevant("nothing");
    }
  }

  /** Reads what an account has to say, where it has. */
  private static final class Saying extends Read {
    private final Map<String, PspFact> said;

    Saying(Map<String, PspFact> said) {
      this.said = said;
    }

    @Override
    public PspFact read(String type, String body) {
      return said.getOrDefault(body, new PspFact.Irrelevant("nothing"));
    }
  }

  /** Read only: nothing comes in here. */
  private abstract static class Read implements PspWebhooks {
    @Override
    public Check check(Function<String, @Nullable String> header, Buffer body, Instant now) {
      throw new AssertionError("nothing comes in here");
    }

    @Override
    public Acknowledgement acknowledgement() {
      throw new AssertionError("nothing comes in here");
    }
  }
}
