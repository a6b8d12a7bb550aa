package store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import support.Await;

/** How rows become statements, told with a statement whose answers the test gives. */
final class BatcherTest {
  private static Vertx vertx;

  private Context context;
  private Script script;

  /** A row: its id, and the payment it is of. */
  private record Row(String id, String payment) {}

  @BeforeAll
  static void open() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void close() {
    vertx.close().await();
  }

  @BeforeEach
  void fresh() {
    context = vertx.getOrCreateContext();
    script = new Script();
  }

  @Test
  void sendsTheFirstRowAloneAndWhatArrivesMeanwhileTogether() {
    var batcher = batcher(10, 100);
    var first = batcher.submit(row("a"));
    script.awaitSent(1);
    var second = batcher.submit(row("b"));
    var third = batcher.submit(row("c"));
    drained();
    assertThat(script.sent()).containsExactly(List.of("a"));

    script.succeed(0);
    script.awaitSent(2);
    assertThat(script.sent()).containsExactly(List.of("a"), List.of("b", "c"));
    script.succeed(1);

    assertThat(result(first)).contains("done a");
    assertThat(result(second)).contains("done b");
    assertThat(result(third)).contains("done c");
  }

  @Test
  void takesOneRowPerPaymentIntoABatchAndKeepsTheirOrder() {
    var batcher = batcher(10, 100);
    batcher.submit(row("first"));
    script.awaitSent(1);
    for (String id : List.of("p1", "q1", "p2", "r1", "p3", "q2")) {
      batcher.submit(new Row(id, id.substring(0, 1)));
    }
    drained();
    script.succeed(0);
    script.awaitSent(2);
    script.succeed(1);
    script.awaitSent(3);
    script.succeed(2);
    script.awaitSent(4);
    script.succeed(3);
    assertThat(script.sent())
        .containsExactly(
            List.of("first"), List.of("p1", "q1", "r1"), List.of("p2", "q2"), List.of("p3"));
  }

  @Test
  void sendsNoMoreRowsThanAStatementMayHold() {
    var batcher = batcher(2, 100);
    batcher.submit(row("a"));
    script.awaitSent(1);
    for (String id : List.of("b", "c", "d")) {
      batcher.submit(row(id));
    }
    drained();
    script.succeed(0);
    script.awaitSent(2);
    script.succeed(1);
    script.awaitSent(3);
    script.succeed(2);
    assertThat(script.sent()).containsExactly(List.of("a"), List.of("b", "c"), List.of("d"));
  }

  @Test
  void runsAsManyStatementsAtATimeAsItMay() {
    var batcher =
        new Batcher<Row, String>(
            context,
            new Batcher.Limits(10, 2, 100),
            Row::id,
            Row::payment,
            script,
            Batcher.BatchObserver.NONE);
    for (String id : List.of("a", "b", "c", "d")) {
      batcher.submit(row(id));
    }
    drained();
    assertThat(script.sent()).containsExactly(List.of("a"), List.of("b"));
    script.succeed(1);
    script.awaitSent(3);
    assertThat(script.sent()).last().isEqualTo(List.of("c", "d"));
  }

  @Test
  void letsGatherWhatComesSoonAfterAStatement() {
    Batcher<Row, String> batcher = apart(60_000);
    batcher.submit(row("a"));
    script.awaitSent(1);
    script.succeed(0);
    for (String id : List.of("b", "c", "d")) {
      batcher.submit(row(id));
    }
    drained();
    assertThat(script.sent()).containsExactly(List.of("a"));
    // Full, it waits no longer.
    batcher.submit(row("e"));
    script.awaitSent(2);
    assertThat(script.sent()).last().isEqualTo(List.of("b", "c", "d", "e"));
  }

  @Test
  void sendsWhatHasGatheredThoughNothingElseComes() {
    Batcher<Row, String> batcher = apart(20);
    batcher.submit(row("a"));
    script.awaitSent(1);
    script.succeed(0);
    var second = batcher.submit(row("b"));
    var third = batcher.submit(row("c"));
    script.awaitSent(2);
    script.succeed(1);
    assertThat(result(second)).contains("done b");
    assertThat(result(third)).contains("done c");
  }

  @Test
  void refusesAtOnceWhatIsTooMuchToWait() {
    var batcher = batcher(10, 2);
    batcher.submit(row("a"));
    script.awaitSent(1);
    var waiting = List.of(batcher.submit(row("b")), batcher.submit(row("c")));
    var refused = batcher.submit(row("d"));
    assertThat(failure(refused)).isInstanceOf(StoreException.Unavailable.class);

    script.succeed(0);
    script.awaitSent(2);
    script.succeed(1);
    waiting.forEach(each -> assertThat(result(each)).isPresent());
  }

