package verticles;

import inbox.InboxWork;
import inbox.Storm;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import store.Trimming;

/** Works the inbox round by round, and lets go of old events once a minute. */
public final class InboxVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(InboxVerticle.class);

  private static final long TRIM_EVERY_MS = 60_000;

  /** Gathers events, so that a round is worth its cost. */
  private static final long GATHER_NANOS = 10_000_000;

  /** In a storm nine tenths of the time belong to what comes in. */
  private static final int RESTS_IN_A_STORM = 9;

  /**
   * A storm that does not end must not keep the inbox from its work: it has half of the time then.
   */
  private static final Duration TOO_FAR_BEHIND = Duration.ofSeconds(30);

  private final Options options;
  private final Supplier<List<Integer>> lanes;
  private final Function<Context, InboxWork> workOf;
  private final Trimming trimming;
  private volatile @Nullable Rounds rounds;
  private @Nullable InboxWork work;
  private @Nullable MessageConsumer<Object> waking;

  /**
   * When the inbox is worked.
   *
   * @param pollInterval between rounds that nothing wakes
   * @param retention how long events are kept that are done
   * @param storm whether to leave the machine to what comes in
   */
  public record Options(Duration pollInterval, Duration retention, Storm storm) {}

  /**
   * A verticle of one node.
   *
   * @param lanes this node's lanes at the moment
   */
  public InboxVerticle(
      Options options, Supplier<List<Integer>> lanes, Function<Context, InboxWork> workOf) {
    this.options = options;
    this.lanes = lanes;
    this.workOf = workOf;
    this.trimming = new Trimming(lanes);
  }

  @Override
  public Future<?> start() {
    InboxWork inbox = workOf.apply(context);
    Rounds working =
        new Rounds(
            vertx,
            "the inbox",
            options.pollInterval,
            roundNanos -> rest(inbox, roundNanos),
            () -> inbox.round(lanes.get()));
    MessageConsumer<Object> consumer = Wake.INBOX.receive(vertx.eventBus(), working::wake);
    inbox.whenOthersMayGoOn(working::wake);
    work = inbox;
    rounds = working;
    waking = consumer;
    vertx.setPeriodic(TRIM_EVERY_MS, ignored -> trim(inbox));
    working.start();
    return consumer.completion();
  }

  private long rest(InboxWork inbox, long roundNanos) {
    boolean yields = options.storm.on() && inbox.behind().compareTo(TOO_FAR_BEHIND) < 0;
    return Math.max(GATHER_NANOS, roundNanos * (yields ? RESTS_IN_A_STORM : 1));
  }

  /** Takes nothing new and ends what is in hand. */
  @Override
  public Future<?> stop() {
    Rounds working = rounds;
    InboxWork inbox = work;
    MessageConsumer<Object> consumer = waking;
    if (working == null || inbox == null || consumer == null) {
      return Future.succeededFuture();
    }
    return consumer
        .unregister()
        .compose(ignored -> working.stop())
        .compose(ignored -> inbox.idle());
  }

  /** Whether the last rounds ran; fails with the cause otherwise. */
  public Future<Void> healthy() {
    Rounds working = rounds;
    return working == null ? Future.failedFuture("the inbox is not worked yet") : working.healthy();
  }

  private void trim(InboxWork inbox) {
    trimming
        .run(most -> inbox.trim(options.retention, most))
        .onFailure(cause -> LOG.warn("the inbox was not trimmed: {}", cause.toString()));
  }
}
