package verticles;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import outbox.KafkaRelay;

/** Relays the event log to Kafka in rounds. Deployed where a Kafka is configured. */
public final class RelayVerticle extends VerticleBase {
  private final Duration pollInterval;
  private final Function<Context, KafkaRelay> relays;
  private @Nullable KafkaRelay relay;
  private @Nullable Rounds rounds;

  /** A verticle whose relay is made for its context. */
  public RelayVerticle(Duration pollInterval, Function<Context, KafkaRelay> relays) {
    this.pollInterval = pollInterval;
    this.relays = relays;
  }

  @Override
  public Future<?> start() {
    KafkaRelay made = relays.apply(context);
    Rounds running = new Rounds(vertx, "the kafka relay", pollInterval, made::round);
    relay = made;
    rounds = running;
    Wake.RELAY.receive(vertx.eventBus(), running::wake);
    running.start();
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    KafkaRelay running = relay;
    Rounds last = rounds;
    if (running == null || last == null) {
      return Future.succeededFuture();
    }
    Future<Void> ended = last.stop();
    return running.close().transform(ignored -> ended);
  }

  /** Whether events get to Kafka; fails with the cause where they do not. */
  public Future<Void> healthy() {
    KafkaRelay running = relay;
    return running == null ? Future.succeededFuture() : running.healthy();
  }
}
