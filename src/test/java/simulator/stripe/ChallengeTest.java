package simulator.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import simulator.Authorization;
import simulator.Caller.Reply;
import simulator.SimulatorExtension;

/** 3-D Secure, as the customer's browser goes through it. */
class ChallengeTest {
  @RegisterExtension static final SimulatorExtension SIMULATOR = new SimulatorExtension();

  private static JsonObject challenged(String... more) {
    String[] params = new String[more.length + 10];
    String[] usual = {
      "amount",
      "1000",
      "currency",
      "usd",
      "confirm",
      "true",
      "payment_method",
      "pm_card_threeDSecure2Required",
      "return_url",
      "https://shop.example/back?order=1"
    };
    System.arraycopy(usual, 0, params, 0, usual.length);
    System.arraycopy(more, 0, params, usual.length, more.length);
    return SIMULATOR.caller().postWithKey("/v1/payment_intents", "challenged", params).json();
  }

  private static String pageOf(JsonObject intent) {
    JsonObject action = intent.getJsonObject("next_action");
    assertThat(action.getString("type")).isEqualTo("redirect_to_url");
    return action.getJsonObject("redirect_to_url").getString("url");
  }

  private static JsonObject reload(JsonObject intent) {
    return SIMULATOR.caller().get("/v1/payment_intents/" + intent.getString("id")).json();
  }

  @Test
  void passingPaysAndLeadsBackToTheShop() {
    JsonObject intent = challenged();
    assertThat(intent.getString("status")).isEqualTo("requires_action");
    assertThat(SIMULATOR.simulator().truth().charges()).isEmpty();
    assertThat(SIMULATOR.caller().get(pageOf(intent)).body()).contains("value=\"pass\"");

    Reply answered = SIMULATOR.caller().post(pageOf(intent), "outcome", "pass");

    assertThat(answered.status()).isEqualTo(303);
    assertThat(answered.header("Location"))
        .startsWith(
            "https://shop.example/back?order=1&payment_intent="
                + intent.getString("id")
                + "&payment_intent_client_secret="
                + intent.getString("client_secret"));
    assertThat(reload(intent).getString("status")).isEqualTo("succeeded");
    assertThat(reload(intent).getValue("next_action")).isNull();
    assertThat(SIMULATOR.simulator().truth().charges())
        .singleElement()
        .satisfies(
            charge -> {
              assertThat(charge.authenticated()).isTrue();
              assertThat(charge.idempotencyKey()).isEqualTo("challenged");
            });
  }

  @Test
  void passingAManualPaymentLeavesItToBeCaptured() {
    JsonObject intent = challenged("capture_method", "manual");

    SIMULATOR.caller().post(pageOf(intent), "outcome", "pass");

    assertThat(reload(intent).getString("status")).isEqualTo("requires_capture");
    assertThat(SIMULATOR.simulator().truth().charges())
        .extracting(Authorization::status)
        .containsExactly(Authorization.Status.AUTHORIZED);
  }

  @Test
  void failingLeavesThePaymentToBePaidOtherwise() {
    JsonObject intent = challenged();

    SIMULATOR.caller().post(pageOf(intent), "outcome", "fail");

    JsonObject failed = reload(intent);
    assertThat(failed.getString("status")).isEqualTo("requires_payment_method");
    assertThat(failed.getJsonObject("last_payment_error").getString("code"))
        .isEqualTo("payment_intent_authentication_failure");
    assertThat(SIMULATOR.simulator().truth().charges()).isEmpty();
  }

  @Test
  void aChallengeIsAnsweredOnce() {
    JsonObject intent = challenged();

    assertThat(SIMULATOR.simulator().completeChallenge(intent.getString("id"), true)).isTrue();
    assertThat(SIMULATOR.simulator().completeChallenge(intent.getString("id"), true)).isFalse();
    assertThat(SIMULATOR.simulator().truth().charges()).hasSize(1);
  }

  @Test
  void aWaitingPaymentCanBeCanceled() {
    JsonObject intent = challenged();

    SIMULATOR.caller().post("/v1/payment_intents/" + intent.getString("id") + "/cancel");

    assertThat(SIMULATOR.simulator().completeChallenge(intent.getString("id"), true)).isFalse();
    assertThat(reload(intent).getString("status")).isEqualTo("canceled");
  }

  @Test
  void anOptionalChallengeIsMadeWhenAskedFor() {
    JsonObject intent =
        SIMULATOR
            .caller()
            .post(
                "/v1/payment_intents",
                "amount",
                "1000",
                "currency",
                "usd",
                "confirm",
                "true",
                "payment_method",
                "pm_card_threeDSecureOptional",
                "payment_method_options[card][request_three_d_secure]",
                "any")
            .json();

    assertThat(intent.getString("status")).isEqualTo("requires_action");
  }
}
