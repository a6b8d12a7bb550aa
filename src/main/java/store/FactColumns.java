package store;

import io.vertx.core.json.JsonObject;
import java.util.function.Function;
import ledger.Transfer;
import payments.Decline;
import payments.DisputeStatus;
import store.FactWrites.Anomaly;
import store.FactWrites.CaptureReversal;
import store.FactWrites.Change;
import store.FactWrites.DisputeChange;
import store.FactWrites.HoldChange;
import store.FactWrites.RefundAtPsp;
import store.FactWrites.RefundChange;

/** The columns of what PSPs did without being asked by us. */
final class FactColumns {
  private FactColumns() {}

  static Columns<HoldChange> hold() {
    var columns = change(new Columns<HoldChange>(), HoldChange::change);
    return WriteColumns.begin(columns, HoldChange::capture)
        .text("from_status", row -> row.from().wire())
        .bigint("from_version", HoldChange::version)
        .text("to_status", row -> row.to().wire())
        .bigint("taken", HoldChange::taken)
        .text("cancellation_reason", HoldChange::cancellationReason)
        .time("at", HoldChange::at);
  }

  static Columns<CaptureReversal> reversal() {
    return change(new Columns<CaptureReversal>(), CaptureReversal::change)
        .bigint("from_version", CaptureReversal::version)
        .text("to_status", row -> row.to().wire())
        .json("o_result", row -> declined(row.decline()))
        .uuid("w_id", row -> row.over().id())
        .uuid("w_operation", row -> row.over().operationId())
        .text("w_kind", row -> row.over().kind().wire())
        .text("w_detail", row -> row.over().detail());
  }

  static Columns<RefundChange> refund() {
    return change(new Columns<RefundChange>(), RefundChange::change)
        .text("o_from", row -> row.from().wire())
        .text("o_to", row -> row.to().wire())
        .text("o_reference", RefundChange::reference)
        .json("o_result", row -> WriteColumns.or(row.decline(), FactColumns::declined))
        .bigint("recover_in_ms", RefundChange::recoverInMs)
        .bigint("d_reserved", RefundChange::reserved)
        .bigint("d_refunded", RefundChange::refunded)
        .bigint("d_disputed", row -> 0L);
  }

  static Columns<RefundAtPsp> refundAtPsp() {
    var columns =
        change(new Columns<RefundAtPsp>(), RefundAtPsp::change)
            .bool("livemode", row -> row.operation().livemode())
            .integer("lane", row -> Lanes.of(row.operation().paymentId()))
            .json(
                "o_result",
                row -> WriteColumns.or(row.operation().decline(), FactColumns::declined))
            .text("o_charge_reference", row -> row.operation().pspChargeReference())
            .bigint("d_reserved", RefundAtPsp::reserved)
            .bigint("d_refunded", RefundAtPsp::refunded)
            .bigint("d_disputed", row -> 0L);
    columns.bigint("recover_in_ms", RefundAtPsp::recoverInMs);
    return WriteColumns.begin(columns, row -> new Write.Begin(row.operation(), row.node(), 0));
  }

  static Columns<DisputeChange> dispute() {
    return change(new Columns<DisputeChange>(), DisputeChange::change)
        .bool("livemode", DisputeChange::livemode)
        .integer("lane", row -> Lanes.of(row.change().paymentId()))
        .uuid("x_id", DisputeChange::disputeId)
        .text("x_account", DisputeChange::accountId)
        .text("x_reference", DisputeChange::reference)
        .text("x_from", row -> WriteColumns.or(row.from(), DisputeStatus::wire))
        .text("x_to", row -> row.to().wire())
        .bigint("x_amount", row -> row.amount().minor())
        .text("x_currency", row -> row.amount().currency().code())
        .text("x_reason", DisputeChange::reason)
        .time("x_opened", DisputeChange::openedAt)
        .bigint("d_reserved", row -> 0L)
        .bigint("d_refunded", row -> 0L)
        .bigint("d_disputed", DisputeChange::disputed);
  }

  private static <R> Columns<R> change(Columns<R> columns, Function<R, Change> of) {
    columns
        .text("merchant_id", row -> of.apply(row).merchantId())
        .uuid("payment_id", row -> of.apply(row).paymentId())
        .uuid("e_operation", row -> of.apply(row).operationId())
        .uuid("t_id", row -> WriteColumns.or(of.apply(row).transfer(), Transfer::id))
        .uuid(
            "t_operation", row -> WriteColumns.or(of.apply(row).transfer(), Transfer::operationId))
        .text("t_rule", row -> WriteColumns.or(of.apply(row).transfer(), it -> it.rule().wire()))
        .text("t_debit", row -> WriteColumns.or(of.apply(row).transfer(), Transfer::debit))
        .text("t_credit", row -> WriteColumns.or(of.apply(row).transfer(), Transfer::credit))
        .bigint(
            "t_amount", row -> WriteColumns.or(of.apply(row).transfer(), it -> it.amount().minor()))
        .text(
            "t_currency",
            row -> WriteColumns.or(of.apply(row).transfer(), it -> it.amount().currency().code()))
        .uuid("a_id", row -> WriteColumns.or(of.apply(row).anomaly(), Anomaly::id))
        .uuid("a_operation", row -> WriteColumns.or(of.apply(row).anomaly(), Anomaly::operationId))
        .text("a_kind", row -> WriteColumns.or(of.apply(row).anomaly(), it -> it.kind().wire()))
        .text("a_detail", row -> WriteColumns.or(of.apply(row).anomaly(), Anomaly::detail))
        .bool("a_always", row -> WriteColumns.or(of.apply(row).anomaly(), Anomaly::always));
    return WriteColumns.cause(columns, row -> of.apply(row).cause());
  }

  private static JsonObject declined(Decline decline) {
    return new JsonObject().put("decline", Json.decline(decline));
  }
}
