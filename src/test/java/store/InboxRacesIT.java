package store;

import static org.assertj.core.api.Assertions.assertThat;
import static store.StoreFixture.ACCOUNT;
import static store.StoreFixture.MERCHANT;
import static store.StoreFixture.result;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import payments.OperatorOutcome;
import payments.OperatorRequest;
import payments.Parameters;
import store.Inbox.Arrival;
import store.Inbox.Due;
import store.Inbox.Ending;
import store.Inbox.Stored;
import support.HeldTransaction;
import support.StoredEvents;

/**
 * Who meets over one event of a PSP's: nodes that are told it at once, nodes that have it in hand
 * at once, operators who have it worked again meanwhile, and what trims it. Each in the orders that
 * it can have: the second waits in PostgreSQL for the first.
 */
final class InboxRacesIT {
  private static final List<Integer> ALL_LANES = IntStream.range(0, Lanes.COUNT).boxed().toList();
  private static final String EVENT = "evt_1";

  private static StoreFixture store;
  private static Inbox one;
  private static Inbox two;
  private static InboxReview review;
  private static InboxReplays replays;

  @BeforeAll
  static void open() {
    store = new StoreFixture();
    store.server.execute(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''50ms''',"
            + " current_database()); END $$");
    one = node();
    two = node();
    review = new InboxReview(store.database);
    replays = new InboxReplays(review, new OperatorActions(store.database, store.ids::next));
  }

  private static Inbox node() {
    return new Inbox(
        store.vertx.getOrCreateContext(),
        Database.openForBatches(store.vertx, store.server.options(), "inbox", 2),
        new Batcher.Limits(64, 1, 10_000),
        Batcher.BatchObserver.NONE);
  }

  @AfterAll
  static void close() {
    store.close();
  }

  @BeforeEach
  void empty() {
    StoredEvents.empty(store.server);
  }

  // ---- told at two nodes

  /** It is known only when it is durable: till then whoever is told it says nothing. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatAnotherNodeIsJustStoringIsKnownOnceThatHasCommitted(boolean commits) {
    try (var held = storing(EVENT)) {
      Future<Stored> stored = one.insert(arrival(EVENT));
      held.awaitWaiting(1);
      assertThat(stored.isComplete()).as("acknowledged before it is durable").isFalse();
      held.end(commits);
      assertThat(result(stored)).isEqualTo(commits ? Stored.KNOWN : Stored.NEW);
    }
    assertThat(standing()).isEqualTo("evt_1 pending 0");
  }

  /** The others of its batch are new, whichever became of it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatComesInOneBatchWithItIsStoredAllTheSame(boolean commits) {
    var names = List.of("evt_0", "evt_1", "evt_2", "evt_3");
    try (var held = storing(EVENT)) {
      // All are given at once: what comes first may go alone, and evt_1 waits with the rest.
      Future<List<Future<Stored>>> given =
          Future.future(
              promise ->
                  store
                      .vertx
                      .getOrCreateContext()
                      .runOnContext(
                          ignored ->
                              promise.complete(
                                  names.stream().map(name -> one.insert(arrival(name))).toList())));
      held.awaitWaiting(1);
      held.end(commits);
      var stored = result(given).stream().map(StoreFixture::result).toList();
      assertThat(stored)
          .containsExactly(Stored.NEW, commits ? Stored.KNOWN : Stored.NEW, Stored.NEW, Stored.NEW);
    }
    assertThat(store.number("SELECT count(*) FROM inbox_work")).isEqualTo(4);
  }

  private static HeldTransaction storing(String name) {
    String key = "VALUES ('%s', '%s', '%s', %s".formatted(MERCHANT, ACCOUNT, name, "0");
    return new HeldTransaction(
        store.server,
        "INSERT INTO inbox_event (merchant_id, psp_account_id, name, lane, type, body) "
            + key
            + ", 't', '{}')",
        "INSERT INTO inbox_work (merchant_id, psp_account_id, name, lane, bytes) " + key + ", 2)");
  }

  // ---- in hand at two nodes

  @ParameterizedTest
  @ValueSource(
      strings = {"processed pending", "pending processed", "processed dead", "dead processed"})
  void ofTwoNodesThatHaveAnEventInHandTheFirstSettlesIt(String order) {
    result(one.insert(arrival(EVENT)));
    List<String> ends = List.of(order.split(" "));
    Due here = due(one);
    Due there = due(two);
    try (var held = holding("inbox_work")) {
      assertThat(
              inOrder(
                  held,
                  List.of(settle(one, here, ends.getFirst()), settle(two, there, ends.getLast()))))
          .containsExactly(true, false);
    }
    assertThat(standing()).isEqualTo("evt_1 " + ends.getFirst() + " 1");
  }

  /** The first dies before it has committed: the second's word counts. */
  @Test
  void whereTheFirstNodeDiesTheSecondSettlesIt() {
    result(one.insert(arrival(EVENT)));
    Due here = due(one);
    Due there = due(two);
    try (var held = holding("inbox_work")) {
      Future<Boolean> first = settle(one, here, "dead").get();
      held.awaitWaiting(1);
      Future<Boolean> second = settle(two, there, "processed").get();
      held.awaitWaiting(2);
      held.killWhoWaits();
      assertThat(StoreFixture.failure(first)).isInstanceOf(StoreException.InDoubt.class);
      held.awaitWaiting(1);
      held.rollback();
      assertThat(result(second)).isTrue();
    }
    assertThat(standing()).isEqualTo("evt_1 processed 1");
  }

  // ---- worked again while it is in hand

  /** Worked again from the start, whoever is first: an operator's word is not lost. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aReplayOfWhatIsBeingWorkedHasItWorkedOnceMore(boolean replayFirst) {
    result(one.insert(arrival(EVENT)));
    Due live = due(one);
    try (var held = holding("inbox_work")) {
      assertThat(
              inOrder(
                  held, Race.ordered(replayFirst, replay(true), settle(one, live, "processed"))))
          .containsExactly(true, !replayFirst);
    }
    assertThat(standing()).isEqualTo("evt_1 pending 0");
    Due again = due(two);
    assertThat(result(settle(two, again, "processed").get())).isTrue();
    assertThat(standing()).isEqualTo("evt_1 processed 1");
  }

  /** Where the operator's transaction comes to nothing, the worker's end stands. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aReplayThatIsJustBeingWrittenCountsWhereItCommits(boolean commits) {
    result(one.insert(arrival(EVENT)));
    Due live = due(one);
    try (var held =
        new HeldTransaction(store.server, "UPDATE inbox_work SET due_at = now(), attempts = 0")) {
      Future<Boolean> settled = settle(one, live, "processed").get();
      held.awaitWaiting(1);
      held.end(commits);
      assertThat(result(settled)).isNotEqualTo(commits);
    }
    assertThat(standing()).isEqualTo(commits ? "evt_1 pending 0" : "evt_1 processed 1");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofTwoReplaysOneHasADeadLetterWorkedAgain(boolean closes) {
    dead();
    try (var held = holding("inbox_outcome")) {
      // Both have looked before either has written.
      Supplier<Future<Boolean>> other = closes ? InboxRacesIT::closing : replay(false);
      assertThat(inOrder(held, List.of(replay(false), other))).containsExactly(true, false);
    }
    assertThat(standing()).isEqualTo("evt_1 pending 0");
  }

  @Test
  void aDeadLetterThatIsClosedFirstIsStillWorkedAgainWhenSomebodyAsks() {
    dead();
    try (var held = holding("inbox_outcome")) {
      assertThat(inOrder(held, List.of(InboxRacesIT::closing, replay(false))))
          .containsExactly(true, true);
    }
    assertThat(standing()).isEqualTo("evt_1 pending 0");
  }

  /** Its trimming waits here with the event, and the operator for that. */
  @Test
  void whatIsJustBeingTrimmedIsNotWorkedAgain() {
    old();
    try (var held = holding("inbox_outcome")) {
      assertThat(inOrder(held, List.of(InboxRacesIT::trim, replay(true))))
          .containsExactly(true, false);
    }
    assertThat(standing()).isEmpty();
    assertThat(store.number("SELECT count(*) FROM inbox_event")).isZero();
  }

  /** And the trimming goes on with the others meanwhile. */
  @Test
  void whatIsJustBeingWorkedAgainIsNotTrimmed() {
    old();
    try (var held = holding("inbox_outcome")) {
      Future<Boolean> replayed = replay(true).get();
      held.awaitWaiting(1);
      assertThat(result(trim())).isFalse();
      held.rollback();
      assertThat(result(replayed)).isTrue();
    }
    assertThat(standing()).isEqualTo("evt_1 pending 0");
    assertThat(result(trim())).isFalse();
  }

  private static void old() {
    result(one.insert(arrival(EVENT)));
    assertThat(result(settle(one, due(one), "processed").get())).isTrue();
    store.server.execute(
        "UPDATE inbox_event SET received_at = now() - interval '40 days'; UPDATE inbox_outcome SET"
            + " processed_at = now() - interval '40 days'");
  }

  private static Future<Boolean> trim() {
    return one.trim(Duration.ofDays(30), 10).map(gone -> gone > 0);
  }

  /** Lets them wait for what is held, one after the other, and lets go. */
  private static List<Boolean> inOrder(
      HeldTransaction held, List<Supplier<Future<Boolean>>> writers) {
    var done = new ArrayList<Future<Boolean>>();
    for (Supplier<Future<Boolean>> writer : writers) {
      done.add(writer.get());
      held.awaitWaiting(done.size());
    }
    held.rollback();
    return done.stream().map(StoreFixture::result).toList();
  }

  private static HeldTransaction holding(String table) {
    return HeldTransaction.locking(store.server, table, "name = '" + EVENT + "'");
  }

  private static Supplier<Future<Boolean>> replay(boolean forced) {
    return () ->
        replays
            .one(request("inbox.replay"), MERCHANT, ACCOUNT, EVENT, forced)
            .map(OperatorOutcome.Done.class::isInstance);
  }

  private static Future<Boolean> closing() {
    return replays
        .closeOne(request("inbox.close"), MERCHANT, ACCOUNT, EVENT)
        .map(OperatorOutcome.Done.class::isInstance);
  }

  private static OperatorRequest request(String action) {
    return new OperatorRequest("alice", action, Parameters.EMPTY, "seen to", null);
  }

  private static Supplier<Future<Boolean>> settle(Inbox node, Due event, String end) {
    Ending ending =
        switch (end) {
          case "processed" -> Ending.processed(event, null, null);
          case "dead" -> Ending.dead(event, null, "unreadable");
          default -> Ending.retry(event, 60_000, "not yet");
        };
    return () -> node.settle(List.of(ending)).map(settled -> !settled.isEmpty());
  }

  private static void dead() {
    result(one.insert(arrival(EVENT)));
    assertThat(result(settle(one, due(one), "dead").get())).isTrue();
  }

  private static Due due(Inbox node) {
    return result(node.due(ALL_LANES, 10, List.of(), List.of())).events().getFirst();
  }

  private static Arrival arrival(String name) {
    return new Arrival(MERCHANT, ACCOUNT, name, "t", "pi", Buffer.buffer("{}"), null);
  }

  private static String standing() {
    return Stream.of(
            store.text(
                "SELECT concat_ws(' ', name, status, attempts) FROM inbox_standing ORDER BY name"))
        .findFirst()
        .orElseThrow();
  }
}
