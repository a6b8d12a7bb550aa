package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;
import simulator.CallMatch;
import simulator.Fault;
import support.Await;
import support.TestGateway;

/**
 * A PSP account that hangs on every call (DESIGN 2 and 8): nobody else notices, no event loop
 * blocks, and what its bulkhead cannot take is refused at once.
 */
@Isolated("It compares times, and hears of every event loop of the JVM.")
final class HangingPspIT {
  private static final int BULKHEAD = 32;
  private static final int READS = 200;

  private static TestGateway gateway;
  private static Till till;
  private static Till other;

  @BeforeAll
  static void start() {
    gateway = TestGateway.startWith(Till::withOther, "--bulkhead.max-concurrent=" + BULKHEAD);
    till = new Till(gateway);
    other = new Till(gateway, Till.OTHER_KEY);
  }

  @AfterAll
  static void close() {
    Till.books(gateway).balance();
    till.close();
    other.close();
    gateway.close();
  }

  @Test
  void leavesReadsAndOtherAccountsAsFastAsBefore() {
    String mine = till.pay(1_000).in("succeeded").id();
    String theirs = other.pay(1_000).in("succeeded").id();
    work(mine, theirs); // warms up
    long[] before = work(mine, theirs);

    var faults = gateway.simulator().faults();
    faults.always(CallMatch.any().account(TestGateway.PSP_KEY), Fault.hangAfterEffect());
    List<CompletableFuture<Till.Reply>> hung =
        IntStream.range(0, BULKHEAD).mapToObj(i -> till.paying(1_100)).toList();
    Await.until("all of them hang", () -> faults.hanging() == BULKHEAD);

    try (var blocked = new BlockedLoops()) {
      long[] meanwhile = work(mine, theirs);
      assertThat(faults.hanging()).isEqualTo(BULKHEAD);
      assertThat(hung).noneMatch(CompletableFuture::isDone);
      assertThat(blocked.warnings).isEmpty();
      // Generous, for a machine that is busy with other things; were anything queueing behind the
      // calls that hang, it would be their twenty seconds.
      assertThat(median(meanwhile)).isLessThan(10 * median(before) + 50_000_000);
      assertThat(meanwhile[meanwhile.length - 1]).isLessThan(Duration.ofSeconds(10).toNanos());
    }

    refusesWhatTheBulkheadCannotTake();
    faults.clear();
    faults.release();
    for (CompletableFuture<Till.Reply> reply : hung) {
      String id = reply.join().expect(200).id();
      till.settles(id, "succeeded");
      assertThat(till.charges(id)).hasSize(1);
    }
    till.pay(1_200).in("succeeded");
  }

  private static void refusesWhatTheBulkheadCannotTake() {
    var faults = gateway.simulator().faults();
    for (int i = 0; i < 20; i++) {
      Till.Reply refused = till.pay(1_300).expect(402);
      assertThat(refused.error().getString("advice_code")).isEqualTo("try_again_later");
      String id = refused.payment().getString("id");
      assertThat(refused.payment().getString("status")).isEqualTo("requires_payment_method");
      assertThat(till.operation(id, "authorize", "result::text").orElseThrow())
          .contains("bulkhead full");
      assertThat(till.calls(id, "authorize")).isEmpty();
    }
    assertThat(faults.hanging()).isEqualTo(BULKHEAD);
  }

  /** Reads, and payments of another merchant; their times, sorted. */
  private static long[] work(String mine, String theirs) {
    var times = new ArrayList<Long>();
    for (int i = 0; i < READS; i++) {
      times.add(timed(() -> till.get("/v1/payment_intents/" + mine).expect(200)));
    }
    for (int i = 0; i < READS / 10; i++) {
      times.add(timed(() -> till.get("/v1/payment_intents?limit=10").expect(200)));
      times.add(timed(() -> till.post("/v1/payment_intents/" + mine, "metadata[a]=b").expect(200)));
      times.add(timed(() -> other.get("/v1/payment_intents/" + theirs).expect(200)));
      times.add(timed(() -> other.pay(1_000).in("succeeded")));
      times.add(
          timed(() -> assertThat(gateway.operator("/health/ready").statusCode()).isEqualTo(200)));
    }
    long[] sorted = times.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }

  private static long timed(Runnable request) {
    long start = System.nanoTime();
    request.run();
    return System.nanoTime() - start;
  }

  private static long median(long[] sorted) {
    return sorted[sorted.length / 2];
  }

  /** Collects the warnings of Vert.x's blocked-thread checker. */
  private static final class BlockedLoops extends AppenderBase<ILoggingEvent>
      implements AutoCloseable {
    private final Queue<String> warnings = new ConcurrentLinkedQueue<>();
    private final Logger checker =
        (Logger) LoggerFactory.getLogger("io.vertx.core.impl.BlockedThreadChecker");

    BlockedLoops() {
      start();
      checker.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
      warnings.add(event.getFormattedMessage());
    }

    @Override
    public void close() {
      checker.detachAppender(this);
      stop();
    }
  }
}
