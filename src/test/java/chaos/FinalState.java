package chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import support.TestDatabase;

/**
 * What must be the same in the end in whatever order a PSP's events came, read from a database.
 *
 * <p>What depends on the order, and is left out:
 *
 * <ul>
 *   <li>the history itself and with it a payment's sequence: what was told late is passed over
 *       where more is known already (a pending refund's success that came first);
 *   <li>a refund that was booked and reversed, against one whose failure came first and that was
 *       never booked: both entries or none, so these two rules are summed together;
 *   <li>the anomaly {@code refund_over_captured}: it says that more was told as given back at a
 *       time than was taken, as it is where a refund comes before the failure of the one that it
 *       replaces. {@code support.Books} demands it where it is so in the end.
 * </ul>
 */
final class FinalState {
  private static final Map<String, String> QUESTIONS = new LinkedHashMap<>();

  static {
    QUESTIONS.put(
        "payments",
        """
        SELECT concat_ws(' ', payment_id, status, amount, currency, 'authorized', authorized, 'captured', captured,
          'reserved', refund_reserved, 'refunded', refunded, 'disputed', disputed, 'charge', latest_charge,
          'method', payment_method_id, 'reason', cancellation_reason, 'canceled', canceled_at IS NOT NULL,
          'action', next_action_url, 'error', last_error)
        FROM payment
        """);
    // A refund that was made at the PSP has an id of our own making: the PSP's name of it counts.
    QUESTIONS.put(
        "operations",
        """
        SELECT concat_ws(' ', payment_id,
          CASE WHEN psp_idempotency_key LIKE 'at-psp:%' THEN 'at PSP' ELSE operation_id::text END,
          kind, status, amount, currency, 'PSP', psp_reference, psp_charge_reference, 'of', charge_id,
          'gives back', gives_back, 'held', held_reason, 'decline', result->'decline')
        FROM operation
        """);
    QUESTIONS.put(
        "disputes",
        """
        SELECT concat_ws(' ', payment_id, psp_reference, status, amount, currency, reason, charge_id) FROM dispute
        """);
    QUESTIONS.put(
        "ledger",
        """
        SELECT concat_ws(' ', payment_id, rule, account, currency, sum(amount)) FROM (
          SELECT payment_id, CASE rule WHEN 'refund_reversed' THEN 'refund' ELSE rule END AS rule, debit AS account,
            currency, amount FROM ledger_transfer
          UNION ALL
          SELECT payment_id, CASE rule WHEN 'refund_reversed' THEN 'refund' ELSE rule END, credit, currency, -amount
          FROM ledger_transfer) lines
        GROUP BY payment_id, rule, account, currency HAVING sum(amount) <> 0
        """);
    QUESTIONS.put(
        "anomalies",
        """
        SELECT concat_ws(' ', payment_id, operation_id, kind, resolved_at IS NOT NULL) FROM anomaly
        WHERE kind <> 'refund_over_captured'
        """);
    QUESTIONS.put(
        "events", "SELECT concat_ws(' ', name, type, status, payment_id) FROM inbox_standing");
    QUESTIONS.put(
        "answers", "SELECT concat_ws(' ', key, answer_status, answer_body) FROM idempotency_key");
  }

  private final Map<String, List<String>> lines = new LinkedHashMap<>();

  private FinalState() {}

  static FinalState of(TestDatabase database) {
    var state = new FinalState();
    QUESTIONS.forEach((name, sql) -> state.lines.put(name, read(database, sql)));
    return state;
  }

  /** How much of each there is. */
  Map<String, Integer> counts() {
    var counts = new LinkedHashMap<String, Integer>();
    lines.forEach((name, found) -> counts.put(name, found.size()));
    return counts;
  }

  /** Fails with what is only here and what is only there. */
  void assertSameAs(FinalState other, long seed) {
    assertThat(differences(other)).as("seed %d", seed).isEmpty();
  }

  private List<String> differences(FinalState other) {
    var found = new ArrayList<String>();
    lines.forEach(
        (name, here) -> {
          List<String> there = other.lines.getOrDefault(name, List.of());
          only(here, there).forEach(line -> found.add(name + " here:  " + line));
          only(there, here).forEach(line -> found.add(name + " there: " + line));
        });
    found.sort(String::compareTo);
    return found;
  }

  private static List<String> only(List<String> here, List<String> there) {
    var left = new ArrayList<>(here);
    there.forEach(left::remove);
    return left;
  }

  /** Every change has its number, none twice, and the event log has them in that order. */
  static void assertNoGaps(TestDatabase database) {
    assertThat(
            database.number(
                """
                SELECT count(*) FROM payment p LEFT JOIN (
                  SELECT payment_id, count(*) AS events, min(sequence) AS first, max(sequence) AS last FROM payment_event
                  GROUP BY payment_id) e USING (payment_id)
                WHERE (e.events, e.first, e.last) IS DISTINCT FROM (p.sequence, 1::bigint, p.sequence)
                """))
        .as("payments whose history has gaps")
        .isZero();
    assertThat(
            database.number(
                """
                SELECT count(*) FROM payment_event e FULL JOIN event_log l USING (merchant_id, payment_id, sequence)
                  FULL JOIN payment_change c USING (merchant_id, payment_id, sequence)
                WHERE e.event IS NULL OR l.position IS NULL OR (c.payment).sequence IS DISTINCT FROM sequence
                  OR (c.payment).status IS DISTINCT FROM e.to_status
                """))
        .as("changes that are not told, or told otherwise than they happened")
        .isZero();
    assertThat(
            database.number(
                """
                SELECT count(*) FROM (
                  SELECT position, lag(position) OVER (PARTITION BY payment_id ORDER BY sequence) AS before,
                    lane, lag(lane) OVER (PARTITION BY payment_id ORDER BY sequence) AS lane_before
                  FROM event_log) told
                WHERE before >= position OR lane_before <> lane
                """))
        .as("events that a consumer reads before an earlier one of the same payment")
        .isZero();
    assertThat(database.number("SELECT count(*) - count(DISTINCT (lane, position)) FROM event_log"))
        .as("places in the event log that are taken twice")
        .isZero();
    assertThat(
            database.number(
                "SELECT count(*) - count(DISTINCT (payment_id, sequence, type)) FROM"
                    + " merchant_event WHERE payment_id IS NOT NULL"))
        .as("merchants' events that are made twice")
        .isZero();
  }

  static List<String> read(TestDatabase database, String sql) {
    var found = new ArrayList<String>();
    try (var connection = database.connect();
        var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
    found.sort(String::compareTo);
    return found;
  }
}
