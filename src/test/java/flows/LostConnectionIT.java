package flows;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import money.Money;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import payments.Answer;
import payments.CaptureMethod;
import payments.Command;
import payments.IdSource;
import payments.OperationKind;
import payments.Parameters;
import payments.RequestContext;
import psp.CardVault;
import psp.Psp;
import psp.PspDirectory;
import psp.PspResult;
import psp.PspResult.Approved;
import psp.PspResult.Details;
import psp.PspSender;
import psp.ScriptedPsp;
import psp.Sending;
import psp.routing.Router;
import store.Batcher;
import store.Customers;
import store.Database;
import store.IdempotencyKeys;
import store.OperationLog;
import store.PaymentMethods;
import store.PaymentReads;
import store.PaymentWrites;
import support.RoughWay;
import support.TestDatabase;

/**
 * A connection to the database that is lost in the middle of a commit leaves no doubt: the flow
 * finds out whether the write was its own, writes it again where it was not, and the PSP is called
 * once.
 */
final class LostConnectionIT {
  private static final String MERCHANT = "acct_test";
  private static final String ACCOUNT = "psp_test";

  /** Refunds of this amount all get the same name at the PSP. */
  private static final long TWICE_NAMED = 7;

  private static TestDatabase server;
  private static RoughWay proxy;
  private static Vertx vertx;
  private static Context context;
  private static CommandFlows flows;
  private static final AtomicInteger SENT = new AtomicInteger();

  private int cutsBefore;

  @BeforeAll
  static void open() {
    server = TestDatabase.create();
    proxy = RoughWay.to(server.options()::port);
    vertx = Vertx.vertx();
    context = vertx.getOrCreateContext();
    flows = new CommandFlows(services());
  }

  @BeforeEach
  void count() {
    cutsBefore = proxy.lost();
  }

  @AfterAll
  static void close() {
    vertx.close().await();
    proxy.close();
  }

  @Test
  void findsItsOwnPaymentWhenTheAnswerToItsBeginningIsLost() {
    proxy.loseReply("key-begun");
    assertTakenOnce(run(create("key-begun", 301)), 301);
  }

  @Test
  void writesThePaymentAgainWhenItsBeginningNeverArrived() {
    proxy.loseRequest("key-unheard");
    assertTakenOnce(run(create("key-unheard", 302)), 302);
  }

  @Test
  void findsItsOwnPaymentWithoutAnIdempotencyKeyToo() {
    proxy.loseReply("receipt-303@example.com");
    assertTakenOnce(run(create(null, 303, "receipt-303@example.com")), 303);
  }

  @Test
  void findsThatTheEndWasWrittenWhenTheAnswerToItIsLost() {
    proxy.loseReply("pi_psp_304");
    assertTakenOnce(run(create("key-304", 304)), 304);
  }

  @Test
  void writesTheEndAgainWhenItNeverArrived() {
    proxy.loseRequest("pi_psp_305");
    assertTakenOnce(run(create("key-305", 305)), 305);
  }

  @Test
  void holdsARefundWhoseNameAtThePspIsAnotherOnes() {
    run(create("key-named-twice", 2_000));
    UUID payment = UUID.fromString(text("SELECT payment_id FROM payment WHERE amount = 2000"));
    run(refund("key-named-a", payment, TWICE_NAMED));
    run(refund("key-named-b", payment, TWICE_NAMED));

    String refunds = " FROM operation WHERE kind = 'refund' AND payment_id = '" + payment + "'";
    assertThat(
            text(
                "SELECT string_agg(status || ' ' || coalesce(held_reason, '-'), ', ' ORDER BY"
                    + " operation_id)"
                    + refunds))
        .isEqualTo("succeeded -, pending end_refused");
    assertThat(text("SELECT kind FROM anomaly WHERE payment_id = '" + payment + "'"))
        .isEqualTo("end_refused");
    assertThat(text("SELECT refunded || '/' || refund_reserved FROM payment WHERE amount = 2000"))
        .as("the second one's money is still spoken for")
        .isEqualTo("7/7");
  }

  @Test
  void reservesARefundOnceWhateverIsLost() {
    run(create("key-taken", 1_000));
    UUID payment = UUID.fromString(text("SELECT payment_id FROM payment WHERE amount = 1000"));
    String ours = " AND payment_id = '" + payment + "'";
    int sent = SENT.get();

    proxy.loseReply("key-refund-a");
    assertThat(run(refund("key-refund-a", payment, 400)).status()).isEqualTo(200);
    proxy.loseRequest("key-refund-b");
    assertThat(run(refund("key-refund-b", payment, 400)).status()).isEqualTo(200);
    assertThat(run(refund("key-refund-c", payment, 400)).status())
        .as("200 are left")
        .isEqualTo(400);

    assertThat(proxy.lost() - cutsBefore).isEqualTo(2);
    assertThat(SENT.get() - sent).isEqualTo(2);
    assertThat(text("SELECT refunded || '/' || refund_reserved FROM payment WHERE amount = 1000"))
        .isEqualTo("800/0");
    assertThat(text("SELECT count(*) FROM operation WHERE kind = 'refund'" + ours)).isEqualTo("2");
    assertThat(text("SELECT count(*) FROM ledger_transfer WHERE rule = 'refund'" + ours))
        .isEqualTo("2");
  }

