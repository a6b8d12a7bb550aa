package store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import store.Inbox.Due;
import store.Inbox.Ending;
import store.InboxReview.Event;
import store.InboxReview.Filter;
import support.TestDatabase;

/** Events that a release stored before the body and the standing of an event were apart. */
final class InboxMigrationIT {
  private static final List<Integer> ALL_LANES = IntStream.range(0, Lanes.COUNT).boxed().toList();

  /** All that the one table told of an event, in the order of its name. */
  private static final String ALL =
      """
      SELECT concat_ws('|', merchant_id, psp_account_id, name, lane, type, body, status, attempts, due_at, reason, payment_id,
        received_at, processed_at)
      FROM %s ORDER BY name
      """;

  @Test
  void losesNothingOfWhatWasStoredBefore() {
    TestDatabase server = TestDatabase.createAt("5");
    server.execute(
        """
          INSERT INTO inbox_event (merchant_id, psp_account_id, name, lane, type, body, status, attempts, due_at, reason,
            payment_id, received_at, processed_at)
          SELECT 'm', 'a', 'evt_' || s || n, n % 64, 't', 'body ' || n, s, n % 3, CASE WHEN s = 'pending' THEN now() END,
            CASE WHEN n % 2 = 0 THEN 'why ' || n END, CASE WHEN n % 5 = 0 THEN gen_random_uuid() END,
            now() - n * interval '1 minute', CASE WHEN s <> 'pending' THEN now() - n * interval '1 second' END
          FROM unnest(ARRAY['pending', 'processed', 'ignored', 'foreign', 'dead']) s, generate_series(1, 100) n
        """);
    List<String> before = server.lines(ALL.formatted("inbox_event"));
    String bodies = "SELECT name || ctid || xmin FROM inbox_event ORDER BY name";
    List<String> versions = server.lines(bodies);

    server.migrate();

    assertThat(server.lines(ALL.formatted("inbox_standing"))).hasSize(500).isEqualTo(before);
    assertThat(server.lines(bodies)).isEqualTo(versions);
    Vertx vertx = Vertx.vertx();
    try {
      worksOnWithThem(vertx, server);
    } finally {
      StoreFixture.result(vertx.close());
    }
  }

  private static void worksOnWithThem(Vertx vertx, TestDatabase server) {
    var inbox =
        new Inbox(
            vertx.getOrCreateContext(),
            Database.openForBatches(vertx, server.options(), "inbox", 1),
            new Batcher.Limits(64, 1, 1_000),
            Batcher.BatchObserver.NONE);
    var review = new InboxReview(Database.open(vertx, server.options(), "review", 1));
    List<Due> due = StoreFixture.result(inbox.due(ALL_LANES, 1_000, List.of(), List.of())).events();
    assertThat(due).hasSize(100);
    assertThat(
            StoreFixture.result(
                inbox.settle(
                    due.stream().map(it -> Ending.processed(it, null, "nothing new")).toList())))
        .hasSize(100);
    assertThat(StoreFixture.result(review.replay(Filter.ALL, 1_000))).isEqualTo(300);
    assertThat(StoreFixture.result(review.list(Filter.ALL, true, null, 1)).items())
        .singleElement()
        .extracting(Event::receivedAt)
        .isNotNull();
    server.execute("DELETE FROM inbox_work");
    assertThat(StoreFixture.result(inbox.trim(Duration.ZERO, 1_000))).isEqualTo(200);
  }
}
