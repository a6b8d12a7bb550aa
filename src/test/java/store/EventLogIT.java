package store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import store.EventLog.Event;
import store.EventLog.Limit;
import store.EventLog.Move;

/** The event log as consumers read it. */
final class EventLogIT {
  private static final String CONSUMER = "reader";
  private static final Limit ALL = new Limit(1_000, 1 << 20);

  private final StoreFixture fixture = new StoreFixture();
  private final EventLog log =
      new EventLog(
          Database.openForBatches(fixture.vertx, fixture.server.options(), "event-log", 1));

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void readsWhatComesAfterTheCursorInEachLane() {
    insert(1, 1, 3);
    insert(2, 1, 2);
    insert(3, 1, 1);
    log.move(CONSUMER, List.of(new Move(1, 0, 2))).await();

    List<Event> events = log.next(CONSUMER, List.of(1, 2), ALL).await();

    assertThat(places(events)).containsExactly("1:3", "2:1", "2:2");
    assertThat(events.getFirst().came()).isEqualTo(2);
  }

  @Test
  void takesTurnsBetweenLanesSoThatNoneStarvesAnother() {
    insert(1, 1, 20);
    insert(2, 1, 2);

    assertThat(places(log.next(CONSUMER, List.of(1, 2), new Limit(4, 1 << 20)).await()))
        .containsExactly("1:1", "2:1", "1:2", "2:2");
  }

  @Test
  void readsAsManyRowsAsFitAndOneInAnyCase() {
    insert(1, 1, 5);
    Event first = log.next(CONSUMER, List.of(1), ALL).await().getFirst();
    int one = (first.payment() + first.operation()).length();

    assertThat(log.next(CONSUMER, List.of(1), new Limit(100, one * 2)).await()).hasSize(2);
    assertThat(log.next(CONSUMER, List.of(1), new Limit(100, 1)).await()).hasSize(1);
  }

  @Test
  void neverReadsSecretsOrAPspsRequest() {
    insert(1, 1, 1);

    Event event = log.next(CONSUMER, List.of(1), ALL).await().getFirst();

    assertThat(event.payment() + event.operation()).doesNotContain("SECRET").contains("order");
  }

  @Test
  void leavesACursorAloneThatIsNotWhereItWasRead() {
    log.move(CONSUMER, List.of(new Move(1, 0, 5), new Move(2, 0, 1))).await();

    log.move(CONSUMER, List.of(new Move(1, 0, 3), new Move(2, 1, 4))).await();

    assertThat(cursor(1)).isEqualTo(5);
    assertThat(cursor(2)).isEqualTo(4);
  }

  @Test
  void tellsHowMuchIsWaitingAndForHowLong() {
    insert(1, 1, 4);
    log.move(CONSUMER, List.of(new Move(1, 0, 1))).await();
    fixture.server.execute(
        "UPDATE event_log SET created_at = now() - interval '1 hour' WHERE position = 2");
    fixture.server.execute(
        "UPDATE event_log SET created_at = now() - interval '1 day' WHERE position = 1");

    var backlog = log.backlog(CONSUMER).await();

    assertThat(backlog.behind()).isEqualTo(3);
    assertThat(backlog.oldest()).isBetween(Duration.ofMinutes(59), Duration.ofHours(2));
    assertThat(log.backlog(null).await().oldest()).isZero();
    log.move(CONSUMER, List.of(new Move(1, 1, 4))).await();
    assertThat(log.backlog(CONSUMER).await().behind()).isZero();
  }

  @Test
  void trimsWhatIsOldButNothingThatItsConsumerHasYetToRead() {
    insert(1, 1, 4);
    insert(2, 1, 1);
    fixture.server.execute(
        "UPDATE event_log SET created_at = now() - interval '31 days' WHERE position < 4");
    log.move(CONSUMER, List.of(new Move(1, 0, 2))).await();

    assertThat(log.trim(CONSUMER, Duration.ofDays(30), 1).await()).isEqualTo(1);
    assertThat(log.trim(CONSUMER, Duration.ofDays(30), 100).await()).isEqualTo(1);
    assertThat(places(log.next(CONSUMER, List.of(1, 2), ALL).await()))
        .containsExactly("1:3", "2:1", "1:4");
    assertThat(log.trim(null, Duration.ofDays(30), 100).await()).isEqualTo(2);
    assertThat(fixture.server.number("SELECT sum(sequence) FROM payment_change"))
        .as("what each change left goes with its place")
        .isEqualTo(4);
  }

  @Test
  void findsOldEventsByTheIndexOnTheirAge() throws SQLException {
    insert(1, 1, 500);
    try (Connection connection = fixture.server.connect();
        var statement = connection.createStatement()) {
      for (var setting : Database.BATCH_SETTINGS.entrySet()) {
        statement.execute("SET " + setting.getKey() + " = " + setting.getValue());
      }
      statement.execute("BEGIN");
      statement.execute(EventLog.BY_AGE);
      statement.execute("PREPARE trim(bigint, text, integer) AS " + EventLog.TRIM);
      var plan = new StringBuilder();
      try (var rows = statement.executeQuery("EXPLAIN EXECUTE trim(2592000, 'reader', 100)")) {
        while (rows.next()) {
          plan.append(rows.getString(1)).append('\n');
        }
      }
      assertThat(plan.toString()).contains("event_log_age").doesNotContain("Seq Scan");
    }
  }

  private static List<String> places(List<Event> events) {
    return events.stream().map(event -> event.lane() + ":" + event.position()).toList();
  }

  private long cursor(int lane) {
    return fixture.server.number("SELECT position FROM event_cursor WHERE lane = " + lane);
  }

  private void insert(int lane, int from, int to) {
    fixture.server.execute(
        """
        WITH placed AS (
          INSERT INTO event_log (merchant_id, payment_id, sequence, lane, position, created_at)
          SELECT 'acct_test', '%s', n, %2$d, n, now() FROM generate_series(%3$d, %4$d) AS n
          RETURNING merchant_id, payment_id, sequence),
        told AS (
          INSERT INTO payment_event (merchant_id, payment_id, sequence, event, to_status, cause, actor)
          SELECT merchant_id, payment_id, sequence, 'updated', 'requires_confirmation', 'req_1', 'key_1' FROM placed)
        INSERT INTO payment_change (merchant_id, payment_id, sequence, payment, operation)
        SELECT merchant_id, payment_id, sequence,
          jsonb_populate_record(NULL::payment_state, '{"livemode": false, "client_secret": "SECRET",
            "parameters": {"metadata": {"order": "1"}, "shipping": "SECRET"}}'),
          jsonb_populate_record(NULL::operation_state, '{"psp_idempotency_key": "SECRET", "idempotency_key": "SECRET",
            "parameters": {"receipt_email": "SECRET"}}')
        FROM placed
        """
            .formatted(UUID.randomUUID(), lane, from, to));
    fixture.server.execute(
        "UPDATE event_lane SET position = %d WHERE lane = %d".formatted(to, lane));
  }
}
