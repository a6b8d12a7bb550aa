package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import simulator.CallMatch;
import simulator.Fault;
import simulator.Operation;
import support.Await;
import support.Books;
import support.TestGateway;

/**
 * What operators do about held operations and anomalies, over the management port: audited with its
 * effect, once per key, and never against what the PSP says of money.
 */
final class OperatorActionsIT {
  private static final CallMatch SEARCH = CallMatch.of(Operation.SEARCH);

  private static TestGateway gateway;
  private static Till till;

  @BeforeAll
  static void start() {
    gateway = TestGateway.start("--recovery.schedule=1h");
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
    gateway.simulator().faults().release();
  }

  @Test
  void lookAgainSettlesAnOperationThatThePspTellsRightlyNow() {
    String id = mismatched(1_000);

    JsonObject action = done(act(lookAgain(id), "{'reason': 'the PSP has corrected its answer'}"));

    till.settles(id, "succeeded");
    assertThat(till.held(id)).isEmpty();
    assertThat(action.getString("action")).isEqualTo("operations.look_again");
    assertThat(action.getString("operator")).isEqualTo("alice");
    assertThat(actionsOn(id)).isEqualTo(1);

    String anomaly = till.anomaly(id, false).orElseThrow().getString("anomaly");
    String resolve = "/ops/anomalies/demo/" + anomaly + "/resolve";
    done(act(resolve, "{'reason': 'told rightly now'}"));
    assertThat(till.anomaly(id, false)).isEmpty();
    assertThat(till.anomaly(id, true).orElseThrow().getString("resolution"))
        .isEqualTo("told rightly now");
    refused(409, act(resolve, "{'reason': 'once more'}"));
  }

  @Test
  void refusesToLookAtWhatIsNotHeldOrNotThere() {
    String id = till.pay(1_050).in("succeeded").id();
    refused(409, act(operationPath(id, "authorize") + "/look-again", "{'reason': 'curious'}"));
    refused(
        404, act("/ops/operations/demo/0000000000000000000000/look-again", "{'reason': 'who?'}"));
    assertThat(actionsOn(id)).isZero();
  }

  @Test
  void closesAnAuthorizationAndGivesItsLateSuccessBack() {
    gateway.simulator().faults().next(CallMatch.of(Operation.AUTHORIZE), Fault.answerLost());
    gateway.simulator().faults().always(SEARCH, Fault.serverError(500));
    String id = till.pay(1_100).in("processing").id();
    unsettled(id, "authorize", Duration.ofHours(2));
    // The PSP is asked once more, and its answer comes only when the operation is closed.
    gateway.simulator().faults().clear();
    gateway.simulator().faults().next(SEARCH, Fault.hang());
    till.kick(id);
    Await.until("a look is under way", () -> gateway.simulator().faults().hanging() == 1);

    JsonObject action =
        done(act(close(id, "authorize"), closing("failed", "no charge in the dashboard")));

    assertThat(till.status(id)).isEqualTo("requires_payment_method");
    assertThat(history(id))
        .endsWith("declined operator:alice: operator_action:" + action.getString("id"));
    assertThat(till.held(id)).isEmpty();
    gateway.simulator().faults().release();
    Await.until("it is given back", () -> till.anomaly(id, true).isPresent());
    assertThat(till.anomaly(id, true).orElseThrow().getString("kind")).isEqualTo("late_success");
    Await.until(
        "the refund is done",
        () ->
            till.charges(id).getFirst().refundedMinor() == 1_100
                && till.anomaly(id, false).isEmpty());
    assertThat(till.status(id)).isEqualTo("requires_payment_method");
    assertThat(till.balance(id, "suspense")).isZero();
    assertThat(till.balance(id, "merchant_payable")).isZero();
  }

