package store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A statement over a relation {@code i} of rows, in two forms of one text: for many rows they come
 * as an array for each column, for one as plain parameters. Alone, as rows mostly are at low load,
 * an array for each of some sixty columns costs PostgreSQL a tenth of the statement.
 *
 * @param columns of the relation
 * @param many for any number of rows
 * @param one for one
 */
record BatchStatement<R>(Columns<R> columns, String many, String one) {

  /**
   * A statement.
   *
   * @param sql makes its text from the relation, for a FROM clause
   */
  static <R> BatchStatement<R> of(Columns<R> columns, UnaryOperator<String> sql) {
    return new BatchStatement<>(columns, sql.apply(columns.unnest()), sql.apply(columns.single()));
  }

  Future<RowSet<Row>> run(Sql sql, List<R> rows) {
    return rows.size() == 1
        ? sql.query(one, columns.tuple(rows.getFirst()))
        : sql.query(many, columns.tuple(rows));
  }
}
