package outbox;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The producer that the relay uses at the moment: opened when it is needed, given up when it has
 * failed. One that opens only when it was given up meanwhile is ended at once. Belongs to one event
 * loop.
 */
final class Producers {
  private static final Logger LOG = LoggerFactory.getLogger(Producers.class);

  private static final Duration CLOSING = Duration.ofSeconds(2);

  private final Supplier<Future<EventProducer>> open;
  private @Nullable EventProducer current;
  private long givenUp;
  private boolean closed;

  Producers(Supplier<Future<EventProducer>> open) {
    this.open = open;
  }

  /** One that knows its topic; fails where Kafka does not answer in time. */
  Future<EventProducer> ready() {
    if (closed) {
      return Future.failedFuture("the relay stops");
    }
    EventProducer known = current;
    Future<EventProducer> opened = known != null ? Future.succeededFuture(known) : opened();
    return opened.compose(to -> to.ready().map(to));
  }

  private Future<EventProducer> opened() {
    long before = givenUp;
    return open.get()
        .compose(
            made -> {
              if (givenUp != before) {
                return ended(made, Duration.ZERO)
                    .transform(ignored -> Future.failedFuture("given up before it was open"));
              }
              current = made;
              return Future.succeededFuture(made);
            });
  }

  /**
   * Begins anew with another producer: one that has failed may be in a state in which it refuses
   * everything, and what it still holds must not be sent after what comes next.
   */
  void giveUp() {
    end(Duration.ZERO);
  }

  /** Ends it, after a moment for what was sent, and opens no other. */
  Future<Void> close() {
    closed = true;
    return end(CLOSING);
  }

  private Future<Void> end(Duration patience) {
    givenUp++;
    EventProducer last = current;
    current = null;
    return last == null ? Future.succeededFuture() : ended(last, patience);
  }

  private static Future<Void> ended(EventProducer producer, Duration patience) {
    return producer
        .close(patience)
        .onFailure(cause -> LOG.warn("a kafka producer was not closed: {}", cause.toString()));
  }
}
