package verticles;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import store.LaneLeases;
import store.Lanes;

/**
 * Keeps this node's share of the lanes. Background work asks for them each round: when the lease
 * could not be renewed in time there are none, and the work stops by itself.
 */
public final class LanesVerticle extends VerticleBase implements Supplier<List<Integer>> {
  private static final Logger LOG = LoggerFactory.getLogger(LanesVerticle.class);

  /** Renewed this often within a lease, so that two renewals may fail. */
  private static final int RENEWALS_PER_LEASE = 3;

  private final String node;
  private final Duration lease;
  private final Function<Context, LaneLeases> leasesOf;
  private volatile Held held = new Held(List.of(), System.nanoTime());
  private @Nullable LaneLeases leases;
  private @Nullable Rounds rounds;

  private record Held(List<Integer> lanes, long untilNanos) {}

  /**
   * Lanes for one node.
   *
   * @param lease for how long they are taken
   */
  public LanesVerticle(String node, Duration lease, Function<Context, LaneLeases> leasesOf) {
    this.node = node;
    this.lease = lease;
    this.leasesOf = leasesOf;
  }

  /** The lanes that are this node's at this moment; from any thread. */
  @Override
  public List<Integer> get() {
    Held now = held;
    return System.nanoTime() - now.untilNanos < 0 ? now.lanes : List.of();
  }

  /** Succeeds while the lanes are renewed; fails with the cause otherwise. */
  public Future<Void> healthy() {
    Rounds renewing = rounds;
    return renewing == null ? Future.failedFuture("lanes are not held yet") : renewing.healthy();
  }

  @Override
  public Future<?> start() {
    LaneLeases store = leasesOf.apply(context);
    leases = store;
    Rounds renewing =
        new Rounds(
            vertx,
            "lane leases",
            lease.dividedBy(RENEWALS_PER_LEASE),
            () -> renew(store).map(false));
    rounds = renewing;
    // The first lanes are there before any work that asks for them starts.
    return renew(store)
        .compose(ignored -> store.forgetTheDead(node))
        .onSuccess(ignored -> renewing.start());
  }

  /** Lets go of the lanes, so that another node need not wait for the lease to run out. */
  @Override
  public Future<?> stop() {
    Rounds renewing = rounds;
    LaneLeases store = leases;
    if (renewing == null || store == null) {
      return Future.succeededFuture();
    }
    return renewing
        .stop()
        .compose(
            ignored -> {
              held = new Held(List.of(), System.nanoTime());
              return store.release(node);
            });
  }

  private Future<Void> renew(LaneLeases store) {
    // Counted from before the question, so that it ends here before it ends in the database.
    long asked = System.nanoTime();
    return store
        .renew(node, lease.toMillis())
        .map(
            lanes -> {
              if (!lanes.equals(held.lanes)) {
                LOG.info("node={} lanes={} of {}", node, lanes.size(), Lanes.COUNT);
              }
              held = new Held(lanes, asked + lease.toNanos());
              return null;
            });
  }
}
