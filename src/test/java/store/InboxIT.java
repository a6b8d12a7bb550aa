package store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static store.StoreFixture.ACCOUNT;
import static store.StoreFixture.MERCHANT;
import static store.StoreFixture.result;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import store.Inbox.Arrival;
import store.Inbox.Due;
import store.Inbox.Ending;
import store.Inbox.Settled;
import store.Inbox.Stored;
import support.StoredEvents;

/** What PSPs told us: stored once, read by whoever has its lane, settled once. */
final class InboxIT {
  private static final List<Integer> ALL_LANES = IntStream.range(0, Lanes.COUNT).boxed().toList();

  private static StoreFixture store;
  private static Inbox inbox;
  private static Inbox otherNode;
  private static final AtomicInteger STATEMENTS = new AtomicInteger();

  @BeforeAll
  static void open() {
    store = new StoreFixture();
    inbox = node();
    otherNode = node();
  }

  private static Inbox node() {
    return new Inbox(
        store.vertx.getOrCreateContext(),
        Database.openForBatches(store.vertx, store.server.options(), "inbox", 2),
        new Batcher.Limits(64, 1, 10_000),
        rows -> STATEMENTS.incrementAndGet());
  }

  @AfterAll
  static void close() {
    store.close();
  }

  @BeforeEach
  void empty() {
    StoredEvents.empty(store.server);
    STATEMENTS.set(0);
  }

  @Test
  void storesAnEventAsItCame() {
    assertThat(result(inbox.insert(arrival("evt_1", "pi_1")))).isEqualTo(Stored.NEW);
    assertThat(
            store.text(
                "SELECT concat_ws('|', merchant_id, psp_account_id, name, lane, type, body, status,"
                    + " attempts, due_at <= now()) FROM inbox_standing"))
        .isEqualTo(
            String.join(
                "|",
                MERCHANT,
                ACCOUNT,
                "evt_1",
                String.valueOf(Lanes.of("pi_1")),
                "payment_intent.succeeded",
                "{\"id\": \"evt_1\"}",
                "pending",
                "0",
                "t"));
  }

  @Test
  void storesWhatComesTogetherInFewStatements() {
    var stored = new ArrayList<Future<Stored>>();
    for (int at = 0; at < 500; at++) {
      stored.add(inbox.insert(arrival("evt_" + at, "pi_" + at)));
    }
    stored.forEach(each -> assertThat(result(each)).isEqualTo(Stored.NEW));
    assertThat(rows()).isEqualTo(500);
    assertThat(STATEMENTS.get()).isLessThan(100);
  }

  @Test
  void storesAnEventOnceHoweverOftenItIsTold() {
    var stored = new ArrayList<Future<Stored>>();
    for (int at = 0; at < 300; at++) {
      Inbox node = at % 2 == 0 ? inbox : otherNode;
      stored.add(node.insert(arrival("evt_" + at % 30, "pi_" + at % 30)));
    }
    assertThat(stored.stream().filter(each -> result(each) == Stored.NEW)).hasSize(30);
    assertThat(rows()).isEqualTo(30);
  }

  @Test
  void tellsNewEventsFromKnownOnesThatComeBesideThem() {
    for (int from = 0; from < 200; from += 20) {
      var stored = new ArrayList<Future<Stored>>();
      for (int at = from; at < from + 40; at++) {
        stored.add(inbox.insert(arrival("evt_" + at, "pi_" + at)));
      }
      int known = from == 0 ? 0 : 20;
      for (int at = 0; at < 40; at++) {
        assertThat(result(stored.get(at))).isEqualTo(at < known ? Stored.KNOWN : Stored.NEW);
      }
      // All new: the way that is quicker is taken again.
      assertThat(result(inbox.insert(arrival("evt_new_" + from, "pi")))).isEqualTo(Stored.NEW);
      assertThat(result(inbox.insert(arrival("evt_newer_" + from, "pi")))).isEqualTo(Stored.NEW);
    }
    assertThat(rows()).isEqualTo(240);
  }

