package simulator.adyen;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import simulator.Authorization;
import simulator.Caller.Reply;
import simulator.SimulatorExtension;

/** Payments with cards, saved ones too. */
class PaymentsTest {
  @RegisterExtension static final SimulatorExtension SIMULATOR = new SimulatorExtension();

  private final Shop shop = new Shop(SIMULATOR);

  private static Authorization charge() {
    return SIMULATOR.simulator().truth().account(Shop.KEY).charges().getLast();
  }

  @Test
  void areAuthorised() {
    JsonObject answer = shop.post(Shop.PAYMENTS, "key-1", Shop.payment()).json();

    assertThat(answer.getString("resultCode")).isEqualTo("Authorised");
    assertThat(answer.getString("pspReference")).hasSize(16);
    assertThat(answer.getString("merchantReference")).isEqualTo("order-1");
    assertThat(answer.getJsonObject("amount")).isEqualTo(Shop.amount(1000));
    assertThat(answer.getJsonObject("paymentMethod").getString("brand")).isEqualTo("visa");
    assertThat(answer.getJsonObject("fraudResult").getInteger("accountScore")).isLessThan(100);
    assertThat(answer.containsKey("refusalReason")).isFalse();
    assertThat(answer.getJsonObject("additionalData").getMap())
        .containsAllEntriesOf(
            Map.of(
                "cardSummary", "1111",
                "expiryDate", "3/2030",
                "paymentMethod", "visa",
                "fundingSource", "CREDIT",
                "issuerCountry", "NL",
                "cvcResult", "1 Matches",
                "avsResult", "5 No AVS data provided"))
        .hasEntrySatisfying("authCode", code -> assertThat((String) code).matches("\\d{6}"));
    assertThat(charge().status()).isEqualTo(Authorization.Status.AUTHORIZED);
    assertThat(charge().idempotencyKey()).isEqualTo("key-1");
    assertThat(charge().metadata())
        .containsEntry("operation_id", "op-1")
        .containsEntry("reference", "order-1");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          4111111111111111, visa, credit
          5555555555554444, mc, credit
          370000000000002, amex, credit
          6011601160116611, discover, credit
          4400000000000008, visa, debit
          4242424242424242, visa, credit
          """)
  void takeTestNumbers(String number, String brand, String funding) {
    JsonObject additional =
        shop.post(Shop.PAYMENTS, Shop.payment(Shop.card(number)))
            .json()
            .getJsonObject("additionalData");

    assertThat(additional.getString("paymentMethod")).isEqualTo(brand);
    assertThat(additional.getString("fundingSource")).isEqualToIgnoringCase(funding);
    assertThat(additional.getString("cvcResult")).isEqualTo("1 Matches");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          0, true, AUTHORIZED
          0, , CAPTURED
          , , CAPTURED
          24, , AUTHORIZED
          , false, CAPTURED
          """)
  void areCapturedAtOnceUnlessToldOtherwise(
      Integer delayHours, String manual, Authorization.Status status) {
    JsonObject payment = Shop.payment();
    payment.remove("additionalData");
    if (manual != null) {
      payment.put("additionalData", new JsonObject().put("manualCapture", manual));
    }
    if (delayHours != null) {
      payment.put("captureDelayHours", delayHours);
    }

    shop.authorised(payment);

    assertThat(charge().status()).isEqualTo(status);
  }

