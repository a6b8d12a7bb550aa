package flows;

import static org.assertj.core.api.Assertions.assertThat;

import flows.FactBench.Paid;
import inbox.InboxWork;
import inbox.RetryPlan;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import payments.CaptureMethod;
import payments.OperationStatus;
import payments.OperatorOutcome;
import payments.OperatorRequest;
import payments.Parameters;
import psp.PspFact;
import psp.PspWebhooks;
import store.Batcher;
import store.Database;
import store.Inbox;
import store.Inbox.Arrival;
import store.InboxReplays;
import store.InboxReview;
import store.Lanes;
import store.OperatorActions;
import support.Await;
import support.Books;
import support.HeldTransaction;
import support.StoredEvents;
import telemetry.WebhookMeters;

/**
 * One stored event in hand at two nodes at once, or worked again by an operator while it is in
 * hand: what it says takes effect once, and the event ends once.
 */
final class FactsAtTwoNodesIT {
  private static final List<Integer> LANES = IntStream.range(0, Lanes.COUNT).boxed().toList();
  private static final String EVENT = "evt_raced";

  private static FactBench bench;
  private static Vertx vertx;
  private static Node one;
  private static Node two;
  private static InboxReplays replays;

  /** What the event says. */
  private static @Nullable PspFact said;

  @BeforeAll
  static void open() {
    bench = new FactBench();
    vertx = Vertx.vertx();
    one = new Node(bench.facts);
    two = new Node(bench.facts(bench.another()));
    var database = Database.open(vertx, bench.postgres.options(), "operators", 2);
    replays =
        new InboxReplays(
            new InboxReview(database), new OperatorActions(database, bench.services.ids()::next));
  }

  @AfterAll
  static void close() {
    bench.close();
    vertx.close().await();
  }

  @BeforeEach
  void nothingIsStored() {
    StoredEvents.empty(bench.postgres);
  }

  @AfterEach
  void theBooksBalanceAndTheEventIsDone() {
    Books.balance(bench.postgres);
    assertThat(bench.text("SELECT concat_ws(' ', name, status) FROM inbox_standing"))
        .isEqualTo(EVENT + " processed");
  }

  /** What a node does with its inbox. */
  private static final class Node {
    final Context context = vertx.getOrCreateContext();
    final Inbox inbox =
        new Inbox(
            context,
            Database.openForBatches(vertx, bench.postgres.options(), "inbox", 2),
            new Batcher.Limits(64, 1, 100),
            Batcher.BatchObserver.NONE);
    final InboxWork work;

    Node(ApplyFact facts) {
      work =
          new InboxWork(
              context,
              inbox,
              facts,
              Map.of(FactBench.ACCOUNT, new InboxWork.Reader("psp", new Saying())),
              new InboxWork.Options(
                  16,
                  Duration.ofHours(1),
                  new RetryPlan(List.of(Duration.ofMillis(10)), Duration.ofMinutes(1))),
              new WebhookMeters(new SimpleMeterRegistry()));
    }

    /** Takes in hand what is due; done before that is worked. */
    void round() {
      Promise<Boolean> done = Promise.promise();
      context.runOnContext(ignored -> work.round(LANES).onComplete(done));
      done.future().await();
    }

    /** Until nothing is in hand any more. */
    void idle() {
      Promise<Void> done = Promise.promise();
      context.runOnContext(ignored -> work.idle().onComplete(done));
      done.future().await();
    }
  }

  /** The kinds of effects that facts have, each with the row at which a node is stopped in it. */
  enum Effect {
    REFUND_AT_PSP {
      @Override
      Paid paid() {
        return bench.pay(CaptureMethod.AUTOMATIC);
      }

      @Override
      PspFact fact(Paid paid) {
        return FactBench.refundedAtPsp(paid, "raced", 300, OperationStatus.SUCCEEDED);
      }

      @Override
      void happenedOnce(Paid paid) {
        assertThat(bench.state(paid.id())).contains("captured 1000 reserved 0 refunded 300 ");
        assertThat(bench.history(paid.id())).containsOnlyOnce("refunded_at_psp");
      }
    },
    CAPTURE_AT_PSP {
      @Override
      Paid paid() {
        return bench.pay(CaptureMethod.MANUAL);
      }

      @Override
      PspFact fact(Paid paid) {
        return FactBench.captured(paid, 1_000);
      }

      @Override
      void happenedOnce(Paid paid) {
        assertThat(bench.state(paid.id())).startsWith("succeeded authorized 0 captured 1000");
        assertThat(bench.history(paid.id())).hasSize(3);
      }
    },
    DISPUTE {
      @Override
      Paid paid() {
        return bench.pay(CaptureMethod.AUTOMATIC);
      }

      @Override
      PspFact fact(Paid paid) {
        return FactBench.disputed(paid, "raced", 400, PspFact.Dispute.Stage.OPEN);
      }

      @Override
      void happenedOnce(Paid paid) {
        assertThat(bench.state(paid.id())).contains("disputed 400", "dispute open 400");
        assertThat(bench.history(paid.id())).containsOnlyOnce("dispute_opened");
      }
    },
    END_OF_AN_UNKNOWN_CHARGE {
      @Override
      Paid paid() {
        bench.script.add(FactBench.noAnswer());
        return bench.pay(CaptureMethod.AUTOMATIC);
      }

      @Override
      PspFact fact(Paid paid) {
        return FactBench.captured(paid, 1_000);
      }

      @Override
      void happenedOnce(Paid paid) {
        assertThat(bench.state(paid.id())).startsWith("succeeded authorized 0 captured 1000");
        assertThat(bench.history(paid.id())).containsOnlyOnce("captured");
      }
    };

