package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import com.stripe.param.PaymentIntentCreateParams;
import org.junit.jupiter.api.Test;
import support.Books;
import support.TestGateway;

final class FirstPaymentIT {
  @Test
  void takesAPaymentThroughTheMerchantsOwnSdk() throws StripeException {
    try (var gateway = TestGateway.start()) {
      var intent =
          gateway
              .stripe()
              .v1()
              .paymentIntents()
              .create(
                  PaymentIntentCreateParams.builder()
                      .setAmount(1099L)
                      .setCurrency("usd")
                      .setPaymentMethod("pm_card_visa")
                      .setConfirm(true)
                      .build());
      assertThat(intent.getStatus()).isEqualTo("succeeded");
      assertThat(intent.getAmountReceived()).isEqualTo(1099);
      new Books(gateway).balance();
    }
  }
}
