package outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import payments.PublicId;
import store.EventLog.Event;
import support.EventSchemas;

/** What an event says and, as much, what it never says. */
final class EventDataTest {
  private static final UUID PAYMENT = UUID.fromString("01960000-0000-7000-8000-000000000001");
  private static final UUID OPERATION = UUID.fromString("01960000-0000-7000-8000-000000000002");
  private static final UUID CUSTOMER = UUID.fromString("01960000-0000-7000-8000-000000000003");
  private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.678901Z");

  private final EventSchemas schemas = new EventSchemas();

  @Test
  void tellsThePaymentInPublicIdsAndWholeNumbers() {
    JsonObject data = EventData.of(event("captured", payment(), operation("authorize"), null));

    assertThat(data.getString("event")).isEqualTo("captured");
    assertThat(data.getLong("sequence")).isEqualTo(3);
    assertThat(data.getString("created")).isEqualTo("2026-01-02T03:04:05.678901Z");
    assertThat(data.getJsonObject("payment").getMap())
        .containsEntry("id", PublicId.PAYMENT.of(PAYMENT))
        .containsEntry("status", "succeeded")
        .containsEntry("captured", 9_007_199_254_740_993L)
        .containsEntry("customer", PublicId.CUSTOMER.of(CUSTOMER))
        .containsEntry("latest_charge", PublicId.CHARGE.of(OPERATION))
        .containsEntry("description", "Two chairs")
        .containsEntry("canceled", "2026-01-02T01:04:05.600Z");
    assertThat(data.getJsonObject("payment").getJsonObject("metadata").getMap())
        .isEqualTo(Map.of("order", "17"));
    schemas.check("captured", data.encode());
  }

  @Test
  void tellsTheOperationWithItsCardsBrandAndLastDigitsAlone() {
    JsonObject operation =
        EventData.of(event("captured", payment(), operation("authorize"), null))
            .getJsonObject("operation");

    assertThat(operation.getString("id")).isEqualTo(PublicId.CHARGE.of(OPERATION));
    assertThat(operation.getJsonObject("card").getMap())
        .isEqualTo(Map.of("brand", "visa", "last4", "4242"));
    assertThat(operation.getString("psp_reference")).isEqualTo("pi_psp");
  }

  @Test
  void callsADeclineByStripesNamesAndKeepsThePspsOwnCode() {
    JsonObject row = operation("authorize");
    row.getJsonObject("result")
        .put(
            "decline",
            new JsonObject()
                .put("reason", "INSUFFICIENT_FUNDS")
                .put("raw_code", "51")
                .put("raw_message", "Not sufficient funds"));
    JsonObject told =
        EventData.of(
                event("declined", payment().put("status", "requires_payment_method"), row, null))
            .getJsonObject("operation")
            .getJsonObject("decline");

    assertThat(told.getMap())
        .isEqualTo(
            Map.of(
                "code", "card_declined", "decline_code", "insufficient_funds", "psp_code", "51"));
  }

  @Test
  void tellsAReasonOfALaterVersionAsItIsCalledThere() {
    JsonObject row = operation("authorize");
    row.getJsonObject("result").put("decline", new JsonObject().put("reason", "CARD_ON_THE_MOON"));
    JsonObject data =
        EventData.of(
            event("declined", payment().put("status", "requires_payment_method"), row, null));

    assertThat(data.getJsonObject("operation").getJsonObject("decline").getMap())
        .isEqualTo(Map.of("code", "card_declined", "decline_code", "card_on_the_moon"));
    schemas.check("declined", data.encode());
  }

  @Test
  void tellsWhyAnOperationWentToItsAccountAndNothingOfTheOthers() {
    JsonObject row =
        operation("authorize")
            .put(
                "routing",
                new JsonObject()
                    .put("account", "stripe_second")
                    .put("reason", "the first")
                    .put("place", 1)
                    .put("draw", "hashed")
                    .put("candidates", new io.vertx.core.json.JsonArray())
                    .put(
                        "after",
                        new JsonObject()
                            .put("operation", "123")
                            .put("account", "stripe_demo")
                            .put("why", "processing_error may be tried at another account")));
    JsonObject data = EventData.of(event("captured", payment(), row, null));

    assertThat(data.getJsonObject("operation").getJsonObject("routing"))
        .isEqualTo(
            new JsonObject()
                .put("reason", "the first")
                .put("place", 1)
                .put(
                    "after",
                    new JsonObject()
                        .put("psp_account", "stripe_demo")
                        .put("why", "processing_error may be tried at another account")));
    schemas.check("captured", data.encode());
  }

  @Test
  void namesOperationsAsMerchantsKnowThem() {
    assertThat(idOf("refund")).isEqualTo(PublicId.REFUND.of(OPERATION));
    assertThat(idOf("capture")).isEqualTo("op_" + PublicId.digits(OPERATION));
    assertThat(idOf("void")).isEqualTo("op_" + PublicId.digits(OPERATION));
  }

