package store;

/**
 * The part of a statement that tells what it changed: the outbox row with the payment and the
 * operation as the change leaves them, under the names of their tables' columns, so that {@code
 * jsonb_populate_record} makes rows of them again. An operation's request is left out: it is what
 * the PSP was sent, and nobody else's; and of the routing decision only what it came to.
 */
final class OutboxRows {
  static final String TARGET =
      """
      INSERT INTO outbox (merchant_id, payment_id, sequence, lane, livemode, payment, operation)
      """;

  /** The row {@code p} of the payment, where it has just been changed. */
  static final String PAYMENT = "to_jsonb(p)";

  /** The row {@code o} of the operation, where it has just been changed. */
  static final String OPERATION =
      """
      (SELECT to_jsonb(s) FROM (SELECT o.merchant_id, o.operation_id, o.payment_id, o.livemode, o.kind, o.status, o.amount,
        o.currency, o.psp_account_id, o.psp_idempotency_key, '' AS request, o.idempotency_key, o.psp_reference,
        o.psp_charge_reference, o.attempts, o.charge_id, o.payment_method_id, o.gives_back, o.result, o.parameters,
        o.held_reason, o.updated_at, o.routing - '{candidates,draw}'::text[] AS routing) s)
      """;

  /** The payment that the columns of {@code i} make. */
  static final String NEW_PAYMENT =
      """
      (SELECT to_jsonb(s) FROM (SELECT i.merchant_id, i.payment_id, i.livemode, i.lane, i.status, 1 AS version, 1 AS sequence,
        i.amount, i.currency, i.capture_method, 0 AS authorized, 0 AS captured, 0 AS refund_reserved, 0 AS refunded,
        0 AS disputed, i.customer_id, i.payment_method_id, i.latest_charge, i.client_secret,
        i.parameters::jsonb AS parameters) s)
      """;

  /** The operation that begins with the columns of {@code i}, or null where none does. */
  static final String NEW_OPERATION =
      """
      CASE WHEN i.o_id IS NOT NULL THEN
        (SELECT to_jsonb(s) FROM (SELECT i.merchant_id, i.o_id AS operation_id, i.payment_id, i.livemode, i.o_kind AS kind,
          i.o_status AS status, i.o_amount AS amount, i.o_currency AS currency, i.o_account AS psp_account_id,
          i.o_psp_key AS psp_idempotency_key, '' AS request, i.o_key AS idempotency_key, i.o_reference AS psp_reference,
          i.o_attempts AS attempts, i.o_charge AS charge_id, i.o_method AS payment_method_id,
          i.o_gives_back AS gives_back, i.o_parameters::jsonb AS parameters, now() AS updated_at,
          i.o_routing::jsonb - '{candidates,draw}'::text[] AS routing) s)
      END
      """;

  private OutboxRows() {}
}
