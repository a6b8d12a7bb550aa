package store;

import static org.assertj.core.api.Assertions.assertThat;
import static store.StoreFixture.ACCOUNT;
import static store.StoreFixture.MERCHANT;
import static store.StoreFixture.result;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import payments.Command.Paged;
import store.Inbox.Arrival;
import store.Inbox.Due;
import store.Inbox.Ending;
import store.Inbox.Status;
import store.InboxReview.Event;
import store.InboxReview.Filter;
import store.InboxReview.Place;
import support.StoredEvents;

/** What operators find in the inbox, and what they have worked again. */
final class InboxReviewIT {
  private static final List<Integer> ALL_LANES = IntStream.range(0, Lanes.COUNT).boxed().toList();
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final UUID PAYMENT = new UUID(1, 2);

  private static StoreFixture store;
  private static Inbox inbox;
  private static InboxReview review;

  @BeforeAll
  static void open() {
    store = new StoreFixture();
    inbox =
        new Inbox(
            store.vertx.getOrCreateContext(),
            Database.openForBatches(store.vertx, store.server.options(), "inbox", 1),
            new Batcher.Limits(64, 1, 1_000),
            Batcher.BatchObserver.NONE);
    review = new InboxReview(store.database);
  }

  @AfterAll
  static void close() {
    store.close();
  }

  @BeforeEach
  void fill() {
    StoredEvents.empty(store.server);
    row("evt_1", "psp_a", "a.one", "pending", null, null);
    row("evt_2", "psp_a", "a.one", "processed", null, PAYMENT);
    row("evt_3", "psp_b", "b.two", "ignored", "type not used", null);
    row("evt_4", "psp_a", "a.one", "foreign", "matches nothing", null);
    row("evt_5", "psp_a", "a.one", "dead", "unreadable: no id", null);
    row("evt_6", "psp_b", "b.two", "dead", "unreadable: odd", PAYMENT);
    row("evt_7", "psp_b", "b.two", "dead", "100% broken", null);
  }

  /** The nth event is received n minutes after the start. */
  private static void row(
      String name,
      String account,
      String type,
      String status,
      @Nullable String reason,
      @Nullable UUID payment) {
    StoredEvents.put(
        store.server,
        Map.ofEntries(
            Map.entry("merchant_id", "'" + MERCHANT + "'"),
            Map.entry("psp_account_id", "'" + account + "'"),
            Map.entry("name", "'" + name + "'"),
            Map.entry("type", "'" + type + "'"),
            Map.entry("body", "'body of " + name + "'"),
            Map.entry("status", "'" + status + "'"),
            Map.entry("attempts", "3"),
            Map.entry("reason", reason == null ? "NULL" : "'" + reason + "'"),
            Map.entry("payment_id", payment == null ? "NULL::uuid" : "uuid '" + payment + "'"),
            Map.entry(
                "received_at",
                "timestamptz '%s' + %s * interval '1 minute'"
                    .formatted(START, name.substring(4)))));
  }

  @Test
  void listsByEveryFilter() {
    assertThat(names(Filter.ALL)).isEqualTo("1234567");
    assertThat(names(filter(Status.DEAD, null, null, null))).isEqualTo("567");
    assertThat(names(filter(null, "psp_b", null, null))).isEqualTo("367");
    assertThat(names(filter(null, null, "a.one", null))).isEqualTo("1245");
    assertThat(names(filter(null, null, null, "unreadable"))).isEqualTo("56");
    assertThat(names(filter(null, null, null, "100%"))).isEqualTo("7");
    assertThat(names(filter(null, null, null, "%"))).isEmpty();
    assertThat(names(between(minute(2), minute(4)))).isEqualTo("23");
    assertThat(names(new Filter(null, null, null, null, null, null, PAYMENT))).isEqualTo("26");
    assertThat(names(filter(Status.DEAD, "psp_a", null, "unreadable"))).isEqualTo("5");
  }

  @Test
  void pagesFromAPlaceEitherWay() {
    for (boolean newestFirst : new boolean[] {true, false}) {
      var names = new StringBuilder();
      Place after = null;
      boolean more = true;
      while (more) {
        Paged<Event> page = result(review.list(Filter.ALL, newestFirst, after, 3));
        page.items().forEach(each -> names.append(each.name().substring(4)));
        after = page.items().getLast().place();
        more = page.hasMore();
      }
      assertThat(names.toString()).isEqualTo(newestFirst ? "7654321" : "1234567");
    }
  }

  @Test
  void pagesThroughEventsOfOneMoment() {
    store.server.execute("UPDATE inbox_event SET received_at = now()");
    var seen = new ArrayList<String>();
    Place after = null;
    for (int page = 0; page < 7; page++) {
      Event only = result(review.list(Filter.ALL, true, after, 1)).items().getFirst();
      seen.add(only.name());
      after = only.place();
    }
    assertThat(seen).doesNotHaveDuplicates().hasSize(7);
  }

