package simulator.adyen;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import simulator.Authorization;
import simulator.Caller.Reply;
import simulator.SimulatorExtension;

/** 3-D Secure by redirect, as the shopper's browser goes through it. */
class ChallengeTest {
  private static final String DETAILS = Shop.PAYMENTS + "/details";

  @RegisterExtension static final SimulatorExtension SIMULATOR = new SimulatorExtension();

  private final Shop shop = new Shop(SIMULATOR);

  private JsonObject challenged() {
    return shop.post(Shop.PAYMENTS, "challenged", Shop.payment(Shop.card(Shop.CHALLENGED))).json();
  }

  private static String pageOf(JsonObject answer) {
    assertThat(answer.getString("resultCode")).isEqualTo("RedirectShopper");
    JsonObject action = answer.getJsonObject("action");
    assertThat(action.getString("type")).isEqualTo("redirect");
    assertThat(action.getString("method")).isEqualTo("GET");
    return action.getString("url");
  }

  private JsonObject details(URI back) {
    String result = back.getRawQuery().replaceAll(".*redirectResult=", "");
    return shop.post(
            DETAILS,
            new JsonObject()
                .put(
                    "details",
                    new JsonObject()
                        .put("redirectResult", URLDecoder.decode(result, StandardCharsets.UTF_8))))
        .json();
  }

  @Test
  void passingPaysWhenTheShopSendsTheDetails() {
    JsonObject waiting = challenged();
    assertThat(SIMULATOR.caller().get(pageOf(waiting)).body()).contains("value=\"pass\"");

    Reply answered = SIMULATOR.caller().post(pageOf(waiting), "outcome", "pass");
    assertThat(answered.status()).isEqualTo(303);
    String location = String.valueOf(answered.header("Location"));
    assertThat(location).startsWith("https://shop.example/back?order=1&redirectResult=");
    assertThat(SIMULATOR.simulator().truth().charges()).isEmpty();
    JsonObject paid = details(URI.create(location));

    assertThat(paid.getString("resultCode")).isEqualTo("Authorised");
    assertThat(paid.getString("pspReference")).isEqualTo(waiting.getString("pspReference"));
    assertThat(paid.getString("merchantReference")).isEqualTo("order-1");
    assertThat(paid.getJsonObject("additionalData").getString("threeDAuthenticated"))
        .isEqualTo("true");
    assertThat(SIMULATOR.simulator().truth().charges())
        .singleElement()
        .satisfies(
            charge -> {
              assertThat(charge.authenticated()).isTrue();
              assertThat(charge.idempotencyKey()).isEqualTo("challenged");
              assertThat(charge.status()).isEqualTo(Authorization.Status.AUTHORIZED);
            });
    assertThat(details(URI.create(location))).isEqualTo(paid);
    assertThat(SIMULATOR.simulator().truth().charges()).hasSize(1);
  }

  /** As in Adyen's published example. */
  @Test
  void detailsMayBeAnsweredUnderAnotherReferenceAndWithoutWhatIsOptional() {
    SIMULATOR.simulator().adyen().detailsAnswers(AdyenControls.DetailsAnswers.BARE);
    JsonObject waiting = challenged();
    URI back =
        SIMULATOR.simulator().completeChallenge(URI.create(pageOf(waiting)), true).orElseThrow();

    JsonObject paid = details(back);

    assertThat(paid.getString("resultCode")).isEqualTo("Authorised");
    assertThat(paid.containsKey("merchantReference")).isFalse();
    assertThat(paid.containsKey("amount")).isFalse();
    assertThat(paid.getJsonObject("additionalData").containsKey("merchantReference")).isFalse();
    String reference = paid.getString("pspReference");
    assertThat(reference).isNotEqualTo(waiting.getString("pspReference"));
    assertThat(SIMULATOR.simulator().truth().charges())
        .singleElement()
        .satisfies(charge -> assertThat(charge.id()).isEqualTo(reference));
    assertThat(details(back)).isEqualTo(paid);
  }

