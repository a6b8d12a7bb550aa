package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import payments.PublicId;
import simulator.CallMatch;
import simulator.Fault;
import simulator.Operation;
import simulator.webhooks.EventMatch;
import simulator.webhooks.WebhookFault;
import support.Await;
import support.Books;
import support.TestGateway;

/** What operators do where PSPs' webhooks come late or could not be worked. */
final class OperatorReplayIT {
  private static TestGateway gateway;
  private static Till till;

  @BeforeAll
  static void start() {
    gateway = TestGateway.start("--recovery.schedule=1h", "--inbox.poll-interval=50ms");
    gateway.takeWebhooks();
    till = new Till(gateway);
  }

  @AfterAll
  static void close() {
    new Books(gateway).balance();
    till.close();
    gateway.close();
  }

  @AfterEach
  void noMoreFaults() {
    gateway.simulator().faults().clear();
    gateway.simulator().faults().webhooks().clear();
  }

  @Test
  void worksDeadLettersAgain() {
    String id = till.pay(1_000).in("succeeded").id();
    String ofThis = "payment_id = '" + Till.uuid(id) + "'";
    Await.until(
        "its event is worked",
        () -> number("inbox_standing WHERE status = 'processed' AND " + ofThis) > 0);
    gateway
        .database()
        .execute(
            "UPDATE inbox_outcome SET status = 'dead', reason = 'tested: no reader'"
                + " WHERE "
                + ofThis);
    long dead = number("inbox_standing WHERE status = 'dead'");
    var group = read("/ops/inbox/dead-letters").getJsonArray("data").getJsonObject(0);
    assertThat(group.getString("reason")).isEqualTo("tested: no reader");
    var listed = read("/ops/inbox?status=dead&payment=" + id).getJsonArray("data").getJsonObject(0);
    String event =
        "/ops/inbox/demo/" + listed.getString("psp_account") + "/" + listed.getString("event");
    assertThat(read(event).getString("body")).contains(listed.getString("event"));

    String tested = "'reason_prefix': 'tested'";
    assertThat(
            new JsonObject(act("/ops/inbox/replay", "{'dry_run': true, " + tested + "}").body())
                .getLong("would_replay"))
        .isEqualTo(dead);
    assertThat(number("inbox_standing WHERE status = 'dead'")).isEqualTo(dead);
    var action =
        done(act("/ops/inbox/replay", "{'reason': 'there is a reader now', " + tested + "}"));

    assertThat(action.getJsonObject("result").getLong("replayed")).isEqualTo(dead);
    Await.until(
        "all are worked again",
        () -> number("inbox_standing WHERE status IN ('dead', 'pending')") == 0);
    assertThat(till.status(id)).isEqualTo("succeeded");
  }

  /** What was put right in another way stays dead on each replay, and would alert for ever. */
  @Test
  void closesDeadLettersThatAreSeenTo() {
    String first = deadLetterOf(till.pay(1_300).in("succeeded").id());
    String second = deadLetterOf(till.pay(1_400).in("succeeded").id());
    assertThat(number("inbox_standing WHERE status = 'dead'")).isEqualTo(2);

    var one = done(act(first + "/close", "{'reason': 'put right at the PSP'}"));
    assertThat(one.getJsonObject("result").getLong("closed")).isEqualTo(1);
    assertThat(read(first).getString("status")).isEqualTo("ignored");
    assertThat(read(first).getString("reason")).isEqualTo("closed: put right at the PSP");
    assertThat(act(first + "/close", "{'reason': 'once more'}").statusCode()).isEqualTo(409);

    var all =
        done(
            act(
                "/ops/inbox/dead-letters/close",
                "{'reason': 'all of them', 'reason_prefix': 'tested'}"));
    assertThat(all.getJsonObject("result").getLong("closed")).isEqualTo(1);
    assertThat(all.getJsonObject("result").getLong("left")).isZero();
    assertThat(read(second).getString("status")).isEqualTo("ignored");
    assertThat(number("operator_action WHERE action LIKE 'inbox.close%'")).isEqualTo(2);
  }

