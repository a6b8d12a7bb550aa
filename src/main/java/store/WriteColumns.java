package store;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import payments.Answer;
import payments.Operation;
import payments.Payment;
import payments.PaymentMethod;

/**
 * The column groups that the batched statements are put together from, each with the INSERT that
 * takes them.
 */
final class WriteColumns {
  private WriteColumns() {}

  /** A part of something. */
  interface Part<A, B> {
    @Nullable B of(A whole);
  }

  /** A part of something that may not be there. */
  static <A, B> @Nullable B or(@Nullable A value, Part<A, B> part) {
    return value == null ? null : part.of(value);
  }

  static <R> Columns<R> payment(Columns<R> columns, Function<R, Payment> payment) {
    return columns
        .text("merchant_id", row -> payment.apply(row).merchantId())
        .uuid("payment_id", row -> payment.apply(row).id())
        .bool("livemode", row -> payment.apply(row).livemode())
        .integer("lane", row -> Lanes.of(payment.apply(row).id()))
        .text("status", row -> payment.apply(row).status().wire())
        .bigint("amount", row -> payment.apply(row).amount().minor())
        .text("currency", row -> payment.apply(row).amount().currency().code())
        .text("capture_method", row -> payment.apply(row).captureMethod().wire())
        .uuid("customer_id", row -> payment.apply(row).customerId())
        .text("payment_method_id", row -> payment.apply(row).paymentMethodId())
        .uuid("latest_charge", row -> payment.apply(row).latestCharge())
        .text("client_secret", row -> payment.apply(row).clientSecret())
        .json("parameters", row -> Json.parameters(payment.apply(row).parameters()))
        .json("last_error", row -> or(payment.apply(row).lastError(), Json::decline))
        .text("next_action_url", row -> payment.apply(row).nextActionUrl())
        .text("cancellation_reason", row -> payment.apply(row).cancellationReason())
        .time("canceled_at", row -> payment.apply(row).canceledAt());
  }

  static <R> Columns<R> begin(Columns<R> columns, Function<R, Write.@Nullable Begin> begin) {
    Function<R, @Nullable Operation> operation =
        row -> or(begin.apply(row), Write.Begin::operation);
    return columns
        .uuid("o_id", row -> or(operation.apply(row), Operation::id))
        .text("o_node", row -> or(begin.apply(row), Write.Begin::node))
        .text("o_kind", row -> or(operation.apply(row), it -> it.kind().wire()))
        .text("o_status", row -> or(operation.apply(row), it -> it.status().wire()))
        .bigint("o_amount", row -> or(operation.apply(row), it -> it.amount().minor()))
        .text("o_currency", row -> or(operation.apply(row), it -> it.amount().currency().code()))
        .text("o_account", row -> or(operation.apply(row), Operation::pspAccountId))
        .text("o_psp_key", row -> or(operation.apply(row), Operation::pspIdempotencyKey))
        .text("o_request", row -> or(operation.apply(row), Operation::request))
        .text("o_kept_request", row -> or(begin.apply(row), Write.Begin::keptRequest))
        .text("o_key", row -> or(operation.apply(row), Operation::idempotencyKey))
        .text("o_reference", row -> or(operation.apply(row), Operation::pspReference))
        .integer("o_attempts", row -> or(operation.apply(row), Operation::attempts))
        .uuid("o_charge", row -> or(operation.apply(row), Operation::chargeId))
        .text("o_method", row -> or(operation.apply(row), Operation::paymentMethodId))
        .bool("o_gives_back", row -> or(operation.apply(row), Operation::givesBack))
        .json(
            "o_parameters", row -> or(operation.apply(row), it -> Json.parameters(it.parameters())))
        .json(
            "o_routing",
            row -> or(or(begin.apply(row), Write.Begin::routing), it -> Json.parameters(it)))
        .bigint("o_recover_in_ms", row -> or(begin.apply(row), Write.Begin::recoverInMs));
  }