  @Test
  void keepsTheEventsOfAccountsApart() {
    result(inbox.insert(arrival("evt_1", "pi_1")));
    var other = new Arrival(MERCHANT, "psp_other", "evt_1", "t", "pi_1", Buffer.buffer("{}"), null);
    assertThat(result(inbox.insert(other))).isEqualTo(Stored.NEW);
  }

  @Test
  void refusesAnEventThatCannotBeStoredAlone() {
    var stored = new ArrayList<Future<Stored>>();
    for (int at = 0; at < 20; at++) {
      String body = at == 7 ? "\0" : "{}";
      stored.add(
          inbox.insert(
              new Arrival(MERCHANT, ACCOUNT, "evt_" + at, "t", "pi", Buffer.buffer(body), null)));
    }
    assertThatThrownBy(() -> result(stored.get(7))).isInstanceOf(StoreException.class);
    for (int at = 8; at < 20; at++) {
      assertThat(result(stored.get(at))).isEqualTo(Stored.NEW);
    }
    assertThat(rows()).isEqualTo(19);
  }

  @Test
  void storesWhatIsOfNoConsequenceAtItsEnd() {
    assertThat(result(inbox.insert(ignored("evt_1")))).isEqualTo(Stored.NEW);
    assertThat(result(inbox.insert(ignored("evt_1")))).isEqualTo(Stored.KNOWN);
    assertThat(
            store.text(
                "SELECT concat_ws('|', status, reason, due_at IS NULL, processed_at = received_at)"
                    + " FROM inbox_standing"))
        .isEqualTo("ignored|type not used: t|t|t");
    assertThat(due(inbox, ALL_LANES, 10)).isEmpty();
  }

  @Test
  void findsWhatIsDueInItsLanes() {
    result(inbox.insert(arrival("evt_1", "pi_1")));
    result(inbox.insert(arrival("evt_2", "pi_2")));
    assertThat(Lanes.of("pi_1")).isNotEqualTo(Lanes.of("pi_2"));
    List<Due> found = due(inbox, List.of(Lanes.of("pi_1")), 10);
    assertThat(found).singleElement().extracting(Due::name).isEqualTo("evt_1");
    Due event = found.getFirst();
    assertThat(event.attempts()).isEqualTo(1);
    assertThat(event.type()).isEqualTo("payment_intent.succeeded");
    assertThat(event.body()).isEqualTo("{\"id\": \"evt_1\"}");
    assertThat(event.lane()).isEqualTo(Lanes.of("pi_1"));
    assertThat(event.dueAt()).isEqualTo(event.receivedAt());
    assertThat(due(inbox, List.of(), 10)).isEmpty();
  }

  @Test
  void leavesOutWhatIsInHand() {
    for (int at = 0; at < 5; at++) {
      result(inbox.insert(arrival("evt_" + at, "pi_same")));
    }
    var inHand = List.of("evt_0", "evt_3", "evt_of_another_account");
    assertThat(result(inbox.due(ALL_LANES, 10, inHand, List.of())).events())
        .extracting(Due::name)
        .containsExactlyInAnyOrder("evt_1", "evt_2", "evt_4");
  }

  @Test
  void leavesOutAnAccountThatHasItsShare() {
    result(inbox.insert(arrival("evt_1", "pi_1")));
    result(
        inbox.insert(
            new Arrival(MERCHANT, "psp_other", "evt_2", "t", "pi_2", Buffer.buffer("{}"), null)));
    assertThat(result(inbox.due(ALL_LANES, 10, List.of(), List.of(ACCOUNT))).events())
        .extracting(Due::name)
        .containsExactly("evt_2");
  }

