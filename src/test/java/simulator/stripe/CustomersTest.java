package simulator.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import simulator.Caller.Reply;
import simulator.SimulatorExtension;

/** Customers and the cards saved with them. */
class CustomersTest {
  @RegisterExtension static final SimulatorExtension SIMULATOR = new SimulatorExtension();

  private static String customer() {
    return SIMULATOR
        .caller()
        .post("/v1/customers", "email", "jenny@example.com", "name", "Jenny")
        .json()
        .getString("id");
  }

  private static Reply attach(String token, String customer) {
    return SIMULATOR
        .caller()
        .post("/v1/payment_methods/" + token + "/attach", "customer", customer);
  }

  private static Reply pay(String... more) {
    String[] params = new String[more.length + 6];
    String[] usual = {"amount", "1000", "currency", "usd", "confirm", "true"};
    System.arraycopy(usual, 0, params, 0, usual.length);
    System.arraycopy(more, 0, params, usual.length, more.length);
    return SIMULATOR.caller().post("/v1/payment_intents", params);
  }

  @Test
  void livesFromCreationToDeletion() {
    String id = customer();

    JsonObject updated = SIMULATOR.caller().post("/v1/customers/" + id, "phone", "+3312").json();
    assertThat(updated.getString("phone")).isEqualTo("+3312");
    assertThat(updated.getString("name")).isEqualTo("Jenny");

    assertThat(SIMULATOR.caller().delete("/v1/customers/" + id).json().getBoolean("deleted"))
        .isTrue();
    assertThat(SIMULATOR.caller().get("/v1/customers/" + id).json().getBoolean("deleted")).isTrue();
    assertThat(pay("customer", id, "payment_method", "pm_card_visa").error().getString("param"))
        .isEqualTo("customer");
  }

  @Test
  void attachesListsAndDetaches() {
    String customer = customer();
    JsonObject card = attach("pm_card_visa", customer).json();
    String path = "/v1/payment_methods/" + card.getString("id");

    assertThat(card.getString("customer")).isEqualTo(customer);
    assertThat(
            SIMULATOR
                .caller()
                .get("/v1/payment_methods?customer=" + customer)
                .json()
                .getJsonArray("data"))
        .hasSize(1);

    JsonObject detached = SIMULATOR.caller().post(path + "/detach").json();
    assertThat(detached.getValue("customer")).isNull();
    assertThat(attach(card.getString("id"), customer).status()).isEqualTo(400);
  }

  @Test
  void aSavedCardPaysOnlyForItsCustomer() {
    String customer = customer();
    String card = attach("pm_card_visa", customer).json().getString("id");

    assertThat(pay("payment_method", card).status()).isEqualTo(400);
    assertThat(pay("payment_method", card, "customer", customer).status()).isEqualTo(200);
    assertThat(pay("payment_method", card, "customer", customer).status()).isEqualTo(200);
  }

  @Test
  void aCardThatIsNotSavedPaysOnce() {
    String card = pay("payment_method", "pm_card_visa").json().getString("payment_method");

    Reply again = pay("payment_method", card);

    assertThat(again.status()).isEqualTo(400);
    assertThat(again.error().getString("message")).contains("may not be used again");
  }

  @Test
  void someCardsAttachAndAreDeclinedLater() {
    String customer = customer();
    String card = attach("pm_card_chargeCustomerFail", customer).json().getString("id");

    assertThat(pay("payment_method", card, "customer", customer).status()).isEqualTo(402);
    assertThat(attach("pm_card_visa_chargeDeclined", customer).status()).isEqualTo(402);
  }

  @Test
  void takesNoCardNumbers() {
    Reply refused =
        SIMULATOR
            .caller()
            .post("/v1/payment_methods", "type", "card", "card[number]", "0000000000000000");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.error().getString("param")).isEqualTo("card[number]");
  }
}
