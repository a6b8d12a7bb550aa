package app;

import config.RecoverySettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import store.OperationLog;
import store.PaymentMethods;
import store.Trimming;

/**
 * Forgets card data that a browser's component gave and that nobody has paid with, or that its PSP
 * never gave an answer to. All else is forgotten with the answer.
 */
final class CardDataSweep {
  private static final Logger LOG = LoggerFactory.getLogger(CardDataSweep.class);

  private static final long SWEEP_EVERY_MS = 60_000;

  /** By how much the clocks of two nodes may differ. */
  private static final Duration CLOCKS = Duration.ofMinutes(1);

  private final Vertx vertx;
  private final PaymentMethods methods;
  private final OperationLog operations;
  private final RecoverySettings recovery;
  private final InstantSource clock;
  private final Trimming ofMethods;
  private final Trimming ofOperations;

  /**
   * Sweeps nothing yet.
   *
   * @param lanes this node's at the moment
   */
  CardDataSweep(
      Vertx vertx,
      PaymentMethods methods,
      OperationLog operations,
      RecoverySettings recovery,
      InstantSource clock,
      Supplier<List<Integer>> lanes) {
    this.vertx = vertx;
    this.methods = methods;
    this.operations = operations;
    this.recovery = recovery;
    this.clock = clock;
    this.ofMethods = new Trimming(lanes);
    this.ofOperations = new Trimming(lanes);
  }

  /** Sweeps from now on until Vert.x is closed. */
  void start() {
    vertx.setPeriodic(SWEEP_EVERY_MS, ignored -> sweep());
  }

  private void sweep() {
    var now = clock.instant();
    var before = now.minus(RecoverySettings.CARD_DATA_KEPT);
    // The last sending may begin at the deadline, and be on its way for the grace.
    var unnamedBefore =
        now.minus(recovery.authorizationDeadline()).minus(recovery.pendingGrace()).minus(CLOCKS);
    Future.all(
            ofMethods.run(most -> methods.forgetComponents(RecoverySettings.CARD_DATA_KEPT, most)),
            ofOperations.run(most -> operations.forgetCardData(before, unnamedBefore, most)))
        .onFailure(cause -> LOG.warn("old card data was not forgotten: {}", cause.toString()));
  }
}