  @Test
  void findsWhatWaitsLongestFirstAndSaysThatThereIsMore() {
    for (int at = 0; at < 40; at++) {
      result(inbox.insert(arrival("evt_" + at, "pi_" + at)));
    }
    store.server.execute(
        "UPDATE inbox_work SET due_at = now() - interval '1 hour' WHERE name = 'evt_33'");
    Inbox.Found first = result(inbox.due(ALL_LANES, 1, List.of(), List.of()));
    assertThat(first.events()).singleElement().extracting(Due::name).isEqualTo("evt_33");
    assertThat(first.more()).isTrue();
    Inbox.Found all = result(inbox.due(ALL_LANES, 1_000, List.of(), List.of()));
    assertThat(all.events()).hasSize(40);
    assertThat(all.more()).isFalse();
  }

  @Test
  void takesABoundedShareOfOneLaneAndSaysThatThereIsMore() {
    for (int at = 0; at < 20; at++) {
      result(inbox.insert(arrival("evt_" + at, "pi_same")));
    }
    Inbox.Found share = result(inbox.due(ALL_LANES, Lanes.COUNT * 5, List.of(), List.of()));
    assertThat(share.events()).hasSize(10);
    assertThat(share.more()).isTrue();
    assertThat(due(inbox, ALL_LANES, 1)).hasSize(1);
    assertThat(due(inbox, List.of(Lanes.of("pi_same")), 15)).hasSize(15);
  }

  @Test
  void takesNoMoreInBodiesThanItMayAndSaysThatThereIsMore() {
    String large = "x".repeat(1 << 20);
    for (int at = 0; at < 10; at++) {
      result(
          inbox.insert(
              new Arrival(
                  MERCHANT, ACCOUNT, "evt_" + at, "t", "pi_" + at, Buffer.buffer(large), null)));
    }
    Inbox.Found found = result(inbox.due(ALL_LANES, 1_000, List.of(), List.of()));
    assertThat(found.events()).hasSize(Inbox.DUE_BYTES >> 20);
    assertThat(found.more()).isTrue();
  }

  @Test
  void takesOneHoweverLargeItsBodyIs() {
    String larger = "x".repeat(Inbox.DUE_BYTES + 1);
    for (int at = 0; at < 2; at++) {
      result(
          inbox.insert(
              new Arrival(
                  MERCHANT, ACCOUNT, "evt_" + at, "t", "pi_" + at, Buffer.buffer(larger), null)));
    }
    assertThat(due(inbox, ALL_LANES, 1_000)).hasSize(1);
  }

  @Test
  void letsOneOfTwoNodesSettleWhatBothHaveInHand() {
    result(inbox.insert(arrival("evt_1", "pi_1")));
    Due here = due(inbox, ALL_LANES, 10).getFirst();
    Due there = due(otherNode, ALL_LANES, 10).getFirst();
    assertThat(result(otherNode.settle(List.of(Ending.processed(there, null, null)))))
        .extracting(Settled::name)
        .containsExactly("evt_1");
    assertThat(result(inbox.settle(List.of(Ending.ignored(here, null, "late"))))).isEmpty();
    assertThat(statuses()).isEqualTo("evt_1 processed 1");
  }

  @Test
  void countsAnAttemptOnceItIsSettled() {
    result(inbox.insert(arrival("evt_1", "pi_1")));
    Due crashed = due(inbox, ALL_LANES, 10).getFirst();
    Due first = due(otherNode, ALL_LANES, 10).getFirst();
    result(otherNode.settle(List.of(Ending.retry(first, 0, "not yet"))));
    Due second = due(otherNode, ALL_LANES, 10).getFirst();
    assertThat(second.attempts()).isEqualTo(2);
    assertThat(result(inbox.settle(List.of(Ending.retry(crashed, 0, "late"))))).isEmpty();
    assertThat(statuses()).isEqualTo("evt_1 pending 1");
  }