  @Test
  void areCapturedWhenAskedForWhereThatIsTheAccountsSetting() {
    SIMULATOR.simulator().adyen().usualCapture(AdyenControls.UsualCapture.MANUAL);
    JsonObject payment = Shop.payment();
    payment.remove("additionalData");

    shop.authorised(payment);

    assertThat(charge().status()).isEqualTo(Authorization.Status.AUTHORIZED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1      | 1012AB | 7 Both postal code and address match
          1      | 99900  | 1 Address matches, postal code doesn't
          999    | 1012AB | 6 Postal code matches, address doesn't match
          999    | 99900  | 2 Neither postal code nor address match
          000    | 1012AB | 3 AVS unavailable
          """)
  void tellWhatTheIssuerSaysOfTheAddress(String house, String postalCode, String result) {
    JsonObject payment =
        Shop.payment()
            .put(
                "billingAddress",
                new JsonObject()
                    .put("street", "Singel")
                    .put("houseNumberOrName", house)
                    .put("postalCode", postalCode)
                    .put("city", "Amsterdam")
                    .put("country", "NL"));

    assertThat(
            shop.post(Shop.PAYMENTS, payment)
                .json()
                .getJsonObject("additionalData")
                .getString("avsResult"))
        .isEqualTo(result);
  }

  @Test
  void tellThatTheSecurityCodeIsWrong() {
    JsonObject card = Shop.card(Shop.VISA).put("encryptedSecurityCode", "test_123");

    JsonObject answer = shop.post(Shop.PAYMENTS, Shop.payment(card)).json();

    assertThat(answer.getJsonObject("additionalData").getString("cvcResult"))
        .isEqualTo("2 Doesn't match");
  }

  @Test
  void areBlockedAtAHighRisk() {
    JsonObject elevated = shop.post(Shop.PAYMENTS, Shop.payment().put("fraudOffset", 60)).json();
    JsonObject blocked = shop.post(Shop.PAYMENTS, Shop.payment().put("fraudOffset", 200)).json();

    assertThat(elevated.getString("resultCode")).isEqualTo("Authorised");
    assertThat(elevated.getJsonObject("additionalData").getString("fraudResultType"))
        .isEqualTo("AMBER");
    assertThat(blocked.getString("resultCode")).isEqualTo("Refused");
    assertThat(blocked.getString("refusalReason")).isEqualTo("FRAUD");
    assertThat(blocked.getJsonObject("fraudResult").getInteger("accountScore")).isEqualTo(210);
  }

  @Test
  void refuseAnExpiredCard() {
    JsonObject card = Shop.card(Shop.VISA).put("encryptedExpiryYear", "test_2020");

    assertThat(shop.post(Shop.PAYMENTS, Shop.payment(card)).json().getString("refusalReasonCode"))
        .isEqualTo("6");
  }

  @Test
  void saveACardThatPaysAgainWithoutItsHolder() {
    JsonObject first =
        shop.post(
                Shop.PAYMENTS,
                Shop.payment()
                    .put("storePaymentMethod", true)
                    .put("shopperReference", "jenny")
                    .put("recurringProcessingModel", "UnscheduledCardOnFile"))
            .json();
    String token =
        first.getJsonObject("additionalData").getString("recurring.recurringDetailReference");
    JsonObject saved =
        Shop.payment(new JsonObject().put("type", "scheme").put("storedPaymentMethodId", token))
            .put("shopperReference", "jenny")
            .put("shopperInteraction", "ContAuth")
            .put("recurringProcessingModel", "UnscheduledCardOnFile");

    JsonObject again = shop.post(Shop.PAYMENTS, saved).json();

    assertThat(again.getString("resultCode")).isEqualTo("Authorised");
    assertThat(again.getJsonObject("additionalData").getString("cardSummary")).isEqualTo("1111");
    assertThat(again.getJsonObject("additionalData").getString("cvcResult"))
        .isEqualTo("6 No CVC/CVV provided");
    assertThat(charge().instrument()).isEqualTo(token);
    assertThat(shop.post(Shop.PAYMENTS, saved.copy().put("shopperReference", "other")).status())
        .isEqualTo(422);
    String path = "/v71/storedPaymentMethods/" + token + "?merchantAccount=" + Shop.MERCHANT;
    assertThat(shop.delete(path + "&shopperReference=other").status()).isEqualTo(422);
    assertThat(shop.delete(path + "&shopperReference=jenny").status()).isEqualTo(204);
    assertThat(shop.post(Shop.PAYMENTS, saved).json().getString("errorCode")).isEqualTo("800");
  }

  @Test
  void takeCardsThatWereStoredWithoutAPayment() {
    String path = "/v71/storedPaymentMethods";
    JsonObject stored = shop.post(path, Shop.storing("jenny")).json();
    assertThat(stored.getString("lastFour")).isEqualTo("1111");
    assertThat(stored.getString("expiryYear")).isEqualTo("30");
    assertThat(
            shop.get(path + "?merchantAccount=" + Shop.MERCHANT + "&shopperReference=jenny")
                .json()
                .getJsonArray("storedPaymentMethods"))
        .containsExactly(stored);
    assertThat(
            shop.get(path + "?merchantAccount=" + Shop.MERCHANT + "&shopperReference=other")
                .json()
                .getJsonArray("storedPaymentMethods"))
        .isEmpty();
    JsonObject later =
        Shop.payment(
                new JsonObject()
                    .put("type", "scheme")
                    .put("storedPaymentMethodId", stored.getString("id")))
            .put("shopperReference", "jenny")
            .put("shopperInteraction", "ContAuth")
            .put("recurringProcessingModel", "UnscheduledCardOnFile");
    assertThat(shop.post(Shop.PAYMENTS, later).json().getString("resultCode"))
        .isEqualTo("Authorised");
    assertThat(shop.post(path, Shop.storing("jenny").putNull("shopperReference")).status())
        .isEqualTo(422);
    JsonObject ideal =
        Shop.storing("jenny").put("paymentMethod", new JsonObject().put("type", "x"));
    assertThat(shop.post(path, ideal).status()).isEqualTo(422);
  }

  @Test
  void readWhatAComponentEncrypted() {
    JsonObject card =
        Shop.card(Shop.VISA)
            .put("encryptedCardNumber", ComponentEncryption.encrypt(Shop.VISA, 15_000));
    assertThat(shop.post(Shop.PAYMENTS, Shop.payment(card)).json().getString("resultCode"))
        .isEqualTo("Authorised");
    card.put("encryptedCardNumber", "simulated_%%%");
    assertThat(shop.post(Shop.PAYMENTS, Shop.payment(card)).json().getString("errorCode"))
        .isEqualTo("174");
  }

  @Test
  void saveACardForNothing() {
    JsonObject answer =
        shop.post(
                Shop.PAYMENTS,
                Shop.payment()
                    .put("amount", Shop.amount(0))
                    .put("storePaymentMethod", true)
                    .put("shopperReference", "jenny"))
            .json();

    assertThat(answer.getString("resultCode")).isEqualTo("Authorised");
    assertThat(
            answer.getJsonObject("additionalData").getString("tokenization.storedPaymentMethodId"))
        .hasSize(16);
    assertThat(charge().capturedMinor()).isZero();
  }

  static Stream<Arguments> wrongRequests() {
    return Stream.of(
        wrong(403, "901", "merchantAccount", request -> request.remove("merchantAccount")),
        wrong(422, "100", "amount", request -> request.remove("amount")),
        wrong(422, "137", "negative", request -> request.put("amount", Shop.amount(-1))),
        wrong(
            422,
            "138",
            "currency",
            request -> request.getJsonObject("amount").put("currency", "x")),
        wrong(422, "130", "reference", request -> request.remove("reference")),
        wrong(422, "14_030", "returnUrl", request -> request.remove("returnUrl")),
        wrong(422, "14_004", "paymentMethod", request -> request.remove("paymentMethod")),
        wrong(
            422,
            "101",
            "number",
            request -> request.put("paymentMethod", Shop.card("4111111111111112"))),
        wrong(
            422,
            "174",
            "not encrypted",
            request ->
                request.getJsonObject("paymentMethod").put("encryptedCardNumber", Shop.VISA)),
        wrong(
            403,
            "010",
            "plain number",
            request -> request.getJsonObject("paymentMethod").put("number", Shop.VISA)),
        wrong(
            422,
            "129",
            "month",
            request ->
                request.getJsonObject("paymentMethod").put("encryptedExpiryMonth", "test_13")),
        wrong(
            422,
            "177",
            "metadata value",
            request -> request.getJsonObject("metadata").put("note", "x".repeat(81))),
        wrong(
            422,
            "177",
            "metadata key",
            request -> request.getJsonObject("metadata").put("k".repeat(21), "x")),
        wrong(400, "702", "long reference", request -> request.put("reference", "r".repeat(81))),
        wrong(400, "702", "short shopper", request -> request.put("shopperReference", "ab")),
        wrong(400, "702", "unknown field", request -> request.put("colour", "red")),
        wrong(400, "702", "wrong type", request -> request.put("fraudOffset", "high")));
  }

  private static Arguments wrong(
      int status, String code, String what, Consumer<JsonObject> mistake) {
    return Arguments.of(what, status, code, mistake);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongRequests")
  void refuseAWrongRequest(String what, int status, String code, Consumer<JsonObject> mistake) {
    JsonObject request = Shop.payment();
    mistake.accept(request);

    Reply refused = shop.post(Shop.PAYMENTS, request);

    assertThat(refused.status()).as(what).isEqualTo(status);
    assertThat(refused.json().getInteger("status")).isEqualTo(status);
    assertThat(refused.json().getString("errorCode")).isEqualTo(code);
    assertThat(refused.json().getString("message")).isNotEmpty();
    assertThat(refused.json().getString("pspReference")).hasSize(16);
    assertThat(SIMULATOR.simulator().truth().charges()).isEmpty();
  }

  @Test
  void refuseWhatIsNoRequest() {
    assertThat(shop.postText(Shop.PAYMENTS, "{\"amount\":").status()).isEqualTo(400);
    assertThat(shop.post("/v71/nothing", Shop.payment()).status()).isEqualTo(404);
    assertThat(shop.delete(Shop.PAYMENTS).status()).isEqualTo(404);
  }

  @Test
  void needAnAccountOfTheirOwn() {
    String baseUrl = SIMULATOR.simulator().baseUrl();
    Reply without = new Shop(baseUrl, null).post(Shop.PAYMENTS, Shop.payment());
    Reply wrong = new Shop(baseUrl, "sk_test_x").post(Shop.PAYMENTS, Shop.payment());
    String payment = shop.authorised(Shop.payment());

    Reply other =
        new Shop(baseUrl, "adyen_test_other").modify(payment, "cancels", Shop.modification());

    assertThat(without.status()).isEqualTo(401);
    assertThat(without.json().getString("errorType")).isEqualTo("security");
    assertThat(wrong.status()).isEqualTo(401);
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.json().getString("errorCode")).isEqualTo("167");
    assertThat(
            shop.modify(payment, "cancels", Shop.modification().put("merchantAccount", "Other"))
                .status())
        .isEqualTo(403);
  }
}
