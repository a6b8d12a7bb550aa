package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import config.PspKind;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import simulator.Authorization;
import simulator.Call;
import simulator.CallMatch;
import simulator.Fault;
import simulator.Operation;
import simulator.adyen.AdyenControls.CarriedOut;
import simulator.webhooks.EventMatch;
import simulator.webhooks.WebhookFault;
import support.Await;
import support.TestGateway;

/**
 * A success that Adyen tells too late is given back whatever has become of it: Adyen refunds
 * nothing that it has not captured, and does not tell when it captures by itself.
 */
final class AdyenLateSuccessIT {
  private static TestGateway gateway;
  private static Till till;

  @BeforeAll
  static void start() {
    gateway =
        TestGateway.startAt(
                PspKind.ADYEN,
                "--recovery.schedule=1h",
                "--recovery.accepted-delay=1h",
                "--inbox.schedule=100ms,200ms,500ms")
            .takeWebhooks();
    till = new Till(gateway);
  }

  @AfterAll
  static void close() {
    till.close();
    gateway.close();
  }

  @AfterEach
  void theBooksBalance() {
    gateway.simulator().adyen().automaticCaptures(CarriedOut.AT_ONCE);
    gateway.simulator().adyen().modifications(CarriedOut.AT_ONCE);
    Behind.ADYEN.balance(gateway);
  }

  /** A payment of which Adyen's success is not told yet, and would come too late. */
  private static String late() {
    gateway.simulator().faults().next(CallMatch.of(Operation.AUTHORIZE), Fault.answerLost());
    gateway.simulator().faults().webhooks().next(EventMatch.any(), WebhookFault.drop());
    String id = till.pay(1_099).in("processing").id();
    till.age(id, "authorize", Duration.ofMinutes(11));
    return id;
  }

  private static void told(String id) {
    gateway.simulator().faults().clear();
    gateway.simulator().webhooks().resendDropped();
    till.settles(id, "canceled");
  }

  private static void givenBack(String id) {
    Await.until("the anomaly is resolved", () -> till.anomaly(id, false).isEmpty());
    assertThat(till.anomaly(id, true).orElseThrow().getString("resolution"))
        .isEqualTo("given back");
    assertThat(till.operationStatus(id, "refund")).isEqualTo("succeeded");
    assertThat(till.balance(id, "suspense")).isZero();
    assertThat(till.balance(id, "psp_receivable")).isZero();
    assertThat(till.calls(id, "refund")).singleElement().satisfies(AdyenLateSuccessIT::isReversal);
  }

  private static void isReversal(Call call) {
    assertThat(call.path()).endsWith("/reversals");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void reversesWhatAdyenCapturesByItself(boolean through) {
    gateway.simulator().adyen().automaticCaptures(CarriedOut.AT_SETTLEMENT);
    String id = late();
    if (through) {
      gateway.simulator().settlePending();
    }
    told(id);
    givenBack(id);
    Authorization charge = till.charges(id).getFirst();
    assertThat(charge.status())
        .isEqualTo(through ? Authorization.Status.CAPTURED : Authorization.Status.VOIDED);
    assertThat(charge.refundedMinor()).isEqualTo(through ? 1_099 : 0);
  }

  /** Adyen decides when it carries the reversal out, not when it takes it in. */
  @Test
  void reversesWhatIsCapturedMeanwhile() {
    gateway.simulator().adyen().automaticCaptures(CarriedOut.AT_SETTLEMENT);
    gateway.simulator().adyen().modifications(CarriedOut.AT_SETTLEMENT);
    String id = late();
    told(id);
    Await.until("it was taken in", () -> till.operationStatus(id, "refund").equals("accepted"));
    assertThat(till.balance(id, "suspense")).isEqualTo(-1_099);
    gateway.simulator().settlePending();
    givenBack(id);
    assertThat(till.charges(id).getFirst().refundedMinor()).isEqualTo(1_099);
  }

  @Test
  void aReversalThatAdyenRefusesIsForAPerson() {
    String id = late();
    String reference = till.charges(id).getFirst().id();
    // What is given back in the Customer Area meanwhile is not there to be given back again.
    gateway.simulator().faults().webhooks().next(EventMatch.any(), WebhookFault.drop());
    gateway.simulator().dashboard().refund(reference);
    gateway.simulator().webhooks().idle().await();
    gateway.simulator().faults().clear();
    var authorised =
        gateway.simulator().webhooks().sent().stream()
            .filter(sent -> sent.event().object().equals(reference))
            .filter(sent -> sent.event().type().equals("AUTHORISATION"))
            .findFirst()
            .orElseThrow();
    gateway.simulator().webhooks().resend(authorised.event().id());
    Await.until("an operator is told", () -> till.held(id).isPresent());
    assertThat(till.held(id).orElseThrow().getString("held_reason")).isEqualTo("give_back_refused");
    gateway.simulator().webhooks().resendDropped();
    Await.until("what was refunded is known", () -> till.balance(id, "suspense") == 0);
  }
}
