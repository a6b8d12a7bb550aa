package psp.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static psp.stripe.Answers.readIntent;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import payments.AttemptOutcome;
import payments.CardChecks;
import payments.ThreeDSecure;
import psp.PspResult.Details;
import psp.stripe.StripeObjects.ApiError;

/** Stripe's fraud signals in our words: address, CVC, risk, and how the cardholder was asked. */
final class StripeCardsTest {
  private static Details details(String outcome, String card) {
    return StripeCards.ofIntent(
        readIntent(
            """
            {"id":"pi_1","object":"payment_intent","status":"succeeded","amount":1,"currency":"usd",
             "latest_charge":{"id":"ch_1","object":"charge","outcome":%s,
               "payment_method_details":{"type":"card","card":{"brand":"visa","last4":"4242","exp_month":1,
                 "exp_year":2034,"funding":"credit"%s}}}}\
            """
                .formatted(outcome, card)));
  }

  private static String quoted(@Nullable String word) {
    return word == null ? "null" : "\"" + word + "\"";
  }

  @ParameterizedTest
  @CsvSource({
    "pass, pass",
    "fail, fail",
    "unavailable, unavailable",
    "unchecked, unchecked",
    ", ",
    // a word that Stripe may come to add says nothing yet
    "partial, ",
  })
  void readsAddressAndCvcChecks(@Nullable String told, @Nullable String ours) {
    String word = quoted(told);
    var checks =
        details(
                "null",
                ",\"checks\":{\"address_line1_check\":%s,\"address_postal_code_check\":%s,\"cvc_check\":%s}"
                    .formatted(word, word, word))
            .checks();
    assertThat(checks).isEqualTo(new CardChecks(ours, ours, ours));
    assertThat(details("null", ",\"checks\":{\"cvc_check\":%s}".formatted(word)).checks())
        .isEqualTo(new CardChecks(null, null, ours));
  }

  @ParameterizedTest
  @CsvSource({
    // network status, type, risk level, as told | as kept
    "approved_by_network, authorized, normal, approved_by_network, authorized, normal",
    "approved_by_network, manual_review, elevated, approved_by_network, manual_review, elevated",
    "declined_by_network, issuer_declined, normal, declined_by_network, issuer_declined, normal",
    "not_sent_to_network, blocked, highest, not_sent_to_network, blocked, highest",
    "not_sent_to_network, invalid, not_assessed, not_sent_to_network, invalid, not_assessed",
    "reversed_after_approval, blocked, unknown, reversed_after_approval, blocked, unknown",
    "lost_in_network, odd, terrifying, , , unknown",
    ", , , , , ",
  })
  void readsWhatTheNetworkAndTheRiskEngineSaid(
      @Nullable String network,
      @Nullable String type,
      @Nullable String risk,
      @Nullable String networkKept,
      @Nullable String typeKept,
      @Nullable String riskKept) {
    AttemptOutcome outcome =
        details(
                """
                {"network_status":%s,"type":%s,"risk_level":%s,"risk_score":64,"reason":"rule",
                 "seller_message":"Stripe says.","network_decline_code":"05"}\
                """
                    .formatted(quoted(network), quoted(type), quoted(risk)),
                ",\"network_transaction_id\":\"nti\",\"authorization_code\":\"A1\"")
            .outcome();
    assertThat(outcome)
        .isEqualTo(
            new AttemptOutcome(
                networkKept,
                typeKept,
                "rule",
                riskKept,
                64,
                "Stripe says.",
                "05",
                "nti",
                "A1",
                null,
                null));
  }

  @ParameterizedTest
  @CsvSource({
    "authenticated, challenge, 2.2.0, authenticated, challenge",
    "authenticated, frictionless, 2.1.0, authenticated, frictionless",
    "attempt_acknowledged, , 1.0.2, attempt_acknowledged, ",
    "exempted, frictionless, 2.2.0, exempted, frictionless",
    "failed, challenge, 2.2.0, failed, challenge",
    "not_supported, , , not_supported, ",
    "processing_error, , , processing_error, ",
    "invented, telepathy, 3.0.0, , ",
  })
  void readsHowTheCardholderWasAuthenticated(
      String result,
      @Nullable String flow,
      @Nullable String version,
      @Nullable String resultKept,
      @Nullable String flowKept) {
    var outcome =
        details(
                "null",
                """
                ,"three_d_secure":{"result":%s,"authentication_flow":%s,"version":%s,
                  "electronic_commerce_indicator":"05","exemption_indicator":"none","result_reason":"rejected",
                  "transaction_id":"dsid"}\
                """
                    .formatted(quoted(result), quoted(flow), quoted(version)))
            .outcome();
    assertThat(outcome.threeDSecure())
        .isEqualTo(
            new ThreeDSecure(resultKept, flowKept, version, "05", "none", "rejected", "dsid"));
  }

  @ParameterizedTest
  @CsvSource({
    "fraudulent, , not_sent_to_network, blocked",
    "fraudulent, 59, , ",
    "insufficient_funds, 51, , ",
    "generic_decline, , , ",
  })
  void tellsABlockOfStripesFromTheNetworksDecline(
      String declineCode,
      @Nullable String networkCode,
      @Nullable String networkStatus,
      @Nullable String type) {
    var error =
        new ApiError(
            null, null, declineCode, null, null, null, null, networkCode, null, null, null);
    AttemptOutcome outcome = StripeCards.ofError(error).outcome();
    assertThat(outcome.networkStatus()).isEqualTo(networkStatus);
    assertThat(outcome.type()).isEqualTo(type);
    assertThat(outcome.networkDeclineCode()).isEqualTo(networkCode);
  }

  @Test
  void saysNothingOfAnAuthenticationThatWasNotTried() {
    assertThat(details("{\"type\":\"authorized\"}", "").outcome().threeDSecure()).isNull();
    assertThat(details("null", ",\"three_d_secure\":null").outcome())
        .isEqualTo(AttemptOutcome.NONE);
  }
}
