package simulator.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import simulator.SimulatorExtension;

/** Objects carry every key that Stripe's published examples carry, also inside. */
class ObjectShapesTest {
  private static final Path FIXTURES = Path.of("../shared/specs/stripe/fixtures3.json");

  @RegisterExtension static final SimulatorExtension SIMULATOR = new SimulatorExtension();

  private JsonObject fixtures = new JsonObject();

  @BeforeEach
  void readFixtures() throws IOException {
    assumeThat(Files.exists(FIXTURES)).as("Stripe's examples are at hand").isTrue();
    fixtures = new JsonObject(Files.readString(FIXTURES)).getJsonObject("resources");
  }

  private static JsonObject paid() {
    return SIMULATOR
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
            "pm_card_visa",
            "automatic_payment_methods[enabled]",
            "true")
        .json();
  }

  @Test
  void paymentIntent() {
    assertHasKeysOf("payment_intent", paid());
  }

  @Test
  void charge() {
    JsonObject charge =
        SIMULATOR.caller().get("/v1/charges/" + paid().getString("latest_charge")).json();
    assertHasKeysOf("charge", charge);
  }

  @Test
  void refund() {
    JsonObject refund =
        SIMULATOR.caller().post("/v1/refunds", "payment_intent", paid().getString("id")).json();
    assertHasKeysOf("refund", refund);
  }

  @Test
  void customer() {
    assertHasKeysOf(
        "customer", SIMULATOR.caller().post("/v1/customers", "address[city]", "Paris").json());
  }

  @Test
  void paymentMethod() {
    assertHasKeysOf(
        "payment_method", SIMULATOR.caller().get("/v1/payment_methods/pm_card_visa").json());
  }

  @Test
  void dispute() {
    String dispute =
        SIMULATOR.simulator().dashboard().dispute(paid().getString("id"), null, "general").id();
    assertHasKeysOf("dispute", SIMULATOR.caller().get("/v1/disputes/" + dispute).json());
  }

  @Test
  void event() {
    paid();
    JsonObject example = fixtures.getJsonObject("event");
    example.getJsonObject("data").put("object", fixtures.getJsonObject("payment_intent"));
    assertHasKeysOf(
        "event",
        SIMULATOR
            .caller()
            .get("/v1/events?type=payment_intent.succeeded")
            .json()
            .getJsonArray("data")
            .getJsonObject(0));
  }

  private void assertHasKeysOf(String resource, JsonObject shown) {
    Set<String> missing = new TreeSet<>();
    compare("", fixtures.getJsonObject(resource), shown, missing);
    missing.removeIf(name -> name.endsWith("metadata.order_id"));
    assertThat(missing).as("keys missing in " + resource).isEmpty();
  }

  private static void compare(
      String where, JsonObject example, JsonObject shown, Set<String> missing) {
    for (String name : example.fieldNames()) {
      if (!shown.containsKey(name)) {
        missing.add(where + name);
      } else if (example.getValue(name) instanceof JsonObject inner
          && shown.getValue(name) instanceof JsonObject shownInner) {
        compare(where + name + ".", inner, shownInner, missing);
      }
    }
  }
}
