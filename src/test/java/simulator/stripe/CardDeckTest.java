package simulator.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import simulator.Authorization;
import simulator.Caller.Reply;
import simulator.SimulatorExtension;

/** What each published test token does. */
class CardDeckTest {
  private static final Path DECK = Path.of("../shared/decks/stripe-deck.tsv");

  @RegisterExtension static final SimulatorExtension SIMULATOR = new SimulatorExtension();

  private static Reply pay(String token, String... more) {
    String[] params = new String[more.length + 8];
    List<String> usual =
        List.of("amount", "1000", "currency", "usd", "confirm", "true", "payment_method", token);
    for (int i = 0; i < usual.size(); i++) {
      params[i] = usual.get(i);
    }
    System.arraycopy(more, 0, params, usual.size(), more.length);
    return SIMULATOR.caller().post("/v1/payment_intents", params);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          pm_card_visa, visa, 4242
          pm_card_visa_debit, visa, 5556
          pm_card_mastercard, mastercard, 4444
          pm_card_amex, amex, 0005
          pm_card_discover, discover, 1117
          pm_card_diners, diners, 0004
          pm_card_jcb, jcb, 0505
          pm_card_unionpay, unionpay, 0005
          pm_card_bypassPending, visa, 0077
          pm_card_riskLevelHighest, visa, 4954
          pm_card_riskLevelElevated, visa, 9235
          pm_card_cvcCheckFail, visa, 0101
          pm_card_threeDSecureOptional, visa, 3055
          pm_card_threeDSecureOptionalProcessingError, visa, 3097
          pm_card_amex_threeDSecureNotSupported, amex, 0005
          pm_card_createDispute, visa, 0259
          pm_card_pendingRefund, visa, 7726
          """)
  void accepts(String token, String brand, String last4) {
    JsonObject intent = pay(token, "expand[]", "payment_method").json();

    assertThat(intent.getString("status")).isEqualTo("succeeded");
    JsonObject card = intent.getJsonObject("payment_method").getJsonObject("card");
    assertThat(card.getString("brand")).isEqualTo(brand);
    assertThat(card.getString("last4")).isEqualTo(last4);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          pm_card_visa_chargeDeclined, card_declined, generic_decline, try_again_later, , issuer_declined
          pm_card_chargeDeclined, card_declined, generic_decline, try_again_later, , issuer_declined
          pm_card_visa_chargeDeclinedInsufficientFunds, card_declined, insufficient_funds, try_again_later, , issuer_declined
          pm_card_visa_chargeDeclinedLostCard, card_declined, lost_card, do_not_try_again, , issuer_declined
          pm_card_visa_chargeDeclinedStolenCard, card_declined, stolen_card, do_not_try_again, , issuer_declined
          pm_card_visa_chargeDeclinedVelocityLimitExceeded, card_declined, card_velocity_exceeded, , , issuer_declined
          pm_card_chargeDeclinedExpiredCard, expired_card, expired_card, confirm_card_data, exp_month, issuer_declined
          pm_card_chargeDeclinedIncorrectCvc, incorrect_cvc, incorrect_cvc, confirm_card_data, cvc, issuer_declined
          pm_card_chargeDeclinedProcessingError, processing_error, processing_error, try_again_later, , issuer_declined
          pm_card_chargeDeclinedFraudulent, card_declined, fraudulent, , , blocked
          pm_card_radarBlock, card_declined, fraudulent, , , blocked
          pm_card_threeDSecureRequiredProcessingError, card_declined, generic_decline, try_again_later, , issuer_declined
          """)
  void declines(
      String token,
      String code,
      String declineCode,
      String adviceCode,
      String param,
      String outcomeType) {
    Reply declined = pay(token);

    assertThat(declined.status()).isEqualTo(402);
    JsonObject error = declined.error();
    assertThat(error.getString("type")).isEqualTo("card_error");
    assertThat(error.getString("code")).isEqualTo(code);
    assertThat(error.getString("decline_code")).isEqualTo(declineCode);
    assertThat(error.getString("advice_code")).isEqualTo(adviceCode);
    assertThat(error.getString("param")).isEqualTo(param);
    assertThat(error.getString("message")).isNotEmpty();
    assertThat(error.getString("doc_url")).isNotEmpty();
    assertThat(error.getJsonObject("payment_method").getString("id")).startsWith("pm_");

    JsonObject intent = error.getJsonObject("payment_intent");
    assertThat(intent.getString("status")).isEqualTo("requires_payment_method");
    assertThat(intent.getString("latest_charge")).isEqualTo(error.getString("charge"));
    assertThat(intent.getJsonObject("last_payment_error").getString("code")).isEqualTo(code);

    JsonObject charge = SIMULATOR.caller().get("/v1/charges/" + error.getString("charge")).json();
    assertThat(charge.getString("status")).isEqualTo("failed");
    assertThat(charge.getBoolean("paid")).isFalse();
    assertThat(charge.getString("failure_code")).isEqualTo(code);
    assertThat(charge.getJsonObject("outcome").getString("type")).isEqualTo(outcomeType);
    assertThat(charge.getJsonObject("outcome").getString("advice_code")).isEqualTo(adviceCode);
    assertThat(SIMULATOR.simulator().truth().approved()).isEmpty();
    assertThat(SIMULATOR.simulator().truth().charges())
        .extracting(Authorization::status)
        .containsExactly(Authorization.Status.FAILED);
  }