  static <R> Columns<R> key(Columns<R> columns, Function<R, Write.@Nullable KeyClaim> key) {
    return columns
        .text("k_key", row -> or(key.apply(row), it -> it.idempotency().key()))
        .text("k_path", row -> or(key.apply(row), it -> it.idempotency().path()))
        .text("k_fingerprint", row -> or(key.apply(row), it -> it.idempotency().fingerprint()))
        .uuid("k_operation", row -> or(key.apply(row), Write.KeyClaim::operationId))
        .text("k_request", row -> or(key.apply(row), it -> it.context().requestId()))
        .text("k_actor", row -> or(key.apply(row), it -> it.context().actor()))
        .bool("k_publishable", row -> or(key.apply(row), it -> it.context().publishable()))
        .text("k_expand", row -> or(key.apply(row), it -> String.join(",", it.context().expand())))
        .integer(
            "k_answer_status",
            row -> or(or(key.apply(row), Write.KeyClaim::answer), Answer::status))
        .text("k_answer_body", row -> or(or(key.apply(row), Write.KeyClaim::answer), Answer::body));
  }

  static <R> Columns<R> method(Columns<R> columns, Function<R, @Nullable PaymentMethod> method) {
    return columns
        .text("m_id", row -> or(method.apply(row), PaymentMethod::id))
        .bool("m_livemode", row -> or(method.apply(row), PaymentMethod::livemode))
        .uuid("m_customer", row -> or(method.apply(row), PaymentMethod::customerId))
        .json("m_card", row -> or(method.apply(row), WriteColumns::card))
        .json(
            "m_tokens", row -> or(method.apply(row), it -> new JsonObject(Map.copyOf(it.tokens()))))
        .json("m_parameters", row -> or(method.apply(row), it -> Json.parameters(it.parameters())))
        .time("m_created", row -> or(method.apply(row), PaymentMethod::createdAt));
  }

  private static @Nullable JsonObject card(PaymentMethod method) {
    return or(method.card(), card -> Json.card(card, method.checks()));
  }

  static <R> Columns<R> cause(Columns<R> columns, Function<R, Write.Cause> cause) {
    return columns
        .text("c_event", row -> cause.apply(row).event())
        .text("c_reference", row -> cause.apply(row).reference())
        .text("c_actor", row -> cause.apply(row).actor());
  }

  static final String OPERATION_TARGET =
      """
      INSERT INTO operation (merchant_id, operation_id, payment_id, livemode, lane, node, kind, status, amount, currency,
        psp_account_id, psp_idempotency_key, request, kept_request, idempotency_key, psp_reference, attempts, charge_id,
        payment_method_id, gives_back, parameters, routing, recover_at)
      """;

  static final String OPERATION_VALUES =
      """
      i.merchant_id, i.o_id, i.payment_id, i.livemode, i.lane, i.o_node, i.o_kind, i.o_status, i.o_amount, i.o_currency,
        i.o_account, i.o_psp_key, i.o_request, i.o_kept_request, i.o_key, i.o_reference, i.o_attempts, i.o_charge,
        i.o_method, i.o_gives_back, i.o_parameters, i.o_routing, now() + i.o_recover_in_ms * interval '1 millisecond'
      """;

  /**
   * The part of an UPDATE of the operation {@code o} that lets go of the card data in its request,
   * where the status that it gets says that the PSP has answered.
   */
  static String forgetting(String status) {
    return """
    request = CASE WHEN %1$s IN ('pending', 'unknown') THEN o.request ELSE coalesce(o.kept_request, o.request) END,
      kept_request = CASE WHEN %1$s IN ('pending', 'unknown') THEN o.kept_request END\
    """
        .formatted(status);
  }

  static final String KEY_TARGET =
      """
      INSERT INTO idempotency_key (merchant_id, livemode, key, path, fingerprint, payment_id, operation_id, request_id, actor,
        publishable, expand, answer_status, answer_body)
      """;

  static final String KEY_VALUES =
      """
      i.merchant_id, i.livemode, i.k_key, i.k_path, i.k_fingerprint, i.payment_id, i.k_operation, i.k_request, i.k_actor,
        i.k_publishable, i.k_expand, i.k_answer_status, i.k_answer_body
      """;

  static final String METHOD_TARGET =
      """
      INSERT INTO payment_method (merchant_id, payment_method_id, livemode, customer_id, card, tokens, parameters, created_at)
      """;

  static final String METHOD_VALUES =
      """
      i.merchant_id, i.m_id, i.m_livemode, i.m_customer, i.m_card, i.m_tokens, i.m_parameters, i.m_created
      """;
}
