package inbox;

import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import store.Inbox.Ending;
import store.Inbox.Settled;

/**
 * Writes what became of events, all that has gathered while the last statement was under way in the
 * next one. Where that fails the events are let go of after a pause, and are worked again, which
 * changes nothing. Belongs to one event loop.
 */
final class Endings {
  private static final Logger LOG = LoggerFactory.getLogger(Endings.class);

  private final Context context;
  private final Function<List<Ending>, Future<List<Settled>>> settle;
  private final int atMost;
  private final Consumer<Settled> settled;
  private final Consumer<List<Ending>> onWritten;
  private final Duration pause;
  private List<Ending> waiting = new ArrayList<>();
  private boolean writing;

  /**
   * Nothing to write yet.
   *
   * @param settle writes some; gives those that took effect
   * @param atMost in one statement
   * @param settled told of each that took effect
   * @param onWritten told of those that are no longer in hand
   * @param pause for how long those that could not be written stay in hand
   */
  Endings(
      Context context,
      Function<List<Ending>, Future<List<Settled>>> settle,
      int atMost,
      Consumer<Settled> settled,
      Consumer<List<Ending>> onWritten,
      Duration pause) {
    this.context = context;
    this.settle = settle;
    this.atMost = atMost;
    this.settled = settled;
    this.onWritten = onWritten;
    this.pause = pause;
  }

  void add(Ending ending) {
    waiting.add(ending);
    if (!writing) {
      writing = true;
      // What ends in the same turn of the loop goes together.
      context.runOnContext(ignored -> write());
    }
  }

  private void write() {
    int number = Math.min(waiting.size(), atMost);
    List<Ending> batch = List.copyOf(waiting.subList(0, number));
    waiting = new ArrayList<>(waiting.subList(number, waiting.size()));
    settle(batch)
        .onComplete(
            done -> {
              writing = !waiting.isEmpty();
              if (done.succeeded()) {
                onWritten.accept(batch);
                done.result().forEach(settled);
              } else {
                LOG.warn("{} events are not settled: {}", number, done.cause().toString());
                context.owner().setTimer(pause.toMillis(), ignored -> onWritten.accept(batch));
              }
              if (writing) {
                write();
              }
            });
  }

  private Future<List<Settled>> settle(List<Ending> batch) {
    try {
      return settle.apply(batch);
    } catch (RuntimeException broken) {
      return Future.failedFuture(broken);
    }
  }
}
