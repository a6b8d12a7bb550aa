package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
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
import support.Books;
import support.TestGateway;

/** Captures, voids and refunds whose outcome is not known (DESIGN 3): done once, later. */
final class UnknownRefundsIT {
  private static final CallMatch REFUND = CallMatch.of(Operation.REFUND);
  private static final CallMatch CAPTURE = CallMatch.of(Operation.CAPTURE);
  private static final CallMatch CANCEL = CallMatch.of(Operation.CANCEL);

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
  }

  static Stream<Arguments> lostAnswers() {
    return Stream.of(
        Arguments.of("answer lost", Fault.answerLost()),
        Arguments.of("reset", Fault.reset()),
        Arguments.of("500 kept after the effect", Fault.serverErrorAfterEffectKept(500)),
        Arguments.of("500", Fault.serverError(500)),
        Arguments.of("429", Fault.rateLimited(Duration.ofSeconds(1))),
        Arguments.of("409", Fault.keyInUse()),
        Arguments.of("garbage", Fault.truncated()),
        Arguments.of("unknown status", Fault.misstateStatus("half_done")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lostAnswers")
  void holdsTheReservationOfAnUnknownRefundAndSettlesItOnce(String name, Fault fault) {
    String id = till.pay(1_000).in("succeeded").id();
    gateway.simulator().faults().next(REFUND, fault);
    String refund = till.refund(id, 700).in("pending").id();
    assertThat(till.operationStatus(id, "refund")).isEqualTo("unknown");
    Till.Reply above = till.refund(id, 301).expect(400);
    assertThat(above.error().getString("param")).isEqualTo("amount");
    till.refund(id, 300).in("succeeded");
    till.kick(id);
    till.refundSettles(refund, "succeeded");
    assertThat(till.charges(id).getFirst().refundedMinor()).isEqualTo(1_000);
    till.refund(id, 1).expect(400);
  }

  @Test
  void freesTheReservationOfARefundThatFailedAtThePsp() {
    String id =
        till.post("/v1/payment_intents", Till.form(1_100, "pm_card_refundFail", ""))
            .in("succeeded")
            .id();
    gateway.simulator().faults().next(REFUND, Fault.serverErrorAfterEffectKept(500));
    String refund = till.refund(id, 1_100).in("pending").id();
    assertThat(till.refund(id, 1).expect(400).error().getString("code"))
        .isEqualTo("charge_already_refunded");
    gateway.simulator().settlePending();
    till.kick(id);
    till.refundSettles(refund, "failed");
    assertThat(
            gateway.number(
                "SELECT refund_reserved + refunded FROM payment WHERE payment_id = '"
                    + Till.uuid(id)
                    + "'"))
        .isZero();
    assertThat(till.refund(id, 1_101).expect(400).error().getString("param")).isEqualTo("amount");
  }

  @Test
  void freesTheReservationOfARefundThatThePspRefuses() {
    String id = till.pay(1_200).in("succeeded").id();
    gateway.simulator().faults().next(REFUND, Fault.unauthorized());
    assertThat(till.refund(id, 1_200).status()).isEqualTo(400);
    till.refund(id, 1_200).in("succeeded");
  }

  @Test
  void showsAnAcceptedRefundAsPendingAndDoesNotSendItAgain() {
    String id =
        till.post("/v1/payment_intents", Till.form(1_300, "pm_card_pendingRefund", ""))
            .in("succeeded")
            .id();
    String refund = till.refund(id, 1_300).in("pending").id();
    assertThat(till.operationStatus(id, "refund")).isEqualTo("accepted");
    long looks = till.count(Operation.RETRIEVE);
    till.kick(id);
    Await.until("it was looked up", () -> till.count(Operation.RETRIEVE) > looks);
    assertThat(till.refundStatus(refund)).isEqualTo("pending");
    gateway.simulator().settlePending();
    Await.until(
        "it is settled",
        () -> {
          till.kick(id);
          return till.refundStatus(refund).equals("succeeded");
        });
    assertThat(till.calls(id, "refund")).hasSize(1);
  }

  @Test
  void showsAnAcceptedCaptureAsProcessingAndDoesNotSendItAgain() {
    String id = till.hold(1_400).in("requires_capture").id();
    gateway.simulator().faults().next(CAPTURE, Fault.misstateStatus("processing"));
    till.post("/v1/payment_intents/" + id + "/capture", "").in("processing");
    assertThat(till.operationStatus(id, "capture")).isEqualTo("accepted");
    till.kick(id);
    till.settles(id, "succeeded");
    assertThat(till.calls(id, "capture")).hasSize(1);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lostAnswers")
  void settlesAnUnknownCaptureOnce(String name, Fault fault) {
    String id = till.hold(1_500).in("requires_capture").id();
    gateway.simulator().faults().next(CAPTURE, fault);
    till.post("/v1/payment_intents/" + id + "/capture", "").in("processing");
    till.refund(id, 1).expect(400);
    till.kick(id);
    till.settles(id, "succeeded");
    assertThat(till.charges(id).getFirst().capturedMinor()).isEqualTo(1_500);
    assertThat(till.calls(id, "capture").stream().map(it -> it.body()).distinct()).hasSize(1);
  }

  @Test
  void settlesAnUnknownPartialCaptureForItsPart() {
    String id = till.hold(1_600).in("requires_capture").id();
    gateway.simulator().faults().next(CAPTURE, Fault.answerLost());
    till.post("/v1/payment_intents/" + id + "/capture", "amount_to_capture=900").in("processing");
    till.kick(id);
    till.settles(id, "succeeded");
    assertThat(till.payment(id).getLong("amount_received")).isEqualTo(900);
    assertThat(till.charges(id).getFirst().capturedMinor()).isEqualTo(900);
    till.refund(id, 901).expect(400);
    till.refund(id, 900).in("succeeded");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lostAnswers")
  void settlesAnUnknownVoidOnce(String name, Fault fault) {
    String id = till.hold(1_700).in("requires_capture").id();
    gateway.simulator().faults().next(CANCEL, fault);
    till.post("/v1/payment_intents/" + id + "/cancel", "cancellation_reason=duplicate")
        .in("processing");
    till.kick(id);
    till.settles(id, "canceled");
    assertThat(till.payment(id).getString("cancellation_reason")).isEqualTo("duplicate");
    assertThat(till.charges(id).getFirst().voided()).isTrue();
  }
}
