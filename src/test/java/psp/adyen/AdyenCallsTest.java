package psp.adyen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import payments.DeclineCode;
import psp.PspCall;
import psp.PspCommand;

/** The exact requests, byte for byte where it matters. */
final class AdyenCallsTest {
  private static final String COMPONENT =
      "{\"type\":\"scheme\",\"encryptedCardNumber\":\"adyenjs_1\",\"encryptedExpiryMonth\":\"a\","
          + "\"encryptedExpiryYear\":\"b\",\"encryptedSecurityCode\":\"c\"}";

  private final AdyenCalls calls = new AdyenCalls(Commands.MERCHANT_ACCOUNT, false);

  private JsonObject body(Commands commands) {
    PspCall call = calls.of(commands.command());
    assertThat(call.method()).as(call.body()).isEqualTo("POST");
    assertThat(call.path()).isEqualTo("/v71/payments");
    return new JsonObject(call.body());
  }

  // ---- payments

  @Test
  void takesAnAmountAtOnce() {
    assertThat(calls.of(Commands.plain(COMPONENT).command()))
        .isEqualTo(
            new PspCall(
                "POST",
                "/v71/payments",
                "{\"merchantAccount\":\"SluiceTest\",\"reference\":\"sluice-authorize-1\","
                    + "\"amount\":{\"currency\":\"EUR\",\"value\":1099},"
                    + "\"metadata\":{\"operation_id\":\"sluice-authorize-1\"},\"channel\":\"Web\","
                    + "\"paymentMethod\":"
                    + COMPONENT
                    + ",\"returnUrl\":\"https://shop.test/back\",\"redirectToIssuerMethod\":\"GET\","
                    + "\"redirectFromIssuerMethod\":\"GET\",\"captureDelayHours\":0,"
                    + "\"shopperInteraction\":\"Ecommerce\",\"shopperStatement\":\"SHOP\","
                    + "\"authenticationData\":{\"threeDSRequestData\":"
                    + "{\"nativeThreeDS\":\"disabled\"}}}"));
  }

  @Test
  void holdsAnAmount() {
    JsonObject body = body(Commands.plain(COMPONENT).held());
    assertThat(body.getJsonObject("additionalData"))
        .isEqualTo(new JsonObject().put("manualCapture", "true"));
    assertThat(body.containsKey("captureDelayHours")).isFalse();
  }

  @Test
  void equalCommandsMakeEqualBytes() {
    Commands all =
        Commands.plain(COMPONENT)
            .from("cus_1")
            .storing("off_session")
            .sentTo(
                Map.of("name", "Ann Lee", "address", Map.of("line1", "1 Way", "country", "NL")),
                Map.of("name", "Ann Lee", "email", "ann@example.com"));
    assertThat(calls.of(all.command())).isEqualTo(calls.of(all.command()));
  }

  @Test
  void storesACardForItsShopper() {
    JsonObject body = body(Commands.plain(COMPONENT).from("cus_1").storing("off_session"));
    assertThat(body.getString("shopperReference")).isEqualTo("cus_1");
    assertThat(body.getBoolean("storePaymentMethod")).isTrue();
    assertThat(body.getString("recurringProcessingModel")).isEqualTo("UnscheduledCardOnFile");
    assertThat(body.getString("shopperInteraction")).isEqualTo("Ecommerce");
    assertThat(
            body(Commands.plain(COMPONENT).from("cus_1").storing("on_session"))
                .getString("recurringProcessingModel"))
        .isEqualTo("CardOnFile");
  }

  @Test
  void storesNothingWithoutAShopper() {
    assertThat(
            body(Commands.plain(COMPONENT).storing("off_session"))
                .containsKey("storePaymentMethod"))
        .isFalse();
  }

  @Test
  void paysWithAStoredCardOfWhoeverItWasStoredFor() {
    JsonObject body = body(Commands.plain("cus_1/M5N7TQ4TG5PFWR50").from("cus_2").away());
    assertThat(body.getJsonObject("paymentMethod"))
        .isEqualTo(
            new JsonObject()
                .put("type", "scheme")
                .put("storedPaymentMethodId", "M5N7TQ4TG5PFWR50"));
    assertThat(body.getString("shopperReference")).isEqualTo("cus_1");
    assertThat(body.getString("shopperInteraction")).isEqualTo("ContAuth");
    assertThat(body.getString("recurringProcessingModel")).isEqualTo("UnscheduledCardOnFile");
    assertThat(body(Commands.plain("8415").from("cus_2")).getString("shopperReference"))
        .as("a bare id is the customer's")
        .isEqualTo("cus_2");
  }

