package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import simulator.CallMatch;
import simulator.Fault;
import simulator.Operation;
import support.Await;
import support.Books;
import support.TestGateway;

/** One open authorize, capture or void per payment (DESIGN 3, "One open operation"). */
final class OneOpenOperationIT {
  private static final CallMatch AUTHORIZE = CallMatch.of(Operation.AUTHORIZE);

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
  void makesOneChargeOfConcurrentConfirmsWithDifferentKeys() {
    for (int round = 0; round < 5; round++) {
      String id = created();
      List<CompletableFuture<Till.Reply>> confirms =
          IntStream.range(0, 10).mapToObj(i -> confirming(id)).toList();
      List<Integer> statuses = confirms.stream().map(it -> it.join().status()).sorted().toList();
      assertThat(statuses.getFirst()).isEqualTo(200);
      assertThat(statuses.subList(1, 10)).allSatisfy(status -> assertThat(status).isIn(400, 409));
      till.settles(id, "succeeded");
      assertThat(till.charges(id)).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/cancel",
        "/confirm?payment_method=pm_card_visa",
        "?amount=1",
        "?currency=eur",
        "?payment_method=pm_card_mastercard",
        "/capture"
      })
  void refusesWith409WhileAnAuthorizationIsBeingSent(String request) {
    var hang = gateway.simulator().faults().next(AUTHORIZE, Fault.hangAfterEffect());
    String id = created();
    CompletableFuture<Till.Reply> confirm = confirming(id);
    Await.until("the PSP was called", () -> hang.struck() == 1);
    Till.Reply refused = change(id, request).expect(409);
    assertThat(refused.error().getString("code")).isEqualTo("lock_timeout");
    gateway.simulator().faults().release();
    confirm.join().in("succeeded");
    assertThat(till.payment(id).getLong("amount")).isEqualTo(1_000);
    assertThat(till.charges(id)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/cancel",
        "/confirm?payment_method=pm_card_visa",
        "?amount=1",
        "?currency=eur",
        "?payment_method=pm_card_mastercard",
        "/capture"
      })
  void refusesWithTheStateWhileAnAuthorizationIsUnknown(String request) {
    gateway.simulator().faults().next(AUTHORIZE, Fault.answerLost());
    String id = till.pay(1_000).in("processing").id();
    Till.Reply refused = change(id, request).expect(400);
    assertThat(refused.error().getString("code")).isEqualTo("payment_intent_unexpected_state");
    till.kick(id);
    till.settles(id, "succeeded");
    assertThat(till.charges(id)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"capture", "void"})
  void refusesCaptureAndCancelWhileOneOfThemIsOpen(String kind) {
    Operation operation = kind.equals("capture") ? Operation.CAPTURE : Operation.CANCEL;
    String path = kind.equals("capture") ? "/capture" : "/cancel";
    gateway.simulator().faults().next(CallMatch.of(operation), Fault.answerLost());
    String id = till.hold(1_100).in("requires_capture").id();
    change(id, path).in("processing");
    for (String other : List.of("/capture", "/cancel", "/confirm", "?amount=1")) {
      assertThat(change(id, other).expect(400).error().getString("code"))
          .isEqualTo("payment_intent_unexpected_state");
    }
    till.kick(id);
    till.settles(id, kind.equals("capture") ? "succeeded" : "canceled");
    assertThat(till.calls(id, kind)).hasSize(2);
  }

  @Test
  void keepsMetadataThatChangesWhileAnAuthorizationIsBeingSent() {
    var hang = gateway.simulator().faults().next(AUTHORIZE, Fault.hangAfterEffect());
    String id = created();
    CompletableFuture<Till.Reply> confirm = confirming(id);
    Await.until("the PSP was called", () -> hang.struck() == 1);
    change(id, "?metadata[order]=6735").in("processing");
    gateway.simulator().faults().release();
    confirm.join().in("succeeded");
    assertThat(till.payment(id).getJsonObject("metadata").getString("order")).isEqualTo("6735");
  }

  @Test
  void keepsMetadataThatChangesWhileAnAuthorizationIsUnknown() {
    gateway.simulator().faults().next(AUTHORIZE, Fault.answerLost());
    String id = till.pay(1_200).in("processing").id();
    change(id, "?metadata[order]=6736&description=later").in("processing");
    till.kick(id);
    till.settles(id, "succeeded");
    assertThat(till.payment(id).getJsonObject("metadata").getString("order")).isEqualTo("6736");
    assertThat(till.payment(id).getString("description")).isEqualTo("later");
    // What was sent is what was stored before: the repeat does not carry the new words.
    assertThat(till.calls(id, "authorize").stream().map(it -> it.body()).distinct()).hasSize(1);
  }

  @Test
  void isHeldByTheDatabaseItself() {
    gateway.simulator().faults().next(AUTHORIZE, Fault.answerLost());
    String id = till.pay(1_300).in("processing").id();
    for (String kind : List.of("authorize", "capture", "void")) {
      assertThatThrownBy(() -> gateway.database().execute(copyAs(id, kind)))
          .hasRootCauseMessage(
              "ERROR: duplicate key value violates unique constraint \"operation_open\"\n"
                  + "  Detail: Key (merchant_id, payment_id)=(demo, "
                  + Till.uuid(id)
                  + ") already exists.");
    }
    till.kick(id);
    till.settles(id, "succeeded");
  }

  private static String copyAs(String id, String kind) {
    return """
    INSERT INTO operation SELECT (jsonb_populate_record(o, jsonb_build_object(
      'operation_id', gen_random_uuid(), 'kind', '%s'))).* FROM operation o WHERE payment_id = '%s'
    """
        .formatted(kind, Till.uuid(id));
  }

  private static String created() {
    return till.post("/v1/payment_intents", "amount=1000&currency=usd&payment_method=pm_card_visa")
        .in("requires_confirmation")
        .id();
  }

  private static CompletableFuture<Till.Reply> confirming(String id) {
    return till.posting("/v1/payment_intents/" + id + "/confirm", "", Till.newKey());
  }

  /** A path behind the payment's, with the form after a question mark. */
  private static Till.Reply change(String id, String request) {
    int mark = request.indexOf('?');
    String path = mark < 0 ? request : request.substring(0, mark);
    String form = mark < 0 ? "" : request.substring(mark + 1);
    return till.post("/v1/payment_intents/" + id + path, form);
  }
}
