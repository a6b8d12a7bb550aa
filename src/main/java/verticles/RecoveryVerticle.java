package verticles;

import flows.RecoverOperation;
import flows.Services;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import payments.Operation;
import store.IdempotencyKeys;
import store.Trimming;

/**
 * Settles what was left open. Each round claims what is due in this node's lanes and looks at each
 * once; the next round starts when this one is over, so rounds never pile up. Once a minute it also
 * lets go of idempotency keys that no PSP remembers any more.
 */
public final class RecoveryVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(RecoveryVerticle.class);

  private static final Duration TRIM_EVERY = Duration.ofMinutes(1);

  /** Longer than any PSP remembers a key. */
  private static final Duration KEYS_LIVE = Duration.ofDays(30);

  private final Options options;
  private final Supplier<List<Integer>> lanes;
  private final Trimming trimming;
  private final Function<Context, Services> services;
  private volatile @Nullable Rounds rounds;
  private final Map<String, Integer> looksByAccount = new HashMap<>();
  private long trimAtNanos = System.nanoTime();

  /**
   * How recovery runs.
   *
   * @param pollInterval between rounds
   * @param claim after how long an unfinished claim is due again: longer than a call to a PSP may
   *     take
   * @param batchSize how many operations a round takes at most
   */
  public record Options(String node, Duration pollInterval, Duration claim, int batchSize) {}

  /**
   * A verticle of one node.
   *
   * @param lanes this node's lanes at the moment
   */
  public RecoveryVerticle(
      Options options, Supplier<List<Integer>> lanes, Function<Context, Services> services) {
    this.options = options;
    this.lanes = lanes;
    this.trimming = new Trimming(lanes);
    this.services = services;
  }

  @Override
  public Future<?> start() {
    Services parts = services.apply(context);
    var recover = new RecoverOperation(parts);
    Rounds looking =
        new Rounds(vertx, "recovery", options.pollInterval, () -> round(parts, recover));
    rounds = looking;
    // What an earlier life of this node left in flight does not wait for its grace period.
    return parts
        .log()
        .adopt(options.node)
        .onSuccess(
            adopted -> {
              if (adopted > 0) {
                LOG.warn("adopted {} operations that an earlier run left in flight", adopted);
              }
              looking.start();
            });
  }

  @Override
  public Future<?> stop() {
    Rounds looking = rounds;
    return looking == null ? Future.succeededFuture() : looking.stop();
  }

  /** Whether the last rounds ran; fails with the cause otherwise. */
  public Future<Void> healthy() {
    Rounds looking = rounds;
    return looking == null ? Future.failedFuture("recovery has not run yet") : looking.healthy();
  }

  /** Claims what is due and begins to look at it; whether there may be more. */
  private Future<Boolean> round(Services parts, RecoverOperation recover) {
    trim(parts.keys());
    List<Integer> mine = lanes.get();
    if (mine.isEmpty()) {
      return Future.succeededFuture(false);
    }
    return parts
        .log()
        .claimDue(mine, options.batchSize, options.claim.toMillis(), options.node, busyAccounts())
        .map(
            due -> {
              due.forEach(operation -> look(recover, operation));
              return !due.isEmpty();
            });
  }

  /**
   * The accounts that have as many operations under way as a round may take: others need not wait
   * for them.
   */
  private Set<String> busyAccounts() {
    return looksByAccount.entrySet().stream()
        .filter(looks -> looks.getValue() >= options.batchSize)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private void look(RecoverOperation recover, Operation operation) {
    looksByAccount.merge(operation.pspAccountId(), 1, Integer::sum);
    settled(recover, operation)
        .onComplete(
            ignored ->
                looksByAccount.computeIfPresent(
                    operation.pspAccountId(), (account, looks) -> looks == 1 ? null : looks - 1));
  }

  private void trim(IdempotencyKeys keys) {
    if (System.nanoTime() - trimAtNanos < 0) {
      return;
    }
    trimAtNanos = System.nanoTime() + TRIM_EVERY.toNanos();
    trimming
        .run(most -> keys.trim(KEYS_LIVE.toSeconds(), most))
        .onFailure(cause -> LOG.warn("idempotency keys were not trimmed: {}", cause.toString()));
  }

  /**
   * One operation that cannot be settled must not keep the others: its claim runs out and it is due
   * again.
   */
  private static Future<Void> settled(RecoverOperation recover, Operation operation) {
    Future<?> settling;
    try {
      settling = recover.run(operation);
    } catch (RuntimeException e) {
      settling = Future.failedFuture(e);
    }
    return settling
        .onFailure(cause -> LOG.error("operation={} recovery failed", operation.publicId(), cause))
        .transform(ignored -> Future.succeededFuture());
  }
}
