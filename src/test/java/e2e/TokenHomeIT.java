package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import config.DevelopmentSecrets;
import config.MerchantSettings;
import config.PspKind;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import simulator.adyen.ComponentEncryption;
import support.Books;
import support.TestGateway;

/** A merchant with Adyen before Stripe: what a PSP's page gave goes to that PSP. */
final class TokenHomeIT {
  private static final String ADYEN = "adyen_first";
  private static final String STRIPE = "stripe_second";
  private static final String PAYMENTS = "/v1/payment_intents";

  private static TestGateway gateway;
  private static Till till;

  @BeforeAll
  static void start() {
    gateway = TestGateway.startWith(TokenHomeIT::both);
    till = new Till(gateway);
  }

  @AfterAll
  static void close() {
    till.close();
    gateway.close();
  }

  @AfterEach
  void theBooksBalance() {
    new Books(
            gateway.database(),
            gateway.simulator(),
            TestGateway.PSP_KEY,
            DevelopmentSecrets.ADYEN_SIMULATOR_KEY)
        .balance();
  }

  private static List<MerchantSettings> both(List<MerchantSettings> demo) {
    MerchantSettings merchant = demo.getFirst();
    return List.of(
        new MerchantSettings(
            merchant.id(),
            merchant.keys(),
            List.of(
                AtSimulator.account(
                    ADYEN, PspKind.ADYEN, DevelopmentSecrets.ADYEN_SIMULATOR_KEY, 1),
                AtSimulator.account(STRIPE, PspKind.STRIPE, TestGateway.PSP_KEY, 2))));
  }

  /** What Stripe's Elements do in a browser: a payment method at Stripe, known there alone. */
  private static String elements() {
    try (var browser = HttpClient.newHttpClient()) {
      HttpResponse<String> made =
          browser.send(
              HttpRequest.newBuilder(
                      URI.create(gateway.simulator().baseUrl() + "/v1/payment_methods"))
                  .header("Authorization", "Bearer " + TestGateway.PSP_KEY)
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .POST(HttpRequest.BodyPublishers.ofString("type=card&card[token]=tok_visa"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
      return new JsonObject(made.body()).getString("id");
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static String component() {
    return new JsonObject()
        .put("type", "scheme")
        .put("encryptedCardNumber", ComponentEncryption.encrypt("4111111111111111"))
        .put("encryptedExpiryMonth", ComponentEncryption.encrypt("03"))
        .put("encryptedExpiryYear", ComponentEncryption.encrypt("2030"))
        .put("encryptedSecurityCode", ComponentEncryption.encrypt("737"))
        .encode();
  }

  private static String byCardToken(String token) {
    return "amount=1099&currency=usd&confirm=true&payment_method_data[type]=card"
        + "&payment_method_data[card][token]="
        + URLEncoder.encode(token, StandardCharsets.UTF_8);
  }

  private static void taken(Till.Reply reply, String account) {
    assertThat(TwoAccounts.authorizations(gateway, reply.in("succeeded").id()))
        .containsExactly(account + " succeeded");
  }

  @Test
  void whatStripesPageGaveGoesToStripe() {
    taken(till.post(PAYMENTS, Till.form(1_099, elements(), "")), STRIPE);
  }

  @Test
  void whatAdyensComponentGaveGoesToAdyen() {
    taken(till.post(PAYMENTS, byCardToken(component())), ADYEN);
  }

  @Test
  void testTokensGoToTheFirst() {
    taken(till.post(PAYMENTS, Till.form(1_099, "pm_card_visa", "")), ADYEN);
    taken(till.post(PAYMENTS, byCardToken("tok_visa")), ADYEN);
  }

  @Test
  void aCardOfStripesPageIsSavedAtStripe() {
    String customer = till.post("/v1/customers", "email=ann@example.com").expect(200).id();
    String method = elements();
    till.post("/v1/payment_methods/" + method + "/attach", "customer=" + customer).expect(200);
    taken(
        till.post(PAYMENTS, Till.form(1_099, method, "off_session=true&customer=" + customer)),
        STRIPE);
  }
}
