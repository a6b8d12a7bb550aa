package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.RefundListParams;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import simulator.BankDispute;
import simulator.BankRefund;
import simulator.TestCard.RefundBehaviour;
import support.Await;
import support.TestGateway;

/** What PSPs tell by webhook, from their signature to our books. */
final class PspEventsIT {
  private static Shop shop;
  private static TestGateway gateway;

  @BeforeAll
  static void open() {
    // Recovery stays out of it: what is settled here is settled by webhooks.
    shop =
        Shop.open(
            "--recovery.accepted-delay=1h",
            "--recovery.challenge-delay=1h",
            "--inbox.schedule=50ms,100ms,200ms,1s,1s,1s,1s",
            "--inbox.foreign-after=2s");
    gateway = shop.gateway();
    gateway.takeWebhooks();
  }

  @AfterAll
  static void audit() {
    try (var closing = shop) {
      allIsWorked();
      closing.audit();
    }
  }

  private static void allIsWorked() {
    gateway.simulator().webhooks().idle().await();
    Await.until(
        "all events are worked",
        () -> gateway.database().number("SELECT count(*) FROM inbox_work") == 0);
  }

  private static long dead() {
    return gateway.database().number("SELECT count(*) FROM inbox_outcome WHERE status = 'dead'");
  }

  private static PaymentIntent hold() throws StripeException {
    return shop.payments()
        .create(
            PaymentIntentCreateParams.builder()
                .setAmount(1_000L)
                .setCurrency("eur")
                .setPaymentMethod(Shop.VISA)
                .setConfirm(true)
                .setCaptureMethod(PaymentIntentCreateParams.CaptureMethod.MANUAL)
                .build());
  }

  /** What the simulator calls the newest payment. */
  private static String newest() {
    return gateway.simulator().truth().account(TestGateway.PSP_KEY).charges().getLast().payment();
  }

  @Test
  void whatOnlyRepeatsAnswersEndsAsNothingNew() throws StripeException {
    PaymentIntent paid = shop.pay(Shop.VISA);
    allIsWorked();
    assertThat(shop.payments().retrieve(paid.getId()).getStatus()).isEqualTo("succeeded");
    assertThat(dead()).isZero();
    assertThat(
            gateway
                .database()
                .number(
                    "SELECT count(*) FROM inbox_outcome WHERE status = 'processed' AND reason ="
                        + " 'nothing new'"))
        .isPositive();
  }

  @Test
  void aRefundMadeInTheDashboardIsShownAsOneOfOurs() throws StripeException {
    PaymentIntent paid = shop.pay(Shop.VISA);
    BankRefund made =
        gateway.simulator().dashboard().refund(newest(), 300L, RefundBehaviour.PENDING);
    allIsWorked();
    Refund pending = refundOf(paid);
    assertThat(pending.getStatus()).isEqualTo("pending");
    gateway.simulator().dashboard().succeedRefund(made.id());
    allIsWorked();
    assertThat(refundOf(paid).getStatus()).isEqualTo("succeeded");
    gateway.simulator().dashboard().failRefund(made.id());
    allIsWorked();
    assertThat(refundOf(paid).getStatus()).isEqualTo("failed");
    assertThat(shop.charges().retrieve(paid.getLatestCharge()).getAmountRefunded()).isZero();
  }

  private static Refund refundOf(PaymentIntent paid) throws StripeException {
    return shop.refunds()
        .list(RefundListParams.builder().setPaymentIntent(paid.getId()).build())
        .getData()
        .getFirst();
  }

  @Test
  void aCaptureInTheDashboardAndAnExpiryEndTheHold() throws StripeException {
    PaymentIntent captured = hold();
    gateway.simulator().dashboard().capture(newest(), 700L);
    PaymentIntent expired = hold();
    gateway.simulator().dashboard().expire(newest());
    allIsWorked();
    PaymentIntent taken = shop.payments().retrieve(captured.getId());
    assertThat(taken.getStatus()).isEqualTo("succeeded");
    assertThat(taken.getAmountReceived()).isEqualTo(700);
    PaymentIntent ended = shop.payments().retrieve(expired.getId());
    assertThat(ended.getStatus()).isEqualTo("canceled");
    assertThat(ended.getCancellationReason()).isEqualTo("automatic");
  }

  @Test
  void disputesAreBookedToTheirEnd() throws StripeException {
    shop.pay(Shop.VISA);
    BankDispute won = gateway.simulator().dashboard().dispute(newest(), null, "fraudulent");
    gateway.simulator().dashboard().winDispute(won.id());
    PaymentIntent lost = shop.pay(Shop.VISA);
    BankDispute taken = gateway.simulator().dashboard().dispute(newest(), 400L, "fraudulent");
    gateway.simulator().dashboard().loseDispute(taken.id());
    shop.pay(Shop.VISA);
    gateway.simulator().dashboard().dispute(newest(), 100L, "fraudulent");
    allIsWorked();
    assertThat(gateway.database().number("SELECT sum(disputed) FROM payment WHERE disputed > 0"))
        .isEqualTo(500);
    assertThat(dead()).isZero();
    assertThat(shop.payments().retrieve(lost.getId()).getStatus()).isEqualTo("succeeded");
  }
}
