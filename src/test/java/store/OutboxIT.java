package store;

import static org.assertj.core.api.Assertions.assertThat;
import static store.StoreFixture.begin;
import static store.StoreFixture.creation;
import static store.StoreFixture.over;
import static store.StoreFixture.reservation;
import static store.StoreFixture.result;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import outbox.Publisher;
import payments.Operation;
import payments.OperationKind;
import payments.Payment;
import payments.PaymentStatus;

/** What commits tell, and its way to the event log. */
final class OutboxIT {
  private static final List<Integer> ALL_LANES = IntStream.range(0, Lanes.COUNT).boxed().toList();
  private static StoreFixture store;
  private final AtomicLong nanos = new AtomicLong();

  @BeforeAll
  static void open() {
    store = new StoreFixture();
  }

  @BeforeEach
  void empty() {
    for (String table :
        List.of(
            "outbox",
            "event_log",
            "payment_change",
            "merchant_event",
            "delivery",
            "webhook_endpoint")) {
      store.server.execute("DELETE FROM " + table);
    }
  }

  @AfterAll
  static void close() {
    store.close();
  }

  @Test
  void tellsThePaymentAndTheOperationAsEachChangeLeavesThem() {
    Payment payment = store.payment(PaymentStatus.PROCESSING, 900);
    Operation authorize = store.operation(payment, OperationKind.AUTHORIZE, 900, "told");
    result(store.writes.create(creation(payment, authorize, "told")));
    assertShown(payment, authorize);
    result(store.writes.finish(store.captured(authorize)));
    assertShown(payment, authorize);
    Operation refund = store.operation(payment, OperationKind.REFUND, 300, "told-refund");
    result(store.writes.reserve(reservation(refund, "told-refund")));
    assertShown(payment, refund);
    result(store.writes.finish(store.refunded(refund)));
    assertShown(payment, refund);

    Payment fresh = store.fresh(100);
    assertThat(store.number("SELECT count(*) FROM payment_change WHERE operation IS NULL"))
        .isEqualTo(1);
    Operation confirmed = store.operation(fresh, OperationKind.AUTHORIZE, 100);
    result(store.writes.begin(over(fresh, PaymentStatus.PROCESSING, confirmed, null)));
    assertShown(fresh, confirmed);
  }

  @Test
  void tellsNothingWhereNothingWasWritten() {
    Payment payment = store.taken(100);
    long told = store.number("SELECT count(*) FROM outbox");
    Operation refund = store.operation(payment, OperationKind.REFUND, 101);
    assertThat(result(store.writes.reserve(reservation(refund, null)))).isEmpty();
    assertThat(store.number("SELECT count(*) FROM outbox")).isEqualTo(told);
  }

  @Test
  void neverTellsWhatThePspWasSent() {
    store.taken(100);
    assertThat(
            store.text(
                "SELECT string_agg(key, ' ' ORDER BY key) FROM (SELECT DISTINCT key FROM"
                    + " payment_change c, jsonb_each(to_jsonb(c.operation))) keys WHERE key LIKE"
                    + " '%request%'"))
        .isEqualTo("null");
  }

  @Test
  void movesEachChangeOnceAndEachPaymentsInOrderWhoeverMovesThem() {
    var payments = new ArrayList<Payment>();
    var finishes = new ArrayList<Future<?>>();
    var one = publisher(7);
    var two = publisher(5);
    for (int at = 0; at < 25; at++) {
      Payment payment = store.taken(1_000);
      payments.add(payment);
      for (int refund = 0; refund < 4; refund++) {
        Operation operation = store.operation(payment, OperationKind.REFUND, 10);
        result(store.writes.reserve(reservation(operation, null)));
        finishes.add(store.writes.finish(store.refunded(operation)));
      }
      // Two nodes that both take all lanes for theirs, while changes are still being written.
      Future.join(one.round(ALL_LANES), two.round(ALL_LANES)).otherwiseEmpty().await();
    }
    Future.all(finishes).await();
    drain(one);
    drain(two);

    assertThat(store.number("SELECT count(*) FROM outbox")).isZero();
    assertThat(store.number("SELECT count(*) FROM event_log")).isEqualTo(25 * 10L);
    assertThat(store.number("SELECT count(DISTINCT (lane, position)) FROM event_log"))
        .as("no place is given twice")
        .isEqualTo(25 * 10L);
    for (Payment payment : payments) {
      assertThat(
              store.text(
                  "SELECT string_agg(sequence::text, ',' ORDER BY position) FROM event_log WHERE"
                      + " payment_id = '"
                      + payment.id()
                      + "'"))
          .isEqualTo("1,2,3,4,5,6,7,8,9,10");
    }
  }