  private static String idOf(String kind) {
    return EventData.of(event("captured", payment(), operation(kind), null))
        .getJsonObject("operation")
        .getString("id");
  }

  @Test
  void tellsADispute() {
    JsonObject row =
        new JsonObject()
            .put("merchant_id", "demo")
            .put("dispute_id", OPERATION.toString())
            .put("charge_id", OPERATION.toString())
            .put("psp_account_id", "stripe_demo")
            .put("psp_reference", "dp_1")
            .put("amount", 100)
            .put("currency", "usd")
            .put("status", "open")
            .put("reason", "fraudulent")
            .put("created_at", "2026-01-02T03:04:05+00:00");
    JsonObject data = EventData.of(event("captured", payment(), operation("authorize"), row));

    assertThat(data.getJsonObject("dispute").getMap())
        .containsEntry("id", PublicId.DISPUTE.of(OPERATION))
        .containsEntry("status", "open")
        .doesNotContainKey("merchant_id");
    schemas.check("captured", data.encode());
  }

  @Test
  void neverTellsWhatItDoesNotName() {
    JsonObject payment =
        payment()
            .put("client_secret", "pi_secret_SECRET")
            .put("parameters", new JsonObject().put("shipping", "SECRET"))
            .put("next_action_url", "https://SECRET")
            .put("a_column_of_tomorrow", "SECRET");
    JsonObject operation =
        operation("authorize")
            .put("request", "SECRET")
            .put("idempotency_key", "SECRET")
            .put("psp_idempotency_key", "SECRET")
            .put("a_column_of_tomorrow", "SECRET");
    operation.getJsonObject("result").getJsonObject("card").put("fingerprint", "SECRET");

    assertThat(EventData.of(event("captured", payment, operation, null)).encode())
        .doesNotContain("SECRET");
  }

  @Test
  void leavesTheMerchantsOwnWordsOutWhereItIsShortened() {
    JsonObject data =
        EventData.shortened(
            event(
                "refunded",
                payment(),
                operation("refund").put("metadata", new JsonObject().put("a", "b")),
                null));

    assertThat(data.getBoolean("shortened")).isTrue();
    assertThat(data.getJsonObject("payment").fieldNames())
        .doesNotContain("description", "metadata");
    assertThat(data.getJsonObject("operation").fieldNames()).doesNotContain("metadata");
    schemas.check("refunded", data.encode());
  }

  @Test
  void isACloudEventWhoseIdIsThePaymentsAndTheSequence() {
    CloudEvent event = CloudEvent.of(event("captured", payment(), operation("authorize"), null));

    String id = PublicId.PAYMENT.of(PAYMENT);
    assertThat(event.key()).isEqualTo(id);
    assertThat(event.headers())
        .isEqualTo(
            Map.of(
                "ce_specversion", "1.0",
                "ce_id", id + "-3",
                "ce_source", "/sluice/merchants/demo",
                "ce_type", "sluice.payment.captured.v1",
                "ce_time", "2026-01-02T03:04:05.678901Z",
                "ce_subject", id,
                "ce_dataschema", "urn:sluice:events:captured:v1",
                "ce_sequence", "0000000000000000003",
                "ce_partitionkey", id,
                "content-type", "application/json"));
  }

  private static Event event(
      String name, JsonObject payment, JsonObject operation, @Nullable JsonObject dispute) {
    return new Event(
        "demo",
        PAYMENT,
        3,
        false,
        7,
        0,
        1,
        name,
        "processing",
        payment.getString("status"),
        "req_1",
        "demo_secret",
        CREATED,
        payment.encode(),
        operation.encode(),
        dispute == null ? null : dispute.encode());
  }

  private static JsonObject payment() {
    return new JsonObject()
        .put("status", "succeeded")
        .put("amount", 9_007_199_254_740_993L)
        .put("currency", "usd")
        .put("capture_method", "automatic")
        .put("authorized", 0)
        .put("captured", 9_007_199_254_740_993L)
        .put("refund_reserved", 0)
        .put("refunded", 0)
        .put("disputed", 0)
        .put("customer_id", CUSTOMER.toString())
        .put("payment_method_id", "pm_card_visa")
        .put("latest_charge", OPERATION.toString())
        .put("canceled_at", "2026-01-02T03:04:05.6+02:00")
        .putNull("last_error")
        .put("description", "Two chairs")
        .put("metadata", new JsonObject().put("order", "17"));
  }

  private static JsonObject operation(String kind) {
    return new JsonObject()
        .put("operation_id", OPERATION.toString())
        .put("kind", kind)
        .put("status", "succeeded")
        .put("amount", 2000)
        .put("currency", "usd")
        .put("psp_account_id", "stripe_demo")
        .put("psp_reference", "pi_psp")
        .put("attempts", 1)
        .put("gives_back", false)
        .put("updated_at", "2026-01-02T03:04:05.678901+00:00")
        .put(
            "result",
            new JsonObject()
                .put("card", new JsonObject().put("brand", "visa").put("last4", "4242")));
  }
}
