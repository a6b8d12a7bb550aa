package simulator.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.model.Event;
import com.stripe.net.ApiResource;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import simulator.Caller;
import simulator.SimulatorExtension;
import simulator.webhooks.WebhookEvent;

/** Which events each action of a merchant is told as, in the order in which they come to be. */
class StripeEventsTest {
  @RegisterExtension static final SimulatorExtension SIMULATOR = new SimulatorExtension();

  private int seen;

  private static JsonObject pay(String card, String... more) {
    List<String> params =
        new ArrayList<>(
            List.of(
                "amount",
                "1000",
                "currency",
                "usd",
                "confirm",
                "true",
                "payment_method",
                card,
                "metadata[order]",
                "o-1"));
    params.addAll(List.of(more));
    JsonObject answer =
        SIMULATOR.caller().post("/v1/payment_intents", params.toArray(String[]::new)).json();
    JsonObject error = answer.getJsonObject("error");
    return error == null ? answer : error.getJsonObject("payment_intent");
  }

  /** What was told since the last look; every object is one that stripe-java can read. */
  private List<String> told() {
    List<WebhookEvent> events = SIMULATOR.simulator().webhooks().events(Caller.SECRET_KEY);
    List<WebhookEvent> fresh = events.subList(seen, events.size());
    seen = events.size();
    for (WebhookEvent event : fresh) {
      Event read = ApiResource.GSON.fromJson(event.body().toString(), Event.class);
      assertThat(read.getDataObjectDeserializer().getObject()).as(event.type()).isPresent();
    }
    return fresh.stream().map(WebhookEvent::type).toList();
  }

  private static JsonObject last(String type) {
    return SIMULATOR.simulator().webhooks().events(Caller.SECRET_KEY).stream()
        .filter(event -> event.type().equals(type))
        .toList()
        .getLast()
        .body()
        .toJsonObject();
  }

  private static JsonObject object(String type) {
    return last(type).getJsonObject("data").getJsonObject("object");
  }

  private static JsonObject before(String type) {
    return last(type).getJsonObject("data").getJsonObject("previous_attributes");
  }

  @Test
  void aPayment() {
    pay("pm_card_visa");

    assertThat(told())
        .containsExactly("payment_intent.created", "charge.succeeded", "payment_intent.succeeded");
    assertThat(object("charge.succeeded").getJsonObject("metadata").getString("order"))
        .isEqualTo("o-1");
    assertThat(last("payment_intent.succeeded").getString("api_version"))
        .isEqualTo(com.stripe.Stripe.API_VERSION);
  }

  @Test
  void aDeclineAndAnotherTry() {
    JsonObject intent = pay("pm_card_visa_chargeDeclined");

    assertThat(told())
        .containsExactly(
            "payment_intent.created", "charge.failed", "payment_intent.payment_failed");
    assertThat(object("payment_intent.payment_failed").getString("status"))
        .isEqualTo("requires_payment_method");

    String confirm = "/v1/payment_intents/" + intent.getString("id") + "/confirm";
    SIMULATOR.caller().post(confirm, "payment_method", "pm_card_visa_chargeDeclined");
    assertThat(told()).containsExactly("charge.failed", "payment_intent.payment_failed");
    SIMULATOR.caller().post(confirm, "payment_method", "pm_card_visa");
    assertThat(told()).containsExactly("charge.succeeded", "payment_intent.succeeded");
  }

  @Test
  void aChallengePassedOrFailed() {
    String passed = pay("pm_card_authenticationRequired").getString("id");
    assertThat(told()).containsExactly("payment_intent.created", "payment_intent.requires_action");
    SIMULATOR.simulator().completeChallenge(passed, true);
    assertThat(told()).containsExactly("charge.succeeded", "payment_intent.succeeded");
    assertThat(last("charge.succeeded").getJsonObject("request").getString("id")).isNull();

    String failed = pay("pm_card_authenticationRequired").getString("id");
    told();
    SIMULATOR.simulator().completeChallenge(failed, false);
    assertThat(told()).containsExactly("payment_intent.payment_failed");
  }

