package store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static store.StoreFixture.creation;
import static store.StoreFixture.result;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import payments.Delivery;
import payments.Listing;
import payments.Operation;
import payments.OperationKind;
import payments.OperatorOutcome;
import payments.OperatorOutcome.Done;
import payments.OperatorOutcome.Why;
import payments.OperatorRequest;
import payments.Parameters;
import payments.Payment;
import payments.PaymentStatus;
import store.Inbox.Status;
import store.OperatorActions.Effect;
import support.StoredEvents;

/** What operators do and its row in the audit log: both or neither, and once per key. */
final class OperatorActionsIT {
  private static final Parameters NOTHING = Parameters.EMPTY;
  private static StoreFixture store;
  private static OperatorActions actions;
  private static InboxReview review;
  private static InboxReplays replays;

  @BeforeAll
  static void open() {
    store = new StoreFixture();
    actions = new OperatorActions(store.database, store.ids::next);
    review = new InboxReview(store.database);
    replays = new InboxReplays(review, actions);
  }

  @BeforeEach
  void empty() {
    store.server.execute("TRUNCATE operator_action, inbox_event, inbox_work, inbox_outcome");
  }

  @AfterAll
  static void close() {
    store.close();
  }

  @Test
  void writesNoRowWhereItsEffectFails() {
    UUID operation = held();
    Future<OperatorOutcome> failing =
        actions.perform(
            request(null),
            sql ->
                release(sql, operation)
                    .compose(made -> sql.query("SELECT 1 / 0", Tuple.tuple()))
                    .map(never -> new Effect.Made(NOTHING)));
    assertThatThrownBy(() -> result(failing)).isInstanceOf(StoreException.Refused.class);
    assertNothingDone(operation);
  }

  @Test
  void hasNoEffectWhereItsRowIsNotWritten() {
    UUID operation = held();
    // PostgreSQL refuses this reason, after the effect.
    var request = new OperatorRequest("alice", "test", NOTHING, "a\u0000b", null);
    Future<OperatorOutcome> failing =
        actions.perform(
            request, sql -> release(sql, operation).map(made -> new Effect.Made(NOTHING)));
    assertThatThrownBy(() -> result(failing)).isInstanceOf(StoreException.Refused.class);
    assertNothingDone(operation);
  }

  @Test
  void leavesNothingWhereTheConnectionIsKilledBeforeTheCommit() {
    UUID operation = held();
    Future<OperatorOutcome> failing =
        actions.perform(
            request("killed"),
            sql ->
                release(sql, operation)
                    .compose(
                        made ->
                            sql.query(
                                "SELECT pg_terminate_backend(pg_backend_pid())", Tuple.tuple()))
                    .map(never -> new Effect.Made(NOTHING)));
    assertThatThrownBy(() -> result(failing)).isInstanceOf(StoreException.class);
    assertNothingDone(operation);
    // The key is free: the same request does it now.
    assertThat(
            result(
                actions.perform(
                    request("killed"),
                    sql -> release(sql, operation).map(made -> new Effect.Made(NOTHING)))))
        .isInstanceOf(Done.class);
    assertThat(count("operator_action")).isEqualTo(1);
  }

