package verticles;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import payments.ForcedBreaker;
import store.ForcedBreakers;

/**
 * Reads which breakers operators keep open, before anything is sent and then twice a second. While
 * the database does not answer, what was read last holds.
 */
public final class ForcedBreakersVerticle extends VerticleBase {
  private static final Duration EVERY = Duration.ofMillis(500);

  private final Function<Context, ForcedBreakers> storeOf;
  private final Consumer<List<ForcedBreaker>> read;
  private @Nullable Rounds rounds;

  /**
   * A reader for one node.
   *
   * @param storeOf made for the verticle's context
   * @param read is given all that are forced open, each time they are read
   */
  public ForcedBreakersVerticle(
      Function<Context, ForcedBreakers> storeOf, Consumer<List<ForcedBreaker>> read) {
    this.storeOf = storeOf;
    this.read = read;
  }

  @Override
  public Future<?> start() {
    ForcedBreakers store = storeOf.apply(context);
    Rounds reading =
        new Rounds(vertx, "reading forced breakers", EVERY, () -> read(store).map(false));
    rounds = reading;
    return read(store).onSuccess(ignored -> reading.start());
  }

  @Override
  public Future<?> stop() {
    Rounds reading = rounds;
    return reading == null ? Future.succeededFuture() : reading.stop();
  }

  private Future<Void> read(ForcedBreakers store) {
    return store.all().onSuccess(read::accept).mapEmpty();
  }
}
