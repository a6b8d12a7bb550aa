package store;

import io.vertx.core.json.JsonObject;
import ledger.Transfer;
import org.jspecify.annotations.Nullable;
import payments.Answer;
import payments.AttemptOutcome;

/**
 * The columns of an operation's end and of what it does to its payment, and the JSON of its result.
 */
final class FinishColumns {
  private FinishColumns() {}

  static Columns<Finish> all() {
    var columns =
        new Columns<Finish>()
            .text("merchant_id", row -> row.operation().merchantId())
            .time("at", Finish::at)
            .uuid("o_id", row -> row.operation().id())
            .text("o_status", row -> row.status().wire())
            .text("o_from", row -> row.operation().status().wire())
            .integer("o_attempts", row -> row.operation().attempts())
            .text("o_reference", Finish::pspReference)
            .text("o_charge_reference", Finish::pspChargeReference)
            .json("o_result", FinishColumns::result)
            .bigint("recover_in_ms", Finish::recoverInMs)
            .text("held_reason", Finish::heldReason)
            .text("k_key", row -> row.operation().idempotencyKey())
            .integer("a_status", row -> WriteColumns.or(row.answer(), Answer::status))
            .text("a_body", row -> WriteColumns.or(row.answer(), Answer::body))
            .uuid("t_id", row -> WriteColumns.or(row.transfer(), Transfer::id))
            .text("t_rule", row -> WriteColumns.or(row.transfer(), it -> it.rule().wire()))
            .text("t_debit", row -> WriteColumns.or(row.transfer(), Transfer::debit))
            .text("t_credit", row -> WriteColumns.or(row.transfer(), Transfer::credit))
            .bigint("t_amount", row -> WriteColumns.or(row.transfer(), it -> it.amount().minor()))
            .text(
                "t_currency",
                row -> WriteColumns.or(row.transfer(), it -> it.amount().currency().code()));
    change(columns);
    columns
        .json("m_tokens", FinishColumns::tokens)
        .uuid("m_owner", Finish::methodOwner)
        .uuid("x_id", row -> WriteColumns.or(row.also(), Finish.Also::operationId))
        .text("x_status", row -> WriteColumns.or(row.also(), it -> it.status().wire()));
    return WriteColumns.cause(columns, Finish::cause);
  }

  private static void change(Columns<Finish> columns) {
    columns
        .text("from_status", row -> WriteColumns.or(row.change().from(), it -> it.wire()))
        .text("to_status", row -> WriteColumns.or(row.change().to(), it -> it.wire()))
        .bigint("version_step", row -> row.change().to() == null ? 0L : 1L)
        .bigint("d_authorized", row -> row.change().authorized())
        .bigint("d_captured", row -> row.change().captured())
        .bigint("d_reserved", row -> row.change().refundReserved())
        .bigint("d_refunded", row -> row.change().refunded())
        .uuid("latest_charge", row -> row.change().latestCharge())
        .text("method_id", row -> row.change().paymentMethodId())
        .bool("sets_error", row -> row.change().setsError())
        .json("last_error", row -> WriteColumns.or(row.change().lastError(), Json::decline))
        .text("next_action_url", row -> row.change().nextActionUrl())
        .text("cancellation_reason", row -> row.change().cancellationReason());
  }

  /**
   * What the PSP told, or null where it told nothing. It is laid over what an earlier stage stored:
   * of what is not told again, that stays.
   */
  static @Nullable JsonObject result(Finish finish) {
    var json = new JsonObject();
    if (finish.card() != null) {
      json.put("card", Json.card(finish.card(), finish.checks()));
    }
    if (!finish.outcome().equals(AttemptOutcome.NONE)) {
      json.put("outcome", Json.outcome(finish.outcome()));
    }
    if (finish.decline() != null) {
      json.put("decline", Json.decline(finish.decline()));
    }
    return json.isEmpty() ? null : json;
  }

  /** The token by which the PSP now knows the payment method, or null. */
  static @Nullable JsonObject tokens(Finish finish) {
    return finish.methodToken() == null
        ? null
        : new JsonObject().put(finish.operation().pspAccountId(), finish.methodToken());
  }
}