  @Test
  void neverAsksForAChallengeThatNobodyCanFollow() {
    for (Commands commands :
        new Commands[] {
          Commands.plain(COMPONENT).unfollowed().wishing("any"),
          Commands.plain("8415").from("cus_1").away().wishing("any")
        }) {
      assertThat(body(commands).getJsonObject("authenticationData"))
          .isEqualTo(new JsonObject().put("attemptAuthentication", "never"));
      assertThat(body(commands).getString("returnUrl")).isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"any", "challenge"})
  void asksForAnAuthenticationThatIsWished(String wish) {
    assertThat(
            body(Commands.plain(COMPONENT).wishing(wish))
                .getJsonObject("authenticationData")
                .getString("attemptAuthentication"))
        .isEqualTo("always");
    assertThat(
            body(Commands.plain(COMPONENT).wishing("automatic"))
                .getJsonObject("authenticationData")
                .containsKey("attemptAuthentication"))
        .isFalse();
  }

  @Test
  void fillsInWhatAdyenWantsOfAddresses() {
    JsonObject body =
        body(
            Commands.plain(COMPONENT)
                .sentTo(
                    Map.of("name", "Ann van Lee", "address", Map.of("line1", "1 Way")),
                    Map.of(
                        "name",
                        "Ann Lee",
                        "email",
                        "ann@example.com",
                        "address",
                        Map.of(
                            "line1", "1 Way",
                            "line2", "Flat 2",
                            "city", "Town",
                            "postal_code", "12345",
                            "state", "CA",
                            "country", "US"))));
    assertThat(body.getJsonObject("billingAddress"))
        .isEqualTo(
            new JsonObject()
                .put("street", "1 Way")
                .put("houseNumberOrName", "Flat 2")
                .put("city", "Town")
                .put("postalCode", "12345")
                .put("country", "US")
                .put("stateOrProvince", "CA"));
    assertThat(body.getJsonObject("deliveryAddress"))
        .isEqualTo(
            new JsonObject()
                .put("street", "1 Way")
                .put("houseNumberOrName", "N/A")
                .put("city", "N/A")
                .put("postalCode", "N/A")
                .put("country", "ZZ")
                .put("firstName", "Ann van")
                .put("lastName", "Lee"));
    assertThat(body.getString("shopperEmail")).isEqualTo("ann@example.com");
    assertThat(body.getJsonObject("paymentMethod").getString("holderName")).isEqualTo("Ann Lee");
  }

  @Test
  void takesTheComponentsWholeState() {
    JsonObject body =
        body(
            Commands.plain(
                "{\"paymentMethod\":"
                    + COMPONENT
                    + ",\"browserInfo\":{\"userAgent\":\"x\"},\"riskData\":{\"clientData\":\"y\"},"
                    + "\"amount\":{\"value\":1}}"));
    assertThat(body.getJsonObject("paymentMethod")).isEqualTo(new JsonObject(COMPONENT));
    assertThat(body.getJsonObject("browserInfo").getString("userAgent")).isEqualTo("x");
    assertThat(body.getJsonObject("riskData").getString("clientData")).isEqualTo("y");
    assertThat(body.getJsonObject("amount").getLong("value")).isEqualTo(1099);
  }

  /** The browser is the customer's: nothing that they could gain by is passed on. */
  @Test
  void passesOnOnlyWhatDescribesTheCardAndTheDevice() {
    JsonObject body =
        body(
            Commands.plain(
                "{\"paymentMethod\":{\"type\":\"scheme\",\"encryptedCardNumber\":\"a\","
                    + "\"brand\":\"visa\",\"holderName\":\"Ann\",\"fundingSource\":\"debit\","
                    + "\"encryptedSecurityCode\":{\"a\":1},\"shopperReference\":\"cus_2\"},"
                    + "\"riskData\":{\"clientData\":\"y\",\"fraudOffset\":-500,"
                    + "\"profileReference\":\"trusted\"}}"));
    assertThat(body.getJsonObject("riskData")).isEqualTo(new JsonObject().put("clientData", "y"));
    assertThat(body.getJsonObject("paymentMethod"))
        .isEqualTo(
            new JsonObject()
                .put("type", "scheme")
                .put("encryptedCardNumber", "a")
                .put("brand", "visa")
                .put("holderName", "Ann"));
  }

