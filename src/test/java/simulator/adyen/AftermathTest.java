package simulator.adyen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import simulator.Authorization;
import simulator.BankDispute;
import simulator.BankRefund;
import simulator.Dashboard;
import simulator.Receiver;
import simulator.SimulatorExtension;
import simulator.SimulatorOptions;
import simulator.TestCard.RefundBehaviour;
import simulator.Truth;
import simulator.webhooks.WebhookOptions;

/** What comes after a payment, asked for by the holder's name or done in the dashboard. */
class AftermathTest {
  @RegisterExtension
  static final SimulatorExtension SIMULATOR =
      new SimulatorExtension(
          SimulatorOptions.defaults().withWebhooks(WebhookOptions.defaults().withConcurrency(1)));

  private final Receiver receiver = new Receiver();
  private final Shop shop = new Shop(SIMULATOR);
  private int seen;

  @BeforeEach
  void connect() {
    SIMULATOR.simulator().webhooks().sendTo(Shop.KEY, receiver.url(), Notified.KEY);
  }

  @AfterEach
  void disconnect() throws Exception {
    receiver.close();
  }

  private static Dashboard dashboard() {
    return SIMULATOR.simulator().dashboard();
  }

  private static Truth truth() {
    return SIMULATOR.simulator().truth().account(Shop.KEY);
  }

  /** The items since the last look. */
  private List<Notified> fresh() throws Exception {
    List<Notified> all = Notified.all(SIMULATOR.simulator(), receiver);
    List<Notified> fresh = all.subList(seen, all.size());
    seen = all.size();
    return fresh;
  }

  private void assertTold(String... eventCodes) throws Exception {
    List<Notified> fresh = fresh();
    assertThat(fresh).extracting(Notified::eventCode).containsExactly(eventCodes);
    assertThat(fresh).allMatch(Notified::signed);
  }

  private void settle() {
    SIMULATOR.simulator().settlePending();
  }

  private String captured(String holderName) throws Exception {
    String payment = shop.captured(Shop.heldBy(holderName));
    assertTold("AUTHORISATION", "CAPTURE");
    return payment;
  }

  @Test
  void aChargebackHasTheReasonThatWasAskedFor() throws Exception {
    String payment = captured("Chargeback:13.1");

    settle();

    List<Notified> told = fresh();
    assertThat(told)
        .extracting(Notified::eventCode)
        .containsExactly("NOTIFICATION_OF_CHARGEBACK", "CHARGEBACK");
    Notified chargeback = told.getLast();
    assertThat(chargeback.additional("chargebackReasonCode")).isEqualTo("13.1");
    assertThat(chargeback.text("reason")).isEqualTo("Merchandise/Services Not Received");
    assertThat(chargeback.text("originalReference")).isEqualTo(payment);
    assertThat(chargeback.pspReference()).hasSize(16).isEqualTo(told.getFirst().pspReference());
    assertThat(truth().disputedMinor()).containsEntry("eur", 1000L);
    settle();
    assertTold();
  }

  @Test
  void aChargebackIsReversed() throws Exception {
    captured("Chargeback Reversed");

    settle();
    assertTold("NOTIFICATION_OF_CHARGEBACK", "CHARGEBACK");
    settle();
    assertTold("CHARGEBACK_REVERSED");

    assertThat(truth().disputedMinor()).isEmpty();
    assertThat(truth().disputes().getFirst().status()).isEqualTo(BankDispute.Status.WON);
  }

  @Test
  void aReversedChargebackComesAgain() throws Exception {
    captured("Second Chargeback");

    settle();
    settle();
    seen = Notified.all(SIMULATOR.simulator(), receiver).size();
    settle();
    assertTold("SECOND_CHARGEBACK");
    settle();
    assertTold();

    assertThat(truth().disputedMinor()).containsEntry("eur", 1000L);
  }

  @Test
  void aCaptureFailsLater() throws Exception {
    String payment = captured("capture failed");
    assertThat(truth().capturedMinor()).containsEntry("eur", 1000L);

    settle();

    List<Notified> told = fresh();
    assertThat(told).extracting(Notified::eventCode).containsExactly("CAPTURE_FAILED");
    assertThat(told.getFirst().success()).isTrue();
    assertThat(told.getFirst().text("originalReference")).isEqualTo(payment);
    assertThat(truth().capturedMinor().getOrDefault("eur", 0L)).isZero();
  }

  @Test
  void aRefundFailsLater() throws Exception {
    String payment = captured("refund failed");
    String refund =
        shop.modify(payment, "refunds", Shop.modification(400)).json().getString("pspReference");
    assertTold("REFUND");
    assertThat(truth().refundedMinor()).containsEntry("eur", 400L);

    settle();

    List<Notified> told = fresh();
    assertThat(told).extracting(Notified::eventCode).containsExactly("REFUND_FAILED");
    assertThat(told.getFirst().pspReference()).isEqualTo(refund);
    assertThat(truth().refundedMinor()).isEmpty();
  }

  @Test
  void theDashboardRefunds() throws Exception {
    String payment = captured("Jenny Rosen");

    BankRefund refund = dashboard().refund(payment, 300L, RefundBehaviour.SUCCEED);
    assertTold("REFUND");
    BankRefund pending = dashboard().refund(payment, 200L, RefundBehaviour.PENDING_THEN_FAIL);
    assertTold();
    settle();
    List<Notified> told = fresh();
    dashboard().failRefund(refund.id());

    assertThat(refund.id()).hasSize(16);
    assertThat(truth().refundsMadeOutside()).hasSize(2);
    assertThat(told.getFirst().eventCode()).isEqualTo("REFUND");
    assertThat(told.getFirst().success()).isFalse();
    assertThat(told.getFirst().pspReference()).isEqualTo(pending.id());
    assertTold("REFUND_FAILED");
  }

  @Test
  void theDashboardCapturesCancelsAndExpires() throws Exception {
    String first = shop.authorised(Shop.payment());
    String second = shop.authorised(Shop.payment());
    String third = shop.authorised(Shop.payment());
    fresh();

    Authorization captured = dashboard().capture(first, 600L);
    dashboard().cancel(second);
    dashboard().expire(third);

    assertThat(captured.capturedMinor()).isEqualTo(600);
    assertTold("CAPTURE", "CANCELLATION", "EXPIRE");
    assertThat(dashboard().failCapture(first).voided()).isTrue();
    assertTold("CAPTURE_FAILED");
    assertThatThrownBy(() -> dashboard().cancel(second)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theDashboardDisputes() throws Exception {
    String payment = captured("Jenny Rosen");

    BankDispute inquiry = dashboard().inquire(payment, 400L, "fraudulent");
    assertTold("REQUEST_FOR_INFORMATION");
    dashboard().escalate(inquiry.id());
    assertTold("CHARGEBACK");
    dashboard().review(inquiry.id());
    assertTold("INFORMATION_SUPPLIED");
    dashboard().winDispute(inquiry.id());
    assertTold("CHARGEBACK_REVERSED");
    dashboard().chargeBackAgain(inquiry.id());
    assertTold("SECOND_CHARGEBACK");
    BankDispute lost = dashboard().dispute(payment, 100L, "duplicate");
    dashboard().loseDispute(lost.id());
    assertTold("NOTIFICATION_OF_CHARGEBACK", "CHARGEBACK", "DISPUTE_DEFENSE_PERIOD_ENDED");

    assertThat(truth().disputedMinor()).containsEntry("eur", 500L);
  }
}
