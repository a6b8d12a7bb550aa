package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import simulator.CallMatch;
import simulator.Fault;
import simulator.Operation;
import support.Await;
import support.TestGateway;

/**
 * A PSP's word that is not what was asked for (DESIGN 3 and 4): never a success, held for an
 * operator, and nothing more is done with the payment.
 */
final class WrongAnswersIT {
  private static TestGateway gateway;
  private static Till till;

  @BeforeAll
  static void start() {
    gateway = TestGateway.start();
    till = new Till(gateway);
  }

  @AfterAll
  static void close() {
    till.close();
    gateway.close();
  }

  @AfterEach
  void noMoreFaults() {
    gateway.simulator().faults().clear();
  }

  static Stream<Arguments> lies() {
    return Stream.of(
        Arguments.of("moved more", Fault.wrongAmount(500), "amount_mismatch"),
        Arguments.of("moved less", Fault.wrongAmount(-500), "amount_mismatch"),
        Arguments.of("says more", Fault.misstateAmount(1), "amount_mismatch"),
        Arguments.of("says another currency", Fault.misstateCurrency("eur"), "amount_mismatch"),
        Arguments.of("holds", Fault.misstateStatus("requires_capture"), "amount_mismatch"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lies")
  void holdsAChargeThatIsNotWhatWasAskedFor(String name, Fault lie, String anomaly) {
    gateway.simulator().faults().next(CallMatch.of(Operation.AUTHORIZE), lie);
    String id = till.pay(1_000).in("processing").id();
    held(id, anomaly);
    refusesEverything(id);
  }

  @Test
  void holdsACaptureThatWasToBeAHold() {
    gateway
        .simulator()
        .faults()
        .next(CallMatch.of(Operation.AUTHORIZE), Fault.misstateStatus("succeeded"));
    String id = till.hold(1_100).in("processing").id();
    held(id, null);
    refusesEverything(id);
  }

  @Test
  void holdsACaptureOfAnotherAmount() {
    String id = till.hold(1_200).in("requires_capture").id();
    gateway.simulator().faults().next(CallMatch.of(Operation.CAPTURE), Fault.wrongAmount(-200));
    till.post("/v1/payment_intents/" + id + "/capture", "").in("processing");
    held(id, "amount_mismatch");
    refusesEverything(id);
  }

  @Test
  void holdsARefundOfAnotherAmountAndKeepsItsReservation() {
    String id = till.pay(1_300).in("succeeded").id();
    gateway.simulator().faults().next(CallMatch.of(Operation.REFUND), Fault.wrongAmount(-100));
    String refund = till.refund(id, 800).in("pending").id();
    held(id, "amount_mismatch");
    assertThat(till.refundStatus(refund)).isEqualTo("pending");
    assertThat(till.refund(id, 501).expect(400).error().getString("param")).isEqualTo("amount");
  }

  @Test
  void findsTheSameMismatchWhenTheAnswerWasLostFirst() {
    gateway
        .simulator()
        .faults()
        .next(CallMatch.of(Operation.AUTHORIZE), Fault.serverErrorAfterEffectKept(500));
    gateway.simulator().faults().always(CallMatch.of(Operation.SEARCH), Fault.misstateAmount(7));
    String id = till.pay(1_400).in("processing").id();
    Await.until("it is held", () -> till.held(id).isPresent());
    held(id, "amount_mismatch");
    assertThat(till.charges(id)).hasSize(1);
  }

  private static void held(String id, @org.jspecify.annotations.Nullable String anomaly) {
    assertThat(till.status(id)).isIn("processing", "succeeded");
    var row = till.anomaly(id, false).orElseThrow();
    var operation = till.held(id).orElseThrow();
    assertThat(operation.getString("status")).isEqualTo("unknown");
    assertThat(operation.getString("psp_reference")).isNotBlank();
    assertThat(operation.getString("held_reason")).isEqualTo(row.getString("kind"));
    if (anomaly != null) {
      assertThat(row.getString("kind")).isEqualTo(anomaly);
    }
    // An operator decides: recovery leaves it alone.
    assertThat(
            gateway.number(
                "SELECT count(*) FROM operation WHERE payment_id = '"
                    + Till.uuid(id)
                    + "' AND status = 'unknown' AND recover_at IS NULL"))
        .isEqualTo(1);
  }

  private static void refusesEverything(String id) {
    assertThat(till.status(id)).isEqualTo("processing");
    for (String path : new String[] {"/capture", "/cancel", "/confirm"}) {
      till.post("/v1/payment_intents/" + id + path, "").expect(400);
    }
    till.refund(id, 1).expect(400);
    assertThat(till.payment(id).getLong("amount_received")).isZero();
    assertThat(till.balance(id, "merchant_payable")).isZero();
  }
}
