package support;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Events of PSPs put into a database as they stand there, where a test is not about how they came
 * to stand so.
 */
public final class StoredEvents {
  private static final Map<String, String> DEFAULTS = new LinkedHashMap<>();

  static {
    DEFAULTS.put("merchant_id", "'m'");
    DEFAULTS.put("psp_account_id", "'a'");
    DEFAULTS.put("name", "'evt_1'");
    DEFAULTS.put("lane", "1");
    DEFAULTS.put("type", "'t'");
    DEFAULTS.put("body", "'{}'");
    DEFAULTS.put("status", "'pending'");
    DEFAULTS.put("attempts", "0");
    DEFAULTS.put("due_at", "now()");
    DEFAULTS.put("reason", "NULL::text");
    DEFAULTS.put("payment_id", "NULL::uuid");
    DEFAULTS.put("received_at", "now()");
    DEFAULTS.put("processed_at", "now()");
  }

  private StoredEvents() {}

  /**
   * Puts in one event for each row of a source.
   *
   * @param columns SQL expressions over the source, for what is not as usual
   * @param source what stands after FROM
   */
  public static void put(TestDatabase database, Map<String, String> columns, String source) {
    var told = new LinkedHashMap<>(DEFAULTS);
    if (!told.keySet().containsAll(columns.keySet())) {
      throw new IllegalArgumentException("no such column: " + columns.keySet());
    }
    told.putAll(columns);
    var select = new StringBuilder();
    told.forEach(
        (column, value) ->
            select
                .append(select.isEmpty() ? "" : ", ")
                .append(value)
                .append(" AS ")
                .append(column));
    database.execute(
        """
        WITH told AS MATERIALIZED (SELECT %s FROM %s),
        work AS (
          INSERT INTO inbox_work (merchant_id, psp_account_id, name, lane, attempts, due_at, bytes, reason, payment_id)
          SELECT merchant_id, psp_account_id, name, lane, attempts, due_at, octet_length(body), reason, payment_id
          FROM told WHERE status = 'pending'),
        outcome AS (
          INSERT INTO inbox_outcome (merchant_id, psp_account_id, name, status, attempts, reason, payment_id, processed_at)
          SELECT merchant_id, psp_account_id, name, status, attempts, reason, payment_id, processed_at
          FROM told WHERE status <> 'pending')
        INSERT INTO inbox_event (merchant_id, psp_account_id, name, lane, type, body, received_at)
        SELECT merchant_id, psp_account_id, name, lane, type, body, received_at FROM told
        """
            .formatted(select, source));
  }

  /** Puts in one event. */
  public static void put(TestDatabase database, Map<String, String> columns) {
    put(database, columns, "generate_series(1, 1)");
  }

  /** Forgets all events and where they stand. */
  public static void empty(TestDatabase database) {
    database.execute("TRUNCATE inbox_event, inbox_work, inbox_outcome");
  }
}