  @Test
  void findsOneWithItsBody() {
    var found = result(review.find(MERCHANT, "psp_a", "evt_5")).orElseThrow();
    assertThat(found.body()).isEqualTo("body of evt_5");
    assertThat(found.event())
        .extracting(Event::status, Event::reason, Event::attempts, Event::dueAt, Event::receivedAt)
        .containsExactly(Status.DEAD, "unreadable: no id", 3, null, minute(5));
    assertThat(result(review.find(MERCHANT, "psp_b", "evt_5"))).isEmpty();
  }

  @Test
  void countsByStatus() {
    assertThat(result(review.counts(null, null)))
        .isEqualTo(
            Map.of(
                Status.PENDING, 1L,
                Status.PROCESSED, 1L,
                Status.IGNORED, 1L,
                Status.FOREIGN, 1L,
                Status.DEAD, 3L));
    assertThat(result(review.counts(minute(3), minute(6))))
        .isEqualTo(Map.of(Status.IGNORED, 1L, Status.FOREIGN, 1L, Status.DEAD, 1L));
  }

  @Test
  void measuresTheBacklogByWhatIsDue() {
    store.server.execute(
        "UPDATE inbox_work SET due_at = now() - interval '90 seconds' WHERE name = 'evt_1'");
    row("evt_8", "psp_a", "t", "pending", null, null);
    store.server.execute(
        "UPDATE inbox_work SET due_at = now() + interval '1 hour' WHERE name = 'evt_8'");
    InboxReview.Backlog backlog = result(review.backlog());
    assertThat(backlog.due()).isEqualTo(1);
    assertThat(backlog.oldest()).isBetween(Duration.ofSeconds(90), Duration.ofMinutes(10));
    assertThat(backlog.dead()).isEqualTo(3);
    StoredEvents.empty(store.server);
    assertThat(result(review.backlog())).isEqualTo(new InboxReview.Backlog(0, Duration.ZERO, 0));
  }

  @Test
  void replaysAllOfAReasonInBoundedSteps() {
    Filter unreadable = filter(null, null, null, "unreadable");
    assertThat(result(review.replay(unreadable, 1))).isEqualTo(1);
    assertThat(result(review.replay(unreadable, 10))).isEqualTo(1);
    assertThat(result(review.replay(unreadable, 10))).isZero();
    assertThat(statuses("evt_5", "evt_6")).isEqualTo("pending 0\npending 0");
    assertThat(statuses("evt_7")).isEqualTo("dead 3");
  }

  @Test
  void replaysARangeButNothingThatIsDoneOrWaits() {
    assertThat(result(review.replay(between(minute(1), minute(6)), 100))).isEqualTo(3);
    assertThat(statuses("evt_1", "evt_2", "evt_3", "evt_4", "evt_5"))
        .isEqualTo("pending 3\nprocessed 3\npending 0\npending 0\npending 0");
  }

  @Test
  void replaysOneByNameAndWhatIsDoneOnlyWhenForced() {
    assertThat(result(review.replay(MERCHANT, "psp_a", "evt_5", false))).isTrue();
    assertThat(result(review.replay(MERCHANT, "psp_a", "evt_5", false))).isFalse();
    assertThat(result(review.replay(MERCHANT, "psp_a", "evt_2", false))).isFalse();
    assertThat(statuses("evt_2")).isEqualTo("processed 3");
    assertThat(result(review.replay(MERCHANT, "psp_a", "evt_2", true))).isTrue();
    assertThat(statuses("evt_2")).isEqualTo("pending 0");
    assertThat(result(review.replay(MERCHANT, "psp_a", "evt_none", true))).isFalse();
  }

  @Test
  void replaysWhatWasIgnoredAsItCame() {
    result(
        inbox.insert(
            new Arrival(MERCHANT, "psp_c", "evt_8", "t", "pi", Buffer.buffer("{}"), "not used")));
    assertThat(statuses("evt_8")).isEqualTo("ignored 0");
    assertThat(names(filter(Status.IGNORED, "psp_c", null, "not used"))).isEqualTo("8");
    assertThat(result(review.replay(filter(null, "psp_c", null, null), 10))).isEqualTo(1);
    assertThat(result(review.replay(filter(null, "psp_c", null, null), 10))).isZero();
    assertThat(statuses("evt_8")).isEqualTo("pending 0");
    Due again =
        claim().stream().filter(due -> due.name().equals("evt_8")).findFirst().orElseThrow();
    assertThat(result(inbox.settle(List.of(Ending.ignored(again, null, "still not"))))).hasSize(1);
    assertThat(statuses("evt_8")).isEqualTo("ignored 1");
  }

  @Test
  void keepsThePaymentOfAnEventThatIsWorkedAgain() {
    assertThat(result(review.replay(MERCHANT, "psp_b", "evt_6", false))).isTrue();
    assertThat(names(new Filter(null, null, null, null, null, null, PAYMENT))).isEqualTo("26");
    Due again =
        claim().stream().filter(due -> due.name().equals("evt_6")).findFirst().orElseThrow();
    result(inbox.settle(List.of(Ending.dead(again, null, "odd still"))));
    assertThat(names(new Filter(Status.DEAD, null, null, null, null, null, PAYMENT)))
        .isEqualTo("6");
  }

