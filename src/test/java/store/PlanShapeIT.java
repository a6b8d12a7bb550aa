package store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The plans of the batched statements, on which their throughput hangs: never a scan, hash or merge
 * of a table, whether it is young, unanalysed or big.
 */
final class PlanShapeIT {
  private static final Map<String, Columns<?>> STATEMENTS =
      Map.ofEntries(
          Map.entry(InboxSettling.END, InboxSettling.SETTLE_COLUMNS),
          Map.entry(InboxSettling.PUT_OFF, InboxSettling.SETTLE_COLUMNS),
          Map.entry(FactReads.LOOK, FactReads.LOOK_COLUMNS),
          Map.entry(FactWrites.HOLD_CHANGED, FactWrites.HOLD_COLUMNS),
          Map.entry(FactWrites.CAPTURE_REVERSED, FactWrites.REVERSAL_COLUMNS),
          Map.entry(FactWrites.REFUND_CHANGED, FactWrites.REFUND_COLUMNS),
          Map.entry(FactWrites.REFUNDED_AT_PSP, FactWrites.REFUND_AT_PSP_COLUMNS),
          Map.entry(FactWrites.DISPUTE_CHANGED, FactWrites.DISPUTE_COLUMNS));

  private static final List<BatchStatement<?>> MONEY =
      List.of(
          PaymentWrites.CREATE,
          PaymentWrites.BEGIN,
          PaymentWrites.RESERVE,
          PaymentWrites.FINISH,
          PaymentWrites.PLAIN_FINISH,
          PaymentWrites.FAIL_OVER);

  /**
   * An index that is read from its one end to the other. The planner takes to it where a table was
   * empty when it was looked at last, as those mostly are that rows only pass through.
   */
  private static final String WHOLE_INDEX =
      "Index (Only )?Scan using \\w+ on (inbox_work|outbox|webhook_endpoint)[^\\n"
          + "]*\\n"
          + "(?!\\s*Index Cond)";

  private static StoreFixture young;
  private static StoreFixture grown;

  @BeforeAll
  static void open() {
    young = new StoreFixture();
    grown = new StoreFixture();
    fill();
  }