  /** The path of an event of a payment that was given up. */
  private static String deadLetterOf(String id) {
    String ofThis = "payment_id = '" + Till.uuid(id) + "'";
    Await.until(
        "its events are worked",
        () ->
            number("inbox_standing WHERE status = 'processed' AND " + ofThis) > 0
                && number("inbox_work WHERE " + ofThis) == 0);
    gateway
        .database()
        .execute(
            "UPDATE inbox_outcome SET status = 'dead', reason = 'tested: odd' WHERE ctid = (SELECT"
                + " ctid FROM inbox_outcome WHERE "
                + ofThis
                + " LIMIT 1)");
    var listed = read("/ops/inbox?status=dead&payment=" + id).getJsonArray("data").getJsonObject(0);
    return "/ops/inbox/demo/" + listed.getString("psp_account") + "/" + listed.getString("event");
  }

  @Test
  void givesBackWhatThePspTellsOfAnOperationThatWasClosed() {
    gateway.simulator().faults().webhooks().always(EventMatch.any(), WebhookFault.drop());
    gateway.simulator().faults().next(CallMatch.of(Operation.AUTHORIZE), Fault.answerLost());
    gateway.simulator().faults().always(CallMatch.of(Operation.SEARCH), Fault.serverError(500));
    String id = till.pay(1_100).in("processing").id();
    till.age(id, "authorize", Duration.ofHours(2));
    Await.until("it is held", () -> till.held(id).isPresent());
    done(
        act(
            path(id, "authorize") + "/close",
            "{'as': 'failed', 'evidence': 'no charge shown', 'reason': 'not charged'}"));
    assertThat(till.status(id)).isEqualTo("requires_payment_method");

    gateway.simulator().faults().clear();
    gateway.simulator().faults().webhooks().clear();
    gateway.simulator().webhooks().resendDropped();

    Await.until(
        "it is given back",
        () ->
            till.anomaly(id, true).isPresent()
                && till.charges(id).getFirst().refundedMinor() == 1_100
                && till.anomaly(id, false).isEmpty());
    assertThat(till.status(id)).isEqualTo("requires_payment_method");
    assertThat(till.balance(id, "suspense")).isZero();
  }

  @Test
  void booksARefundThatThePspTellsOfAfterItWasClosed() {
    String id = till.pay(1_200).in("succeeded").id();
    gateway.simulator().faults().webhooks().always(EventMatch.any(), WebhookFault.drop());
    gateway.simulator().faults().next(CallMatch.of(Operation.REFUND), Fault.answerLost());
    String refund = till.refund(id, 700).in("pending").id();
    gateway.simulator().faults().always(CallMatch.any(), Fault.serverError(500));
    // Held and at rest: nothing of ours sends it again.
    gateway
        .database()
        .execute(
            "UPDATE operation SET held_reason = 'unsettled', recover_at = NULL WHERE kind ="
                + " 'refund' AND payment_id = '"
                + Till.uuid(id)
                + "'");
    done(
        act(
            path(id, "refund") + "/close",
            "{'as': 'failed', 'evidence': 'no refund shown', 'reason': 'not refunded'}"));
    assertThat(till.refundStatus(refund)).isEqualTo("failed");

    gateway.simulator().faults().clear();
    gateway.simulator().faults().webhooks().clear();
    gateway.simulator().webhooks().resendDropped();

    till.refundSettles(refund, "succeeded");
    assertThat(till.refund(id, 501).expect(400).error().getString("param")).isEqualTo("amount");
  }

  private static String path(String id, String kind) {
    UUID operation = UUID.fromString(till.operation(id, kind, "operation_id").orElseThrow());
    return "/ops/operations/demo/" + PublicId.digits(operation);
  }

  private static long number(String what) {
    return gateway.number("SELECT count(*) FROM " + what);
  }

  private static HttpResponse<String> act(String path, String json) {
    return gateway.operate(path, json.replace('\'', '"'));
  }

  private static JsonObject read(String path) {
    return done(gateway.operator(path));
  }

  private static JsonObject done(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return new JsonObject(response.body());
  }
}