    abstract Paid paid();

    abstract PspFact fact(Paid paid);

    abstract void happenedOnce(Paid paid);
  }

  /** Both have decided what to write, and the second waits for the first. */
  @ParameterizedTest
  @EnumSource
  void anEventInHandAtTwoNodesTakesEffectOnce(Effect effect) {
    Paid paid = stored(effect);
    try (var held = holding(paid.id())) {
      one.round();
      held.awaitWaiting(1);
      two.round();
      held.awaitWaiting(2);
      held.rollback();
      one.idle();
      two.idle();
    }
    effect.happenedOnce(paid);
    assertThat(bench.number("SELECT attempts FROM inbox_outcome")).isEqualTo(1);
  }

  /** The first loses its connections with its effect half written. */
  @ParameterizedTest
  @EnumSource
  void whereTheFirstNodeFailsTheSecondsEffectIsTheOne(Effect effect) {
    Paid paid = stored(effect);
    try (var held = holding(paid.id())) {
      one.round();
      held.awaitWaiting(1);
      two.round();
      held.awaitWaiting(2);
      held.killWhoWaits();
      // Whether or not the first tries again at once, the second has come to the payment's row.
      held.awaitAtLeastWaiting(1);
      held.rollback();
      one.idle();
      two.idle();
    }
    untilDone();
    effect.happenedOnce(paid);
  }

  /** The operator's word is not lost, and finds that nothing is left to do. */
  @ParameterizedTest
  @EnumSource
  void whatIsWorkedAgainWhileItIsInHandTakesEffectOnce(Effect effect) {
    Paid paid = stored(effect);
    try (var held = holding(paid.id())) {
      one.round();
      held.awaitWaiting(1);
      replay(true);
      two.round();
      held.awaitWaiting(2);
      held.rollback();
      one.idle();
      two.idle();
    }
    untilDone();
    effect.happenedOnce(paid);
    assertThat(bench.number("SELECT count(*) FROM operator_action WHERE action = 'inbox.replay'"))
        .isPositive();
  }

  /** Given up first, worked again by an operator, and told by the PSP once more at the moment. */
  @Test
  void aDeadLetterThatIsWorkedAgainAtTwoNodesTakesEffectOnce() {
    Paid paid = stored(Effect.REFUND_AT_PSP);
    bench.postgres.execute(
        "WITH gone AS (DELETE FROM inbox_work RETURNING *) INSERT INTO inbox_outcome (merchant_id,"
            + " psp_account_id, name, status, attempts, reason) SELECT merchant_id,"
            + " psp_account_id, name, 'dead', 5, 'given up' FROM gone");
    replay(false);
    store();
    try (var held = holding(paid.id())) {
      one.round();
      held.awaitWaiting(1);
      two.round();
      held.awaitWaiting(2);
      held.rollback();
      one.idle();
      two.idle();
    }
    Effect.REFUND_AT_PSP.happenedOnce(paid);
  }

  private static void untilDone() {
    Await.until(
        "the event has ended",
        () -> {
          one.round();
          one.idle();
          return bench.number("SELECT count(*) FROM inbox_work") == 0;
        });
  }

  private static Paid stored(Effect effect) {
    Paid paid = effect.paid();
    said = effect.fact(paid);
    store();
    return paid;
  }

  private static void store() {
    one.inbox
        .insert(
            new Arrival(
                FactBench.MERCHANT,
                FactBench.ACCOUNT,
                EVENT,
                "t",
                EVENT,
                Buffer.buffer("{}"),
                null))
        .await();
  }

  private static void replay(boolean forced) {
    var request = new OperatorRequest("alice", "inbox.replay", Parameters.EMPTY, "seen to", null);
    assertThat(replays.one(request, FactBench.MERCHANT, FactBench.ACCOUNT, EVENT, forced).await())
        .isInstanceOf(OperatorOutcome.Done.class);
  }

  private static HeldTransaction holding(UUID paymentId) {
    return HeldTransaction.locking(bench.postgres, "payment", "payment_id = '" + paymentId + "'");
  }

  /** Says what the test has it say. */
  private static final class Saying implements PspWebhooks {
    @Override
    public PspFact read(String type, String body) {
      PspFact fact = said;
      return fact == null ? new PspFact.Irrelevant("nothing") : fact;
    }

    @Override
    public Check check(Function<String, @Nullable String> header, Buffer body, Instant now) {
      throw new AssertionError("nothing comes in here");
    }

    @Override
    public Acknowledgement acknowledgement() {
      throw new AssertionError("nothing comes in here");
    }
  }
}
