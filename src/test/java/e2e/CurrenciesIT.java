package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.param.PaymentIntentCaptureParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentCreateParams.CaptureMethod;
import com.stripe.param.PaymentIntentUpdateParams;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import simulator.Authorization;

/** Amounts arrive at the PSP as they were meant, in currencies of every number of decimals. */
final class CurrenciesIT {
  private static Shop shop;
  private static Wire wire;

  @BeforeAll
  static void open() {
    shop = Shop.open();
    wire = new Wire(shop.gateway());
  }

  @AfterAll
  static void audit() {
    try (var closing = shop;
        var alsoClosing = wire) {
      closing.audit();
    }
  }

  private static PaymentIntentCreateParams.Builder payment(long amount, String currency) {
    return PaymentIntentCreateParams.builder()
        .setAmount(amount)
        .setCurrency(currency)
        .setPaymentMethod(Shop.VISA)
        .setConfirm(true);
  }

  @ParameterizedTest
  @CsvSource({
    "1000,usd",
    "99,eur",
    "500,jpy",
    "1,krw",
    "12340,kwd",
    "10,bhd",
    "700,isk",
    "100,ugx",
    "99999999,usd"
  })
  void takesAndGivesBackTheAmountThatWasMeant(long amount, String currency) throws StripeException {
    PaymentIntent paid = shop.payments().create(payment(amount, currency).build());
    assertThat(paid.getStatus()).isEqualTo("succeeded");
    assertThat(paid.getAmountReceived()).isEqualTo(amount);
    assertThat(paid.getCurrency()).isEqualTo(currency);
    shop.refund(paid, amount);
    Authorization there = shop.truth().charges().getLast();
    assertThat(there.amountMinor()).isEqualTo(amount);
    assertThat(there.capturedMinor()).isEqualTo(amount);
    assertThat(there.refundedMinor()).isEqualTo(amount);
    assertThat(there.currency()).isEqualTo(currency);
  }

  @Test
  void takesACurrencyInCapitals() throws StripeException {
    assertThat(shop.payments().create(payment(1000, "EUR").build()).getCurrency()).isEqualTo("eur");
  }

  @Test
  void capturesAndRefundsThreeDecimalsInStepsOfTen() throws StripeException {
    PaymentIntent held =
        shop.payments()
            .create(payment(12340, "kwd").setCaptureMethod(CaptureMethod.MANUAL).build());
    var capture =
        catchThrowableOfType(
            InvalidRequestException.class,
            () ->
                shop.payments()
                    .capture(
                        held.getId(),
                        PaymentIntentCaptureParams.builder().setAmountToCapture(5005L).build()));
    assertThat(capture.getStatusCode()).isEqualTo(400);
    assertThat(capture.getParam()).isEqualTo("amount_to_capture");
    PaymentIntent captured =
        shop.payments()
            .capture(
                held.getId(),
                PaymentIntentCaptureParams.builder().setAmountToCapture(5010L).build());
    assertThat(captured.getAmountReceived()).isEqualTo(5010);
    var refund =
        catchThrowableOfType(InvalidRequestException.class, () -> shop.refund(captured, 1001));
    assertThat(refund.getStatusCode()).isEqualTo(400);
    assertThat(refund.getParam()).isEqualTo("amount");
    assertThat(shop.refund(captured, 1010).getAmount()).isEqualTo(1010);
  }

  @Test
  void refusesThreeDecimalsThatDoNotEndInZero() throws StripeException {
    var created =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> shop.payments().create(payment(12345, "kwd").build()));
    assertThat(created.getStatusCode()).isEqualTo(400);
    assertThat(created.getParam()).isEqualTo("amount");
    PaymentIntent other =
        shop.payments()
            .create(
                PaymentIntentCreateParams.builder().setAmount(1005L).setCurrency("eur").build());
    var updated =
        catchThrowableOfType(
            InvalidRequestException.class,
            () ->
                shop.payments()
                    .update(
                        other.getId(),
                        PaymentIntentUpdateParams.builder().setCurrency("kwd").build()));
    assertThat(updated.getParam()).isEqualTo("amount");
    assertThat(shop.now(other).getCurrency()).isEqualTo("eur");
  }

  @ParameterizedTest
  @CsvSource({
    "0,parameter_invalid_integer",
    "-1,parameter_invalid_integer",
    "10.50,parameter_invalid_integer",
    "1e3,parameter_invalid_integer",
    "ten,parameter_invalid_integer",
    "100000000,amount_too_large",
    "9223372036854775807,amount_too_large",
    "99999999999999999999999,amount_too_large"
  })
  void refusesAmountsThatCannotBe(String amount, String code) {
    var refused = wire.post("/v1/payment_intents", "currency=eur&amount=" + amount);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(Wire.error(refused).getString("code")).isEqualTo(code);
    assertThat(Wire.error(refused).getString("param")).isEqualTo("amount");
    assertThat(Wire.error(refused).getString("type")).isEqualTo("invalid_request_error");
  }

  @ParameterizedTest
  @ValueSource(strings = {"xyz", "euro", "e", "btc", "%E2%82%AC"})
  void refusesUnknownCurrencies(String currency) {
    var refused = wire.post("/v1/payment_intents", "amount=1000&currency=" + currency);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(Wire.error(refused).getString("param")).isEqualTo("currency");
  }
}
