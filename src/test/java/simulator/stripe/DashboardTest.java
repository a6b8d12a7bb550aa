package simulator.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.model.Dispute;
import com.stripe.model.Event;
import com.stripe.net.ApiResource;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import simulator.Authorization;
import simulator.BankDispute;
import simulator.BankRefund;
import simulator.Caller;
import simulator.Dashboard;
import simulator.SimulatorExtension;
import simulator.TestCard.RefundBehaviour;
import simulator.Truth;
import simulator.webhooks.WebhookEvent;

/** What is done at the provider without the merchant is true, and is told. */
class DashboardTest {
  @RegisterExtension static final SimulatorExtension SIMULATOR = new SimulatorExtension();

  private int seen;

  private static JsonObject pay(String card, String captureMethod) {
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
            card,
            "capture_method",
            captureMethod)
        .json();
  }

  private static String paid() {
    return pay("pm_card_visa", "automatic").getString("id");
  }

  private static String held() {
    return pay("pm_card_visa", "manual").getString("id");
  }

  private static Dashboard dashboard() {
    return SIMULATOR.simulator().dashboard();
  }

  private static Truth truth() {
    return SIMULATOR.simulator().truth();
  }

  private List<String> told() {
    List<WebhookEvent> events = SIMULATOR.simulator().webhooks().events(Caller.SECRET_KEY);
    List<String> fresh =
        events.subList(seen, events.size()).stream().map(WebhookEvent::type).toList();
    seen = events.size();
    return fresh;
  }

  private static JsonObject get(String path) {
    return SIMULATOR.caller().get("/v1/" + path).json();
  }

  @Test
  void refundsInPart() {
    String payment = paid();
    told();

    BankRefund refund = dashboard().refund(payment, 300L, RefundBehaviour.SUCCEED);

    assertThat(told()).containsExactly("charge.refunded", "refund.created");
    assertThat(truth().refundsMadeOutside()).containsExactly(refund);
    assertThat(truth().refundedMinor()).containsEntry("usd", 300L);
    assertThat(get("refunds/" + refund.id()).getString("status")).isEqualTo("succeeded");
    assertThat(get("charges/" + refund.charge()).getLong("amount_refunded")).isEqualTo(300);
    assertThatThrownBy(() -> dashboard().refund(payment, 701L, RefundBehaviour.SUCCEED))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("AMOUNT_TOO_LARGE");
  }

  @Test
  void endsPendingRefundsWellOrBadly() {
    BankRefund good = dashboard().refund(paid(), null, RefundBehaviour.PENDING);
    BankRefund bad = dashboard().refund(paid(), null, RefundBehaviour.PENDING_THEN_FAIL);
    assertThat(bad.status()).isEqualTo(BankRefund.Status.PENDING);
    told();

    dashboard().succeedRefund(good.id());
    SIMULATOR.simulator().settlePending();

    assertThat(told())
        .containsExactly(
            "refund.updated",
            "charge.refund.updated",
            "refund.updated",
            "refund.failed",
            "charge.refund.updated");
    assertThat(truth().refunds())
        .extracting(BankRefund::status)
        .containsExactly(BankRefund.Status.SUCCEEDED, BankRefund.Status.FAILED);
    assertThatThrownBy(() -> dashboard().failRefund(bad.id()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void failsARefundThatSucceeded() {
    BankRefund refund = dashboard().refund(paid());
    told();

    dashboard().failRefund(refund.id());

    assertThat(told()).containsExactly("refund.updated", "refund.failed", "charge.refund.updated");
    assertThat(truth().refundedMinor()).isEmpty();
    assertThat(get("charges/" + refund.charge()).getBoolean("refunded")).isFalse();
  }

  @Test
  void opensADisputeAndWinsIt() {
    String payment = paid();
    told();

    BankDispute dispute = dashboard().dispute(payment, 400L, "product_not_received");

    assertThat(told()).containsExactly("charge.dispute.created", "charge.dispute.funds_withdrawn");
    assertThat(truth().disputedMinor()).containsEntry("usd", 400L);
    JsonObject shown = get("disputes/" + dispute.id());
    assertThat(shown.getString("status")).isEqualTo("needs_response");
    assertThat(shown.getString("payment_intent")).isEqualTo(payment);
    assertThat(shown.getString("charge")).isEqualTo(dispute.charge());
    assertThat(get("charges/" + dispute.charge()).getBoolean("disputed")).isTrue();
    dashboard().review(dispute.id());
    assertThat(told()).containsExactly("charge.dispute.updated");
    dashboard().winDispute(dispute.id());
    assertThat(told()).containsExactly("charge.dispute.closed", "charge.dispute.funds_reinstated");
    assertThat(truth().disputedMinor()).isEmpty();
    assertThat(get("disputes/" + dispute.id()).getJsonArray("balance_transactions")).hasSize(2);
  }

  @Test
  void losesADispute() {
    BankDispute dispute = dashboard().dispute(paid(), null, "fraudulent");
    told();

    dashboard().loseDispute(dispute.id());

    assertThat(told()).containsExactly("charge.dispute.closed");
    assertThat(truth().disputes())
        .extracting(BankDispute::status)
        .containsExactly(BankDispute.Status.LOST);
    assertThat(truth().disputedMinor()).containsEntry("usd", 1000L);
    assertThatThrownBy(() -> dashboard().winDispute(dispute.id()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aChargebackLeavesNothingToRefund() {
    String payment = paid();
    dashboard().dispute(payment, null, "fraudulent");

    Caller.Reply refund = SIMULATOR.caller().post("/v1/refunds", "payment_intent", payment);

    assertThat(refund.status()).isEqualTo(400);
    assertThat(refund.error().getString("code")).isEqualTo("charge_disputed");
  }

  @Test
  void asksAndThenTakes() {
    String payment = paid();
    told();

    BankDispute inquiry = dashboard().inquire(payment, null, "fraudulent");

    assertThat(told()).containsExactly("charge.dispute.created");
    assertThat(truth().disputedMinor()).isEmpty();
    assertThat(get("disputes/" + inquiry.id()).getString("status"))
        .isEqualTo("warning_needs_response");
    dashboard().escalate(inquiry.id());
    assertThat(told()).containsExactly("charge.dispute.updated", "charge.dispute.funds_withdrawn");
    assertThat(truth().disputedMinor()).containsEntry("usd", 1000L);
  }

  @Test
  void asksAndLetsItBe() {
    BankDispute inquiry = dashboard().inquire(paid(), null, "general");
    told();

    dashboard().closeInquiry(inquiry.id());

    assertThat(told()).containsExactly("charge.dispute.closed");
    assertThat(get("disputes/" + inquiry.id()).getString("status")).isEqualTo("warning_closed");
  }

  @Test
  void capturesAndCancels() {
    String captured = held();
    String canceled = held();
    told();

    Authorization charge = dashboard().capture(captured, 600L);
    assertThat(told()).containsExactly("charge.captured", "payment_intent.succeeded");
    assertThat(charge.capturedMinor()).isEqualTo(600);
    dashboard().cancel(canceled);
    assertThat(told()).containsExactly("charge.refunded", "payment_intent.canceled");
    assertThatThrownBy(() -> dashboard().cancel(captured))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void letsAnAuthorizationExpire() {
    String payment = held();
    told();

    dashboard().expire(payment);

    assertThat(told()).containsExactly("charge.expired", "payment_intent.canceled");
    assertThat(get("payment_intents/" + payment).getString("cancellation_reason"))
        .isEqualTo("automatic");
    assertThat(truth().charges().getFirst().status()).isEqualTo(Authorization.Status.EXPIRED);
    assertThat(truth().heldMinor()).isEmpty();
  }

  @Test
  void cardsThatAreDisputedAreSoAtTheNextSettlement() {
    pay("pm_card_createDispute", "automatic");
    pay("pm_card_createDisputeProductNotReceived", "automatic");
    pay("pm_card_createDisputeInquiry", "automatic");
    pay("pm_card_createMultipleDisputes", "automatic");
    assertThat(truth().disputes()).isEmpty();

    assertThat(SIMULATOR.simulator().settlePending()).isEqualTo(5);
    assertThat(SIMULATOR.simulator().settlePending()).isZero();

    assertThat(truth().disputes())
        .extracting(BankDispute::reason)
        .containsExactly(
            "fraudulent", "product_not_received", "fraudulent", "fraudulent", "fraudulent");
    assertThat(truth().disputes())
        .extracting(dispute -> dispute.status().inquiry())
        .containsExactly(false, false, true, false, false);
    assertThat(truth().disputedMinor()).containsEntry("usd", 3000L);
  }

  @Test
  void evidenceDecides() {
    String won = dashboard().dispute(paid(), null, "fraudulent").id();
    String lost = dashboard().dispute(paid(), null, "fraudulent").id();
    String escalated = dashboard().inquire(paid(), null, "fraudulent").id();
    String accepted = dashboard().dispute(paid(), null, "fraudulent").id();

    submit(won, "winning_evidence");
    submit(lost, "losing_evidence");
    submit(escalated, "escalate_inquiry_evidence");
    SIMULATOR.caller().post("/v1/disputes/" + accepted + "/close");

    assertThat(truth().disputes())
        .extracting(BankDispute::status)
        .containsExactly(
            BankDispute.Status.WON,
            BankDispute.Status.LOST,
            BankDispute.Status.NEEDS_RESPONSE,
            BankDispute.Status.LOST);
    assertThat(get("disputes?limit=3").getJsonArray("data")).hasSize(3);
  }

  private static void submit(String dispute, String words) {
    SIMULATOR.caller().post("/v1/disputes/" + dispute, "evidence[uncategorized_text]", words);
  }

  @Test
  void stripesLibraryReadsDisputes() {
    BankDispute dispute = dashboard().dispute(paid(), null, "fraudulent");

    for (WebhookEvent event : SIMULATOR.simulator().webhooks().events(Caller.SECRET_KEY)) {
      if (event.object().equals(dispute.id())) {
        Event read = ApiResource.GSON.fromJson(event.body().toString(), Event.class);
        assertThat(read.getDataObjectDeserializer().getObject())
            .hasValueSatisfying(
                object -> assertThat(((Dispute) object).getAmount()).isEqualTo(1000L));
      }
    }
  }

  @Test
  void isThereForOtherProcesses() {
    String payment = paid();
    JsonObject refund =
        control("charges/" + payment + "/refund", "{\"amount\":100,\"outcome\":\"pending\"}");
    assertThat(refund.getString("status")).isEqualTo("PENDING");
    assertThat(refund.getBoolean("outside")).isTrue();
    control("refunds/" + refund.getString("id") + "/succeed", "{}");
    JsonObject dispute =
        control(
            "charges/" + payment + "/dispute",
            "{\"amount\":100,\"reason\":\"duplicate\",\"inquiry\":true}");
    assertThat(dispute.getString("status")).isEqualTo("WARNING_NEEDS_RESPONSE");
    assertThat(
            control("disputes/" + dispute.getString("id") + "/escalate", "{}").getString("status"))
        .isEqualTo("NEEDS_RESPONSE");
    assertThat(control("disputes/" + dispute.getString("id") + "/win", "{}").getString("status"))
        .isEqualTo("WON");
    assertThat(control("payments/" + held() + "/expire", "{}").getString("status"))
        .isEqualTo("EXPIRED");
    assertThat(control("payments/" + held() + "/capture", "{\"amount\":1}").getString("status"))
        .isEqualTo("CAPTURED");
    assertThat(control("payments/" + held() + "/cancel", "{}").getString("status"))
        .isEqualTo("VOIDED");

    Caller caller = SIMULATOR.caller();
    assertThat(post(caller, "payments/pi_none/expire")).isEqualTo(404);
    assertThat(post(caller, "payments/" + payment + "/expire")).isEqualTo(409);
    JsonObject truth = caller.get("/_simulator/truth").json();
    assertThat(truth.getJsonArray("disputes").getJsonObject(0).getLong("amount")).isEqualTo(100);
    assertThat(truth.getJsonObject("totals").getJsonObject("disputed").isEmpty()).isTrue();
  }

  private static JsonObject control(String path, String body) {
    return SIMULATOR
        .caller()
        .postJson("/_simulator/dashboard/" + path, new JsonObject(body))
        .json();
  }

  private static int post(Caller caller, String path) {
    return caller.postJson("/_simulator/dashboard/" + path, new JsonObject()).status();
  }

  @Test
  void knowsOnlyWhatIsThere() {
    assertThatThrownBy(() -> dashboard().refund("ch_none"))
        .isInstanceOf(NoSuchElementException.class);
    assertThatThrownBy(() -> dashboard().dispute("pi_none", null, "fraudulent"))
        .isInstanceOf(NoSuchElementException.class);
    assertThatThrownBy(() -> dashboard().failRefund("re_none"))
        .isInstanceOf(NoSuchElementException.class);
    assertThatThrownBy(() -> dashboard().winDispute("dp_none"))
        .isInstanceOf(NoSuchElementException.class);
  }
}
