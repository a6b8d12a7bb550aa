package simulator.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import simulator.Authorization;
import simulator.Caller;
import simulator.Caller.Reply;
import simulator.SimulatorExtension;

class PaymentIntentsTest {
  private static final String INTENTS = "/v1/payment_intents";

  @RegisterExtension static final SimulatorExtension SIMULATOR = new SimulatorExtension();

  private static Reply create(String... more) {
    String[] params = new String[more.length + 4];
    params[0] = "amount";
    params[1] = "1000";
    params[2] = "currency";
    params[3] = "usd";
    System.arraycopy(more, 0, params, 4, more.length);
    return SIMULATOR.caller().post(INTENTS, params);
  }

  private static JsonObject authorised() {
    return create("payment_method", "pm_card_visa", "confirm", "true", "capture_method", "manual")
        .json();
  }

  private static String path(JsonObject intent) {
    return INTENTS + "/" + intent.getString("id");
  }

  @Test
  void takesAPaymentAtOnce() {
    JsonObject intent =
        create(
                "payment_method",
                "pm_card_visa",
                "confirm",
                "true",
                "metadata[order]",
                "6735",
                "shipping[name]",
                "Jenny",
                "shipping[address][city]",
                "Paris")
            .json();

    assertThat(intent.getString("status")).isEqualTo("succeeded");
    assertThat(intent.getLong("amount_received")).isEqualTo(1000);
    assertThat(intent.getString("payment_method")).startsWith("pm_").doesNotContain("card");
    assertThat(intent.getJsonObject("metadata").getString("order")).isEqualTo("6735");
    assertThat(intent.getJsonObject("shipping").getJsonObject("address").getString("city"))
        .isEqualTo("Paris");
    assertThat(SIMULATOR.simulator().truth().capturedMinor()).containsEntry("usd", 1000L);
  }

  @Test
  void confirmsWhatWasCreatedBefore() {
    JsonObject created = create().json();
    assertThat(created.getString("status")).isEqualTo("requires_payment_method");

    JsonObject confirmed =
        SIMULATOR
            .caller()
            .post(path(created) + "/confirm", "payment_method", "pm_card_mastercard")
            .json();

    assertThat(confirmed.getString("status")).isEqualTo("succeeded");
    assertThat(confirmed.getString("id")).isEqualTo(created.getString("id"));
  }

  @Test
  void paysWithALegacyToken() {
    Reply paid =
        create(
            "payment_method_data[type]",
            "card",
            "payment_method_data[card][token]",
            "tok_visa",
            "payment_method_data[billing_details][name]",
            "Jenny Rosen",
            "confirm",
            "true",
            "expand[]",
            "payment_method",
            "expand[]",
            "latest_charge.balance_transaction");

    assertThat(paid.json().getString("status")).isEqualTo("succeeded");
    JsonObject method = paid.json().getJsonObject("payment_method");
    assertThat(method.getJsonObject("billing_details").getString("name")).isEqualTo("Jenny Rosen");
    assertThat(paid.json().getJsonObject("latest_charge").getString("object")).isEqualTo("charge");
  }

  @Test
  void capturesAPartAndReleasesTheRest() {
    JsonObject intent = authorised();
    assertThat(intent.getString("status")).isEqualTo("requires_capture");
    assertThat(intent.getLong("amount_capturable")).isEqualTo(1000);
    assertThat(SIMULATOR.simulator().truth().heldMinor()).containsEntry("usd", 1000L);

    JsonObject captured =
        SIMULATOR.caller().post(path(intent) + "/capture", "amount_to_capture", "600").json();

    assertThat(captured.getString("status")).isEqualTo("succeeded");
    assertThat(captured.getLong("amount_received")).isEqualTo(600);
    assertThat(captured.getLong("amount_capturable")).isZero();
    assertThat(SIMULATOR.simulator().truth().capturedMinor()).containsEntry("usd", 600L);
    assertThat(SIMULATOR.simulator().truth().heldMinor()).isEmpty();
  }