  @AfterAll
  static void close() {
    young.close();
    grown.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void reachesEveryTableByItsKeys(boolean big) throws SQLException {
    var statements = new HashMap<String, Columns<?>>(STATEMENTS);
    for (var each : MONEY) {
      statements.put(each.many(), each.columns());
      statements.put(each.one(), each.columns());
    }
    for (var each : statements.entrySet()) {
      String plan = planOf(big ? grown : young, each.getKey(), each.getValue().size());
      assertThat(plan)
          .doesNotContainPattern("Seq Scan on \\w+")
          .doesNotContainPattern(WHOLE_INDEX)
          .doesNotContain("Hash Join")
          .doesNotContain("Hash Anti Join")
          .doesNotContain("Merge")
          // An index whose first column alone is matched would read all rows of a merchant.
          .doesNotContainPattern("Index Cond: \\(\\w+ = \\S*merchant_id\\)\\s");
    }
  }

  /**
   * ANALYZE reads three hundred rows for each value that it is to keep of a column, and takes a
   * core from checkouts as long as it does. A new table's columns say how many, too.
   */
  @Test
  void looksAtFewRowsForStatistics() throws SQLException {
    assertThat(
            young.text(
                """
                SELECT coalesce(string_agg(c.relname || '.' || a.attname, ', '), 'none')
                FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
                  AND c.relname <> 'flyway_schema_history' AND a.attnum > 0 AND NOT a.attisdropped
                  AND coalesce(a.attstattarget, -1) NOT BETWEEN 0 AND 20
                """))
        .isEqualTo("none");
  }

  /** A history is long, and a move is about a few changes of it. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void movesChangesByTheirKeys(boolean big) throws SQLException {
    for (var each : Map.of(Outbox.NEW, 3, Outbox.MOVE, 7).entrySet()) {
      assertThat(planOf(big ? grown : young, each.getKey(), each.getValue()))
          .contains("outbox_id")
          // Each change would be held against all others of the batch.
          .doesNotContainPattern("Join Filter: \\([^\\n]*\\bid = ")
          .doesNotContainPattern("Seq Scan on \\w+")
          .doesNotContainPattern(WHOLE_INDEX)
          .doesNotContain("Hash Join")
          .doesNotContain("Merge");
    }
  }

  /** What a change was is found by its key for each place that is read. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readsTheLogByPlacesAndKeys(boolean big) throws SQLException {
    assertThat(planOf(big ? grown : young, EventLog.READ, 5))
        .contains("event_log_place", "payment_event_pkey", "payment_change_pkey")
        .doesNotContainPattern("Seq Scan on \\w+")
        .doesNotContainPattern(WHOLE_INDEX)
        .doesNotContain("Hash Join")
        .doesNotContain("Merge");
  }

  /** Sorting rows within rows and JSON takes ANALYZE seconds of a CPU, which checkouts wait for. */
  @Test
  void keepsNoStatisticsOfColumnsThatNothingIsFoundBy() throws SQLException {
    assertThat(
            young.text(
                """
                SELECT coalesce(string_agg(a.attrelid::regclass || '.' || a.attname, ', '), 'none')
                FROM pg_attribute a
                JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
                JOIN pg_type t ON t.oid = a.atttypid
                WHERE a.attnum > 0 AND NOT a.attisdropped AND coalesce(a.attstattarget, -1) <> 0
                  AND (t.typname = 'jsonb' OR t.typtype = 'c' OR a.attname IN ('body', 'answer_body', 'request'))
                """))
        .isEqualTo("none");
  }

  @Test
  void findsOldKeysByTheIndexOnTheirAge() throws SQLException {
    try (Connection connection = grown.server.connect()) {
      run(connection, "BEGIN");
      run(connection, IdempotencyKeys.BY_INDEX);
      run(connection, "SET LOCAL plan_cache_mode = force_generic_plan");
      run(connection, "PREPARE trim(bigint, bigint) AS " + IdempotencyKeys.TRIM);
      assertThat(explained(connection, "EXECUTE trim(2592000, 100)"))
          .contains("idempotency_key_age")
          .doesNotContain("Seq Scan");
    }
  }

  /** Anyone may ask for a customer's address, however many operations a merchant has. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void findsWhatCustomersComeBackToByItsKey(boolean big) throws SQLException {
    try (Connection connection = (big ? grown : young).server.connect()) {
      run(connection, "SET plan_cache_mode = force_generic_plan");
      run(
          connection,
          "PREPARE come_back(text, text, boolean) AS " + PaymentReads.AUTHORIZATION_BY_KEY);
      assertThat(explained(connection, "EXECUTE come_back('k', 'acct_test', false)"))
          .contains("operation_of_psp_key")
          .doesNotContain("Seq Scan");
    }
  }

  private static void fill() {
    grown.server.execute(
        """
        INSERT INTO payment (merchant_id, payment_id, livemode, lane, status, version, sequence, amount, currency,
          capture_method, authorized, captured, refund_reserved, refunded, disputed, client_secret, parameters)
        SELECT 'acct_test', gen_random_uuid(), false, 1, 'succeeded', 1, 1, 100, 'usd', 'automatic', 0, 100, 0, 0, 0, 's', '{}'
        FROM generate_series(1, 12000)
        """);
    grown.server.execute(
        """
        INSERT INTO operation (merchant_id, operation_id, payment_id, livemode, lane, node, kind, status, amount, currency,
          psp_account_id, psp_idempotency_key, request, attempts, parameters)
        SELECT merchant_id, gen_random_uuid(), payment_id, false, 1, 'n', 'authorize', 'succeeded', 100, 'usd', 'a', 'k-' || payment_id, 'r', 1,
          '{}' FROM payment
        """);
    grown.server.execute(
        """
        INSERT INTO ledger_transfer (merchant_id, transfer_id, payment_id, operation_id, rule, debit, credit, amount, currency,
          livemode)
        SELECT merchant_id, gen_random_uuid(), payment_id, operation_id, 'capture', 'd', 'c', 100, 'usd', false FROM operation
        """);
    grown.server.execute(
        """
        INSERT INTO payment_event (merchant_id, payment_id, sequence, event, to_status, cause, actor)
        SELECT merchant_id, payment_id, 1, 'created', 'succeeded', 'r', 'a' FROM payment
        """);
    grown.server.execute(
        """
        INSERT INTO idempotency_key (merchant_id, livemode, key, path, fingerprint, request_id, actor, publishable, expand,
          answer_status, answer_body, created_at)
        SELECT 'acct_test', false, 'key-' || n, '/p', 'f', 'r', 'a', false, '', 200, 'body', now() - (12000 - n) * interval '1 hour'
        FROM generate_series(1, 12000) n
        """);
    grown.server.execute(
        """
        INSERT INTO payment_method (merchant_id, payment_method_id, livemode, tokens, parameters, created_at)
        SELECT 'acct_test', 'pm_' || n, false, '{}', '{}', now() FROM generate_series(1, 12000) n
        """);
    grown.server.execute("ANALYZE");
  }

  /** As a batch session plans it: generic, with its settings. */
  private static String planOf(StoreFixture store, String sql, int parameters) throws SQLException {
    try (Connection connection = store.server.connect()) {
      for (var setting : Database.BATCH_SETTINGS.entrySet()) {
        run(connection, "SET " + setting.getKey() + " = " + setting.getValue());
      }
      run(connection, "PREPARE batch AS " + sql);
      String nulls =
          String.join(", ", IntStream.range(0, parameters).mapToObj(ignored -> "NULL").toList());
      return explained(connection, "EXECUTE batch(" + nulls + ")");
    }
  }

  private static String explained(Connection connection, String sql) throws SQLException {
    var plan = new StringBuilder();
    try (var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("EXPLAIN " + sql)) {
      while (rows.next()) {
        plan.append(rows.getString(1)).append('\n');
      }
    }
    return plan.toString();
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
