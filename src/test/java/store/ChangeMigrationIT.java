package store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import support.TestDatabase;

/** Changes that a release told before what a change left was written apart from its place. */
final class ChangeMigrationIT {
  private static final UUID PAYMENT = UUID.fromString("01960000-0000-7000-8000-000000000001");
  private static final UUID OPERATION = UUID.fromString("01960000-0000-7000-8000-000000000002");
  private static final EventLog.Limit ALL = new EventLog.Limit(100, 1_000_000);

  private static final String PAYMENT_THEN =
      """
      {"merchant_id": "m", "payment_id": "%s", "livemode": true, "lane": 7, "status": "%s", "version": 2, "sequence": %d,
        "amount": 900, "currency": "usd", "capture_method": "manual", "authorized": 900, "captured": 0, "refund_reserved": 0,
        "refunded": 0, "disputed": 0, "client_secret": "SECRET", "parameters": {"metadata": {"order": "1"}},
        "last_error": {"code": "card_declined"}, "canceled_at": "2026-11-01T10:00:00.123456+00:00"}
      """;

  private static final String OPERATION_THEN =
      """
      {"merchant_id": "m", "operation_id": "%s", "payment_id": "%s", "livemode": true, "kind": "authorize",
        "status": "succeeded", "amount": 900, "currency": "usd", "psp_account_id": "a", "psp_idempotency_key": "k",
        "request": "", "attempts": 2, "gives_back": false, "result": {"card": {"last4": "4242"}}, "parameters": {},
        "updated_at": "2026-11-01T10:00:00.5+00:00", "routing": {"reason": "only"}}
      """;

  @Test
  void keepsWhatEveryChangeLeftAndMovesOnWhatHasNoPlaceYet() {
    TestDatabase server = TestDatabase.createAt("9");
    told(server, 1, "created");
    told(server, 2, "captured");
    told(server, 3, "disputed");
    server.execute(
        """
        INSERT INTO event_log (merchant_id, payment_id, sequence, livemode, lane, position, event, to_status, cause, actor,
          payment, created_at)
        VALUES ('m', '%s', 1, true, 7, 1, 'created', 'processing', 'req', 'key', '%s', now());
        INSERT INTO outbox (merchant_id, payment_id, sequence, lane, livemode, payment, operation)
        VALUES ('m', '%s', 2, 7, true, '%s', '%s');
        INSERT INTO outbox (merchant_id, payment_id, sequence, lane, livemode, payment, operation, dispute)
        VALUES ('m', '%s', 3, 7, true, '%s', 'null', '{"status": "won"}');
        UPDATE event_lane SET position = 1 WHERE lane = 7
        """
            .formatted(
                PAYMENT,
                payment("processing", 1),
                PAYMENT,
                payment("succeeded", 2),
                OPERATION_THEN.formatted(OPERATION, PAYMENT),
                PAYMENT,
                payment("succeeded", 3)));

    server.migrate();

    assertThat(
            server.lines(
                "SELECT jsonb_strip_nulls(to_jsonb(payment)) FROM payment_change ORDER BY"
                    + " sequence"))
        .map(JsonObject::new)
        .containsExactly(
            new JsonObject(payment("processing", 1)),
            new JsonObject(payment("succeeded", 2)),
            new JsonObject(payment("succeeded", 3)));
    assertThat(
            server.lines(
                "SELECT concat_ws(' ', sequence, (operation).status, (operation).attempts,"
                    + " (operation).result #>> '{card,last4}', dispute ->> 'status') FROM"
                    + " payment_change ORDER BY sequence"))
        .containsExactly("1", "2 succeeded 2 4242", "3 won");
    Vertx vertx = Vertx.vertx();
    try {
      moves(vertx, server);
    } finally {
      StoreFixture.result(vertx.close());
    }
  }

  private static void moves(Vertx vertx, TestDatabase server) {
    Database database = Database.openForBatches(vertx, server.options(), "events", 1);
    var outbox = new Outbox(database);
    List<Outbox.NewChange> changes = StoreFixture.result(outbox.oldest(0, List.of(7), 10));
    assertThat(changes)
        .map(change -> change.event() + " " + change.operationKind())
        .containsExactly("captured authorize", "disputed null");
    StoreFixture.result(
        outbox.move(changes.stream().map(it -> new Outbox.Move(it, List.of())).toList()));

    assertThat(StoreFixture.result(new EventLog(database).next("reader", List.of(7), ALL)))
        .map(it -> it.position() + " " + it.event() + " " + it.livemode())
        .containsExactly("1 created true", "2 captured true", "3 disputed true");
  }

  private static void told(TestDatabase server, int sequence, String event) {
    server.execute(
        """
        INSERT INTO payment_event (merchant_id, payment_id, sequence, event, to_status, cause, actor)
        VALUES ('m', '%s', %d, '%s', 'succeeded', 'req', 'key')
        """
            .formatted(PAYMENT, sequence, event));
  }

  private static String payment(String status, int sequence) {
    return PAYMENT_THEN.formatted(PAYMENT, status, sequence);
  }
}
