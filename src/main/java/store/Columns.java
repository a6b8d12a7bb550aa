package store;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.lang.reflect.Array;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a batch: many rows go to PostgreSQL as one array parameter per column, and come
 * out of {@code unnest} there as the relation {@code i}. The list of columns stands once and gives
 * both the SQL and the parameters.
 */
final class Columns<R> {
  private record Column<R>(
      String name, String type, Class<?> element, Function<R, @Nullable Object> of) {
    boolean isJson() {
      return element == JsonObject.class;
    }

    /** In arrays the client sends JSON's null for what is not there. */
    String value() {
      return isJson() ? "nullif(i.%1$s, 'null') AS %1$s".formatted(name) : "i." + name;
    }
  }

  private final List<Column<R>> columns = new ArrayList<>();

  private Columns<R> add(
      String name, String type, Class<?> element, Function<R, @Nullable Object> value) {
    columns.add(new Column<>(name, type, element, value));
    return this;
  }

  Columns<R> text(String name, Function<R, @Nullable String> value) {
    return add(name, "text", String.class, value::apply);
  }

  Columns<R> bytes(String name, Function<R, @Nullable Buffer> value) {
    return add(name, "bytea", Buffer.class, value::apply);
  }

  Columns<R> uuid(String name, Function<R, @Nullable UUID> value) {
    return add(name, "uuid", UUID.class, value::apply);
  }

  Columns<R> bigint(String name, Function<R, @Nullable Long> value) {
    return add(name, "bigint", Long.class, value::apply);
  }

  Columns<R> integer(String name, Function<R, @Nullable Integer> value) {
    return add(name, "integer", Integer.class, value::apply);
  }

  Columns<R> bool(String name, Function<R, @Nullable Boolean> value) {
    return add(name, "boolean", Boolean.class, value::apply);
  }

  Columns<R> time(String name, Function<R, @Nullable Instant> value) {
    return add(
        name,
        "timestamptz",
        OffsetDateTime.class,
        row -> {
          var instant = value.apply(row);
          return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
        });
  }

  /**
   * JSON that PostgreSQL reads once, when it takes the parameters: text with a cast is read again
   * wherever the statement uses it.
   */
  Columns<R> json(String name, Function<R, @Nullable JsonObject> value) {
    return add(name, "jsonb", JsonObject.class, value::apply);
  }

  int size() {
    return columns.size();
  }

  /** The relation {@code i} of the rows, for a FROM clause. */
  String unnest() {
    String arrays =
        IntStream.range(0, columns.size())
            .mapToObj(at -> "$" + (at + 1) + "::" + columns.get(at).type + "[]")
            .collect(Collectors.joining(", "));
    String names = columns.stream().map(Column::name).collect(Collectors.joining(", "));
    String rows = "unnest(" + arrays + ") AS i(" + names + ")";
    if (columns.stream().noneMatch(Column::isJson)) {
      return rows;
    }
    String values = columns.stream().map(Column::value).collect(Collectors.joining(", "));
    return "(SELECT " + values + " FROM " + rows + ") AS i";
  }

  /**
   * The same relation for rows that are large and only read once, in order: PostgreSQL hands them
   * on one by one and keeps no copy of all of them.
   */
  String rows() {
    return rows(columns.stream().map(Column::name).toArray(String[]::new));
  }

  /** The same with some of the columns only. */
  String rows(String... names) {
    List<String> wanted = List.of(names);
    return "(SELECT "
        + IntStream.range(0, columns.size())
            .filter(at -> wanted.contains(columns.get(at).name))
            .mapToObj(
                at ->
                    "unnest($%d::%s[]) AS %s"
                        .formatted(at + 1, columns.get(at).type, columns.get(at).name))
            .collect(Collectors.joining(", "))
        + ") AS i";
  }

  /** The relation {@code i} of one row, for a FROM clause. */
  String single() {
    return IntStream.range(0, columns.size())
        .mapToObj(
            at -> "$%d::%s AS %s".formatted(at + 1, columns.get(at).type, columns.get(at).name))
        .collect(Collectors.joining(", ", "(SELECT ", ") AS i"));
  }

  /** The parameters for {@link #single}. */
  Tuple tuple(R row) {
    Tuple tuple = Tuple.tuple();
    for (Column<R> column : columns) {
      tuple.addValue(column.of.apply(row));
    }
    return tuple;
  }

  /** The same from values by the names of their columns; what has none is null. */
  Tuple named(Map<String, Object> values) {
    Tuple tuple = Tuple.tuple();
    columns.forEach(column -> tuple.addValue(values.get(column.name)));
    return tuple;
  }

  /** The parameters for {@link #unnest}. */
  Tuple tuple(List<R> rows) {
    Tuple tuple = Tuple.tuple();
    for (Column<R> column : columns) {
      @Nullable Object[] array =
          (@Nullable Object[]) Array.newInstance(column.element, rows.size());
      for (int at = 0; at < array.length; at++) {
        array[at] = column.of.apply(rows.get(at));
      }
      tuple.addValue(array);
    }
    return tuple;
  }
}
