package store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.util.UUID;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.Dispute;
import payments.DisputeStatus;
import payments.Listing;

/** Disputes as operators see them. */
public final class Disputes {
  private static final String LIST =
      """
      SELECT x.merchant_id, x.livemode, x.dispute_id, x.payment_id, x.charge_id, x.psp_account_id, x.psp_reference, x.amount,
        x.currency, x.status, x.reason, x.created_at
      FROM dispute x WHERE true
      """;

  private final Database database;

  public Disputes(Database database) {
    this.database = database;
  }

  /** Disputes, newest first; null is no condition. */
  public Future<Listing.Rows<Dispute>> list(
      @Nullable String merchantId,
      @Nullable UUID paymentId,
      @Nullable String status,
      Listing.Span span,
      Listing.Page page) {
    return new Listed(LIST, "x.created_at", "x.dispute_id::text")
        .where("x.merchant_id = $", merchantId)
        .where("x.payment_id = $", paymentId)
        .where("x.status = $", status)
        .within(span)
        .read(database, page, Disputes::dispute);
  }

  private static Dispute dispute(Row row) {
    return new Dispute(
        row.getString("merchant_id"),
        row.getBoolean("livemode"),
        row.getUUID("dispute_id"),
        row.getUUID("payment_id"),
        row.getUUID("charge_id"),
        row.getString("psp_account_id"),
        row.getString("psp_reference"),
        Money.of(row.getLong("amount"), row.getString("currency")),
        DisputeStatus.ofWire(row.getString("status")),
        row.getString("reason"),
        Rows.instantOf(row.getOffsetDateTime("created_at")));
  }
}
