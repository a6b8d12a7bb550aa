package perf;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Payments of the past: what one checkout left in every table, many times over, each under ids and
 * times of its own. What goes after thirty days is there for the last part of them only, as it
 * would be.
 */
final class Past {
  /** Kept for ever. */
  private static final List<String> FOREVER =
      List.of("payment", "operation", "ledger_transfer", "payment_event");

  /** Trimmed after thirty days. */
  private static final List<String> RECENT =
      List.of("idempotency_key", "payment_change", "event_log", "merchant_event");

  /** Of so many payments one is younger than thirty days: half a year altogether. */
  private static final int RECENT_OF = 6;

  private static final int CHUNK = 100_000;

  /** Less than thirty days: nothing is to be trimmed meanwhile. */
  private static final Duration MONTH = Duration.ofDays(28);

  private static final long MOST_MILLIS_APART = 3_000;

  private final Bench bench;
  private final long payments;
  private final long apartMillis;
  private final long bornMillis;

  /**
   * A past of a bench on which one checkout was made at least.
   *
   * @param payments how many there are to be
   */
  Past(Bench bench, long payments) {
    this.bench = bench;
    this.payments = payments;
    apartMillis = Math.min(MOST_MILLIS_APART, MONTH.toMillis() * RECENT_OF / payments);
    bornMillis = System.currentTimeMillis() - apartMillis * (payments + 20);
  }

  /** Writes all of it, and what PostgreSQL knows of tables of that size. */
  void write() throws SQLException {
    try (Connection connection = bench.connect();
        Statement statement = connection.createStatement()) {
      String model = model(statement);
      statement.execute("SET synchronous_commit = off");
      statement.execute(
          """
          CREATE FUNCTION pg_temp.moved(id uuid, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
            SELECT (lpad(to_hex(%d + number * %d), 12, '0') || substr(replace(id::text, '-', ''), 13))::uuid $$
          """
              .formatted(bornMillis, apartMillis));
      for (long from = 0; from < payments; from += CHUNK) {
        long to = Math.min(payments, from + CHUNK) - 1;
        for (String table : FOREVER) {
          copy(statement, table, model, from, to);
        }
        if (from >= payments - payments / RECENT_OF) {
          for (String table : RECENT) {
            copy(statement, table, model, from, to);
          }
        }
      }
      // Who follows the log has come to its end.
      statement.execute(
          """
          UPDATE event_lane l SET position = greatest(l.position,
            (SELECT coalesce(max(e.position), 0) FROM event_log e WHERE e.lane = l.lane))
          """);
      statement.execute(
          "UPDATE event_cursor c SET position = l.position FROM event_lane l WHERE l.lane ="
              + " c.lane");
      statement.execute("VACUUM (ANALYZE)");
      statement.execute("CHECKPOINT");
    }
  }

  /** The id of a payment that was paid, and has all that a checkout leaves. */
  private static String model(Statement statement) throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            "SELECT payment_id FROM merchant_event WHERE payment_id IS NOT NULL LIMIT 1")) {
      if (!row.next()) {
        throw new IllegalStateException("no checkout was made yet");
      }
      return row.getString(1);
    }
  }

  private void copy(Statement statement, String table, String model, long from, long to)
      throws SQLException {
    Map<String, String> columns = columns(statement, table);
    var values = new ArrayList<String>();
    columns.forEach((name, type) -> values.add(value(name, type)));
    int rows =
        statement.executeUpdate(
            """
            INSERT INTO %1$s (%2$s)
            SELECT %3$s FROM generate_series(%5$d::bigint, %6$d) AS n
            CROSS JOIN (SELECT *, count(*) OVER () AS many FROM %1$s WHERE payment_id = '%4$s') m
            """
                .formatted(
                    table,
                    String.join(", ", columns.keySet()),
                    String.join(", ", values),
                    model,
                    from,
                    to));
    if (rows <= to - from) {
      throw new IllegalStateException("a checkout left nothing in " + table);
    }
  }

  private static Map<String, String> columns(Statement statement, String table)
      throws SQLException {
    var columns = new LinkedHashMap<String, String>();
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '"
                + table
                + "' ORDER BY ordinal_position")) {
      while (rows.next()) {
        columns.put(rows.getString(1), rows.getString(2));
      }
    }
    return columns;
  }

  /** What is unique is made so; all else is as the model has it. */
  private String value(String name, String type) {
    String column = "m." + name;
    return switch (type) {
      case "uuid" -> "pg_temp.moved(" + column + ", n)";
      case "timestamp with time zone" ->
          "%1$s - interval '1 millisecond' * (%2$d - n * %3$d)"
              .formatted(column, apartMillis * payments, apartMillis);
      default ->
          switch (name) {
            case "lane" -> "mod(n, 64)";
            // Behind what is there, those of a payment one after the other.
            case "position" -> "1000000000 + (n / 64) * m.many + m.sequence";
            case "key",
                "idempotency_key",
                "psp_idempotency_key",
                "psp_reference",
                "psp_charge_reference" ->
                "left(%1$s, -9) || 'p' || lpad(n::text, 8, '0')".formatted(column);
            default -> column;
          };
    };
  }
}
