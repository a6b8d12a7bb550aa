package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import simulator.CallMatch;
import simulator.Fault;
import simulator.Operation;
import simulator.adyen.ComponentEncryption;
import simulator.webhooks.EventMatch;
import simulator.webhooks.WebhookFault;
import support.Await;
import support.TestGateway;

/**
 * Cards as Adyen's component in the customer's browser gives them, on their way through the API.
 */
final class AdyenCardTokensIT {
  private static final String PAYMENTS = "/v1/payment_intents";
  private static final String TOKEN = "payment_method_data[card][token]";

  /** As long as Adyen's document lets a field be. */
  private static final int LONGEST = 15_000;

  private static final CallMatch AUTHORIZE = CallMatch.of(Operation.AUTHORIZE);

  private static TestGateway gateway;
  private static Till till;

  @BeforeAll
  static void start() {
    gateway = Behind.ADYEN.start();
    till = new Till(gateway);
  }

  @AfterAll
  static void close() {
    till.close();
    gateway.close();
  }

  @AfterEach
  void theBooksBalance() {
    Behind.ADYEN.balance(gateway);
  }

  /** The state of a component into which a card was typed. */
  private static JsonObject component(String number, int length) {
    return new JsonObject()
        .put("riskData", new JsonObject().put("clientData", "eyJ2ZXJzaW9uIjoiMS4wLjAifQ=="))
        .put(
            "paymentMethod",
            new JsonObject()
                .put("type", "scheme")
                .put("holderName", "Ann Lee")
                .put("encryptedCardNumber", ComponentEncryption.encrypt(number, length))
                .put("encryptedExpiryMonth", ComponentEncryption.encrypt("03", length))
                .put("encryptedExpiryYear", ComponentEncryption.encrypt("2030", length))
                .put("encryptedSecurityCode", ComponentEncryption.encrypt("737", length)))
        .put(
            "browserInfo",
            new JsonObject()
                .put("acceptHeader", "*/*")
                .put("colorDepth", 24)
                .put("javaEnabled", false)
                .put("language", "en")
                .put("screenHeight", 900)
                .put("screenWidth", 1440)
                .put("timeZoneOffset", -60)
                .put("userAgent", "Mozilla/5.0"))
        .put("clientStateDataIndicator", true);
  }

  private static JsonObject component() {
    return component("4111111111111111", 700);
  }

  private static String form(JsonObject token, String more) {
    return "amount=1099&currency=usd&confirm=true&payment_method_data[type]=card&"
        + TOKEN
        + "="
        + URLEncoder.encode(token.encode(), StandardCharsets.UTF_8)
        + more;
  }

  private static String customer() {
    return till.post("/v1/customers", "email=ann@example.com").expect(200).id();
  }

  private static void paid(String id) {
    assertThat(till.charges(id)).hasSize(1);
    JsonObject card =
        till.get(PAYMENTS + "/" + id + "?expand[]=latest_charge")
            .expect(200)
            .body()
            .getJsonObject("latest_charge")
            .getJsonObject("payment_method_details")
            .getJsonObject("card");
    assertThat(card.getString("last4")).isEqualTo("1111");
    assertThat(card.getJsonObject("checks").getString("cvc_check")).isEqualTo("pass");
  }

  @Test
  void paysWithAFormAndRepeatsIt() {
    String key = Till.newKey();
    String form = form(component(), "");
    Till.Reply first = till.post(PAYMENTS, form, key).in("succeeded");
    paid(first.id());
    Till.Reply again = till.post(PAYMENTS, form, key).in("succeeded");
    assertThat(again.replayed()).isTrue();
    assertThat(again.text()).isEqualTo(first.text());
    assertThat(till.post(PAYMENTS, form(component("4111111111111111", 701), ""), key).status())
        .isEqualTo(400);
    assertThat(till.charges(first.id())).hasSize(1);
  }

  @Test
  void paysWithJsonAndTheLongestFields() {
    JsonObject body =
        new JsonObject()
            .put("amount", 1_099)
            .put("currency", "usd")
            .put("confirm", true)
            .put(
                "payment_method_data",
                new JsonObject()
                    .put("type", "card")
                    .put(
                        "card",
                        new JsonObject()
                            .put("token", component("4111111111111111", LONGEST).encode())));
    paid(till.postJson(PAYMENTS, body).in("succeeded").id());
  }

