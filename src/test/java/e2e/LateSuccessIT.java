package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
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
 * What became too old (DESIGN 3, "Unknown"): an authorization beyond its deadline and anything
 * beyond the PSP's memory of keys is not sent again, only looked up, and a late success is given
 * back (DESIGN 4). Recovery moves only when a test makes something due.
 */
final class LateSuccessIT {
  private static final Duration LATE = Duration.ofMinutes(11);
  private static final CallMatch AUTHORIZE = CallMatch.of(Operation.AUTHORIZE);
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
  }

  @Test
  void refundsAChargeThatCameTooLate() {
    gateway.simulator().faults().next(AUTHORIZE, Fault.answerLost());
    String id = till.pay(1_000).in("processing").id();
    till.age(id, "authorize", LATE);
    till.settles(id, "canceled");
    // The charge is in suspense, visible to operators, until it is given back.
    assertThat(till.anomaly(id, true).orElseThrow().getString("kind")).isEqualTo("late_success");
    resolved(id);
    assertThat(till.calls(id, "authorize")).hasSize(1);
    assertThat(till.charges(id)).hasSize(1);
    assertThat(till.charges(id).getFirst().refundedMinor()).isEqualTo(1_000);
    assertThat(
            till.text(
                    "SELECT string_agg(rule || ' ' || amount, ', ' ORDER BY transfer_id) FROM"
                        + " ledger_transfer WHERE payment_id = '"
                        + Till.uuid(id)
                        + "'")
                .orElseThrow())
        .isEqualTo("late_capture 1000, suspense_returned 1000");
    assertThat(till.balance(id, "suspense")).isZero();
    assertThat(till.balance(id, "psp_receivable")).isZero();
    assertThat(till.payment(id).getLong("amount_received")).isZero();
    assertThat(till.get("/v1/refunds?payment_intent=" + id).text()).doesNotContain("re_");
  }

  @Test
  void keepsTheMoneyInSuspenseUntilTheRefundIsDone() {
    var faults = gateway.simulator().faults();
    faults.next(AUTHORIZE, Fault.answerLost());
    faults.next(CallMatch.of(Operation.REFUND), Fault.rateLimited(null));
    String id = till.pay(1_100).in("processing").id();
    till.age(id, "authorize", LATE);
    till.settles(id, "canceled");
    Await.until(
        "giving it back was tried", () -> till.operationStatus(id, "refund").equals("unknown"));
    assertThat(till.balance(id, "suspense")).isEqualTo(-1_100);
    assertThat(till.anomaly(id, false).orElseThrow().getString("detail")).contains("captured");
    till.kick(id);
    resolved(id);
    assertThat(till.balance(id, "suspense")).isZero();
    assertThat(till.charges(id).getFirst().refundedMinor()).isEqualTo(1_100);
  }

  @Test
  void givesBackOnceWhenTheAnswerToGivingBackIsLost() {
    var faults = gateway.simulator().faults();
    faults.next(AUTHORIZE, Fault.answerLost());
    faults.next(CallMatch.of(Operation.REFUND), Fault.answerLost());
    String id = till.pay(1_150).in("processing").id();
    till.age(id, "authorize", LATE);
    Await.until(
        "giving it back was tried",
        () -> till.operation(id, "refund", "status").equals(Optional.of("unknown")));
    till.kick(id);
    resolved(id);
    assertThat(till.charges(id).getFirst().refundedMinor()).isEqualTo(1_150);
    assertThat(
            gateway.simulator().truth().refunds().stream()
                .filter(refund -> refund.payment().equals(till.charges(id).getFirst().payment())))
        .hasSize(1);
  }

  @Test
  void voidsAHoldThatCameTooLate() {
    gateway.simulator().faults().next(AUTHORIZE, Fault.answerLost());
    String id = till.hold(1_200).in("processing").id();
    till.age(id, "authorize", LATE);
    till.settles(id, "canceled");
    resolved(id);
    assertThat(till.calls(id, "authorize")).hasSize(1);
    assertThat(till.charges(id)).hasSize(1);
    assertThat(till.charges(id).getFirst().voided()).isTrue();
    assertThat(
            gateway.number(
                "SELECT count(*) FROM ledger_transfer WHERE payment_id = '" + Till.uuid(id) + "'"))
        .isZero();
  }

  @Test
  void leavesALateAuthorizationUnknownAndHeldWhenNothingIsFound() {
    gateway.simulator().faults().next(AUTHORIZE, Fault.reset());
    String id = till.pay(1_300).in("processing").id();
    till.age(id, "authorize", Duration.ofHours(2));
    Await.until("an operator is told", () -> till.held(id).isPresent());
    assertThat(till.held(id).orElseThrow().getString("held_reason")).isEqualTo("unsettled");
    assertThat(till.operationStatus(id, "authorize")).isEqualTo("unknown");
    assertThat(till.status(id)).isEqualTo("processing");
    assertThat(till.calls(id, "authorize")).hasSize(1);
    assertThat(till.charges(id)).isEmpty();
  }

  @Test
  void leavesAnAuthorizationUnknownWhenA5xxIsReplayedAndNothingIsFound() {
    gateway.simulator().faults().next(AUTHORIZE, Fault.serverErrorKept(500));
    String id = till.pay(1_350).in("processing").id();
    long searches = till.count(Operation.SEARCH);
    till.kick(id);
    Await.until("it was looked up", () -> till.count(Operation.SEARCH) > searches);
    Await.until("that was written down", () -> idle(id));
    assertThat(till.calls(id, "authorize")).hasSize(2);
    assertThat(till.operationStatus(id, "authorize")).isEqualTo("unknown");
    assertThat(till.status(id)).isEqualTo("processing");
    assertThat(till.charges(id)).isEmpty();
  }

  @Test
  void sendsAYoungAuthorizationAgain() {
    gateway.simulator().faults().next(AUTHORIZE, Fault.reset());
    String id = till.pay(1_400).in("processing").id();
    till.age(id, "authorize", Duration.ofMinutes(9));
    till.settles(id, "succeeded");
    assertThat(till.calls(id, "authorize")).hasSize(2);
  }

  @Test
  void learnsOfALateDeclineAsOfAnyOther() {
    gateway.simulator().faults().next(AUTHORIZE, Fault.answerLost());
    String id =
        till.post("/v1/payment_intents", Till.form(1_500, "pm_card_chargeDeclined", ""))
            .in("processing")
            .id();
    till.age(id, "authorize", LATE);
    till.settles(id, "requires_payment_method");
    assertThat(till.calls(id, "authorize")).hasSize(1);
  }

  @Test
  void onlyLooksUpACaptureThatIsOlderThanThePspsMemoryOfKeys() {
    String id = till.hold(1_600).in("requires_capture").id();
    gateway.simulator().faults().next(CallMatch.of(Operation.CAPTURE), Fault.answerLost());
    till.post("/v1/payment_intents/" + id + "/capture", "").in("processing");
    till.age(id, "capture", Duration.ofHours(24));
    till.settles(id, "succeeded");
    assertThat(till.calls(id, "capture")).hasSize(1);
    assertThat(till.charges(id).getFirst().capturedMinor()).isEqualTo(1_600);
  }

  @Test
  void onlyLooksUpARefundThatIsOlderThanThePspsMemoryOfKeys() {
    String id = till.pay(1_700).in("succeeded").id();
    gateway.simulator().faults().next(CallMatch.of(Operation.REFUND), Fault.answerLost());
    String refund = till.refund(id, 700).in("pending").id();
    till.age(id, "refund", Duration.ofHours(24));
    Await.until("it is settled", () -> till.operationStatus(id, "refund").equals("succeeded"));
    assertThat(till.calls(id, "refund")).hasSize(1);
    assertThat(till.charges(id).getFirst().refundedMinor()).isEqualTo(700);
    assertThat(refund).startsWith("re_");
  }

  @Test
  void repeatsARefundWithinThePspsMemoryOfKeys() {
    String id = till.pay(1_800).in("succeeded").id();
    gateway.simulator().faults().next(CallMatch.of(Operation.REFUND), Fault.reset());
    till.refund(id, 800).in("pending");
    till.age(id, "refund", Duration.ofHours(22));
    Await.until("it is settled", () -> till.operationStatus(id, "refund").equals("succeeded"));
    assertThat(till.calls(id, "refund")).hasSize(2);
  }

  @Test
  void doesNotDecideOnALateAuthorizationWhileTheLookUpFails() {
    var faults = gateway.simulator().faults();
    faults.next(AUTHORIZE, Fault.answerLost());
    var lookup = faults.always(SEARCH, Fault.unauthorized());
    String id = till.pay(1_900).in("processing").id();
    till.age(id, "authorize", LATE);
    Await.until("it was looked up", () -> lookup.struck() >= 1);
    Await.until("that was written down", () -> idle(id));
    assertThat(till.status(id)).isEqualTo("processing");
    faults.clear();
    till.kick(id);
    till.settles(id, "canceled");
    resolved(id);
    assertThat(till.balance(id, "suspense")).isZero();
  }

  /** Whether recovery has nothing to do with it for a long time. */
  private static boolean idle(String id) {
    return till.operation(id, "authorize", "recover_at > now() + interval '40 minutes'")
        .equals(Optional.of("t"));
  }

  private static void resolved(String id) {
    Await.until("the anomaly is resolved", () -> till.anomaly(id, false).isEmpty());
    assertThat(till.anomaly(id, true).orElseThrow().getString("resolution"))
        .isEqualTo("given back");
  }
}