  @Test
  void settlesManyInOneStatement() {
    for (int at = 1; at <= 5; at++) {
      result(inbox.insert(arrival("evt_" + at, "pi_" + at)));
    }
    var due = new ArrayList<>(due(inbox, ALL_LANES, 10));
    due.sort(java.util.Comparator.comparing(Due::name));
    UUID payment = UUID.randomUUID();
    List<Settled> settled =
        result(
            inbox.settle(
                List.of(
                    Ending.processed(due.get(0), payment, null),
                    Ending.ignored(due.get(1), null, "type not used"),
                    Ending.foreign(due.get(2), "matches nothing"),
                    Ending.dead(due.get(3), payment, "unreadable: no id"),
                    Ending.retry(due.get(4), 3_600_000, "database away"))));
    assertThat(settled).hasSize(5).allMatch(each -> !each.lag().isNegative());
    assertThat(
            store.text(
                "SELECT concat_ws('|', name, status, reason, payment_id, due_at IS NULL, due_at >"
                    + " now() + interval '50 minutes', processed_at IS NOT NULL) FROM"
                    + " inbox_standing ORDER BY name"))
        .isEqualTo(
            """
            evt_1|processed|%1$s|t|t
            evt_2|ignored|type not used|t|t
            evt_3|foreign|matches nothing|t|t
            evt_4|dead|unreadable: no id|%1$s|t|t
            evt_5|pending|database away|f|t|f\
            """
                .formatted(payment));
  }

  @Test
  void trimsWhatIsDoneAndOldAndKeepsTheRest() {
    StoredEvents.put(
        store.server,
        Map.of(
            "name", "s || d",
            "status", "s",
            "received_at", "now() - d * interval '1 day'",
            "processed_at", "now() - d * interval '1 day'"),
        "unnest(ARRAY['pending', 'processed', 'ignored', 'foreign', 'dead']) s, unnest(ARRAY[29,"
            + " 31, 32]) d");
    assertThat(result(inbox.trim(Duration.ofDays(30), 4))).isEqualTo(4);
    assertThat(result(inbox.trim(Duration.ofDays(30), 4))).isEqualTo(2);
    assertThat(result(inbox.trim(Duration.ofDays(30), 4))).isZero();
    assertThat(
            store.text(
                "SELECT name FROM inbox_event WHERE received_at < now() - interval '30 days' ORDER"
                    + " BY name"))
        .isEqualTo("dead31\ndead32\npending31\npending32");
    assertThat(rows()).isEqualTo(9);
    assertThat(store.number("SELECT count(*) FROM inbox_outcome")).isEqualTo(6);
  }

  @Test
  void trimsWhatWasIgnoredAsItCame() {
    result(inbox.insert(ignored("evt_old")));
    store.server.execute("UPDATE inbox_event SET received_at = now() - interval '31 days'");
    result(inbox.insert(ignored("evt_new")));
    assertThat(result(inbox.trim(Duration.ofDays(30), 4))).isEqualTo(1);
    assertThat(store.text("SELECT name FROM inbox_event")).isEqualTo("evt_new");
  }

  @Test
  void writesABodyOnceAndNeverAgain() {
    for (int at = 1; at <= 3; at++) {
      result(inbox.insert(arrival("evt_" + at, "pi_" + at)));
    }
    String versions = "SELECT name || ctid || xmin || xmax FROM inbox_event ORDER BY name";
    String before = store.text(versions);
    List<Due> due = due(inbox, ALL_LANES, 10);
    result(
        inbox.settle(
            List.of(
                Ending.retry(due.get(0), 0, "not yet"),
                Ending.processed(due.get(1), UUID.randomUUID(), null),
                Ending.dead(due.get(2), null, "unreadable"))));
    result(inbox.settle(List.of(Ending.foreign(due(inbox, ALL_LANES, 10).getFirst(), "not ours"))));
    assertThat(store.text(versions)).isEqualTo(before);
    assertThat(due(inbox, ALL_LANES, 10)).isEmpty();
  }

  @Test
  void hasNoRightToChangeWhatAPspTold() {
    result(inbox.insert(arrival("evt_1", "pi_1")));
    Database asTheApplication = Database.open(store.vertx, store.server.options(), "inbox", 1);
    assertThatThrownBy(
            () ->
                result(asTheApplication.query("UPDATE inbox_event SET body = '{}'", Tuple.tuple())))
        .isInstanceOf(StoreException.Refused.class);
  }