  @Test
  void confirmsLaterWithIt() {
    String id = till.post(PAYMENTS, "amount=1099&currency=usd").in("requires_payment_method").id();
    String form =
        "payment_method_data[type]=card&"
            + TOKEN
            + "="
            + URLEncoder.encode(component().encode(), StandardCharsets.UTF_8);
    till.post(PAYMENTS + "/" + id + "/confirm", form).in("succeeded");
    paid(id);
  }

  @Test
  void showsNothingOfItToAnybody() {
    JsonObject token = component();
    String id = till.post(PAYMENTS, form(token, "")).in("succeeded").id();
    Await.until("it is listed", () -> till.get("/v1/events?limit=100").text().contains(id));
    List<String> seen =
        List.of(
            till.get(PAYMENTS + "/" + id + "?expand[]=payment_method&expand[]=latest_charge")
                .text(),
            till.get("/v1/events?limit=100").text(),
            gateway.operator("/ops/payments/" + id).body());
    for (String text : seen) {
      assertThat(text)
          .doesNotContain("encrypted")
          .doesNotContain("simulated_")
          .doesNotContain("clientData");
    }
  }

  // ---- what is kept of it

  /** Everything in the database that holds something of what the component encrypted. */
  private static String keeping() {
    return text(
        """
        SELECT coalesce(string_agg(format('%s %s', place, row), E'\\n'), '') FROM (
          SELECT 'operation' AS place, to_jsonb(t)::text AS row FROM operation t
          UNION ALL SELECT 'payment', to_jsonb(t)::text FROM payment t
          UNION ALL SELECT 'payment_method', to_jsonb(t)::text FROM payment_method t
          UNION ALL SELECT 'idempotency_key', to_jsonb(t)::text FROM idempotency_key t
          UNION ALL SELECT 'payment_event', to_jsonb(t)::text FROM payment_event t
          UNION ALL SELECT 'outbox', to_jsonb(t)::text FROM outbox t
          UNION ALL SELECT 'payment_change', to_jsonb(t)::text FROM payment_change t) everything
        WHERE row LIKE '%simulated\\_%'
        """);
  }

