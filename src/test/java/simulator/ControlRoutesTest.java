package simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The controls, as another process uses them. */
class ControlRoutesTest {
  private static final String[] PAYMENT = {
    "amount", "1000", "currency", "usd", "confirm", "true", "payment_method", "pm_card_visa"
  };

  @RegisterExtension static final SimulatorExtension SIMULATOR = new SimulatorExtension();

  private static Caller.Reply pay() {
    return SIMULATOR.caller().postWithKey("/v1/payment_intents", "k", PAYMENT);
  }

  private static Caller.Reply control(String path, String json) {
    return SIMULATOR.caller().postJson("/_simulator/" + path, new JsonObject(json));
  }

  @Test
  void showsTheTruth() {
    String intent = pay().json().getString("id");
    SIMULATOR.caller().postWithKey("/v1/refunds", "r", "payment_intent", intent, "amount", "250");

    JsonObject truth =
        SIMULATOR.caller().get("/_simulator/truth?account=" + Caller.SECRET_KEY).json();

    JsonObject charge = truth.getJsonArray("charges").getJsonObject(0);
    assertThat(charge.getString("payment_intent")).isEqualTo(intent);
    assertThat(charge.getString("idempotency_key")).isEqualTo("k");
    assertThat(charge.getLong("amount_refunded")).isEqualTo(250);
    JsonObject refund = truth.getJsonArray("refunds").getJsonObject(0);
    assertThat(refund.getString("idempotency_key")).isEqualTo("r");
    assertThat(truth.getJsonObject("totals").getJsonObject("captured").getLong("usd"))
        .isEqualTo(1000);
    assertThat(
            SIMULATOR
                .caller()
                .get("/_simulator/truth?account=sk_test_other")
                .json()
                .getJsonArray("charges"))
        .isEmpty();
  }

  @Test
  void takesFaultsAndClearsThem() {
    assertThat(
            control(
                    "faults",
                    "{\"fault\":\"server_error\",\"status\":503,\"match\":{\"operation\":\"authorize\"}}")
                .status())
        .isEqualTo(200);
    assertThat(pay().status()).isEqualTo(503);
    assertThat(SIMULATOR.caller().get("/_simulator/faults").json().getJsonArray("faults"))
        .hasSize(1);

    SIMULATOR.caller().delete("/_simulator/faults");

    assertThat(pay().status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"fault\":\"delay\",\"latency\":{\"kind\":\"fixed\",\"ms\":1}}",
        "{\"fault\":\"delay\",\"latency\":{\"kind\":\"uniform\",\"min_ms\":1,\"max_ms\":2}}",
        "{\"fault\":\"delay\",\"after_effect\":true,\"latency\":{\"kind\":\"lognormal\",\"median_ms\":1,\"p99_ms\":3}}",
        "{\"fault\":\"hang\",\"times\":2}",
        "{\"fault\":\"drop\",\"after_effect\":true,\"rate\":0.5}",
        "{\"fault\":\"rate_limited\",\"retry_after_ms\":2000}",
        "{\"fault\":\"unauthorized\"}",
        "{\"fault\":\"key_in_use\"}",
        "{\"fault\":\"lock_timeout\"}",
        "{\"fault\":\"garbage\",\"form\":\"truncated\"}",
        "{\"fault\":\"page\",\"status\":502}",
        "{\"fault\":\"misstate\",\"field\":\"amount\",\"skew\":1}",
        "{\"fault\":\"wrong_amount\",\"skew\":1,\"match\":{\"metadata\":{\"a\":\"b\"}}}"
      })
  void knowsEveryFault(String rule) {
    assertThat(control("faults", rule).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"fault\":\"nonsense\"}",
        "{\"fault\":\"delay\"}",
        "{\"fault\":\"hang\",\"rate\":2}",
        "{\"fault\":\"hang\",\"times\":\"two\"}",
        "{\"fault\":\"hang\",\"match\":{\"operation\":\"dance\"}}"
      })
  void refusesWhatItCannotRead(String rule) {
    assertThat(control("faults", rule).status()).isEqualTo(400);
  }

  @Test
  void refusesConnectionsForAWhile() {
    control("refuse", "{\"for_ms\":1500}");

    Await.until(ControlRoutesTest::refused);
    Await.until(() -> !refused());

    assertThat(pay().status()).isEqualTo(200);
  }

  private static boolean refused() {
    try {
      SIMULATOR.caller().get("/_simulator/health");
      return false;
    } catch (UncheckedIOException e) {
      return true;
    }
  }

  @Test
  void logsCallsAndForgetsThemOnReset() {
    pay();
    assertThat(SIMULATOR.caller().get("/_simulator/calls").json().getJsonArray("calls"))
        .singleElement()
        .satisfies(
            call -> assertThat(((JsonObject) call).getString("body")).contains("amount=1000"));

    control("reset", "{}");

    assertThat(SIMULATOR.simulator().calls()).isEmpty();
    assertThat(SIMULATOR.simulator().truth().charges()).isEmpty();
  }

  @Test
  void completesChallengesAndSettles() {
    String waiting =
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
                "pm_card_authenticationRequired")
            .json()
            .getString("id");

    assertThat(control("challenges/" + waiting, "{\"pass\":true}").json().getBoolean("completed"))
        .isTrue();
    assertThat(control("settle", "{}").json().getInteger("settled")).isZero();
  }
}
