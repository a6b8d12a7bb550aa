package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import simulator.CallMatch;
import simulator.Fault;
import simulator.Operation;
import support.Await;
import support.Books;
import support.Metrics;
import support.TestGateway;

/**
 * What proves that nothing was charged (DESIGN 3, "Proof of no charge"): no connection or an open
 * breaker on a first sending; never on a later one.
 */
final class OpenBreakerIT {
  private static final int FAILURES = 3;
  private static final CallMatch AUTHORIZE = CallMatch.of(Operation.AUTHORIZE);

  private static TestGateway gateway;
  private static Till till;

  @BeforeAll
  static void start() {
    gateway =
        TestGateway.start(
            "--recovery.schedule=50ms,100ms",
            "--timeouts.psp-call=1s",
            "--timeouts.psp-connect=500ms",
            "--timeouts.breaker=3s",
            "--breaker.max-failures=" + FAILURES,
            "--breaker.window=60s",
            "--breaker.reset-after=300ms");
    till = new Till(gateway);
  }

  @AfterAll
  static void close() {
    new Books(gateway).balance();
    till.close();
    gateway.close();
  }

  /** A fresh gateway has closed breakers, and no connection whose end it has not noticed yet. */
  @BeforeEach
  void freshGateway() {
    gateway.restart();
  }

  @AfterEach
  void noMoreFaults() {
    gateway.simulator().faults().clear();
    gateway.simulator().faults().release();
    gateway.simulator().refuseConnections(false).await();
  }

  @Test
  void givesThePaymentBackAtOnceWhenTheConnectionWasRefused() {
    gateway.simulator().refuseConnections(true).await();
    Till.Reply reply = till.pay(1_000);
    refusedCleanly(reply);
    gateway.simulator().refuseConnections(false).await();
    String id = reply.payment().getString("id");
    assertThat(till.charges(id)).isEmpty();
    assertThat(till.calls(id, "authorize")).isEmpty();
    // It is definite: the customer may pay the same payment again, and is charged once.
    Await.until(
        "it can be paid again",
        () ->
            till.post(
                        "/v1/payment_intents/" + id + "/confirm",
                        "payment_method=" + Till.VISA,
                        Till.newKey())
                    .status()
                == 200);
    till.settles(id, "succeeded");
    assertThat(till.charges(id)).hasSize(1);
  }

  @Test
  void opensAfterFailuresInARowAndRefusesWithTheSameCleanError() {
    gateway.simulator().refuseConnections(true).await();
    for (int i = 0; i < FAILURES; i++) {
      refusedCleanly(till.pay(1_100));
    }
    Await.until(
        "the breaker refuses, with the same error",
        () -> {
          Till.Reply reply = till.pay(1_100);
          refusedCleanly(reply);
          return till.operation(reply.payment().getString("id"), "authorize", "result::text")
              .orElseThrow()
              .contains("breaker open");
        });
    gateway.simulator().refuseConnections(false).await();
    Await.until("the breaker closes again", () -> till.pay(1_100).status() == 200);
  }