  @Test
  void aCaptureInPart() {
    String intent = pay("pm_card_visa", "capture_method", "manual").getString("id");
    assertThat(told())
        .containsExactly(
            "payment_intent.created",
            "charge.succeeded",
            "payment_intent.amount_capturable_updated");
    assertThat(object("payment_intent.amount_capturable_updated").getLong("amount_capturable"))
        .isEqualTo(1000);

    SIMULATOR
        .caller()
        .post("/v1/payment_intents/" + intent + "/capture", "amount_to_capture", "400");

    assertThat(told()).containsExactly("charge.captured", "payment_intent.succeeded");
    assertThat(object("charge.captured").getLong("amount_captured")).isEqualTo(400);
    assertThat(before("charge.captured").getBoolean("captured")).isFalse();
    assertThat(object("payment_intent.succeeded").getLong("amount_received")).isEqualTo(400);
  }

  @Test
  void aCancel() {
    String held = pay("pm_card_visa", "capture_method", "manual").getString("id");
    told();
    SIMULATOR.caller().post("/v1/payment_intents/" + held + "/cancel");
    assertThat(told()).containsExactly("charge.refunded", "payment_intent.canceled");
    assertThat(object("charge.refunded").getBoolean("captured")).isFalse();
  }

  @Test
  void aRefund() {
    String intent = pay("pm_card_visa").getString("id");
    told();

    SIMULATOR
        .caller()
        .post("/v1/refunds", "payment_intent", intent, "amount", "300", "metadata[why]", "broken");

    assertThat(told()).containsExactly("charge.refunded", "refund.created");
    assertThat(before("charge.refunded").getLong("amount_refunded")).isZero();
    JsonObject refund = object("refund.created");
    assertThat(refund.getJsonObject("metadata").getString("why")).isEqualTo("broken");
    SIMULATOR.caller().post("/v1/refunds/" + refund.getString("id"), "metadata[seen]", "yes");
    assertThat(told()).containsExactly("refund.updated", "charge.refund.updated");
    assertThat(before("refund.updated").getJsonObject("metadata").containsKey("seen")).isFalse();
  }

  @Test
  void refundsThatEndLater() {
    SIMULATOR
        .caller()
        .post("/v1/refunds", "payment_intent", pay("pm_card_pendingRefund").getString("id"));
    told();
    SIMULATOR.simulator().settlePending();
    assertThat(told()).containsExactly("refund.updated", "charge.refund.updated");
    assertThat(object("refund.updated").getString("status")).isEqualTo("succeeded");
    assertThat(before("refund.updated").getString("status")).isEqualTo("pending");

    SIMULATOR
        .caller()
        .post("/v1/refunds", "payment_intent", pay("pm_card_refundFail").getString("id"));
    told();
    SIMULATOR.simulator().settlePending();
    assertThat(told()).containsExactly("refund.updated", "refund.failed", "charge.refund.updated");
    assertThat(object("refund.failed").getString("failure_reason")).isNotEmpty();
  }

  @Test
  void customersAndTheirCards() {
    String customer = SIMULATOR.caller().post("/v1/customers").json().getString("id");
    SIMULATOR.caller().post("/v1/customers/" + customer, "email", "a@example.com");
    assertThat(told()).containsExactly("customer.created", "customer.updated");
    assertThat(before("customer.updated").containsKey("email")).isTrue();
    String card =
        SIMULATOR
            .caller()
            .post("/v1/payment_methods/pm_card_visa/attach", "customer", customer)
            .json()
            .getString("id");
    assertThat(told()).containsExactly("payment_method.attached");
    SIMULATOR.caller().post("/v1/payment_methods/" + card + "/detach");
    assertThat(told()).containsExactly("payment_method.detached");
    assertThat(before("payment_method.detached").getString("customer")).isEqualTo(customer);
    SIMULATOR.caller().delete("/v1/customers/" + customer);
    assertThat(told()).containsExactly("customer.deleted");
    assertThat(object("customer.deleted").getString("email")).isEqualTo("a@example.com");
  }

  @Test
  void readsTellNothing() {
    String intent = pay("pm_card_visa").getString("id");
    told();

    SIMULATOR.caller().get("/v1/payment_intents/" + intent);
    SIMULATOR.caller().get("/v1/payment_intents");

    assertThat(told()).isEmpty();
  }
}