  @Test
  void givesEachRowItsOwnResultWhateverTheirOrder() {
    var batcher = batcher(10, 100);
    var rows = filled(batcher, "a", "b", "c");
    script.answer(1, Map.of("c", "third", "a", "first"));
    assertThat(result(rows.get(0))).contains("first");
    assertThat(result(rows.get(1))).as("refused by its guard").isEmpty();
    assertThat(result(rows.get(2))).contains("third");
  }

  @Test
  void triesTheRowsOfARefusedBatchSinglySoThatAPoisonRowFailsAlone() {
    script.byItself(
        rows ->
            rows.stream().anyMatch(it -> it.id.equals("poison")) ? failed(refusal("22P05")) : null);
    var batcher = batcher(10, 100);
    var rows = filled(batcher, "a", "poison", "b");
    script.awaitSent(5);

    assertThat(result(rows.get(0))).contains("done a");
    assertThat(failure(rows.get(1)))
        .isInstanceOfSatisfying(
            StoreException.Refused.class,
            refused -> assertThat(refused.sqlState()).isEqualTo("22P05"));
    assertThat(result(rows.get(2))).contains("done b");
    assertThat(script.sent())
        .containsExactly(
            List.of("gate"),
            List.of("a", "poison", "b"),
            List.of("a"),
            List.of("poison"),
            List.of("b"));
    assertThat(result(batcher.submit(row("later")))).as("and goes on").contains("done later");
  }

  @Test
  void leavesEveryRowInDoubtWhenTheConnectionIsLostAndRepeatsNone() {
    var batcher = batcher(10, 100);
    var rows = filled(batcher, "a", "b");
    script.fail(1, new StoreException.InDoubt("cut", null));
    rows.forEach(each -> assertThat(failure(each)).isInstanceOf(StoreException.InDoubt.class));
    drained();
    assertThat(script.sent()).hasSize(2);
    assertThat(submitted(batcher, "later")).contains("done later");
  }

  @ParameterizedTest
  @ValueSource(strings = {"57014", "25006", "53100", "53200", "58030"})
  void doesNotRepeatAStatementThatADatabaseRefusesThatIsNotWell(String sqlState) {
    var batcher = batcher(10, 100);
    var rows = filled(batcher, "a", "b", "c");
    script.fail(1, refusal(sqlState));
    rows.forEach(each -> assertThat(failure(each)).isInstanceOf(StoreException.Refused.class));
    drained();
    assertThat(script.sent()).hasSize(2);
  }

  @Test
  void givesUpOnTheOtherRowsWhenTheDatabaseGoesWhileTheyAreTriedSingly() {
    var batcher = batcher(10, 100);
    var rows = filled(batcher, "a", "b", "c");
    script.fail(1, refusal("23505"));
    script.awaitSent(3);
    script.succeed(2);
    script.awaitSent(4);
    script.fail(3, new StoreException.InDoubt("cut", null));

    assertThat(result(rows.get(0))).contains("done a");
    assertThat(failure(rows.get(1))).isInstanceOf(StoreException.InDoubt.class);
    assertThat(failure(rows.get(2)))
        .as("was rolled back with the batch and not tried again")
        .isInstanceOf(StoreException.Unavailable.class);
    drained();
    assertThat(script.sent()).hasSize(4);
  }

  @Test
  void takesAStatementThatThrowsForOneThatFailed() {
    script.byItself(
        rows -> {
          if (rows.stream().anyMatch(it -> it.id.equals("bad"))) {
            throw new IllegalStateException("cannot be encoded");
          }
          return null;
        });
    var batcher = batcher(10, 100);
    var rows = filled(batcher, "a", "bad");
    assertThat(result(rows.get(0))).contains("done a");
    assertThat(failure(rows.get(1))).hasMessage("cannot be encoded");
    assertThat(result(batcher.submit(row("later")))).contains("done later");
  }