  @Test
  void makesEventsAndTheirDeliveriesToWhoWantsThem() {
    endpoint("all", "enabled", false, "*");
    endpoint("some", "enabled", false, "payment_intent.succeeded");
    endpoint("others", "enabled", false, "charge.refunded");
    endpoint("disabled", "disabled", false, "*");
    endpoint("live", "enabled", true, "*");
    Payment payment = store.payment(PaymentStatus.PROCESSING, 100);
    Operation authorize = store.operation(payment, OperationKind.AUTHORIZE, 100);
    result(
        store.writes.create(
            new Write(payment, null, 0, begin(authorize), null, null, cause("created"))));
    Finish captured = store.captured(authorize);
    result(store.writes.finish(named(captured, "captured")));
    drain(publisher(100));

    assertThat(store.text("SELECT type || ' ' || sequence FROM merchant_event ORDER BY event_id"))
        .isEqualTo(
            """
            payment_intent.created 1
            charge.succeeded 2
            payment_intent.succeeded 2\
            """);
    assertThat(
            store.text(
                """
                SELECT w.description || ' ' || e.type || ' ' || d.status FROM delivery d
                  JOIN webhook_endpoint w ON w.endpoint_id = d.endpoint_id
                  JOIN merchant_event e ON e.event_id = d.event_id
                ORDER BY w.description, e.event_id
                """))
        .isEqualTo(
            """
            all payment_intent.created pending
            all charge.succeeded pending
            all payment_intent.succeeded pending
            some payment_intent.succeeded pending\
            """);
  }

  @Test
  void doesNotLeaveBehindWhatIsCommittedLate() {
    store.fresh(100);
    var publisher = publisher(100);
    drain(publisher);
    store.server.execute("ALTER SEQUENCE outbox_id_seq RESTART WITH 5000");
    store.fresh(100);
    drain(publisher);
    nanos.addAndGet(30_000_000_000L);
    late(4_900);
    assertThat(drain(publisher)).as("its id was drawn half a minute ago").isEqualTo(1);

    nanos.addAndGet(700_000_000_000L);
    late(4_800);
    assertThat(drain(publisher)).as("all is looked over now and then").isEqualTo(1);
  }

  @Test
  void passesOverNothingThatManyBatchesHaveYetToMove() {
    var publisher = publisher(1);
    drain(publisher);
    store.server.execute("ALTER SEQUENCE outbox_id_seq RESTART WITH 16000");
    store.fresh(100);
    nanos.addAndGet(61_000_000_000L);
    drain(publisher);
    // The database stalled: only now is there what was drawn before, and only one is moved at a
    // time.
    for (long id = 15_000; id < 15_005; id++) {
      late(id);
    }
    store.fresh(100);
    nanos.addAndGet(61_000_000_000L);
    drain(publisher);

    assertThat(store.number("SELECT count(*) FROM outbox")).as("left behind").isZero();
    assertThat(store.number("SELECT count(*) FROM event_log")).isEqualTo(7);
  }

  /** A change whose id was drawn before others and which is committed after them. */
  private static void late(long id) {
    Payment payment = store.fresh(100);
    store.server.execute(
        "WITH o AS (DELETE FROM outbox WHERE"
            + " payment_id = '"
            + payment.id()
            + "' RETURNING *) INSERT INTO outbox (id, merchant_id, payment_id, sequence, lane,"
            + " livemode, event) OVERRIDING SYSTEM VALUE SELECT "
            + id
            + ", merchant_id, payment_id, sequence, lane, livemode, event FROM o");
  }

  private Publisher publisher(int batchSize) {
    return new Publisher(new Outbox(store.database), store.ids::next, nanos::get, batchSize);
  }

  private static long drain(Publisher publisher) {
    long moved = 0;
    Publisher.Round round;
    do {
      round = result(publisher.round(ALL_LANES));
      moved += round.changes();
    } while (round.more());
    return moved;
  }

  private static void endpoint(String name, String status, boolean livemode, String type) {
    store.server.execute(
        """
        INSERT INTO webhook_endpoint (merchant_id, endpoint_id, livemode, lane, url, status, enabled_events, description,
          metadata, secret, version)
        VALUES ('%s', '%s', %s, 0, 'http://x', '%s', ARRAY['%s'], '%s', '{}', 's', 1)
        """
            .formatted(StoreFixture.MERCHANT, UUID.randomUUID(), livemode, status, type, name));
  }

  private static Write.Cause cause(String event) {
    return new Write.Cause(event, "req_test", "key_test");
  }

  private static Finish named(Finish finish, String event) {
    return new Finish(
        finish.at(),
        finish.operation(),
        finish.status(),
        finish.pspReference(),
        finish.pspChargeReference(),
        finish.card(),
        finish.checks(),
        finish.outcome(),
        finish.decline(),
        finish.recoverInMs(),
        finish.heldReason(),
        finish.change(),
        finish.transfer(),
        finish.methodToken(),
        finish.methodOwner(),
        finish.answer(),
        cause(event),
        null);
  }

  /** The newest change tells what the tables hold now. */
  private static void assertShown(Payment payment, Operation operation) {
    String of = " WHERE payment_id = '" + payment.id() + "'";
    assertThat(
            store.text(
                "SELECT jsonb_strip_nulls(to_jsonb(payment)) FROM payment_change"
                    + of
                    + " ORDER BY sequence DESC LIMIT 1"))
        .isEqualTo(store.text("SELECT jsonb_strip_nulls(to_jsonb(p)) FROM payment p" + of));
    assertThat(
            store.text(
                "SELECT jsonb_strip_nulls(to_jsonb(operation)) FROM payment_change"
                    + of
                    + " ORDER BY sequence DESC LIMIT 1"))
        .isEqualTo(
            store.text(
                "SELECT jsonb_strip_nulls(to_jsonb(o)) - 'request' - 'lane' - 'node' - 'recover_at'"
                    + " FROM operation o WHERE operation_id = '"
                    + operation.id()
                    + "'"));
  }
}
