package store;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;
import payments.AttemptOutcome;

/** The columns of what a finished operation does to its payment, and the JSON of its result. */
final class FinishColumns {
  private FinishColumns() {}

  static void change(Columns<Finish> columns) {
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
        .text(
            "last_error",
            row -> WriteColumns.or(row.change().lastError(), it -> Json.decline(it).encode()))
        .text("next_action_url", row -> row.change().nextActionUrl())
        .text("cancellation_reason", row -> row.change().cancellationReason());
  }

  /**
   * What the PSP told, or null where it told nothing. It is laid over what an earlier stage stored:
   * of what is not told again, that stays.
   */
  static @Nullable String result(Finish finish) {
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
    return json.isEmpty() ? null : json.encode();
  }

  /** The token by which the PSP now knows the payment method, or null. */
  static @Nullable String tokens(Finish finish) {
    return finish.methodToken() == null
        ? null
        : new JsonObject().put(finish.operation().pspAccountId(), finish.methodToken()).encode();
  }
}