  private static String text(String sql) {
    try (var connection = gateway.database().connect();
        var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void keepsNothingOfACardThatWasPaidWith() {
    String id = till.post(PAYMENTS, form(component(), "")).in("succeeded").id();
    assertThat(keeping()).isEmpty();
    String method = till.get(PAYMENTS + "/" + id).body().getString("payment_method");
    JsonObject error = till.post(PAYMENTS, Till.form(1_099, method, "")).expect(400).error();
    assertThat(error.getString("param")).isEqualTo("payment_method");
    assertThat(error.getString("message")).contains("collect the card again");
    String attach = "/v1/payment_methods/" + method + "/attach";
    assertThat(till.post(attach, "customer=" + customer()).expect(400).error().getString("message"))
        .contains("collect the card again");
  }

  @Test
  void keepsNothingOfACardThatWasDeclined() {
    JsonObject token = component();
    token.getJsonObject("paymentMethod").put("holderName", "DECLINED");
    assertThat(till.post(PAYMENTS, form(token, "")).expect(402).error().getString("code"))
        .isEqualTo("card_declined");
    assertThat(keeping()).isEmpty();
  }

  /** The challenge is answered with what the browser brings back, not with the card. */
  @Test
  void keepsNothingOfACardWhileItsOwnerIsAskedAndTakesTheMoney() {
    JsonObject token = component("4212345678901237", 700);
    Till.Reply begun =
        till.post(PAYMENTS, form(token, "&return_url=https://shop.example/back"))
            .in("requires_action");
    assertThat(keeping()).isEmpty();
    try (var cardholder = new Cardholder()) {
      cardholder.answers(gateway, Cardholder.page(begun.body()), true);
    }
    till.settles(begun.id(), "succeeded");
    assertThat(till.charges(begun.id())).hasSize(1);
  }

  /** Until the PSP has answered it may have to be sent again, byte for byte. */
  @Test
  void keepsItUntilAnAnswerIsThere() {
    gateway.simulator().faults().always(AUTHORIZE, Fault.answerLost());
    gateway.simulator().faults().webhooks().next(EventMatch.any(), WebhookFault.drop());
    String id = till.post(PAYMENTS, form(component(), "")).expect(200).id();
    assertThat(keeping()).contains("\"unknown\"").doesNotContain("payment_method {");
    gateway.simulator().faults().clear();
    till.settles(id, "succeeded");
    assertThat(till.calls(id, "authorize")).hasSizeGreaterThan(1);
    paid(id);
    assertThat(keeping()).isEmpty();
  }

  @Test
  void keepsNothingOfACardThatWasSaved() {
    String customer = customer();
    till.post(PAYMENTS, form(component(), "&setup_future_usage=off_session&customer=" + customer))
        .in("succeeded");
    assertThat(keeping()).isEmpty();
  }

  @Test
  void savesTheCardOfAPaymentAndTakesMoneyWithItLater() {
    String customer = customer();
    String method =
        till.post(
                PAYMENTS, form(component(), "&setup_future_usage=off_session&customer=" + customer))
            .in("succeeded")
            .text("payment_method");
    payAwayAndForget(method, customer);
  }

  @Test
  void savesACardWithoutAPaymentAndTakesMoneyWithItLater() {
    String customer = customer();
    String form = form(component(), "").replace("&confirm=true", "");
    String method = till.post(PAYMENTS, form).in("requires_confirmation").text("payment_method");
    JsonObject attached =
        till.post("/v1/payment_methods/" + method + "/attach", "customer=" + customer)
            .expect(200)
            .body();
    assertThat(attached.getJsonObject("card").getString("last4")).isEqualTo("1111");
    payAwayAndForget(method, customer);
  }

  private static void payAwayAndForget(String method, String customer) {
    String later =
        till.post(PAYMENTS, Till.form(2_000, method, "off_session=true&customer=" + customer))
            .in("succeeded")
            .id();
    assertThat(till.charges(later)).hasSize(1);
    till.post("/v1/payment_methods/" + method + "/detach", "").expect(200);
    assertThat(
            till.post(PAYMENTS, Till.form(2_000, method, "off_session=true&customer=" + customer))
                .status())
        .isBetween(400, 402);
  }

  // ---- what is refused before anything is kept

  @ParameterizedTest
  @ValueSource(strings = {"ideal", "klarna", "googlepay", "bcmc"})
  void takesNoOtherMethodThanCards(String type) {
    JsonObject token = component();
    token.getJsonObject("paymentMethod").put("type", type);
    JsonObject error = till.post(PAYMENTS, form(token, "")).expect(400).error();
    assertThat(error.getString("param")).isEqualTo(TOKEN);
    assertThat(error.getString("message")).contains("scheme");
  }

  @Test
  void takesNoCardDataThatIsNotEncrypted() {
    JsonObject plain = component();
    plain.getJsonObject("paymentMethod").put("encryptedCardNumber", "test_4111111111111111");
    JsonObject error = till.post(PAYMENTS, form(plain, "")).expect(400).error();
    assertThat(error.getString("code")).isEqualTo("card_number_not_accepted");

    JsonObject code = component();
    code.getJsonObject("paymentMethod").put("cvc", "737");
    assertThat(till.post(PAYMENTS, form(code, "")).expect(400).error().getString("param"))
        .isEqualTo(TOKEN);
  }

  @Test
  void takesNoneForAPaymentMethodsId() {
    String token = "{\"type\":\"scheme\",\"encryptedCardNumber\":\"a\"}";
    JsonObject error =
        till.post(PAYMENTS, Till.form(1_099, URLEncoder.encode(token, StandardCharsets.UTF_8), ""))
            .expect(400)
            .error();
    assertThat(error.getString("param")).isEqualTo("payment_method");
  }

  @Test
  void takesNoStoredCardOfAnotherShopper() {
    String customer = customer();
    String other = customer();
    for (String more : new String[] {"customer=" + customer, ""}) {
      JsonObject error =
          till.post(PAYMENTS, Till.form(1_099, other + "/M5N7TQ4TG5PFWR50", more))
              .expect(400)
              .error();
      assertThat(error.getString("param")).isEqualTo("payment_method");
    }
  }
}