  @Test
  void servesCallersOfManyThreadsAndStatementsThatEndOnOthers() throws InterruptedException {
    script.byItself(
        rows ->
            Future.future(
                promise -> Thread.ofVirtual().start(() -> promise.complete(Script.done(rows)))));
    var batcher = batcher(16, 10_000);
    var results = new CopyOnWriteArrayList<Future<Optional<String>>>();
    var threads = new ArrayList<Thread>();
    for (int thread = 0; thread < 8; thread++) {
      int number = thread;
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int at = 0; at < 100; at++) {
                      results.add(batcher.submit(new Row(number + "-" + at, "p" + at % 7)));
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(results).hasSize(800);
    results.forEach(each -> assertThat(result(each)).isPresent());
    assertThat(script.sent().stream().mapToInt(List::size).sum()).isEqualTo(800);
    assertThat(script.sent())
        .as("one row per payment in a batch")
        .allSatisfy(
            ids ->
                assertThat(ids.stream().map(id -> Integer.parseInt(id.split("-")[1]) % 7))
                    .doesNotHaveDuplicates());
  }

  private Batcher<Row, String> batcher(int maxRows, int maxWaiting) {
    return new Batcher<>(
        context,
        new Batcher.Limits(maxRows, 1, maxWaiting),
        Row::id,
        Row::payment,
        script,
        Batcher.BatchObserver.NONE);
  }

  private Batcher<Row, String> apart(int ms) {
    return new Batcher<>(
        context,
        new Batcher.Limits(4, 2, 100, ms),
        Row::id,
        Row::payment,
        script,
        Batcher.BatchObserver.NONE);
  }

  /** Rows that share the second statement: they wait while the first one is held in flight. */
  private List<Future<Optional<String>>> filled(Batcher<Row, String> batcher, String... ids) {
    script.hold();
    batcher.submit(row("gate"));
    script.awaitSent(1);
    var rows = new ArrayList<Future<Optional<String>>>();
    for (String id : ids) {
      rows.add(batcher.submit(row(id)));
    }
    drained();
    script.succeed(0);
    script.awaitSent(2);
    return rows;
  }

  private Optional<String> submitted(Batcher<Row, String> batcher, String id) {
    int before = script.sent().size();
    var submitted = batcher.submit(row(id));
    script.awaitSent(before + 1);
    script.succeed(before);
    return result(submitted);
  }

  /** Until everything that was handed to the context has run. */
  private void drained() {
    Promise<Void> turn = Promise.promise();
    context.runOnContext(ignored -> turn.complete());
    result(turn.future());
  }

  private static Row row(String id) {
    return new Row(id, id);
  }

  private static StoreException.Refused refusal(String state) {
    return new StoreException.Refused("refused", state, null, null);
  }

  private static <T> Future<T> failed(Throwable cause) {
    return Future.failedFuture(cause);
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.await(30, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static Throwable failure(Future<?> future) {
    return result(future.transform(done -> Future.succeededFuture(done.cause())));
  }

  /** A statement whose answers the test gives, or that answers by itself. */
  private static final class Script implements Batcher.Statement<Row, String> {
    private final List<List<Row>> batches = new CopyOnWriteArrayList<>();
    private final List<Promise<Map<Object, String>>> answers = new CopyOnWriteArrayList<>();
    private volatile @Nullable Function<List<Row>, @Nullable Future<Map<Object, String>>> byItself;
    private volatile boolean held;

    void byItself(Function<List<Row>, @Nullable Future<Map<Object, String>>> answer) {
      byItself = answer;
    }

    /** The next statement waits for the test even where the others answer by themselves. */
    void hold() {
      held = true;
    }

    @Override
    public Future<Map<Object, String>> run(List<Row> rows) {
      Promise<Map<Object, String>> promise = Promise.promise();
      answers.add(promise);
      batches.add(rows);
      boolean waits = held;
      held = false;
      var answering = byItself;
      if (waits || answering == null) {
        return promise.future();
      }
      Future<Map<Object, String>> answer = answering.apply(rows);
      return answer == null ? Future.succeededFuture(done(rows)) : answer;
    }

    static Map<Object, String> done(List<Row> rows) {
      var results = new HashMap<Object, String>();
      rows.forEach(row -> results.put(row.id, "done " + row.id));
      return results;
    }

    void awaitSent(int statements) {
      Await.until(statements + " statements", () -> batches.size() >= statements);
    }

    List<List<String>> sent() {
      return batches.stream().map(rows -> rows.stream().map(Row::id).toList()).toList();
    }

    void succeed(int at) {
      answer(at, done(batches.get(at)));
    }

    void answer(int at, Map<Object, String> results) {
      answers.get(at).complete(results);
    }

    void fail(int at, Throwable cause) {
      answers.get(at).fail(cause);
    }
  }
}
