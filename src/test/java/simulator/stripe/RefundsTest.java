package simulator.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import simulator.BankRefund;
import simulator.Caller.Reply;
import simulator.SimulatorExtension;

class RefundsTest {
  @RegisterExtension static final SimulatorExtension SIMULATOR = new SimulatorExtension();

  private static JsonObject paidWith(String token) {
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
            token)
        .json();
  }

  private static Reply refund(JsonObject intent, String... more) {
    String[] params = new String[more.length + 2];
    params[0] = "payment_intent";
    params[1] = intent.getString("id");
    System.arraycopy(more, 0, params, 2, more.length);
    return SIMULATOR.caller().post("/v1/refunds", params);
  }

  @Test
  void refundsInPartsUntilNothingIsLeft() {
    JsonObject intent = paidWith("pm_card_visa");

    assertThat(refund(intent, "amount", "400", "metadata[why]", "broken").status()).isEqualTo(200);
    Reply tooMuch = refund(intent, "amount", "601");
    assertThat(refund(intent).json().getLong("amount")).isEqualTo(600);
    Reply nothingLeft = refund(intent);

    assertThat(tooMuch.status()).isEqualTo(400);
    assertThat(tooMuch.error().getString("param")).isEqualTo("amount");
    assertThat(tooMuch.error().getValue("code")).isNull();
    assertThat(nothingLeft.status()).isEqualTo(400);
    assertThat(nothingLeft.error().getString("code")).isEqualTo("charge_already_refunded");
    assertThat(SIMULATOR.simulator().truth().refundedMinor()).containsEntry("usd", 1000L);
    JsonObject charge =
        SIMULATOR.caller().get("/v1/charges/" + intent.getString("latest_charge")).json();
    assertThat(charge.getLong("amount_refunded")).isEqualTo(1000);
    assertThat(charge.getBoolean("refunded")).isTrue();
    JsonObject list =
        SIMULATOR.caller().get("/v1/refunds?payment_intent=" + intent.getString("id")).json();
    assertThat(list.getJsonArray("data")).hasSize(2);
  }

  @Test
  void refundsByCharge() {
    JsonObject intent = paidWith("pm_card_visa");

    Reply refund =
        SIMULATOR.caller().post("/v1/refunds", "charge", intent.getString("latest_charge"));

    assertThat(refund.json().getString("payment_intent")).isEqualTo(intent.getString("id"));
  }

  @Test
  void refusesToRefundWhatWasNotCaptured() {
    JsonObject created =
        SIMULATOR.caller().post("/v1/payment_intents", "amount", "1000", "currency", "usd").json();

    assertThat(refund(created).status()).isEqualTo(400);
  }

  @Test
  void updatesMetadataOnly() {
    String id = refund(paidWith("pm_card_visa")).json().getString("id");

    JsonObject updated =
        SIMULATOR.caller().post("/v1/refunds/" + id, "metadata[seen]", "yes").json();

    assertThat(updated.getJsonObject("metadata").getString("seen")).isEqualTo("yes");
    assertThat(SIMULATOR.simulator().truth().metadata("seen", "yes").refunds()).hasSize(1);
    assertThat(SIMULATOR.caller().post("/v1/refunds/" + id, "amount", "1").status()).isEqualTo(400);
  }

  @Test
  void aPendingRefundSucceedsAtSettlement() {
    JsonObject refund = refund(paidWith("pm_card_pendingRefund")).json();
    assertThat(refund.getString("status")).isEqualTo("pending");

    assertThat(SIMULATOR.simulator().settlePending()).isEqualTo(1);

    JsonObject settled = SIMULATOR.caller().get("/v1/refunds/" + refund.getString("id")).json();
    assertThat(settled.getString("status")).isEqualTo("succeeded");
    assertThat(SIMULATOR.simulator().settlePending()).isZero();
  }

  @Test
  void aRefundThatFailsGivesItsMoneyBackToTheCharge() {
    JsonObject intent = paidWith("pm_card_refundFail");
    JsonObject refund = refund(intent).json();
    assertThat(refund.getString("status")).isEqualTo("succeeded");

    SIMULATOR.simulator().settlePending();

    JsonObject failed = SIMULATOR.caller().get("/v1/refunds/" + refund.getString("id")).json();
    assertThat(failed.getString("status")).isEqualTo("failed");
    assertThat(failed.getString("failure_reason")).isNotEmpty();
    JsonObject charge =
        SIMULATOR.caller().get("/v1/charges/" + intent.getString("latest_charge")).json();
    assertThat(charge.getLong("amount_refunded")).isZero();
    assertThat(SIMULATOR.simulator().truth().refundedMinor()).isEmpty();
    assertThat(SIMULATOR.simulator().truth().refunds())
        .extracting(BankRefund::status)
        .containsExactly(BankRefund.Status.FAILED);
  }
}
