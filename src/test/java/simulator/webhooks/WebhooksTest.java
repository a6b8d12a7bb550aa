package simulator.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.model.Event;
import com.stripe.model.PaymentIntent;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import simulator.Caller;
import simulator.Receiver;
import simulator.SimulatorExtension;
import simulator.SimulatorOptions;

/** Events reach their receiver, signed, until it takes them. */
class WebhooksTest {
  @RegisterExtension
  static final SimulatorExtension SIMULATOR =
      new SimulatorExtension(
          SimulatorOptions.defaults()
              .withWebhooks(
                  WebhookOptions.defaults()
                      .withAttempts(5, Duration.ofMillis(1), Duration.ofMillis(4))));

  private final Receiver receiver = new Receiver();

  @BeforeEach
  void connect() {
    webhooks().sendTo(Caller.SECRET_KEY, receiver.url(), Receiver.SECRET);
  }

  @AfterEach
  void disconnect() throws Exception {
    receiver.close();
  }

  private static Webhooks webhooks() {
    return SIMULATOR.simulator().webhooks();
  }

  private static void awaitIdle() throws Exception {
    webhooks().idle().await(30, TimeUnit.SECONDS);
  }

  private static JsonObject pay() {
    return SIMULATOR
        .caller()
        .postWithKey(
            "/v1/payment_intents",
            "key-1",
            "amount",
            "1000",
            "currency",
            "usd",
            "confirm",
            "true",
            "payment_method",
            "pm_card_visa",
            "metadata[order]",
            "o-1")
        .json();
  }

  @Test
  void areSignedSoThatStripesOwnLibraryTakesThem() throws Exception {
    JsonObject intent = pay();
    awaitIdle();

    Event event = receiver.received("payment_intent.succeeded").getFirst().event(Receiver.SECRET);

    assertThat(event.getId()).startsWith("evt_");
    assertThat(event.getRequest().getIdempotencyKey()).isEqualTo("key-1");
    assertThat(event.getRequest().getId()).startsWith("req_");
    assertThat(event.getPendingWebhooks()).isEqualTo(1);
    assertThat(event.getDataObjectDeserializer().getObject())
        .hasValueSatisfying(
            object -> {
              PaymentIntent shown = (PaymentIntent) object;
              assertThat(shown.getId()).isEqualTo(intent.getString("id"));
              assertThat(shown.getStatus()).isEqualTo("succeeded");
              assertThat(shown.getMetadata()).containsEntry("order", "o-1");
            });
    assertThat(receiver.received().getFirst().verified()).isTrue();
  }

  @Test
  void showObjectsAsTheyWereAtThatMoment() throws Exception {
    pay();
    awaitIdle();

    JsonObject created = receiver.received("payment_intent.created").getFirst().object();

    assertThat(created.getString("status")).isEqualTo("requires_confirmation");
    assertThat(receiver.types())
        .containsExactlyInAnyOrder(
            "payment_intent.created", "charge.succeeded", "payment_intent.succeeded");
  }

  @Test
  void areSignedWithEveryLiveSecret() throws Exception {
    webhooks().sendTo(Caller.SECRET_KEY, receiver.url(), "whsec_old", "whsec_new");
    pay();
    awaitIdle();

    Receiver.Received one = receiver.received().getFirst();

    assertThat(one.event("whsec_old").getId()).isEqualTo(one.event("whsec_new").getId());
  }

  @Test
  void areRepeatedUntilTaken() throws Exception {
    AtomicInteger refusals = new AtomicInteger(4);
    receiver.answers(one -> refusals.getAndDecrement() > 0 ? 500 : 200);
    pay();
    awaitIdle();

    assertThat(receiver.received()).hasSize(7);
    assertThat(webhooks().sent()).hasSize(3).allMatch(SentEvent::delivered);
    WebhookCounts counts = webhooks().counts();
    assertThat(counts.refused()).isEqualTo(4);
    assertThat(counts.delivered()).isEqualTo(3);
    assertThat(counts.givenUp()).isZero();
  }

  @Test
  void areGivenUpAfterSoManyAttempts() throws Exception {
    receiver.answers(one -> 503);
    pay();
    awaitIdle();

    assertThat(receiver.received()).hasSize(15);
    assertThat(webhooks().counts().givenUp()).isEqualTo(3);
    assertThat(webhooks().sent().getFirst().deliveries())
        .containsExactly(new DeliveryReport("GIVEN_UP", 5, 503, null));
  }