  @Test
  void doesTheSameRequestOnceHoweverManyAskAtOnce() {
    var effects = new AtomicInteger();
    List<Future<OperatorOutcome>> asked =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    actions.perform(
                        request("same"),
                        sql ->
                            Future.succeededFuture(
                                new Effect.Made(
                                    new Parameters(
                                        Map.of("effect", (long) effects.incrementAndGet()))))))
            .toList();
    var outcomes = asked.stream().map(StoreFixture::result).map(Done.class::cast).toList();
    assertThat(effects).hasValue(1);
    assertThat(outcomes).filteredOn(done -> !done.replayed()).hasSize(1);
    assertThat(outcomes.stream().map(Done::action)).containsOnly(outcomes.getFirst().action());
  }

  @Test
  void refusesAKeyThatBelongsToAnotherRequest() {
    result(actions.perform(request("taken"), sql -> made()));
    for (OperatorRequest other :
        List.of(
            new OperatorRequest("bob", "test", NOTHING, "why", "taken"),
            new OperatorRequest("alice", "other", NOTHING, "why", "taken"),
            new OperatorRequest("alice", "test", new Parameters(Map.of("a", 1L)), "why", "taken"),
            new OperatorRequest("alice", "test", NOTHING, "because", "taken"))) {
      assertThat(result(actions.perform(other, sql -> made())))
          .isInstanceOfSatisfying(
              OperatorOutcome.Refused.class,
              refused -> assertThat(refused.why()).isEqualTo(Why.KEY_REUSED));
    }
    assertThat(count("operator_action")).isEqualTo(1);
  }

  @Test
  void neverChangesWhatOperatorsDid() {
    result(actions.perform(request(null), sql -> made()));
    for (String sql :
        List.of("UPDATE operator_action SET reason = ''", "DELETE FROM operator_action")) {
      assertThatThrownBy(() -> result(store.database.query(sql, Tuple.tuple())))
          .isInstanceOfSatisfying(
              StoreException.Refused.class,
              refused -> assertThat(refused.sqlState()).isEqualTo("42501"));
    }
  }

  @Test
  void replaysBoundedAndSaysWhatIsLeft() {
    for (int i = 0; i < 5; i++) {
      event("evt_" + i, "dead", "unreadable: field " + i);
    }
    event("evt_other", "dead", "unknown account");
    event("evt_done", "processed", null);
    var filter = new InboxReview.Filter(null, null, null, "unreadable", null, null, null);
    assertThat(result(review.replayable(filter))).isEqualTo(5);

    var first = done(result(replays.many(request("range"), filter, 3)));
    assertThat(first.action().result().values()).isEqualTo(Map.of("replayed", 3L, "left", 2L));
    // Sent twice, it is one action: the rest stays.
    assertThat(done(result(replays.many(request("range"), filter, 3))).replayed()).isTrue();
    assertThat(count("inbox_standing WHERE status = 'pending'")).isEqualTo(3);
    assertThat(
            result(review.deadGroups(10)).stream().mapToLong(InboxReview.DeadGroup::number).sum())
        .isEqualTo(3);
    result(replays.many(request(null), filter, 3));
    assertThat(count("inbox_standing WHERE status = 'pending'")).isEqualTo(5);
    assertThat(count("inbox_standing WHERE status = 'dead' AND name = 'evt_other'")).isEqualTo(1);
  }

  @Test
  void replaysOneOnlyByForceWhereItIsDone() {
    event("evt_done", "processed", null);
    assertThat(result(replays.one(request(null), "m", "a", "evt_done", false)))
        .isInstanceOf(OperatorOutcome.Refused.class);
    assertThat(count("operator_action")).isZero();
    done(result(replays.one(request(null), "m", "a", "evt_done", true)));
    assertThat(result(review.find("m", "a", "evt_done")).orElseThrow().event().status())
        .isEqualTo(Status.PENDING);
    assertThat(result(replays.one(request(null), "m", "a", "evt_none", true)))
        .isInstanceOfSatisfying(
            OperatorOutcome.Refused.class,
            refused -> assertThat(refused.why()).isEqualTo(Why.NOT_FOUND));
  }

  @Test
  void sendsFailedDeliveriesAgainAndSaysWhatIsLeft() {
    UUID endpoint = endpoint("disabled");
    for (int i = 0; i < 5; i++) {
      delivery(endpoint, "failed");
    }
    UUID delivered = delivery(endpoint, "delivered");
    UUID pending = delivery(endpoint, "pending");
    var deliveries = new DeliveryActions(actions);
    var filter = new Deliveries.Filter("m", endpoint, null, null, null, null);

    var first = done(resendFailed(deliveries, filter));
    assertThat(first.action().result().values()).isEqualTo(Map.of("resent", 3L, "left", 2L));
    assertThat(done(resendFailed(deliveries, filter)).replayed()).isTrue();
    assertThat(count("delivery WHERE status = 'failed'")).isEqualTo(2);

    done(result(deliveries.resend(request(null), "m", endpoint, delivered)));
    assertThat(count("delivery WHERE status = 'delivered'")).isZero();
    // What may be in flight this moment is left alone.
    assertThat(result(deliveries.resend(request(null), "m", endpoint, pending)))
        .isInstanceOf(OperatorOutcome.Refused.class);
    assertThat(result(deliveries.resend(request(null), "m", endpoint, store.ids.next())))
        .isInstanceOfSatisfying(
            OperatorOutcome.Refused.class,
            refused -> assertThat(refused.why()).isEqualTo(Why.NOT_FOUND));
    assertThat(count("operator_action")).isEqualTo(2);
  }

  private OperatorOutcome resendFailed(DeliveryActions deliveries, Deliveries.Filter filter) {
    return result(deliveries.resendMany(request("some"), filter, Delivery.Status.FAILED, 3));
  }

  @Test
  void turnsAnEndpointOnAndOffOnce() {
    UUID endpoint = endpoint("disabled");
    var deliveries = new DeliveryActions(actions);
    done(result(deliveries.enable(request(null), "m", endpoint)));
    assertThat(
            count(
                "webhook_endpoint WHERE status = 'enabled' AND failing_since IS NULL"
                    + " AND disabled_reason IS NULL AND version = 2"))
        .isEqualTo(1);
    assertThat(result(deliveries.enable(request(null), "m", endpoint)))
        .isInstanceOf(OperatorOutcome.Refused.class);
    done(result(deliveries.disable(request(null), "m", endpoint)));
    var shown =
        result(
            new WebhookEndpoints(store.database)
                .listAll("m", "disabled", new Listing.Page(10, null)));
    assertThat(shown.rows()).hasSize(1);
    assertThat(shown.rows().getFirst().disabledReason()).isEqualTo("disabled by an operator");
    assertThat(count("operator_action")).isEqualTo(2);
  }

  private static UUID endpoint(String status) {
    store.server.execute("TRUNCATE webhook_endpoint, delivery");
    UUID id = store.ids.next();
    store.server.execute(
        ("INSERT INTO webhook_endpoint (merchant_id, endpoint_id, livemode, lane, url, status,"
             + " disabled_reason, enabled_events, metadata, secret, version, failing_since) VALUES"
             + " ('m', '%s', false, 1, 'https://example.com', '%s', 'failing', '{*}', '{}',"
             + " 'sealed', 1, now())")
            .formatted(id, status));
    return id;
  }

  private static UUID delivery(UUID endpoint, String status) {
    UUID event = store.ids.next();
    store.server.execute(
        ("INSERT INTO delivery (merchant_id, endpoint_id, event_id, status) VALUES ('m', '%s',"
                + " '%s', '%s')")
            .formatted(endpoint, event, status));
    return event;
  }

  private static Done done(OperatorOutcome outcome) {
    assertThat(outcome).isInstanceOf(Done.class);
    return (Done) outcome;
  }

  private static Future<Effect> made() {
    return Future.succeededFuture(new Effect.Made(NOTHING));
  }

  private static OperatorRequest request(@Nullable String key) {
    return new OperatorRequest("alice", "test", NOTHING, "why", key);
  }

  private static UUID held() {
    Payment payment = store.payment(PaymentStatus.PROCESSING, 1_000);
    Operation operation = store.operation(payment, OperationKind.AUTHORIZE, 1_000);
    result(store.writes.create(creation(payment, operation, null)));
    store.server.execute(
        "UPDATE operation SET held_reason = 'unsettled' WHERE operation_id = '"
            + operation.id()
            + "'");
    return operation.id();
  }

  private static Future<?> release(Sql sql, UUID operation) {
    return sql.query(
        "UPDATE operation SET held_reason = NULL WHERE merchant_id = $1 AND operation_id = $2",
        Tuple.of(StoreFixture.MERCHANT, operation));
  }

  private static void assertNothingDone(UUID operation) {
    assertThat(count("operator_action")).isZero();
    assertThat(
            count(
                "operation WHERE held_reason = 'unsettled' AND operation_id = '" + operation + "'"))
        .isEqualTo(1);
  }

  private static long count(String what) {
    return store.server.number("SELECT count(*) FROM " + what);
  }

  private static void event(String name, String status, @Nullable String reason) {
    StoredEvents.put(
        store.server,
        Map.of(
            "name",
            "'" + name + "'",
            "type",
            "'charge.updated'",
            "status",
            "'" + status + "'",
            "reason",
            reason == null ? "NULL" : "'" + reason + "'"));
  }
}