  @Test
  void hasOneOfManyReplaysOfOneEventTakeIt() {
    var replays = new ArrayList<Future<Integer>>();
    for (int at = 0; at < 8; at++) {
      replays.add(review.replay(filter(Status.DEAD, null, null, null), 10));
    }
    assertThat(replays.stream().mapToInt(each -> result(each)).sum()).isEqualTo(3);
    assertThat(store.number("SELECT count(*) FROM inbox_work")).isEqualTo(4);
  }

  @Test
  void keepsAWorkerWhoseEventIsReplayedFromEndingIt() {
    StoredEvents.empty(store.server);
    result(
        inbox.insert(
            new Arrival(MERCHANT, ACCOUNT, "evt_w", "t", "pi", Buffer.buffer("{}"), null)));
    Due slow = claim().getFirst();
    assertThat(result(review.replay(MERCHANT, ACCOUNT, "evt_w", true))).isTrue();
    Due fresh = claim().getFirst();
    // Both are first attempts by their count: the time tells the claims apart.
    assertThat(fresh.attempts()).isEqualTo(slow.attempts());
    assertThat(result(inbox.settle(List.of(Ending.dead(slow, null, "gave up"))))).isEmpty();
    assertThat(result(inbox.settle(List.of(Ending.processed(fresh, null, null))))).hasSize(1);
    assertThat(statuses("evt_w")).isEqualTo("processed 1");
  }

  @Test
  void keepsADeadLetterFromWhenItIsClosed() {
    store.server.execute("UPDATE inbox_outcome SET processed_at = now() - interval '90 days'");
    assertThat(
            result(InboxReview.close(store.database::query, MERCHANT, "psp_a", "evt_5", "seen to")))
        .isTrue();
    assertThat(
            result(
                InboxReview.close(
                    store.database::query, filter(null, "psp_b", null, null), 10, "all seen to")))
        .isEqualTo(2);
    Duration retention = Duration.ofDays(30);
    result(inbox.trim(retention, 100));
    assertThat(store.number("SELECT count(*) FROM inbox_outcome WHERE reason LIKE '%seen to'"))
        .isEqualTo(3);

    store.server.execute("UPDATE inbox_outcome SET processed_at = now() - interval '90 days'");
    result(inbox.trim(retention, 100));
    assertThat(store.number("SELECT count(*) FROM inbox_outcome WHERE reason LIKE '%seen to'"))
        .isZero();
  }

  @Test
  void listsTheNewestOfManyByTheirAge() throws SQLException {
    StoredEvents.put(
        store.server,
        Map.of(
            "name", "'many_' || n",
            "status", "'processed'",
            "received_at", "now() - n * interval '1 minute'"),
        "generate_series(1, 20000) n");
    store.server.execute("ANALYZE inbox_event, inbox_work, inbox_outcome");
    var plan = new StringBuilder();
    try (var connection = store.server.connect();
        var statement = connection.createStatement()) {
      statement.execute(
          "PREPARE page(text, text, text, text, timestamptz, timestamptz, uuid, timestamptz, text,"
              + " text, integer) AS "
              + InboxReview.page(Filter.ALL, true));
      String page = "EXECUTE page(" + "NULL, ".repeat(10) + "20)";
      // As often as PostgreSQL plans anew before it may settle for a plan of all filters at once.
      for (int at = 0; at < 6; at++) {
        statement.execute(page);
      }
      try (var rows = statement.executeQuery("EXPLAIN " + page)) {
        while (rows.next()) {
          plan.append(rows.getString(1)).append('\n');
        }
      }
    }
    assertThat(plan.toString())
        .contains("inbox_event_age")
        .doesNotContain("Seq Scan on inbox_event")
        .doesNotContain("Seq Scan on inbox_outcome");
  }

  private static List<Due> claim() {
    return result(inbox.due(ALL_LANES, 10, List.of(), List.of())).events();
  }

  private static Filter filter(
      @Nullable Status status,
      @Nullable String account,
      @Nullable String type,
      @Nullable String reasonPrefix) {
    return new Filter(status, account, type, reasonPrefix, null, null, null);
  }

  private static Filter between(Instant from, Instant to) {
    return new Filter(null, null, null, null, from, to, null);
  }

  private static Instant minute(int minute) {
    return START.plus(Duration.ofMinutes(minute));
  }

  private static String names(Filter filter) {
    var names = new StringBuilder();
    result(review.list(filter, false, null, 100))
        .items()
        .forEach(each -> names.append(each.name().substring(4)));
    return names.toString();
  }

  private static String statuses(String... names) {
    return store.text(
        "SELECT status || ' ' || attempts FROM inbox_standing WHERE name IN ('"
            + String.join("', '", names)
            + "') ORDER BY name");
  }
}
