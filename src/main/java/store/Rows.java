package store;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.CaptureMethod;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Payment;
import payments.PaymentMethod;
import payments.PaymentStatus;

/** Rows into records: each aggregate's columns, listed once, and the one method that reads them. */
final class Rows {
  private Rows() {}

  static final String PAYMENT =
      """
      p.merchant_id, p.payment_id, p.livemode, p.status, p.version, p.sequence, p.amount, p.currency, p.capture_method,
      p.authorized, p.captured, p.refund_reserved, p.refunded, p.disputed, p.customer_id, p.payment_method_id,
      p.latest_charge, p.client_secret, p.parameters, p.last_error, p.next_action_url, p.cancellation_reason, p.canceled_at
      """;

  static final String OPERATION =
      """
      o.merchant_id, o.operation_id, o.payment_id, o.livemode, o.kind, o.status, o.amount, o.currency, o.psp_account_id,
      o.psp_idempotency_key, o.request, o.idempotency_key, o.psp_reference, o.psp_charge_reference, o.attempts, o.charge_id,
      o.payment_method_id, o.gives_back, o.result, o.parameters, o.held_reason, o.updated_at
      """;

  static final String PAYMENT_METHOD =
      """
      m.merchant_id, m.payment_method_id, m.livemode, m.customer_id, m.card, m.tokens, m.parameters, m.created_at
      """;

  static Payment payment(Row row) {
    return new Payment(
        row.getString("merchant_id"),
        row.getBoolean("livemode"),
        row.getUUID("payment_id"),
        PaymentStatus.ofWire(row.getString("status")),
        row.getLong("version"),
        Money.of(row.getLong("amount"), row.getString("currency")),
        CaptureMethod.ofWire(row.getString("capture_method")),
        row.getLong("authorized"),
        row.getLong("captured"),
        row.getLong("refund_reserved"),
        row.getLong("refunded"),
        row.getLong("disputed"),
        row.getUUID("customer_id"),
        row.getString("payment_method_id"),
        row.getUUID("latest_charge"),
        row.getString("client_secret"),
        Json.parameters(row.getJsonObject("parameters")),
        Json.decline(row.getJsonObject("last_error")),
        row.getString("next_action_url"),
        row.getString("cancellation_reason"),
        instant(row.getOffsetDateTime("canceled_at")),
        row.getLong("sequence"));
  }

  /**
   * Reads an operation.
   *
   * @param payment its payment, from which an approved charge's captured and refunded totals come,
   *     or null where they are not needed
   */
  static Operation operation(Row row, @Nullable Payment payment) {
    JsonObject result = row.getJsonObject("result");
    UUID id = row.getUUID("operation_id");
    OperationStatus status = OperationStatus.ofWire(row.getString("status"));
    boolean holdsTotals =
        payment != null && status == OperationStatus.SUCCEEDED && id.equals(payment.latestCharge());
    return new Operation(
        row.getString("merchant_id"),
        row.getBoolean("livemode"),
        id,
        row.getUUID("payment_id"),
        OperationKind.ofWire(row.getString("kind")),
        status,
        Money.of(row.getLong("amount"), row.getString("currency")),
        row.getString("psp_account_id"),
        row.getString("psp_idempotency_key"),
        row.getString("request"),
        row.getString("psp_reference"),
        row.getString("psp_charge_reference"),
        row.getInteger("attempts"),
        row.getUUID("charge_id"),
        holdsTotals && payment != null ? payment.captured() : 0,
        holdsTotals && payment != null ? payment.refunded() : 0,
        row.getString("payment_method_id"),
        Json.card(part(result, "card")),
        Json.checks(part(result, "card")),
        Json.outcome(part(result, "outcome")),
        Json.decline(part(result, "decline")),
        Json.parameters(row.getJsonObject("parameters")),
        row.getBoolean("gives_back"),
        row.getString("idempotency_key"),
        row.getString("held_reason"),
        instantOf(row.getOffsetDateTime("updated_at")));
  }

  static PaymentMethod paymentMethod(Row row) {
    JsonObject card = row.getJsonObject("card");
    var tokens = new java.util.TreeMap<String, String>();
    row.getJsonObject("tokens")
        .forEach(entry -> tokens.put(entry.getKey(), String.valueOf(entry.getValue())));
    return new PaymentMethod(
        row.getString("merchant_id"),
        row.getBoolean("livemode"),
        row.getString("payment_method_id"),
        instantOf(row.getOffsetDateTime("created_at")),
        row.getUUID("customer_id"),
        Json.card(card),
        Json.checks(card),
        tokens,
        Json.parameters(row.getJsonObject("parameters")));
  }

  private static @Nullable JsonObject part(@Nullable JsonObject json, String name) {
    return json == null ? null : json.getJsonObject(name);
  }

  static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }

  static Instant instantOf(OffsetDateTime time) {
    return time.toInstant();
  }
}
