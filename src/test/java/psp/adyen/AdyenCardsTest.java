package psp.adyen;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import payments.AttemptOutcome;
import payments.CardChecks;
import payments.CardDetails;
import psp.PspResult.Details;

/** What Adyen tells of cards and attempts, in our words. */
final class AdyenCardsTest {
  private static JsonObject answer(JsonObject additional) {
    return new JsonObject().put("additionalData", additional);
  }

  @Test
  void readsAllOfAnApproval() {
    var answer =
        answer(
                new JsonObject()
                    .put("cardSummary", "1111")
                    .put("expiryDate", "3/2030")
                    .put("fundingSource", "DEBIT")
                    .put("cardIssuingCountry", "NL")
                    .put("alias", "H1")
                    .put("avsResult", "7 Both postal code and address match")
                    .put("cvcResult", "1 Matches")
                    .put("fraudRiskLevel", "low")
                    .put("networkTxReference", "NTX")
                    .put("authCode", "123456")
                    .put("refusalReasonRaw", "AUTHORISED"))
            .put("paymentMethod", new JsonObject().put("brand", "mc").put("type", "scheme"))
            .put("fraudResult", new JsonObject().put("accountScore", 12));
    assertThat(AdyenCards.ofAnswer(answer, true))
        .isEqualTo(
            new Details(
                new CardDetails("mastercard", "1111", 3, 2030, "debit", "NL", "H1", "mastercard"),
                new CardChecks("pass", "pass", "pass"),
                new AttemptOutcome(
                    "approved_by_network",
                    "authorized",
                    null,
                    "normal",
                    12,
                    "Payment complete.",
                    null,
                    "NTX",
                    "123456",
                    null,
                    null)));
  }

  @Test
  void keepsTheNetworksAdvice() {
    var additional = new JsonObject().put("merchantAdviceCode", "24 : Retry after one hour");
    var answer = new JsonObject().put("additionalData", additional);
    assertThat(AdyenCards.ofAnswer(answer, false).outcome().networkAdviceCode()).isEqualTo("24");
  }

  @Test
  void tellsNothingWhereNothingIsTold() {
    Details details = AdyenCards.ofAnswer(new JsonObject(), true);
    assertThat(details.card()).isNull();
    assertThat(details.checks()).isEqualTo(CardChecks.NONE);
    assertThat(details.outcome().riskLevel()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "0, unavailable, unavailable",
    "1, pass, fail",
    "2, fail, fail",
    "3, unavailable, unavailable",
    "4, unavailable, unavailable",
    "5, unchecked, unchecked",
    "6, fail, pass",
    "7, pass, pass",
    "8, unchecked, unavailable",
    "9, pass, unavailable",
    "10, fail, unavailable",
    "11, unavailable, unchecked",
    "12, pass, unchecked",
    "13, fail, unchecked",
    "14, unavailable, pass",
    "15, unchecked, pass",
    "16, unavailable, fail",
    "17, unchecked, fail",
    "18, unchecked, unchecked",
    "19, fail, pass",
    "20, pass, pass",
    "21, pass, fail",
    "22, fail, fail",
    "23, fail, pass",
    "24, pass, pass",
    "25, pass, fail",
    "26, fail, fail",
    "27, , ",
    "pass, , ",
  })
  void readsTheChecksOfAnAddress(String code, String line1, String postalCode) {
    for (String text : new String[] {code, code + " and some words"}) {
      CardChecks checks = AdyenCards.checks(new JsonObject().put("avsResult", text));
      assertThat(checks).isEqualTo(new CardChecks(line1, postalCode, null));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0 Unknown, unavailable",
    "1 Matches, pass",
    "2 Doesn't match, fail",
    "3 Not checked, unchecked",
    "4 No CVC/CVV provided but was required, unchecked",
    "5 Issuer not certified for CVC/CVV, unavailable",
    "6 No CVC/CVV provided, unchecked",
    "7 New, ",
  })
  void readsTheCheckOfASecurityCode(String text, String cvc) {
    assertThat(AdyenCards.checks(new JsonObject().put("cvcResult", text)).cvc()).isEqualTo(cvc);
  }

