package store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import payments.Listing.Page;
import payments.Listing.Place;
import payments.Listing.Rows;
import payments.Listing.Span;

/**
 * A list for operators: a SELECT whose filters are added one by one, ordered by a time and a key,
 * read from a place on.
 */
final class Listed {
  private final StringBuilder sql;
  private final String time;
  private final String key;
  private final Tuple parameters = Tuple.tuple();

  /**
   * A list without filters.
   *
   * @param select up to and with a WHERE clause of at least one condition
   * @param time the column it is ordered by, newest first
   * @param key an expression of type text that tells rows of the same time apart
   */
  Listed(String select, String time, String key) {
    this.sql = new StringBuilder(select);
    this.time = time;
    this.key = "(" + key + ") COLLATE \"C\"";
  }

  /** Adds a condition on a value, in which {@code $} stands for it; nothing where it is null. */
  Listed where(String condition, @Nullable Object value) {
    if (value != null) {
      parameters.addValue(value);
      sql.append(" AND ").append(condition.replace("$", "$" + parameters.size()));
    }
    return this;
  }

  Listed within(Span span) {
    return where(time + " >= $", offset(span.from())).where(time + " < $", offset(span.to()));
  }

  private static @Nullable Object offset(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }

  /** Reads a page. */
  <T> Future<Rows<T>> read(Database database, Page page, Function<Row, T> fromRow) {
    Place after = page.after();
    if (after != null) {
      parameters.addValue(offset(after.at())).addValue(after.key());
      int at = parameters.size();
      sql.append(" AND (%s, %s) < ($%d, $%d)".formatted(time, key, at - 1, at));
    }
    String select =
        sql.toString()
            .replaceFirst("SELECT ", "SELECT " + time + " AS list_at, " + key + " AS list_key, ");
    return database
        .query(
            select + " ORDER BY " + time + " DESC, " + key + " DESC LIMIT " + (page.limit() + 1),
            parameters)
        .map(rows -> page(rows, page.limit(), fromRow));
  }

  private static <T> Rows<T> page(Iterable<Row> rows, int limit, Function<Row, T> fromRow) {
    List<T> items = new ArrayList<>();
    Place last = null;
    for (Row row : rows) {
      if (items.size() == limit) {
        return new Rows<>(items, last);
      }
      items.add(fromRow.apply(row));
      last =
          new Place(
              store.Rows.instantOf(row.getOffsetDateTime("list_at")), row.getString("list_key"));
    }
    return new Rows<>(items, null);
  }
}
