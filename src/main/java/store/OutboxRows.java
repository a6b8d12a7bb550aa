package store;

/**
 * The part of a statement that tells what it changed: the history's row, the payment and the
 * operation as the change leaves them, and a narrow row that waits for the change's place in the
 * event log. The wide row is written once, where it stays; what moves is the narrow one. An
 * operation's request is no part of it: it is what the PSP was sent, and nobody else's; and of the
 * routing decision only what it came to.
 */
final class OutboxRows {
  /** The row {@code p} of the payment, where it has just been changed, as what is kept of it. */
  static final String PAYMENT =
      """
      ROW(p.merchant_id, p.payment_id, p.livemode, p.lane, p.status, p.version, p.sequence, p.amount, p.currency,
        p.capture_method, p.authorized, p.captured, p.refund_reserved, p.refunded, p.disputed, p.customer_id,
        p.payment_method_id, p.latest_charge, p.client_secret, p.parameters, p.last_error, p.next_action_url,
        p.cancellation_reason, p.canceled_at)::payment_state
      """;

  /** The row {@code o} of the operation, where it has just been changed, as what is kept of it. */
  static final String OPERATION =
      """
      ROW(o.merchant_id, o.operation_id, o.payment_id, o.livemode, o.kind, o.status, o.amount, o.currency,
        o.psp_account_id, o.psp_idempotency_key, o.idempotency_key, o.psp_reference, o.psp_charge_reference, o.attempts,
        o.charge_id, o.payment_method_id, o.gives_back, o.result, o.parameters, o.held_reason, o.updated_at,
        o.routing - '{candidates,draw}'::text[])::operation_state
      """;

  /** The payment that the columns of {@code i} make. */
  static final String NEW_PAYMENT =
      """
      ROW(i.merchant_id, i.payment_id, i.livemode, i.lane, i.status, 1, 1, i.amount, i.currency, i.capture_method, 0, 0, 0, 0,
        0, i.customer_id, i.payment_method_id, i.latest_charge, i.client_secret, i.parameters, NULL, NULL, NULL,
        NULL)::payment_state
      """;

  /** The operation that begins with the columns of {@code i}, or null where none does. */
  static final String NEW_OPERATION =
      """
      CASE WHEN i.o_id IS NOT NULL THEN
        ROW(i.merchant_id, i.o_id, i.payment_id, i.livemode, i.o_kind, i.o_status, i.o_amount, i.o_currency, i.o_account,
          i.o_psp_key, i.o_key, i.o_reference, NULL, i.o_attempts, i.o_charge, i.o_method, i.o_gives_back, NULL,
          i.o_parameters, NULL, now(), i.o_routing - '{candidates,draw}'::text[])::operation_state
      END
      """;

  private static final String NO_DISPUTE = "NULL";

  /**
   * How a change is told.
   *
   * @param source the relation with a row for each change, with the columns merchant_id,
   *     payment_id, lane, livemode, c_event, c_reference and c_actor; {@code i} in what follows
   * @param sequence of the change within its payment
   * @param from the status before, NULL where there was none
   * @param to the status after
   * @param operationId what the history names
   * @param payment the payment as the change leaves it
   * @param operation the operation likewise, or NULL
   * @param dispute the dispute's row as JSON, or NULL
   */
  record Telling(
      String source,
      String sequence,
      String from,
      String to,
      String operationId,
      String payment,
      String operation,
      String dispute) {
    Telling(
        String source,
        String sequence,
        String from,
        String to,
        String operationId,
        String payment,
        String operation) {
      this(source, sequence, from, to, operationId, payment, operation, NO_DISPUTE);
    }

    /** The three common table expressions that write it, without a comma behind them. */
    String sql() {
      return """
      told AS (
        INSERT INTO payment_event (merchant_id, payment_id, sequence, event, from_status, to_status, operation_id, cause,
          actor)
        SELECT i.merchant_id, i.payment_id, %2$s, i.c_event, %3$s, %4$s, %5$s, i.c_reference, i.c_actor FROM %1$s i),
      kept AS (
        INSERT INTO payment_change (merchant_id, payment_id, sequence, payment, operation, dispute)
        SELECT i.merchant_id, i.payment_id, %2$s, %6$s, %7$s, %8$s FROM %1$s i),
      queued AS (
        INSERT INTO outbox (merchant_id, payment_id, sequence, lane, livemode, event, operation_kind, operation_status)
        SELECT i.merchant_id, i.payment_id, %2$s, i.lane, i.livemode, i.c_event, %9$s
        FROM %1$s i)\
      """
          .formatted(
              source,
              sequence,
              from,
              to,
              operationId,
              payment,
              operation,
              dispute,
              operationSays());
    }

    private String operationSays() {
      return operation.equals(NEW_OPERATION)
          ? "i.o_kind, i.o_status"
          : "(%1$s).kind, (%1$s).status".formatted(operation);
    }
  }

  private OutboxRows() {}
}
