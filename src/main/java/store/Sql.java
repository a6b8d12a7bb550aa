package store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;

/** Where a statement runs: by itself on a pool, or inside a transaction. */
interface Sql {
  Future<RowSet<Row>> query(String sql, Tuple parameters);
}