  private void assertTakenOnce(Answer answer, long amount) {
    assertThat(proxy.lost() - cutsBefore).as("the connection was cut").isOne();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("succeeded");
    String of = " FROM payment WHERE amount = " + amount;
    assertThat(text("SELECT count(*) || ' ' || min(status) || ' ' || sum(captured)" + of))
        .isEqualTo("1 succeeded " + amount);
    assertThat(text("SELECT count(*) FROM operation WHERE amount = " + amount)).isEqualTo("1");
    assertThat(text("SELECT count(*) FROM ledger_transfer WHERE amount = " + amount))
        .isEqualTo("1");
    assertThat(
            text(
                "SELECT count(*) = max(p.sequence) FROM payment p JOIN payment_event USING"
                    + " (payment_id) WHERE p.amount = "
                    + amount))
        .isEqualTo("t");
  }

  private static Command create(@Nullable String key, long minor) {
    return create(key, minor, "x@example.com");
  }

  private static Command create(@Nullable String key, long minor, String receipt) {
    var confirmation =
        new Command.Confirmation(
            "pm_card_visa", null, Parameters.EMPTY, false, null, Parameters.EMPTY);
    return new Command.CreatePayment(
        context(key, "/v1/payment_intents"),
        Money.of(minor, "usd"),
        CaptureMethod.AUTOMATIC,
        null,
        confirmation,
        true,
        new Parameters(java.util.Map.of("receipt_email", receipt)));
  }

  private static Command refund(String key, UUID payment, long minor) {
    return new Command.RefundPayment(
        context(key, "/v1/refunds"), payment, null, minor, null, Parameters.EMPTY);
  }

  private static RequestContext context(@Nullable String key, String path) {
    return new RequestContext(
        MERCHANT,
        false,
        "req_test",
        "key_test",
        false,
        key == null ? null : new RequestContext.Idempotency(key, path, "print"),
        List.of());
  }

  private static Answer run(Command command) {
    Promise<Answer> answer = Promise.promise();
    context.runOnContext(ignored -> flows.run(command).onComplete(answer));
    try {
      return answer.future().await(60, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static Services services() {
    Database.Options direct = server.options();
    var cut =
        new Database.Options(
            "127.0.0.1",
            proxy.port(),
            direct.database(),
            direct.user(),
            direct.password(),
            direct.statementTimeout(),
            direct.acquireTimeout());
    Database general = Database.open(vertx, direct, "general", 4);
    return new Services(
        new PaymentWrites(
            context,
            Database.openForBatches(vertx, cut, "cut", 1),
            new Batcher.Limits(64, 1, 1_000),
            Batcher.BatchObserver.NONE),
        new PaymentReads(general),
        new IdempotencyKeys(general),
        new OperationLog(general),
        new PaymentMethods(general),
        new Customers(general),
        new Approving(),
        new OnePsp(),
        new Router(List.of(new Router.Account(MERCHANT, ACCOUNT, false, 1))),
        renderer(),
        new IdSource(Clock.systemUTC(), new SecureRandom()),
        Clock.systemUTC(),
        RecoveryPlan.DEFAULT,
        CheckoutObserver.NONE,
        "node",
        Given.webhooks(general));
  }

  /** Answers that name the payment's status, or what is refused. */
  private static Renderer renderer() {
    return (Renderer)
        Proxy.newProxyInstance(
            Renderer.class.getClassLoader(),
            new Class<?>[] {Renderer.class},
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "payment" ->
                      new Answer(
                          200, ((Views.PaymentView) arguments[1]).payment().status().wire(), false);
                  case "refusal" -> new Answer(400, String.valueOf(arguments[1]), false);
                  default -> new Answer(200, method.getName(), false);
                });
  }

  /** A PSP that does everything it is asked, and counts. */
  private static final class Approving implements PspSender {
    @Override
    public Future<PspResult> send(Sending sending) {
      SENT.incrementAndGet();
      return Future.succeededFuture(
          new Approved(reference(sending), "ch_psp", sending.amount(), true, null, Details.NONE));
    }

    /** A PSP never gives two refunds one name, unless it is to be seen what comes of that. */
    private static String reference(Sending sending) {
      String shared = "pi_psp_" + sending.amount().minor();
      return sending.kind() != OperationKind.REFUND || sending.amount().minor() == TWICE_NAMED
          ? shared
          : "re_" + sending.operationId();
    }

    @Override
    public Future<PspResult> lookup(Sending sending) {
      throw new IllegalStateException("nothing here is in doubt at the PSP");
    }
  }

  private static final class OnePsp implements PspDirectory {
    @Override
    public Psp psp(String accountId) {
      return new ScriptedPsp();
    }

    @Override
    public Optional<CardVault> vault(String accountId) {
      return Optional.empty();
    }
  }

  private static String text(String sql) {
    try (var connection = server.connect();
        var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return String.valueOf(rows.getString(1));
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }
}