  @Test
  void endsThePaymentOfAnAuthorizationThatIsCanceled() {
    gateway.simulator().faults().next(CallMatch.of(Operation.AUTHORIZE), Fault.reset());
    gateway.simulator().faults().always(SEARCH, Fault.serverError(500));
    String id = till.pay(1_200).in("processing").id();
    unsettled(id, "authorize", Duration.ofHours(2));

    JsonObject action =
        done(act(close(id, "authorize"), closing("canceled", "no charge in the dashboard")));

    assertThat(till.status(id)).isEqualTo("canceled");
    assertThat(action.getJsonObject("result"))
        .isEqualTo(new JsonObject("{\"status\": \"canceled\", \"payment_status\": \"canceled\"}"));
  }

  @Test
  void closesACaptureThatDidNotHappenAndKeepsItsHold() {
    String id = till.hold(1_300).in("requires_capture").id();
    gateway.simulator().faults().next(CallMatch.of(Operation.CAPTURE), Fault.reset());
    till.post("/v1/payment_intents/" + id + "/capture", "").in("processing");
    gateway.simulator().faults().always(CallMatch.any(), Fault.serverError(500));
    unsettled(id, "capture", Duration.ofHours(25));

    refused(409, act(close(id, "capture"), closing("canceled", "not captured")));
    done(act(close(id, "capture"), closing("failed", "the intent is still requires_capture")));

    assertThat(till.status(id)).isEqualTo("requires_capture");
    gateway.simulator().faults().clear();
    till.post("/v1/payment_intents/" + id + "/capture", "").in("succeeded");
  }

  @Test
  void releasesTheReservationOfARefundThatDidNotHappen() {
    String id = till.pay(1_400).in("succeeded").id();
    gateway.simulator().faults().next(CallMatch.of(Operation.REFUND), Fault.reset());
    till.refund(id, 900).in("pending");
    gateway.simulator().faults().always(CallMatch.any(), Fault.serverError(500));
    unsettled(id, "refund", Duration.ofHours(2));
    // For as long as we repeat it ourselves, nothing proves that it will not happen.
    assertThat(refused(409, act(close(id, "refund"), closing("failed", "none there"))))
        .contains("recovery may still send it until");
    unsettled(id, "refund", Duration.ofHours(23));

    done(act(close(id, "refund"), closing("failed", "the charge has no refund")));

    gateway.simulator().faults().clear();
    assertThat(till.operationStatus(id, "refund")).isEqualTo("failed");
    till.refund(id, 1_400).in("succeeded");
  }

  @Test
  void neverClosesWhatThePspSaysItDid() {
    String id = mismatched(1_500);
    assertThat(refused(409, act(close(id, "authorize"), closing("failed", "looks wrong"))))
        .contains("amount_mismatch");
    assertThat(till.status(id)).isEqualTo("processing");
    assertThat(actionsOn(id)).isZero();
    done(act(lookAgain(id), "{'reason': 'asked the PSP'}"));
    till.settles(id, "succeeded");
  }

