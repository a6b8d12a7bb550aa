package app;

import io.vertx.core.Vertx;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import store.PaymentMethods;
import store.Trimming;

/**
 * Forgets card data that a browser's component gave and that nobody has paid with. What was paid
 * with is forgotten by the database as soon as the PSP has answered.
 */
final class CardDataSweep {
  private static final Logger LOG = LoggerFactory.getLogger(CardDataSweep.class);

  /** Longer than any customer's checkout, and no longer than components' data is of use. */
  private static final Duration KEPT_FOR = Duration.ofDays(1);

  private static final long SWEEP_EVERY_MS = 60_000;

  private final Vertx vertx;
  private final PaymentMethods methods;

  CardDataSweep(Vertx vertx, PaymentMethods methods) {
    this.vertx = vertx;
    this.methods = methods;
  }

  /** Sweeps from now on until Vert.x is closed. */
  void start() {
    vertx.setPeriodic(SWEEP_EVERY_MS, ignored -> sweep());
  }

  private void sweep() {
    Trimming.run(() -> methods.forgetComponents(KEPT_FOR, Trimming.BATCH))
        .onFailure(cause -> LOG.warn("old card data was not forgotten: {}", cause.toString()));
  }
}