  @Test
  void refusesToCaptureMoreThanAuthorised() {
    Reply refused =
        SIMULATOR.caller().post(path(authorised()) + "/capture", "amount_to_capture", "1001");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.error().getString("code")).isEqualTo("amount_too_large");
    assertThat(refused.error().getString("param")).isEqualTo("amount_to_capture");
  }

  @Test
  void cancelsAnAuthorisationAndVoidsItsCharge() {
    JsonObject intent = authorised();

    JsonObject canceled =
        SIMULATOR
            .caller()
            .post(path(intent) + "/cancel", "cancellation_reason", "duplicate")
            .json();

    assertThat(canceled.getString("status")).isEqualTo("canceled");
    assertThat(canceled.getString("cancellation_reason")).isEqualTo("duplicate");
    Authorization charge = SIMULATOR.simulator().truth().charges().getFirst();
    assertThat(charge.voided()).isTrue();
    JsonObject shown = SIMULATOR.caller().get("/v1/charges/" + charge.id()).json();
    assertThat(shown.getBoolean("refunded")).isTrue();
    assertThat(shown.getBoolean("captured")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"confirm", "capture", "cancel"})
  void refusesWhatTheStateDoesNotAllowAndShowsTheIntent(String verb) {
    JsonObject paid = create("payment_method", "pm_card_visa", "confirm", "true").json();

    Reply refused = SIMULATOR.caller().post(path(paid) + "/" + verb);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.error().getString("code")).isEqualTo("payment_intent_unexpected_state");
    assertThat(refused.error().getJsonObject("payment_intent").getString("status"))
        .isEqualTo("succeeded");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          amount, 49, usd, amount_too_small
          amount, 0, usd, parameter_invalid_integer
          amount, ten, usd, parameter_invalid_integer
          amount, 100000000, usd, amount_too_large
          """)
  void refusesWrongAmounts(String param, String amount, String currency, String code) {
    Reply refused = SIMULATOR.caller().post(INTENTS, "amount", amount, "currency", currency);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.error().getString("code")).isEqualTo(code);
    assertThat(refused.error().getString("param")).isEqualTo(param);
  }

  @Test
  void namesWhatIsMissingOrUnknown() {
    Reply noMethod = create("payment_method", "pm_nothing", "confirm", "true");
    assertThat(noMethod.status()).isEqualTo(400);
    assertThat(noMethod.error().getString("code")).isEqualTo("resource_missing");
    assertThat(noMethod.error().getString("param")).isEqualTo("payment_method");

    Reply noIntent = SIMULATOR.caller().get(INTENTS + "/pi_nothing");
    assertThat(noIntent.status()).isEqualTo(404);
    assertThat(noIntent.error().getString("code")).isEqualTo("resource_missing");

    Reply unknownParam = create("colour", "red");
    assertThat(unknownParam.status()).isEqualTo(400);
    assertThat(unknownParam.error().getString("code")).isEqualTo("parameter_unknown");
    assertThat(unknownParam.error().getString("param")).isEqualTo("colour");

    assertThat(SIMULATOR.caller().get("/v1/nothing").status()).isEqualTo(404);
    assertThat(SIMULATOR.simulator().truth().charges()).isEmpty();
  }

  @Test
  void updatesAndRemovesMetadata() {
    JsonObject intent = create("metadata[a]", "1", "metadata[b]", "2").json();

    JsonObject updated =
        SIMULATOR
            .caller()
            .post(path(intent), "metadata[a]", "", "metadata[c]", "3", "description", "Shoes")
            .json();

    assertThat(updated.getJsonObject("metadata").getMap()).isEqualTo(Map.of("b", "2", "c", "3"));
    assertThat(updated.getString("description")).isEqualTo("Shoes");
  }

  @Test
  void payingAgainAfterADeclineUsesTheSameIntent() {
    JsonObject created = create().json();
    Reply declined =
        SIMULATOR
            .caller()
            .post(path(created) + "/confirm", "payment_method", "pm_card_visa_chargeDeclined");
    assertThat(declined.status()).isEqualTo(402);

    JsonObject paid =
        SIMULATOR
            .caller()
            .post(path(created) + "/confirm", "payment_method", "pm_card_visa")
            .json();

    assertThat(paid.getString("status")).isEqualTo("succeeded");
    assertThat(paid.getValue("last_payment_error")).isNull();
    JsonObject charges =
        SIMULATOR.caller().get("/v1/charges?payment_intent=" + created.getString("id")).json();
    assertThat(charges.getJsonArray("data"))
        .extracting(charge -> ((JsonObject) charge).getString("status"))
        .containsExactly("succeeded", "failed");
  }

  @Test
  void listsInPagesNewestFirst() {
    String first = create().json().getString("id");
    String second = create().json().getString("id");
    String third = create().json().getString("id");

    JsonObject page = SIMULATOR.caller().get(INTENTS + "?limit=2").json();
    assertThat(ids(page)).containsExactly(third, second);
    assertThat(page.getBoolean("has_more")).isTrue();

    JsonObject rest = SIMULATOR.caller().get(INTENTS + "?limit=2&starting_after=" + second).json();
    assertThat(ids(rest)).containsExactly(first);
    assertThat(rest.getBoolean("has_more")).isFalse();

    JsonObject newer = SIMULATOR.caller().get(INTENTS + "?limit=1&ending_before=" + first).json();
    assertThat(ids(newer)).containsExactly(second);
    assertThat(newer.getBoolean("has_more")).isTrue();
  }

  @Test
  void searchesByMetadata() {
    String wanted = create("metadata[operation_id]", "op-1").json().getString("id");
    create("metadata[operation_id]", "op-2");

    JsonObject found =
        SIMULATOR
            .caller()
            .get(INTENTS + "/search?query=metadata%5B%27operation_id%27%5D%3A%27op-1%27")
            .json();

    assertThat(found.getString("object")).isEqualTo("search_result");
    assertThat(ids(found)).containsExactly(wanted);
  }

  @Test
  void keepsAccountsApart() {
    JsonObject mine = create().json();
    Caller other = new Caller(SIMULATOR.simulator().baseUrl(), "sk_test_somebody_else");

    assertThat(other.get(path(mine)).status()).isEqualTo(404);
  }

  @Test
  void takesTheKeyAsAUserNameToo() {
    String basic =
        Base64.getEncoder()
            .encodeToString((Caller.SECRET_KEY + ":").getBytes(StandardCharsets.UTF_8));
    JsonObject mine = create().json();

    Reply found =
        Caller.send(
            SIMULATOR
                .caller()
                .request(path(mine))
                .setHeader("Authorization", "Basic " + basic)
                .GET()
                .build());

    assertThat(found.json().getString("id")).isEqualTo(mine.getString("id"));
  }

  @Test
  void refusesUnknownKeysInStripesShape() {
    Caller stranger = new Caller(SIMULATOR.simulator().baseUrl(), "sk_live_secret_of_somebody");

    Reply refused = stranger.get(INTENTS);

    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.error().getString("type")).isEqualTo("invalid_request_error");
    assertThat(refused.header("Request-Id")).startsWith("req_");
    assertThat(refused.body()).doesNotContain("somebody");
  }

  private static List<String> ids(JsonObject page) {
    return page.getJsonArray("data").stream()
        .map(item -> ((JsonObject) item).getString("id"))
        .toList();
  }
}
