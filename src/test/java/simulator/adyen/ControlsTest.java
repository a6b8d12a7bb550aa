package simulator.adyen;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import simulator.Caller.Reply;
import simulator.SimulatorExtension;

/** The controls of the simulated Adyen, as another process uses them. */
class ControlsTest {
  @RegisterExtension static final SimulatorExtension SIMULATOR = new SimulatorExtension();

  private final Shop shop = new Shop(SIMULATOR);

  private static Reply control(String path, String json) {
    return SIMULATOR.caller().postJson("/_simulator/" + path, new JsonObject(json));
  }

  private static JsonObject truth() {
    return SIMULATOR.caller().get("/_simulator/truth?account=" + Shop.KEY).json();
  }

  @Test
  void haveModificationsWait() {
    control("adyen", "{\"modifications\":\"at_settlement\",\"usual_capture\":\"manual\"}");
    String payment = shop.captured(Shop.payment());
    assertThat(truth().getJsonObject("totals").getJsonObject("captured").getLong("eur")).isZero();

    assertThat(control("settle", "{}").json().getInteger("settled")).isEqualTo(1);

    JsonObject charge = truth().getJsonArray("charges").getJsonObject(0);
    assertThat(charge.getString("id")).isEqualTo(payment);
    assertThat(charge.getLong("amount_captured")).isEqualTo(1000);
  }

  @Test
  void completeAChallenge() {
    String payment =
        shop.post(Shop.PAYMENTS, Shop.payment(Shop.card(Shop.CHALLENGED)))
            .json()
            .getString("pspReference");

    JsonObject completed = control("challenges/" + payment, "{\"pass\":true}").json();

    assertThat(completed.getBoolean("completed")).isTrue();
    assertThat(completed.getString("url")).contains("redirectResult=");
    assertThat(control("challenges/" + payment, "{}").json().getBoolean("completed")).isFalse();
  }

  @Test
  void actAsTheDashboard() {
    String payment = shop.captured(Shop.payment());

    assertThat(
            control("dashboard/charges/" + payment + "/refund", "{\"amount\":100}")
                .json()
                .getString("id"))
        .hasSize(16);
    assertThat(control("dashboard/payments/" + payment + "/cancel", "{}").status()).isEqualTo(409);
    assertThat(control("dashboard/payments/" + payment + "/fail-capture", "{}").status())
        .as("part of it is given back")
        .isEqualTo(409);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"modifications\":\"never\"}", "{\"items_per_notification\":1000}"})
  void refuseWhatTheyCannotRead(String json) {
    assertThat(control("adyen", json).status()).isEqualTo(400);
  }
}