  static Stream<Arguments> lastWords() {
    return Stream.of(
        Arguments.of("timeout", Fault.hangAfterEffect()),
        Arguments.of("lost answer", Fault.answerLost()),
        Arguments.of("500 kept", Fault.serverErrorAfterEffectKept(500)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lastWords")
  void neverFailsWhatMayHaveBeenSentWhileTheBreakerIsOpen(String name, Fault lastWord) {
    var faults = gateway.simulator().faults();
    faults.next(AUTHORIZE, lastWord);
    String id = till.pay(1_200).in("processing").id();
    // Nothing is heard of the PSP any more: the breaker opens, look-ups fail too.
    faults.always(CallMatch.any(), Fault.rateLimited(Duration.ofSeconds(1)));
    Await.until(
        "repeats are refused by the open breaker",
        () -> breakerOpen() && Integer.parseInt(attempts(id)) > FAILURES + 3);
    assertThat(till.operationStatus(id, "authorize")).isEqualTo("unknown");
    assertThat(till.status(id)).isEqualTo("processing");
    faults.clear();
    till.settles(id, "succeeded");
    assertThat(till.charges(id)).hasSize(1);
  }

  @Test
  void staysOpenWhenRefusedAfterASendingAndSettlesWhenThePspIsBack() {
    gateway.simulator().faults().next(AUTHORIZE, Fault.answerLost());
    gateway.simulator().faults().always(AUTHORIZE, Fault.keyInUse());
    String id = till.pay(1_300).in("processing").id();
    gateway.simulator().refuseConnections(true).await();
    gateway.simulator().faults().clear();
    int before = Integer.parseInt(attempts(id));
    Await.until("it was tried in vain", () -> Integer.parseInt(attempts(id)) >= before + 5);
    assertThat(till.status(id)).isEqualTo("processing");
    gateway.simulator().refuseConnections(false).await();
    till.settles(id, "succeeded");
    assertThat(till.charges(id)).hasSize(1);
  }

  @Test
  void doesNotOpenOnDeclines() {
    IntStream.range(0, 100)
        .parallel()
        .forEach(
            i ->
                till.post(
                        "/v1/payment_intents",
                        Till.form(1_400, "pm_card_chargeDeclined", ""),
                        Till.newKey())
                    .expect(402));
    assertThat(breakerOpen()).isFalse();
    till.pay(1_400).in("succeeded");
  }

  @Test
  void finishesACaptureThatCouldNotBeSentWhenThePspIsBack() {
    String id = till.hold(1_500).in("requires_capture").id();
    gateway.simulator().refuseConnections(true).await();
    till.post("/v1/payment_intents/" + id + "/capture", "").in("processing");
    triedInVain(id, "capture");
    assertThat(till.status(id)).isEqualTo("processing");
    gateway.simulator().refuseConnections(false).await();
    till.settles(id, "succeeded");
    assertThat(till.charges(id).getFirst().capturedMinor()).isEqualTo(1_500);
  }

  @Test
  void finishesAVoidThatCouldNotBeSentWhenThePspIsBack() {
    String id = till.hold(1_600).in("requires_capture").id();
    gateway.simulator().refuseConnections(true).await();
    till.post("/v1/payment_intents/" + id + "/cancel", "").in("processing");
    triedInVain(id, "void");
    gateway.simulator().refuseConnections(false).await();
    till.settles(id, "canceled");
    assertThat(till.charges(id).getFirst().voided()).isTrue();
  }

  @Test
  void finishesARefundThatCouldNotBeSentWhenThePspIsBack() {
    String id = till.pay(1_700).in("succeeded").id();
    gateway.simulator().refuseConnections(true).await();
    String refund = till.refund(id, 700).in("pending").id();
    triedInVain(id, "refund");
    assertThat(till.refundStatus(refund)).isEqualTo("pending");
    gateway.simulator().refuseConnections(false).await();
    till.refundSettles(refund, "succeeded");
    assertThat(till.charges(id).getFirst().refundedMinor()).isEqualTo(700);
  }

  private static void triedInVain(String id, String kind) {
    Await.until(
        "it was tried in vain",
        () -> Integer.parseInt(till.operation(id, kind, "attempts").orElseThrow()) >= 4);
    assertThat(till.operationStatus(id, kind)).isEqualTo("unknown");
  }

  private static String attempts(String id) {
    return till.operation(id, "authorize", "attempts").orElseThrow();
  }

  private static boolean breakerOpen() {
    return Metrics.values(
            gateway.operator("/metrics").body(),
            "sluice_psp_breaker_state",
            "stripe_demo",
            "authorize")
        .anyMatch(state -> state != 0);
  }

  private static void refusedCleanly(Till.Reply reply) {
    reply.expect(402);
    assertThat(reply.error().getString("type")).isEqualTo("card_error");
    assertThat(reply.error().getString("advice_code")).isEqualTo("try_again_later");
    assertThat(reply.error().getString("message")).isNotBlank();
    assertThat(reply.payment().getString("status")).isEqualTo("requires_payment_method");
  }
}
