package flows;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import money.Money;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import payments.Answer;
import payments.CaptureMethod;
import payments.Command;
import payments.Decline;
import payments.DeclineCode;
import payments.IdSource;
import payments.Operation;
import payments.OperationStatus;
import payments.Parameters;
import payments.RequestContext;
import psp.CardVault;
import psp.Psp;
import psp.PspCall;
import psp.PspCommand;
import psp.PspDirectory;
import psp.PspResult;
import psp.PspResult.Approved;
import psp.PspResult.Declined;
import psp.PspResult.Details;
import psp.PspSender;
import psp.Sending;
import psp.routing.Router;
import routes.api.StripeRenderer;
import store.Batcher;
import store.Customers;
import store.Database;
import store.IdempotencyKeys;
import store.OperationLog;
import store.PaymentMethods;
import store.PaymentReads;
import store.PaymentWrites;
import store.Write;
import support.TestDatabase;

/**
 * A sender that was paused while recovery took its operation over: its late word proves nothing,
 * and a late success is never dropped (DESIGN 3 and 4).
 */
final class LateFactsIT {
  private static final Vertx VERTX = Vertx.vertx();
  private static final Context CONTEXT = VERTX.getOrCreateContext();
  private static final PspResult DECLINED =
      new Declined(
          new Decline(DeclineCode.GENERIC_DECLINE, null, "no", "do_not_try_again", null),
          "psp_1",
          "psp_ch_1",
          Details.NONE);

  private static final Write.Cause TOLD = new Write.Cause("told", "evt_1", "psp:psp_demo");

  private static TestDatabase database;
  private static Database pool;
  private static Database batches;
  private static Services services;

  /** What the PSP answers to each sending, in order. */
  private static final Queue<Function<Sending, Future<PspResult>>> SCRIPT = new ArrayDeque<>();

  @BeforeAll
  static void start() {
    database = TestDatabase.create();
    pool = Database.open(VERTX, database.options(), "test", 4);
    batches = Database.openForBatches(VERTX, database.options(), "test-batches", 2);
    services =
        new Services(
            new PaymentWrites(
                CONTEXT, batches, new Batcher.Limits(64, 1, 1_000), Batcher.BatchObserver.NONE),
            new PaymentReads(pool),
            new IdempotencyKeys(pool),
            new OperationLog(pool),
            new PaymentMethods(pool),
            new Customers(pool),
            new ScriptedSender(),
            new OneAccount(),
            new Router(List.of(new Router.Account("demo", "psp_demo", false, 1))),
            new StripeRenderer(),
            new IdSource(Clock.systemUTC(), new SecureRandom()),
            Clock.systemUTC(),
            RecoveryPlan.DEFAULT,
            (total, psp, status) -> {},
            "test",
            Given.webhooks(pool));
  }

  @AfterAll
  static void close() {
    pool.close().await();
    batches.close().await();
    VERTX.close().await();
  }

  @BeforeEach
  void emptyScript() {
    SCRIPT.clear();
  }

  @Test
  void takesNoConnectionForProofWhenRecoveryHasSentItMeanwhile() {
    SCRIPT.add(
        sending ->
            claimed().map(ignored -> PspResult.notSent(sending, "connection refused, but late")));
    Answer answer = pay();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("\"status\":\"processing\"");
    // What recovery sent did charge.
    SCRIPT.add(sending -> Future.succeededFuture(approved(sending)));
    assertThat(recover()).isEqualTo(OperationStatus.SUCCEEDED);
  }

  @Test
  void givesBackASuccessThatIsToldAfterRecoveryHasClosedTheOperation() {
    SCRIPT.add(
        sending -> {
          SCRIPT.add(again -> Future.succeededFuture(DECLINED));
          return claimed()
              .compose(operation -> new RecoverOperation(services).run(operation))
              .map(closed -> approved(sending));
        });
    pay();
    Operation operation = latest("authorize");
    assertThat(operation.status()).isEqualTo(OperationStatus.FAILED);
    givenBackOnce(operation);
  }

