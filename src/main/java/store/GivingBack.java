package store;

import io.vertx.core.Future;
import java.util.List;

/**
 * The insert of an operation that begins without a change of its payment: giving a late success
 * back, or letting go of what may be left of an authentication.
 */
final class GivingBack {
  /** The kinds of anomalies that are over once the money is given back. */
  static final String SETTLES =
      "('late_success', 'late_capture', 'give_back_refused', 'let_go_refused')";

  private static final Columns<Write.Begin> COLUMNS = columns();

  private static final String BEGIN =
      WriteColumns.OPERATION_TARGET
          + "SELECT "
          + WriteColumns.OPERATION_VALUES
          + " FROM "
          + COLUMNS.unnest();

  private GivingBack() {}

  static Future<Void> begin(Sql sql, Write.Begin begin) {
    return sql.query(BEGIN, COLUMNS.tuple(List.of(begin))).mapEmpty();
  }

  private static Columns<Write.Begin> columns() {
    var columns =
        new Columns<Write.Begin>()
            .text("merchant_id", row -> row.operation().merchantId())
            .uuid("payment_id", row -> row.operation().paymentId())
            .bool("livemode", row -> row.operation().livemode())
            .integer("lane", row -> Lanes.of(row.operation().paymentId()));
    return WriteColumns.begin(columns, row -> row);
  }
}
