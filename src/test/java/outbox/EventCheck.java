package outbox;

import io.vertx.core.Vertx;
import java.util.stream.IntStream;
import store.Database;
import store.EventLog;
import support.EventSchemas;
import support.TestDatabase;

/** Whether everything that a database's event log tells is as the events' schemas say. */
public final class EventCheck {
  /** A consumer that never read anything. */
  private static final String CONSUMER = "check";

  private static final EventLog.Limit ALL = new EventLog.Limit(100_000, Integer.MAX_VALUE);

  private EventCheck() {}

  /** Fails unless each event, as Kafka would get it, is described. */
  public static void check(Vertx vertx, TestDatabase database) {
    Database pool = Database.openForBatches(vertx, database.options(), "event-check", 1);
    try {
      EventSchemas schemas = new EventSchemas();
      new EventLog(pool)
          .next(CONSUMER, IntStream.range(0, store.Lanes.COUNT).boxed().toList(), ALL)
          .await()
          .forEach(event -> schemas.check(event.event(), CloudEvent.of(event).value()));
    } finally {
      pool.close().await();
    }
  }
}