  @Test
  void booksASuccessForAClosedOperationOnceHoweverOftenItIsTold() {
    SCRIPT.add(sending -> Future.succeededFuture(DECLINED));
    pay();
    Operation operation = latest("authorize");
    var late = new LateSuccess(services);
    var approved = approved(operation.amount());
    List<Future<Boolean>> told =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    onContextLater(
                        () ->
                            late.forClosed(operation, approved, LateSuccess.Taken.BY_ITSELF, TOLD)))
            .toList();
    Future.join(told).await();
    assertThat(told.stream().filter(Future::result)).hasSize(1);
    assertThat(
            onContext(() -> late.forClosed(operation, approved, LateSuccess.Taken.BY_ITSELF, TOLD)))
        .isFalse();
    givenBackOnce(operation);
  }

  private static void givenBackOnce(Operation operation) {
    // The change is in the history and on its way out, once, as what it is.
    String payment = " WHERE payment_id = '" + operation.paymentId() + "'";
    assertThat(
            number(
                "SELECT count(*) FROM payment_event"
                    + payment
                    + " AND event = 'late_success_booked' AND from_status = to_status"))
        .isEqualTo(1);
    assertThat(number("SELECT count(*) FROM payment_change" + payment))
        .isEqualTo(number("SELECT count(*) FROM payment_event" + payment));
    assertThat(number("SELECT count(*) FROM anomaly WHERE operation_id = '" + operation.id() + "'"))
        .isEqualTo(1);
    assertThat(suspense(operation)).isEqualTo(1_000);
    SCRIPT.add(sending -> Future.succeededFuture(approved(sending)));
    assertThat(recover()).isEqualTo(OperationStatus.SUCCEEDED);
    assertThat(suspense(operation)).isZero();
    assertThat(
            number(
                "SELECT count(*) FROM operation WHERE gives_back AND payment_id = '"
                    + operation.paymentId()
                    + "'"))
        .isEqualTo(1);
    assertThat(
            number(
                "SELECT count(*) FROM anomaly WHERE resolved_at IS NULL AND operation_id = '"
                    + operation.id()
                    + "'"))
        .isZero();
  }

  private static long suspense(Operation operation) {
    return number(
        "SELECT coalesce(sum(CASE WHEN credit LIKE 'suspense:%' THEN amount ELSE -amount END), 0)"
            + " FROM ledger_transfer WHERE payment_id = '"
            + operation.paymentId()
            + "'");
  }

  private static Approved approved(Sending sending) {
    // A refund has an id of its own, as PSPs give it.
    return approved(sending.amount(), "psp_of_" + sending.idempotencyKey());
  }

  private static Approved approved(Money amount) {
    return approved(amount, "psp_1");
  }

  private static Approved approved(Money amount, String reference) {
    return new Approved(reference, "psp_ch_1", amount, true, null, Details.NONE);
  }

  private static Answer pay() {
    var confirmation =
        new Command.Confirmation(
            "pm_card_visa", null, Parameters.EMPTY, false, null, Parameters.EMPTY);
    var context =
        new RequestContext("demo", false, "req_test", "demo_secret", false, null, List.of());
    return onContext(
        () ->
            new CommandFlows(services)
                .run(
                    new Command.CreatePayment(
                        context,
                        Money.of(1_000, "usd"),
                        CaptureMethod.AUTOMATIC,
                        null,
                        confirmation,
                        true,
                        Parameters.EMPTY)));
  }

  /** The newest operation that is open, taken up by recovery as any other node would. */
  private static Future<Operation> claimed() {
    database.execute("UPDATE operation SET recover_at = now() WHERE recover_at IS NOT NULL");
    List<Integer> lanes = IntStream.range(0, store.Lanes.COUNT).boxed().toList();
    return services
        .log()
        .claimDue(lanes, 1, Duration.ofMinutes(1).toMillis(), "another")
        .map(List::getFirst);
  }

  private static OperationStatus recover() {
    return onContext(
        () -> claimed().compose(operation -> new RecoverOperation(services).run(operation)));
  }

  private static Operation latest(String kind) {
    String id =
        "SELECT operation_id::text FROM operation WHERE kind = '"
            + kind
            + "' ORDER BY operation_id DESC LIMIT 1";
    try (var connection = database.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(id)) {
      rows.next();
      var uuid = java.util.UUID.fromString(rows.getString(1));
      return onContext(() -> services.reads().operation("demo", false, uuid)).orElseThrow();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static long number(String sql) {
    try (var connection = database.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  private static <T> T onContext(Supplier<Future<T>> work) {
    return onContextLater(work).await();
  }

  private static <T> Future<T> onContextLater(Supplier<Future<T>> work) {
    return Future.future(promise -> CONTEXT.runOnContext(go -> work.get().onComplete(promise)));
  }

  private static final class ScriptedSender implements PspSender {
    @Override
    public Future<PspResult> send(Sending sending) {
      var next = SCRIPT.poll();
      if (next == null) {
        throw new AssertionError("a sending that the script does not have");
      }
      return next.apply(sending);
    }

    @Override
    public Future<PspResult> lookup(Sending sending) {
      throw new AssertionError("nothing here is looked up");
    }
  }

  private static final class OneAccount implements PspDirectory {
    @Override
    public Psp psp(String accountId) {
      return new Psp() {
        @Override
        public PspCall prepare(PspCommand command) {
          return new PspCall("POST", "/", command.operationId());
        }

        @Override
        public Future<PspResult> send(Sending sending) {
          throw new AssertionError("calls go through the sender");
        }

        @Override
        public Future<PspResult> lookup(Sending sending) {
          throw new AssertionError("calls go through the sender");
        }

        @Override
        public boolean authorizesOnlyByOurWord() {
          return false;
        }

        @Override
        public Duration idempotencyLifetime() {
          return Duration.ofHours(24);
        }
      };
    }

    @Override
    public Optional<CardVault> vault(String accountId) {
      return Optional.empty();
    }
  }
}