  // ---- what is not sent

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"scheme\",\"number\":\"4111111111111111\",\"expiryMonth\":\"03\"}",
        "{\"type\":\"scheme\",\"encryptedCardNumber\":\"a\",\"cvc\":\"737\"}",
        "{\"encryptedCardNumber\":\"a\"}",
        "{\"paymentMethod\":{\"type\":\"scheme\",\"number\":\"4111111111111111\"}}",
        "{\"type\":\"ideal\"}",
        "{\"paymentMethod\":{\"type\":\"klarna\"}}",
        "{\"type\":\"googlepay\",\"encryptedCardNumber\":\"a\"}",
        "{\"type\":\"scheme\"}",
        "{broken",
        "pm_card_noSuchToken",
        "tok_noSuchToken",
        "8415"
      })
  void refusesWhatIsNoPaymentMethodAndKeepsNothingOfIt(String token) {
    PspCall call = calls.of(Commands.plain(token).command());
    assertThat(AdyenCalls.refusal(call)).contains(DeclineCode.REFUSED_BY_PSP);
    assertThat(call.stored()).doesNotContain("4111").doesNotContain("737");
    assertThat(PspCall.ofStored(call.stored())).isEqualTo(call);
  }

  @Test
  void knowsNoTestTokensInLiveMode() {
    assertThat(
            AdyenCalls.refusal(
                new AdyenCalls("M", true).of(Commands.plain("pm_card_visa").command())))
        .contains(DeclineCode.REFUSED_BY_PSP);
  }

  @Test
  void refusesAFractionThatAdyenDoesNotHave() {
    Money amount = Money.of(1050, "idr");
    for (PspCommand command :
        new PspCommand[] {
          Commands.plain(COMPONENT).of(amount).command(),
          new PspCommand.Capture("sluice-capture-1", "psp_1", amount),
          new PspCommand.Refund("sluice-refund-1", "psp_1", amount, null)
        }) {
      assertThat(AdyenCalls.refusal(calls.of(command))).contains(DeclineCode.INVALID_AMOUNT);
    }
  }

  @Test
  void wantsAPaymentMethod() {
    var nothing = Commands.plain("x").command();
    var command =
        new PspCommand.Authorize(
            nothing.operationId(),
            nothing.amount(),
            true,
            null,
            null,
            null,
            false,
            false,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            Map.of(),
            Map.of());
    assertThatThrownBy(() -> calls.of(command)).isInstanceOf(IllegalArgumentException.class);
  }

  // ---- the rest

  @Test
  void captures() {
    assertThat(calls.of(new PspCommand.Capture("sluice-capture-1", "PSP 1", Money.of(700, "jpy"))))
        .isEqualTo(
            new PspCall(
                "POST",
                "/v71/payments/PSP+1/captures",
                "{\"merchantAccount\":\"SluiceTest\",\"reference\":\"capture/sluice-capture-1\","
                    + "\"amount\":{\"currency\":\"JPY\",\"value\":700}}"));
  }

  @Test
  void letsGoOfAHold() {
    assertThat(calls.of(new PspCommand.VoidHold("sluice-void-1", "PSP1", "abandoned")))
        .isEqualTo(
            new PspCall(
                "POST",
                "/v71/payments/PSP1/cancels",
                "{\"merchantAccount\":\"SluiceTest\",\"reference\":\"void/sluice-void-1\"}"));
  }

  @Test
  void letsGoOfWhateverIsUnderOurKey() {
    assertThat(calls.of(new PspCommand.VoidByKey("sluice-let-go-1", "sluice-1")))
        .isEqualTo(
            new PspCall(
                "POST",
                "/v71/cancels",
                "{\"merchantAccount\":\"SluiceTest\",\"paymentReference\":\"sluice-1\","
                    + "\"reference\":\"void/sluice-let-go-1\"}"));
  }

  @ParameterizedTest
  @CsvSource({
    "duplicate, DUPLICATE",
    "fraudulent, FRAUD",
    "requested_by_customer, CUSTOMER REQUEST",
    "other, ",
    ", "
  })
  void refundsWithItsReason(String reason, String theirs) {
    PspCall call =
        calls.of(new PspCommand.Refund("sluice-refund-1", "PSP1", Money.of(300, "eur"), reason));
    assertThat(call.path()).isEqualTo("/v71/payments/PSP1/refunds");
    JsonObject body = new JsonObject(call.body());
    assertThat(body.getString("reference")).isEqualTo("refund/sluice-refund-1");
    assertThat(body.getString("merchantRefundReason")).isEqualTo(theirs);
  }

  @Test
  void reversesWhateverItHasComeTo() {
    assertThat(
            calls.of(new PspCommand.Reverse("sluice-give-back-1", "PSP1", Money.of(1050, "idr"))))
        .isEqualTo(
            new PspCall(
                "POST",
                "/v71/payments/PSP1/reversals",
                "{\"merchantAccount\":\"SluiceTest\",\"reference\":\"refund/sluice-give-back-1\"}"));
  }

  @Test
  void completesAnAuthentication() {
    assertThat(
            calls.of(
                new PspCommand.CompleteAuthentication(
                    "sluice-complete-1",
                    "PSP1",
                    Map.of("redirectResult", "X6XtfGC3!Y", "utm_source", "x"))))
        .isEqualTo(
            new PspCall(
                "POST",
                "/v71/payments/details",
                "{\"details\":{\"redirectResult\":\"X6XtfGC3!Y\"}}"));
  }

  @Test
  void completesNothingWithoutAWordOfAdyens() {
    assertThat(
            AdyenCalls.refusal(
                calls.of(
                    new PspCommand.CompleteAuthentication(
                        "sluice-complete-1", "PSP1", Map.of("utm_source", "x")))))
        .contains(DeclineCode.AUTHENTICATION_FAILED);
  }

  @Test
  void sendsEachTestTokenAsATestCard() {
    assertThat(AdyenTestCards.CARDS.keySet())
        .allSatisfy(
            name -> {
              JsonObject method =
                  body(Commands.plain("pm_card_" + name)).getJsonObject("paymentMethod");
              assertThat(method.getString("encryptedCardNumber")).startsWith("test_");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "pm_card_visa, test_4111111111111111, , ",
    "tok_visa, test_4111111111111111, , ",
    "pm_card_chargeDeclined, test_4111111111111111, 2, ",
    "pm_card_visa_chargeDeclined, test_4111111111111111, 2, ",
    "pm_card_visa_chargeDeclinedInsufficientFunds, test_4111111111111111, 12, ",
    "pm_card_chargeDeclinedExpiredCard, test_4111111111111111, 6, ",
    "pm_card_threeDSecure2Required, test_4212345678901237, , ",
    "pm_card_createDispute, test_4111111111111111, , Chargeback:10.4",
    "pm_card_refundFail, test_4111111111111111, , refund failed",
  })
  void asksForTheOutcomeThatATestTokenStandsFor(
      String token, String number, String code, String holder) {
    JsonObject body = body(Commands.plain(token));
    assertThat(body.getJsonObject("paymentMethod").getString("encryptedCardNumber"))
        .isEqualTo(number);
    assertThat(body.getJsonObject("paymentMethod").getString("holderName")).isEqualTo(holder);
    JsonObject additional = body.getJsonObject("additionalData", new JsonObject());
    assertThat(additional.getString("RequestedTestAcquirerResponseCode")).isEqualTo(code);
  }

  @Test
  void anIssuerThatInsistsRefusesWhereNobodyIsThere() {
    assertThat(
            body(Commands.plain("pm_card_authenticationRequired").away())
                .getJsonObject("additionalData")
                .getString("RequestedTestAcquirerResponseCode"))
        .isEqualTo("38");
    assertThat(
            body(Commands.plain("pm_card_authenticationRequiredSetupForOffSession").away())
                .containsKey("additionalData"))
        .isFalse();
  }
}
