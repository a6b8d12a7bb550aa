package verticles;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import outbox.Publisher;

/** Moves state changes to the event log, round by round, and wakes what reads it. */
public final class OutboxVerticle extends VerticleBase {
  private final Duration interval;
  private final Supplier<List<Integer>> lanes;
  private final Function<Context, Publisher> publisherOf;
  private volatile @Nullable Rounds rounds;

  /**
   * A verticle of one node.
   *
   * @param interval between rounds that found nothing
   * @param lanes this node's lanes at the moment
   */
  public OutboxVerticle(
      Duration interval, Supplier<List<Integer>> lanes, Function<Context, Publisher> publisherOf) {
    this.interval = interval;
    this.lanes = lanes;
    this.publisherOf = publisherOf;
  }

  @Override
  public Future<?> start() {
    Publisher publisher = publisherOf.apply(context);
    Rounds moving = new Rounds(vertx, "the outbox", interval, () -> round(publisher));
    rounds = moving;
    moving.start();
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    Rounds moving = rounds;
    return moving == null ? Future.succeededFuture() : moving.stop();
  }

  /** Whether the last rounds ran; fails with the cause otherwise. */
  public Future<Void> healthy() {
    Rounds moving = rounds;
    return moving == null ? Future.failedFuture("the outbox is not moved yet") : moving.healthy();
  }

  private Future<Boolean> round(Publisher publisher) {
    return publisher
        .round(lanes.get())
        .map(
            done -> {
              if (done.changes() > 0) {
                Wake.RELAY.send(vertx.eventBus());
              }
              if (done.deliveries() > 0) {
                Wake.DELIVERIES.send(vertx.eventBus());
              }
              return done.more();
            });
  }
}
