package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.stripe.exception.CardException;
import com.stripe.exception.StripeException;
import com.stripe.model.Charge;
import com.stripe.model.PaymentIntent;
import com.stripe.model.StripeError;
import com.stripe.param.ChargeListParams;
import com.stripe.param.PaymentIntentCreateParams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every published test card that is declined, as a merchant's code meets the decline. */
final class DeclinesIT {
  private static final Path DECK = Path.of("../shared/decks/stripe-deck.tsv");
  private static final String PLAIN = "Your card was declined.";
  private static final String PROCESSING =
      "An error occurred while processing your card. Try again in a little bit.";
  private static final String VELOCITY =
      "Your card was declined for making repeated attempts too frequently or exceeding its amount"
          + " limit.";

  private static final List<Row> ROWS =
      List.of(
          card("pm_card_chargeDeclined", "generic_decline", "try_again_later", PLAIN),
          card("pm_card_visa_chargeDeclined", "generic_decline", "try_again_later", PLAIN),
          card(
              "pm_card_visa_chargeDeclinedInsufficientFunds",
              "insufficient_funds",
              "try_again_later",
              "Your card has insufficient funds."),
          card("pm_card_visa_chargeDeclinedLostCard", "lost_card", "do_not_try_again", PLAIN),
          card("pm_card_visa_chargeDeclinedStolenCard", "stolen_card", "do_not_try_again", PLAIN),
          own(
              "pm_card_chargeDeclinedExpiredCard",
              "expired_card",
              "confirm_card_data",
              "exp_month",
              "Your card has expired."),
          own(
              "pm_card_chargeDeclinedIncorrectCvc",
              "incorrect_cvc",
              "confirm_card_data",
              "cvc",
              "Your card's security code is incorrect."),
          own(
              "pm_card_chargeDeclinedProcessingError",
              "processing_error",
              "try_again_later",
              null,
              PROCESSING),
          card("pm_card_chargeDeclinedFraudulent", "fraudulent", null, PLAIN),
          card(
              "pm_card_visa_chargeDeclinedVelocityLimitExceeded",
              "card_velocity_exceeded",
              null,
              VELOCITY),
          card("pm_card_chargeCustomerFail", "generic_decline", "try_again_later", PLAIN),
          card("pm_card_radarBlock", "fraudulent", null, PLAIN));

  private static Shop shop;

  @BeforeAll
  static void open() {
    shop = Shop.open();
  }

  @AfterAll
  static void audit() {
    try (var closing = shop) {
      closing.audit();
    }
  }

  record Row(
      String token,
      String code,
      String declineCode,
      @Nullable String advice,
      @Nullable String param,
      String message) {
    @Override
    public String toString() {
      return token;
    }
  }

  private static Row card(
      String token, String declineCode, @Nullable String advice, String message) {
    return new Row(token, "card_declined", declineCode, advice, null, message);
  }

  private static Row own(
      String token, String code, @Nullable String advice, @Nullable String param, String message) {
    return new Row(token, code, code, advice, param, message);
  }