  @ParameterizedTest
  @CsvSource({
    "fraudRiskLevel, veryLow, normal",
    "fraudRiskLevel, medium, elevated",
    "fraudRiskLevel, veryHigh, highest",
    "fraudRiskLevel, other, unknown",
    "fraudResultType, GREEN, normal",
    "fraudResultType, AMBER, elevated",
    "fraudResultType, RED, highest",
    "fraudResultType, BLUE, unknown",
    "totalFraudScore, 7, unknown",
  })
  void readsTheRisk(String field, String value, String level) {
    assertThat(
            AdyenCards.ofAnswer(answer(new JsonObject().put(field, value)), true)
                .outcome()
                .riskLevel())
        .isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({"-50, 0", "0, 0", "42, 42", "250, 100"})
  void keepsTheScoreWithinItsRange(int told, int score) {
    var answer = new JsonObject().put("fraudResult", new JsonObject().put("accountScore", told));
    assertThat(AdyenCards.ofAnswer(answer, true).outcome().riskScore()).isEqualTo(score);
    assertThat(
            AdyenCards.ofAnswer(
                    answer(new JsonObject().put("totalFraudScore", String.valueOf(told))), true)
                .outcome()
                .riskScore())
        .isEqualTo(score);
  }

  @ParameterizedTest
  @CsvSource({
    "2, declined_by_network, issuer_declined",
    "20, not_sent_to_network, blocked",
    "21, not_sent_to_network, blocked",
    "22, reversed_after_approval, blocked",
    "46, not_sent_to_network, blocked",
    ", declined_by_network, issuer_declined",
  })
  void tellsWhoRefused(String code, String status, String type) {
    AttemptOutcome outcome =
        AdyenCards.ofRefusal(
                new JsonObject(),
                new JsonObject().put("refusalReasonRaw", "51 : Insufficient funds"),
                code,
                "no")
            .outcome();
    assertThat(outcome.networkStatus()).isEqualTo(status);
    assertThat(outcome.type()).isEqualTo(type);
    assertThat(outcome.networkDeclineCode())
        .isEqualTo(type.equals("issuer_declined") ? "51" : null);
  }

  @ParameterizedTest
  @CsvSource({
    "visa, visa", "mc, mastercard", "amex, amex", "discover, discover", "diners, diners",
    "jcb, jcb", "cup, unionpay", "MC, mastercard", "elo, unknown", ", unknown",
  })
  void callsBrandsAsEverybodyDoes(String told, String brand) {
    assertThat(AdyenCards.brand(told)).isEqualTo(brand);
  }

  @Test
  void aCardIsShownWholeOrNotAtAll() {
    assertThat(
            AdyenCards.ofAnswer(answer(new JsonObject().put("cardSummary", "1111")), true).card())
        .isNull();
    assertThat(
            AdyenCards.ofAnswer(
                    answer(new JsonObject().put("cardSummary", "1111").put("expiryDate", "soon")),
                    true)
                .card())
        .isNull();
  }

  @Test
  void keepsTheTokenWithItsShopper() {
    assertThat(
            AdyenCards.storedToken(
                new JsonObject()
                    .put("tokenization.storedPaymentMethodId", "M5")
                    .put("tokenization.shopperReference", "cus_1")))
        .isEqualTo("cus_1/M5");
    assertThat(
            AdyenCards.storedToken(
                new JsonObject()
                    .put("recurring.recurringDetailReference", "8415")
                    .put("recurring.shopperReference", "cus_1")))
        .isEqualTo("cus_1/8415");
    assertThat(AdyenCards.storedToken(new JsonObject())).isNull();
    assertThat(AdyenCards.storedToken(null)).isNull();
  }
}