  @Test
  void failingRefusesThePayment() {
    JsonObject waiting = challenged();
    URI back =
        SIMULATOR.simulator().completeChallenge(URI.create(pageOf(waiting)), false).orElseThrow();

    JsonObject refused = details(back);

    assertThat(refused.getString("resultCode")).isEqualTo("Refused");
    assertThat(refused.getString("refusalReasonCode")).isEqualTo("11");
    assertThat(SIMULATOR.simulator().truth().approved()).isEmpty();
  }

  @Test
  void anOutcomeThatWasAskedForComesAfterTheChallenge() {
    JsonObject waiting =
        shop.post(
                Shop.PAYMENTS,
                Shop.payment(Shop.card(Shop.CHALLENGED).put("holderName", "NOT_ENOUGH_BALANCE")))
            .json();

    URI back = completed(waiting.getString("pspReference"), true);

    assertThat(details(back).getString("refusalReasonCode")).isEqualTo("12");
  }

  private static URI completed(String payment, boolean passed) {
    return SIMULATOR.simulator().adyen().completeChallenge(payment, passed).orElseThrow();
  }

  @Test
  void aChallengeIsAnsweredOnce() {
    challenged();

    assertThat(SIMULATOR.simulator().completeChallenge("order-1", true)).isTrue();
    assertThat(SIMULATOR.simulator().completeChallenge("order-1", false)).isFalse();
    assertThat(SIMULATOR.simulator().completeChallenge("nobody", true)).isFalse();
  }

  @Test
  void detailsOfNothingAreRefused() {
    challenged();

    Reply unknown =
        shop.post(
            DETAILS,
            new JsonObject().put("details", new JsonObject().put("redirectResult", "X6Xtf!Y")));

    assertThat(unknown.status()).isEqualTo(422);
    assertThat(shop.post(DETAILS, new JsonObject()).status()).isEqualTo(422);
    assertThat(SIMULATOR.simulator().truth().charges()).isEmpty();
  }

  @Test
  void theMerchantDecidesForOtherCards() {
    JsonObject always =
        Shop.payment()
            .put("authenticationData", new JsonObject().put("attemptAuthentication", "always"));
    JsonObject never =
        Shop.payment(Shop.card(Shop.CHALLENGED))
            .put("authenticationData", new JsonObject().put("attemptAuthentication", "never"));

    assertThat(shop.post(Shop.PAYMENTS, always).json().getString("resultCode"))
        .isEqualTo("RedirectShopper");
    assertThat(shop.post(Shop.PAYMENTS, never).json().getString("resultCode"))
        .isEqualTo("Authorised");
  }

  @Test
  void nobodyIsThereToBeAsked() {
    JsonObject answer =
        shop.post(
                Shop.PAYMENTS,
                Shop.payment(Shop.card(Shop.CHALLENGED)).put("shopperInteraction", "ContAuth"))
            .json();

    assertThat(answer.getString("resultCode")).isEqualTo("Refused");
    assertThat(answer.getString("refusalReasonCode")).isEqualTo("38");
  }

  @Test
  void aCardOnFileCanStillBeAskedForItsHolder() {
    JsonObject answer =
        shop.post(
                Shop.PAYMENTS,
                Shop.payment(Shop.card(Shop.CHALLENGED))
                    .put("shopperInteraction", "ContAuth")
                    .put("recurringProcessingModel", "CardOnFile"))
            .json();

    assertThat(answer.getString("resultCode")).isEqualTo("RedirectShopper");
  }

  @Test
  void aCardThatWasSavedWithAChallengePaysWithoutItsHolder() {
    JsonObject waiting =
        shop.post(
                Shop.PAYMENTS,
                Shop.payment(Shop.card(Shop.CHALLENGED))
                    .put("storePaymentMethod", true)
                    .put("shopperReference", "jenny"))
            .json();
    String token =
        details(completed(pageOf(waiting), true))
            .getJsonObject("additionalData")
            .getString("recurring.recurringDetailReference");

    JsonObject again =
        shop.post(
                Shop.PAYMENTS,
                Shop.payment(new JsonObject().put("storedPaymentMethodId", token))
                    .put("shopperReference", "jenny")
                    .put("shopperInteraction", "ContAuth"))
            .json();

    assertThat(again.getString("resultCode")).isEqualTo("Authorised");
  }
}
