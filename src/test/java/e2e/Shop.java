package e2e;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.StripeClient;
import com.stripe.exception.CardException;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.service.ChargeService;
import com.stripe.service.CustomerService;
import com.stripe.service.PaymentIntentService;
import com.stripe.service.PaymentMethodService;
import com.stripe.service.RefundService;
import simulator.Truth;
import support.Books;
import support.TestGateway;

/** A merchant's shop before a gateway of its own: its SDK, and the payments tests begin with. */
final class Shop implements AutoCloseable {
  static final String VISA = "pm_card_visa";
  static final String DECLINED = "pm_card_chargeDeclined";
  static final String INSUFFICIENT_FUNDS = "pm_card_chargeDeclinedInsufficientFunds";
  static final String CHALLENGED = "pm_card_threeDSecure2Required";

  private final TestGateway gateway;

  private Shop(TestGateway gateway) {
    this.gateway = gateway;
  }

  static Shop open(String... changes) {
    return at(TestGateway.start(changes));
  }

  static Shop at(TestGateway gateway) {
    return new Shop(gateway);
  }

  TestGateway gateway() {
    return gateway;
  }

  PaymentIntentService payments() {
    return gateway.stripe().v1().paymentIntents();
  }

  RefundService refunds() {
    return gateway.stripe().v1().refunds();
  }

  ChargeService charges() {
    return gateway.stripe().v1().charges();
  }

  CustomerService customers() {
    return gateway.stripe().v1().customers();
  }

  PaymentMethodService methods() {
    return gateway.stripe().v1().paymentMethods();
  }

  /** The SDK with another key. */
  StripeClient client(String key) {
    return StripeClient.builder()
        .setApiKey(key)
        .setApiBase(gateway.api().toString())
        .setMaxNetworkRetries(0)
        .build();
  }

  /** Ten euros, nothing else said. */
  static PaymentIntentCreateParams.Builder order() {
    return PaymentIntentCreateParams.builder().setAmount(1000L).setCurrency("eur");
  }

  /** Ten euros, paid at once with this card. */
  static PaymentIntentCreateParams.Builder order(String card) {
    return order().setPaymentMethod(card).setConfirm(true);
  }

  PaymentIntent unpaid() throws StripeException {
    return payments().create(order().build());
  }

  PaymentIntent pay(String card) throws StripeException {
    return payments().create(order(card).build());
  }

  PaymentIntent hold(String card) throws StripeException {
    return payments()
        .create(
            order(card).setCaptureMethod(PaymentIntentCreateParams.CaptureMethod.MANUAL).build());
  }

  PaymentIntent confirm(PaymentIntent payment, String card) throws StripeException {
    return payments()
        .confirm(
            payment.getId(), PaymentIntentConfirmParams.builder().setPaymentMethod(card).build());
  }

  /** Tries to pay with a card that is declined. */
  void isDeclined(PaymentIntent payment, String card) {
    assertThatThrownBy(() -> confirm(payment, card)).isInstanceOf(CardException.class);
  }

  PaymentIntent now(PaymentIntent payment) throws StripeException {
    return payments().retrieve(payment.getId());
  }

  Refund refund(PaymentIntent payment, long amount) throws StripeException {
    return refunds()
        .create(
            RefundCreateParams.builder()
                .setPaymentIntent(payment.getId())
                .setAmount(amount)
                .build());
  }

  /** What really happened at the PSP so far. */
  Truth truth() {
    return gateway.simulator().truth().account(TestGateway.PSP_KEY);
  }

  /** How often the PSP was asked for money so far, whatever came of it. */
  int attempts() {
    return truth().charges().size();
  }

  /** Fails unless payments, ledger and simulator agree. */
  void audit() {
    new Books(gateway).balance();
  }

  @Override
  public void close() {
    gateway.close();
  }
}