  @Test
  void doesAnActionOnceForEachKey() {
    String id = mismatched(1_600);
    String path = lookAgain(id);
    List<CompletableFuture<HttpResponse<String>>> calls =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> act(path, "{'reason': 'twice'}", "Idempotency-Key", "look-" + id)))
            .toList();
    List<JsonObject> answers =
        calls.stream().map(CompletableFuture::join).map(OperatorActionsIT::done).toList();

    assertThat(answers).containsOnly(answers.getFirst());
    assertThat(actionsOn(id)).isEqualTo(1);
    till.settles(id, "succeeded");
    var again = act(path, "{'reason': 'twice'}", "Idempotency-Key", "look-" + id);
    assertThat(done(again)).isEqualTo(answers.getFirst());
    assertThat(again.headers().firstValue("Idempotent-Replayed")).hasValue("true");
    assertThat(refused(409, act(path, "{'reason': 'another'}", "Idempotency-Key", "look-" + id)))
        .contains("belongs to another request");
  }

  @Test
  void replaysAClosingThatIsSentTwice() {
    gateway.simulator().faults().next(CallMatch.of(Operation.AUTHORIZE), Fault.reset());
    gateway.simulator().faults().always(SEARCH, Fault.serverError(500));
    String id = till.pay(1_700).in("processing").id();
    unsettled(id, "authorize", Duration.ofHours(2));
    String path = close(id, "authorize");
    String body = closing("failed", "not there");
    JsonObject first = done(act(path, body, "Idempotency-Key", "close-" + id));
    assertThat(done(act(path, body, "Idempotency-Key", "close-" + id))).isEqualTo(first);
    refused(409, act(path, body));
    assertThat(actionsOn(id)).isEqualTo(1);
  }

  @Test
  void listsActionsPageByPage() {
    for (int i = 0; i < 3; i++) {
      String id = mismatched(1_800 + i);
      done(act(lookAgain(id), "{'reason': 'page'}", "Sluice-Operator", "bob"));
      till.settles(id, "succeeded");
    }
    var first = list("/ops/actions?operator=bob&action=operations.look_again&limit=2");
    assertThat(first.getJsonArray("data")).hasSize(2);
    var second =
        list(
            "/ops/actions?operator=bob&limit=2&cursor="
                + URLEncoder.encode(first.getString("next"), StandardCharsets.UTF_8));
    assertThat(second.getJsonArray("data")).hasSize(1);
    assertThat(second.getString("next")).isNull();
    assertThat(list("/ops/actions?to=2020-01-01T00:00:00Z").getJsonArray("data")).isEmpty();
  }

  // ---- what they start from

  /** A payment whose PSP says a wrong amount once. */
  private static String mismatched(long amount) {
    gateway.simulator().faults().next(CallMatch.of(Operation.AUTHORIZE), Fault.misstateAmount(1));
    String id = till.pay(amount).in("processing").id();
    assertThat(till.held(id).orElseThrow().getString("held_reason")).isEqualTo("amount_mismatch");
    return id;
  }

  /** Makes an operation old, and has recovery look at it in vain, so that it is held. */
  private static void unsettled(String id, String kind, Duration age) {
    till.age(id, kind, age);
    Await.until(
        "a look was in vain",
        () ->
            till.held(id).isPresent()
                && till.operation(id, kind, "recover_at > now() + interval '10 minutes'")
                    .filter("t"::equals)
                    .isPresent());
  }

  // ---- calls

  private static String operationPath(String id, String kind) {
    String operation = till.operation(id, kind, "operation_id").orElseThrow();
    return "/ops/operations/demo/" + payments.PublicId.digits(java.util.UUID.fromString(operation));
  }

  private static String lookAgain(String id) {
    return operationPath(id, "authorize") + "/look-again";
  }

  private static String close(String id, String kind) {
    return operationPath(id, kind) + "/close";
  }

  private static String closing(String as, String evidence) {
    return "{'as': '" + as + "', 'evidence': '" + evidence + "', 'reason': 'not charged'}";
  }

  private static HttpResponse<String> act(String path, String json, String... headers) {
    return gateway.operate(path, json.replace('\'', '"'), headers);
  }

  private static JsonObject list(String path) {
    var response = gateway.operator(path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return new JsonObject(response.body());
  }

  private static JsonObject done(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return new JsonObject(response.body());
  }

  private static String refused(int status, HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return new JsonObject(response.body()).getString("error");
  }

  /** The actions on a payment's operations. */
  private static long actionsOn(String id) {
    return till
        .text(
            "SELECT string_agg(operation_id::text, ' ') FROM operation WHERE payment_id = '"
                + Till.uuid(id)
                + "'")
        .stream()
        .flatMap(ids -> List.of(ids.split(" ")).stream())
        .map(operation -> payments.PublicId.digits(java.util.UUID.fromString(operation)))
        .mapToLong(
            operation ->
                gateway.number(
                    "SELECT count(*) FROM operator_action WHERE target ->> 'operation' = '"
                        + operation
                        + "'"))
        .sum();
  }

  private static String history(String id) {
    return till.text(
            "SELECT event || ' ' || actor || ': ' || cause FROM payment_event WHERE payment_id = '"
                + Till.uuid(id)
                + "' ORDER BY sequence DESC LIMIT 1")
        .orElseThrow();
  }
}
