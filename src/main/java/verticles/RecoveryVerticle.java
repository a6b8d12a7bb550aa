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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import payments.Operation;
import store.IdempotencyKeys;
import store.OperationLog;

/**
 * Settles what was left open. Each round renews this node's lanes, claims what is due in them and
 * looks at each once; the next round starts when this one is over, so rounds never pile up. Once a
 * minute it also lets go of idempotency keys that no PSP remembers any more.
 */
public final class RecoveryVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(RecoveryVerticle.class);

  private static final Duration TRIM_EVERY = Duration.ofMinutes(1);

  /** Longer than any PSP remembers a key. */
  private static final Duration KEYS_LIVE = Duration.ofDays(30);

  /** More than are made in a minute, and few enough for one quick statement. */
  private static final int TRIM_AT_MOST = 10_000;

  private final Options options;
  private final Function<Context, Services> services;
  private volatile Health health = new Health(0, "has not run yet");
  private final Map<String, Integer> looksByAccount = new HashMap<>();
  private List<Integer> lanes = List.of();
  private long leasedAtNanos;
  private long trimAtNanos = System.nanoTime();
  private boolean stopping;
  private @Nullable OperationLog log;

  private record Health(long failures, String cause) {}

  /**
   * How recovery runs.
   *
   * @param pollInterval between rounds
   * @param claim after how long an unfinished claim is due again: longer than a call to a PSP may
   *     take
   * @param lease for how long lanes are taken: several rounds
   * @param batchSize how many operations a round takes at most
   */
  public record Options(
      String node, Duration pollInterval, Duration claim, Duration lease, int batchSize) {}

  public RecoveryVerticle(Options options, Function<Context, Services> services) {
    this.options = options;
    this.services = services;
  }

  @Override
  public Future<?> start() {
    Services parts = services.apply(context);
    log = parts.log();
    var recover = new RecoverOperation(parts);
    // What an earlier life of this node left in flight does not wait for its grace period.
    return parts
        .log()
        .adopt(options.node)
        .onSuccess(
            adopted -> {
              if (adopted > 0) {
                LOG.warn("adopted {} operations that an earlier run left in flight", adopted);
              }
              round(parts, recover);
            });
  }

  /** Lets go of the lanes, so that another node need not wait for the lease to run out. */
  @Override
  public Future<?> stop() {
    stopping = true;
    OperationLog leased = log;
    return leased == null ? Future.succeededFuture() : leased.releaseLanes(options.node);
  }

  /** Whether the last rounds ran; fails with the cause otherwise. */
  public Future<Void> healthy() {
    Health now = health;
    return now.failures < 5
        ? Future.succeededFuture()
        : Future.failedFuture("recovery does not run: " + now.cause);
  }

  private void round(Services parts, RecoverOperation recover) {
    OperationLog operations = parts.log();
    leased(operations)
        .compose(
            mine ->
                mine.isEmpty()
                    ? Future.succeededFuture(List.<Operation>of())
                    : operations.claimDue(
                        mine,
                        options.batchSize,
                        options.claim.toMillis(),
                        options.node,
                        busyAccounts()))
        .onSuccess(due -> due.forEach(operation -> look(recover, operation)))
        .onComplete(
            done -> {
              if (done.failed()) {
                LOG.warn("recovery round failed: {}", done.cause().toString());
                health = new Health(health.failures + 1, String.valueOf(done.cause().getMessage()));
              } else {
                health = new Health(0, "");
              }
              trim(parts.keys());
              if (stopping) {
                return;
              }
              boolean more = done.succeeded() && !done.result().isEmpty();
              vertx.setTimer(
                  more ? 1 : options.pollInterval.toMillis(), ignored -> round(parts, recover));
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
    if (stopping || System.nanoTime() - trimAtNanos < 0) {
      return;
    }
    trimAtNanos = System.nanoTime() + TRIM_EVERY.toNanos();
    keys.trim(KEYS_LIVE.toSeconds(), TRIM_AT_MOST)
        .onFailure(cause -> LOG.warn("idempotency keys were not trimmed: {}", cause.toString()));
  }

  /**
   * This node's lanes. They are renewed well before the lease ends, not every round: each renewal
   * writes rows.
   */
  private Future<List<Integer>> leased(OperationLog operations) {
    long age = System.nanoTime() - leasedAtNanos;
    if (!lanes.isEmpty() && age < options.lease.toNanos() / 3) {
      return Future.succeededFuture(lanes);
    }
    return operations
        .leaseLanes(options.node, options.lease.toMillis())
        .onSuccess(
            mine -> {
              lanes = mine;
              leasedAtNanos = System.nanoTime();
            });
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
