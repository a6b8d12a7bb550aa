package inbox;

import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import store.Inbox;
import store.Inbox.Ending;
import store.Inbox.Settled;

/**
 * Writes what became of events, all that has gathered while the last statement was under way in the
 * next one. Where that fails, the claims run out and the events are worked again, which changes
 * nothing. Belongs to one event loop.
 */
final class Endings {
  private static final Logger LOG = LoggerFactory.getLogger(Endings.class);

  private final Context context;
  private final Inbox inbox;
  private final int atMost;
  private final Consumer<Settled> settled;
  private final Runnable onIdle;
  private List<Ending> waiting = new ArrayList<>();
  private boolean writing;

  Endings(Context context, Inbox inbox, int atMost, Consumer<Settled> settled, Runnable onIdle) {
    this.context = context;
    this.inbox = inbox;
    this.atMost = atMost;
    this.settled = settled;
    this.onIdle = onIdle;
  }

  void add(Ending ending) {
    waiting.add(ending);
    if (!writing) {
      writing = true;
      // What ends in the same turn of the loop goes together.
      context.runOnContext(ignored -> write());
    }
  }

  boolean idle() {
    return !writing;
  }

  private void write() {
    List<Ending> batch = waiting.size() <= atMost ? waiting : waiting.subList(0, atMost);
    List<Ending> rest =
        waiting.size() <= atMost
            ? new ArrayList<>()
            : new ArrayList<>(waiting.subList(atMost, waiting.size()));
    waiting = rest;
    settle(List.copyOf(batch))
        .onComplete(
            done -> {
              if (done.succeeded()) {
                done.result().forEach(settled);
              } else {
                LOG.warn("{} events stay claimed: {}", batch.size(), done.cause().toString());
              }
              if (waiting.isEmpty()) {
                writing = false;
                onIdle.run();
              } else {
                write();
              }
            });
  }

  private Future<List<Settled>> settle(List<Ending> batch) {
    try {
      return inbox.settle(batch);
    } catch (RuntimeException broken) {
      return Future.failedFuture(broken);
    }
  }
}