  static Stream<Row> rows() {
    return ROWS.stream();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void declinesAndLetsThePaymentBePaidWithAnotherCard(Row row) throws StripeException {
    PaymentIntent payment = shop.unpaid();
    var declined =
        catchThrowableOfType(CardException.class, () -> shop.confirm(payment, row.token));
    assertThat(declined.getStatusCode()).isEqualTo(402);
    assertThat(declined.getRequestId()).startsWith("req_");
    StripeError error = declined.getStripeError();
    assertThat(error.getType()).isEqualTo("card_error");
    tellsTheDecline(error, row);
    assertThat(declined.getCode()).isEqualTo(row.code);
    assertThat(declined.getDeclineCode()).isEqualTo(row.declineCode);
    assertThat(declined.getParam()).isEqualTo(row.param);
    assertThat(declined.getCharge()).startsWith("ch_");
    assertThat(error.getPaymentMethod().getCard().getLast4()).hasSize(4);
    assertThat(error.getPaymentIntent().getStatus()).isEqualTo("requires_payment_method");

    PaymentIntent unpaid = shop.now(payment);
    assertThat(unpaid).isEqualTo(error.getPaymentIntent());
    assertThat(unpaid.getStatus()).isEqualTo("requires_payment_method");
    assertThat(unpaid.getPaymentMethod()).isNull();
    assertThat(unpaid.getAmountReceived()).isZero();
    assertThat(unpaid.getLatestCharge()).isEqualTo(declined.getCharge());
    tellsTheDecline(unpaid.getLastPaymentError(), row);

    Charge charge = shop.charges().retrieve(declined.getCharge());
    assertThat(charge.getStatus()).isEqualTo("failed");
    assertThat(charge.getPaid()).isFalse();
    assertThat(charge.getFailureCode()).isEqualTo(row.code);
    assertThat(charge.getFailureMessage()).isEqualTo(row.message);

    PaymentIntent paid = shop.confirm(payment, Shop.VISA);
    assertThat(paid.getStatus()).isEqualTo("succeeded");
    assertThat(paid.getAmountReceived()).isEqualTo(1000);
    assertThat(paid.getLastPaymentError()).isNull();
  }

  private static void tellsTheDecline(StripeError error, Row row) {
    assertThat(error.getCode()).isEqualTo(row.code);
    assertThat(error.getDeclineCode()).isEqualTo(row.declineCode);
    assertThat(error.getAdviceCode()).isEqualTo(row.advice);
    assertThat(error.getParam()).isEqualTo(row.param);
    assertThat(error.getMessage()).isEqualTo(row.message);
    assertThat(error.getMessage().toLowerCase(Locale.ROOT))
        .as("a customer may read it")
        .doesNotContain("lost", "stolen", "fraud", "radar", "blocked");
  }

  @Test
  void declinesAtCreationLeaveThePaymentToBePaid() throws StripeException {
    var declined =
        catchThrowableOfType(CardException.class, () -> shop.pay(Shop.INSUFFICIENT_FUNDS));
    PaymentIntent payment = declined.getStripeError().getPaymentIntent();
    assertThat(shop.now(payment).getStatus()).isEqualTo("requires_payment_method");
    assertThat(shop.confirm(payment, Shop.VISA).getStatus()).isEqualTo("succeeded");
  }

  @Test
  void declinesAHoldToo() throws StripeException {
    var declined = catchThrowableOfType(CardException.class, () -> shop.hold(Shop.DECLINED));
    PaymentIntent payment = shop.now(declined.getStripeError().getPaymentIntent());
    assertThat(payment.getAmountCapturable()).isZero();
    assertThat(shop.confirm(payment, Shop.VISA).getStatus()).isEqualTo("requires_capture");
  }

  @Test
  void aPaymentDeclinedTwiceAndThenPaidHasThreeCharges() throws StripeException {
    PaymentIntent payment = shop.unpaid();
    shop.isDeclined(payment, Shop.DECLINED);
    shop.isDeclined(payment, Shop.INSUFFICIENT_FUNDS);
    PaymentIntent paid = shop.confirm(payment, "pm_card_mastercard");
    List<Charge> charges =
        shop.charges()
            .list(ChargeListParams.builder().setPaymentIntent(payment.getId()).build())
            .getData();
    assertThat(charges)
        .extracting(Charge::getStatus)
        .containsExactly("succeeded", "failed", "failed");
    assertThat(charges)
        .extracting(charge -> charge.getOutcome().getReason())
        .containsExactly(null, "insufficient_funds", "generic_decline");
    assertThat(charges)
        .extracting(charge -> charge.getPaymentMethodDetails().getCard().getBrand())
        .containsExactly("mastercard", "visa", "visa");
    assertThat(charges.getFirst().getId()).isEqualTo(paid.getLatestCharge());
    assertThat(charges).allSatisfy(charge -> assertThat(charge.getAmount()).isEqualTo(1000));
  }

  @Test
  void offSessionCannotAuthenticate() throws StripeException {
    var declined =
        catchThrowableOfType(
            CardException.class,
            () ->
                shop.payments()
                    .create(
                        Shop.order("pm_card_authenticationRequired").setOffSession(true).build()));
    assertThat(declined.getStatusCode()).isEqualTo(402);
    assertThat(declined.getCode()).isEqualTo("authentication_required");
    assertThat(declined.getDeclineCode()).isEqualTo("authentication_required");
    assertThat(shop.now(declined.getStripeError().getPaymentIntent()).getStatus())
        .isEqualTo("requires_payment_method");
  }

  @Test
  void offSessionWordsCountAsOffSession() {
    var declined =
        catchThrowableOfType(
            CardException.class,
            () ->
                shop.payments()
                    .create(
                        Shop.order("pm_card_authenticationRequired")
                            .setOffSession(PaymentIntentCreateParams.OffSession.RECURRING)
                            .build()));
    assertThat(declined.getCode()).isEqualTo("authentication_required");
  }

  @Test
  void followsThePublishedDeck() throws IOException {
    assumeTrue(Files.exists(DECK), "the published deck is not at hand");
    List<String[]> declines =
        Files.readAllLines(DECK).stream()
            .skip(1)
            .map(line -> line.split("\t", -1))
            .filter(row -> row[2].contains("decline") || row[2].contains("block"))
            .filter(row -> !row[3].isEmpty() && !row[2].contains("3DS"))
            .toList();
    assertThat(declines).hasSizeGreaterThan(8);
    for (String[] published : declines) {
      assertThat(ROWS)
          .as(published[0])
          .anySatisfy(
              row -> {
                assertThat(row.token).isEqualTo(published[0]);
                assertThat(row.code).isEqualTo(published[3]);
                assertThat(row.declineCode).isEqualTo(published[4]);
                if (!published[5].isEmpty()) {
                  assertThat(row.advice).isEqualTo(published[5]);
                }
                if (published[2].contains("param ")) {
                  assertThat(published[2]).contains("param " + row.param + ")");
                }
              });
    }
  }
}