  @Test
  void areRepeatedWhenNobodyListensYet() throws Exception {
    try (Receiver gone = new Receiver()) {
      URI url = gone.url();
      gone.close();
      webhooks().sendTo(Caller.SECRET_KEY, url, Receiver.SECRET);
    }
    pay();
    awaitIdle();
    assertThat(webhooks().sent().getFirst().deliveries().getFirst().lastError()).isNotEmpty();

    webhooks().sendTo(Caller.SECRET_KEY, receiver.url(), Receiver.SECRET);
    int resent = webhooks().resend(EventMatch.any(), false);
    awaitIdle();

    assertThat(resent).isEqualTo(3);
    assertThat(receiver.received()).hasSize(3).allMatch(Receiver.Received::verified);
  }

  @Test
  void goNowhereForAnAccountWithoutAnEndpointAndAreOnRecordAllTheSame() throws Exception {
    Caller other = new Caller(SIMULATOR.simulator().baseUrl(), "sk_test_other");
    other.post("/v1/customers", "email", "a@example.com");
    awaitIdle();

    assertThat(receiver.received()).isEmpty();
    JsonArray listed = other.get("/v1/events").json().getJsonArray("data");
    assertThat(listed).hasSize(1);
    JsonObject event = listed.getJsonObject(0);
    assertThat(event.getString("type")).isEqualTo("customer.created");
    assertThat(event.getInteger("pending_webhooks")).isZero();
    assertThat(other.get("/v1/events/" + event.getString("id")).json()).isEqualTo(event);
    assertThat(SIMULATOR.caller().get("/v1/events/" + event.getString("id")).status())
        .isEqualTo(404);
  }

  @Test
  void areListedNewestFirstAndByType() throws Exception {
    pay();
    awaitIdle();

    JsonArray all = SIMULATOR.caller().get("/v1/events?limit=2").json().getJsonArray("data");
    JsonArray charges =
        SIMULATOR.caller().get("/v1/events?type=charge.*").json().getJsonArray("data");
    JsonArray lost =
        SIMULATOR.caller().get("/v1/events?delivery_success=false").json().getJsonArray("data");

    assertThat(all.getJsonObject(0).getString("type")).isEqualTo("payment_intent.succeeded");
    assertThat(all).hasSize(2);
    assertThat(charges).hasSize(1);
    assertThat(lost).isEmpty();
  }

  @Test
  void areSentAgainWordForWord() throws Exception {
    pay();
    awaitIdle();
    Receiver.Received first = receiver.received("charge.succeeded").getFirst();

    assertThat(webhooks().resend(first.id())).isTrue();
    assertThat(webhooks().resend("evt_unknown")).isFalse();
    awaitIdle();

    List<Receiver.Received> both = receiver.received("charge.succeeded");
    assertThat(both).hasSize(2);
    assertThat(both.get(1).body()).isEqualTo(first.body());
  }

  @Test
  void doNotDelayAnswers() throws Exception {
    receiver.answers(one -> 0);

    assertThat(pay().getString("status")).isEqualTo("succeeded");

    assertThat(webhooks().idle().isComplete()).isFalse();
  }

  @Test
  void areControlledOverHttp() throws Exception {
    Caller caller = SIMULATOR.caller();
    String path = "/_simulator/webhooks";
    JsonObject endpoint =
        new JsonObject()
            .put("account", Caller.SECRET_KEY)
            .put("url", receiver.url().toString())
            .put("secrets", new JsonArray().add(Receiver.SECRET));
    caller.delete(path + "?account=" + Caller.SECRET_KEY);
    assertThat(caller.get(path).json().getJsonArray("endpoints")).isEmpty();
    assertThat(caller.postJson(path, new JsonObject()).status()).isEqualTo(400);
    assertThat(caller.postJson(path, endpoint).status()).isEqualTo(200);
    pay();
    assertThat(caller.get(path + "/idle").json().getBoolean("idle")).isTrue();

    JsonObject charge =
        caller
            .get(path + "/events?type=charge.succeeded")
            .json()
            .getJsonArray("events")
            .getJsonObject(0);
    assertThat(charge.getJsonArray("deliveries").getJsonObject(0).getString("state"))
        .isEqualTo("DELIVERED");
    assertThat(caller.get(path + "/events/" + charge.getString("id")).body())
        .isEqualTo(receiver.received("charge.succeeded").getFirst().body());
    JsonObject again = new JsonObject().put("match", new JsonObject().put("type", "charge.*"));
    assertThat(caller.postJson(path + "/resend", again).json().getInteger("resent")).isEqualTo(1);
    assertThat(
            caller
                .postJson(path + "/resend", new JsonObject().put("event", charge.getString("id")))
                .json()
                .getInteger("resent"))
        .isEqualTo(1);
    assertThat(caller.get(path + "/idle").json().getBoolean("idle")).isTrue();
    assertThat(receiver.received("charge.succeeded")).hasSize(3);
    assertThat(caller.get(path).json().getJsonObject("counts").getLong("delivered")).isEqualTo(5);
  }
}