  /** Every row of the published deck, whatever the tables above say. */
  @Test
  void followsThePublishedDeck() throws IOException {
    assumeThat(Files.exists(DECK)).as("the published deck is at hand").isTrue();
    List<String[]> rows =
        Files.readAllLines(DECK).stream()
            .map(line -> line.split("\t", -1))
            .filter(row -> row[0].startsWith("pm_card_"))
            .toList();
    assertThat(rows).isNotEmpty();

    for (String[] row : rows) {
      check(row[0], row[2], row[3], row[4], row[5]);
    }
  }

  private static void check(
      String token, String outcome, String code, String declineCode, String advice) {
    Reply paid = pay(token);
    if (outcome.contains("3DS ok") || outcome.contains("requires_action")) {
      assertThat(paid.json().getString("status")).as(token).isEqualTo("requires_action");
      SIMULATOR.simulator().completeChallenge(paid.json().getString("id"), true);
      JsonObject intent =
          SIMULATOR.caller().get("/v1/payment_intents/" + paid.json().getString("id")).json();
      boolean declined = outcome.contains("decline") && !outcome.contains("off-session");
      assertThat(intent.getString("status"))
          .as(token)
          .isEqualTo(declined ? "requires_payment_method" : "succeeded");
      if (declined) {
        checkError(token, intent.getJsonObject("last_payment_error"), code, declineCode, advice);
      }
    } else if (code.isEmpty() && !outcome.equals("3DS lookup error")) {
      assertThat(paid.status()).as(token).isEqualTo(200);
      assertThat(paid.json().getString("status")).as(token).isEqualTo("succeeded");
    } else {
      assertThat(paid.status()).as(token).isEqualTo(402);
      checkError(token, paid.error(), code, declineCode, advice);
      if (outcome.contains("param ")) {
        assertThat(outcome).as(token).contains("param " + paid.error().getString("param"));
      }
    }
  }

  private static void checkError(
      String token, JsonObject error, String code, String declineCode, String advice) {
    if (!code.isEmpty()) {
      assertThat(error.getString("code")).as(token).isEqualTo(code);
    }
    if (!declineCode.isEmpty()) {
      assertThat(error.getString("decline_code")).as(token).isEqualTo(declineCode);
    }
    if (!advice.isEmpty()) {
      assertThat(error.getString("advice_code")).as(token).isEqualTo(advice);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pm_card_authenticationRequired",
        "pm_card_authenticationRequiredOnSetup",
        "pm_card_threeDSecure2Required"
      })
  void declinesOffSessionWhatNeedsTheCardholder(String token) {
    Reply declined = pay(token, "off_session", "true");

    assertThat(declined.status()).isEqualTo(402);
    assertThat(declined.error().getString("code")).isEqualTo("authentication_required");
    assertThat(declined.error().getString("decline_code")).isEqualTo("authentication_required");
  }

  @Test
  void paysOffSessionOnceTheCardWasSetUp() {
    String customer =
        SIMULATOR.caller().post("/v1/customers", "email", "a@example.com").json().getString("id");
    JsonObject first =
        pay(
                "pm_card_authenticationRequiredOnSetup",
                "customer",
                customer,
                "setup_future_usage",
                "off_session")
            .json();
    assertThat(first.getString("status")).isEqualTo("requires_action");
    assertThat(SIMULATOR.simulator().completeChallenge(first.getString("id"), true)).isTrue();

    JsonObject later =
        pay(first.getString("payment_method"), "customer", customer, "off_session", "true").json();

    assertThat(later.getString("status")).isEqualTo("succeeded");
  }

  @Test
  void paysOffSessionWithACardThatWasSetUpElsewhere() {
    assertThat(
            pay("pm_card_authenticationRequiredSetupForOffSession", "off_session", "true")
                .json()
                .getString("status"))
        .isEqualTo("succeeded");
  }

  @Test
  void showsFailedChecksOnTheCharge() {
    JsonObject intent = pay("pm_card_cvcCheckFail", "expand[]", "latest_charge").json();

    JsonObject checks =
        intent
            .getJsonObject("latest_charge")
            .getJsonObject("payment_method_details")
            .getJsonObject("card")
            .getJsonObject("checks");
    assertThat(checks.getString("cvc_check")).isEqualTo("fail");
  }
}