  @Test
  void readsOnlyTheFrontOfABigBacklog() throws SQLException {
    StoredEvents.put(
        store.server,
        Map.of(
            "name", "'evt_' || n",
            "lane", "n % 64",
            "due_at", "now() - n * interval '1 millisecond'"),
        "generate_series(1, 60000) n");
    for (boolean analysed : new boolean[] {false, true}) {
      if (analysed) {
        store.server.execute("ANALYZE inbox_event, inbox_work");
      }
      String plan =
          explained(
              Inbox.DUE,
              "integer[], text[], bigint, bigint, text[]",
              "'{0,1,2,3}', '{}', 32, 256, '{}'");
      assertThat(plan).contains("inbox_work_due", "inbox_event_pkey", "hashed SubPlan");
      assertThat(plan).doesNotContainPattern("(Seq Scan on|Bitmap .*) inbox_");
      // The rows that the four lanes gave: what each may give and no more.
      assertThat(plan).containsPattern("Index Scan using inbox_work_due .*rows=32[ .]");
    }
  }

  @Test
  void reachesEventsByTheirKeysAndOldOnesByAge() throws SQLException {
    StoredEvents.put(
        store.server,
        Map.of(
            "name", "'evt_' || n",
            "status", "CASE WHEN n % 2 = 0 THEN 'processed' ELSE 'pending' END",
            "received_at", "now() - n * interval '1 minute'",
            "processed_at", "now() - n * interval '1 minute'"),
        "generate_series(1, 12000) n");
    for (boolean analysed : new boolean[] {false, true}) {
      if (analysed) {
        store.server.execute("ANALYZE inbox_event, inbox_work, inbox_outcome");
      }
      for (String settle : List.of(InboxSettling.END, InboxSettling.PUT_OFF)) {
        String plan =
            explained(
                settle,
                "text[], text[], text[], integer[], timestamptz[], text[], text[], uuid[],"
                    + " bigint[]",
                "'{m}', '{a}', '{evt_1}', '{1}', '{now}', '{dead}', '{}', '{}', '{}'");
        assertThat(plan).contains("inbox_work_pkey").doesNotContain("inbox_work_due");
        assertThat(plan).doesNotContain("Seq Scan on inbox_");
      }
      String trim = explained(Inbox.TRIM, "bigint, integer", "86400000, 100");
      assertThat(trim).contains("inbox_event_age").doesNotContain("Seq Scan on inbox_");
    }
  }

  /** As a batch session plans and runs it. */
  private static String explained(String sql, String types, String arguments) throws SQLException {
    try (Connection connection = store.server.connect();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (var setting : Database.BATCH_SETTINGS.entrySet()) {
        statement.execute("SET " + setting.getKey() + " = " + setting.getValue());
      }
      statement.execute("PREPARE it(" + types + ") AS " + sql);
      var plan = new StringBuilder();
      try (ResultSet rows =
          statement.executeQuery("EXPLAIN (ANALYZE, TIMING OFF) EXECUTE it(" + arguments + ")")) {
        while (rows.next()) {
          plan.append(rows.getString(1)).append('\n');
        }
      }
      connection.rollback();
      return plan.toString();
    }
  }

  private static Arrival ignored(String name) {
    return new Arrival(
        MERCHANT, ACCOUNT, name, "t", "pi_1", Buffer.buffer("{}"), "type not used: t");
  }

  private static Arrival arrival(String name, String subject) {
    return new Arrival(
        MERCHANT,
        ACCOUNT,
        name,
        "payment_intent.succeeded",
        subject,
        Buffer.buffer("{\"id\": \"" + name + "\"}"),
        null);
  }

  private static List<Due> due(Inbox node, List<Integer> lanes, int limit) {
    return result(node.due(lanes, limit, List.of(), List.of())).events();
  }

  private static long rows() {
    return store.number("SELECT count(*) FROM inbox_event");
  }

  private static String statuses() {
    return store.text(
        "SELECT name || ' ' || status || ' ' || attempts FROM inbox_standing ORDER BY name");
  }
}
