package verticles;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import outbox.Deliverer;
import outbox.EndpointCare;

/** Delivers events to the merchants' webhook endpoints. */
public final class DeliveryVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(DeliveryVerticle.class);

  private static final Duration MEASURE_EVERY = Duration.ofSeconds(15);
  private static final Duration DRAIN = Duration.ofSeconds(2);

  private final Duration pollInterval;
  private final Duration careInterval;
  private final Function<Context, Work> work;
  private volatile @Nullable Rounds rounds;
  private @Nullable Deliverer deliverer;
  private @Nullable MessageConsumer<Object> wakes;

  /** What the verticle does, made for its context. */
  public record Work(Deliverer deliverer, EndpointCare care) {}

  /**
   * A verticle of one node.
   *
   * @param pollInterval between looks at what is due, where nothing wakes it
   * @param careInterval between looks at endpoints where everything fails
   */
  public DeliveryVerticle(
      Duration pollInterval, Duration careInterval, Function<Context, Work> work) {
    this.pollInterval = pollInterval;
    this.careInterval = careInterval;
    this.work = work;
  }

  @Override
  public Future<?> start() {
    Work parts = work.apply(context);
    var delivering = new Rounds(vertx, "deliveries", pollInterval, parts.deliverer::round);
    parts.deliverer.onPlace(delivering::wake);
    deliverer = parts.deliverer;
    rounds = delivering;
    wakes = Wake.DELIVERIES.receive(vertx.eventBus(), delivering::wake);
    vertx.setPeriodic(MEASURE_EVERY.toMillis(), ignored -> done("measured", parts.care.measure()));
    vertx.setPeriodic(
        careInterval.toMillis(),
        ignored -> {
          done("cared for", parts.care.disableExhausted().onSuccess(some -> delivering.wake()));
          done("trimmed", parts.care.trim());
        });
    delivering.start();
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    MessageConsumer<Object> waking = wakes;
    Rounds delivering = rounds;
    Deliverer sending = deliverer;
    if (waking == null || delivering == null || sending == null) {
      return Future.succeededFuture();
    }
    return waking
        .unregister()
        .compose(ignored -> delivering.stop())
        .compose(ignored -> sending.stop(DRAIN));
  }

  /** Succeeds while deliveries run; fails with the cause otherwise. */
  public Future<Void> healthy() {
    Rounds delivering = rounds;
    return delivering == null
        ? Future.failedFuture("deliveries have not started")
        : delivering.healthy();
  }

  private static void done(String what, Future<?> work) {
    work.onFailure(cause -> LOG.warn("deliveries were not {}: {}", what, cause.toString()));
  }
}
