package flows;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.Answer;
import payments.Command;
import payments.IdSource;
import payments.Parameters;
import payments.PublicId;
import payments.RequestContext;
import psp.CardVault;
import psp.Psp;
import psp.PspDirectory;
import psp.PspResult;
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
import support.TestDatabase;

/** The flows on a database of their own, with one account at a fake vault per mode. */
final class FlowBench implements AutoCloseable {
  static final String MERCHANT = "m_1";

  final FakeVault vault = new FakeVault();
  final FakeVault liveVault = new FakeVault();
  final TestDatabase postgres = TestDatabase.create();
  final IdSource ids = new IdSource(Clock.systemUTC(), new Random(1));
  final Services services;

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final Database database = Database.open(vertx, postgres.options(), "test", 8);
  private final CommandFlows flows;

  FlowBench() {
    services =
        new Services(
            new PaymentWrites(
                context, database, new Batcher.Limits(10, 1, 100), Batcher.BatchObserver.NONE),
            new PaymentReads(database),
            new IdempotencyKeys(database),
            new OperationLog(database),
            new PaymentMethods(database),
            new Customers(database),
            new NoSender(),
            new Vaulted(),
            new Router(
                List.of(
                    new Router.Account(MERCHANT, "acct_test", false, 1),
                    new Router.Account(MERCHANT, "acct_live", true, 1),
                    new Router.Account("m_2", "acct_other", false, 1))),
            new PlainRenderer(),
            ids,
            Clock.systemUTC(),
            RecoveryPlan.DEFAULT,
            CheckoutObserver.NONE,
            "test-node",
            Given.webhooks(database));
    flows = new CommandFlows(services);
  }

  /** Gives a command on a Vert.x context, as the payment verticle does. */
  Future<Answer> start(Command command) {
    return Future.future(
        promise -> context.runOnContext(ignored -> flows.run(command).onComplete(promise)));
  }

  Answer run(Command command) {
    return start(command).await();
  }

  /** The answer's JSON, of a command that must be done. */
  JsonObject done(Command command) {
    Answer answer = run(command);
    if (answer.status() != 200) {
      throw new AssertionError("refused: " + answer);
    }
    return new JsonObject(answer.body());
  }

  static RequestContext test(@Nullable String key, String path) {
    return context(MERCHANT, false, key, path);
  }

  static RequestContext context(
      String merchantId, boolean livemode, @Nullable String key, String path) {
    var idempotency = key == null ? null : new RequestContext.Idempotency(key, path, "print");
    return new RequestContext(
        merchantId, livemode, "req_1", "key_1", false, idempotency, List.of());
  }

  static RequestContext expanding(String... paths) {
    return new RequestContext(MERCHANT, false, "req_1", "key_1", false, null, List.of(paths));
  }

  /** A new customer's id. */
  UUID customer() {
    String id =
        done(new Command.CreateCustomer(test(null, "/v1/customers"), null, Parameters.EMPTY))
            .getString("id");
    return PublicId.CUSTOMER.parse(id).orElseThrow();
  }

  /** Makes a claim look as if its owner had crashed a while ago. */
  void abandon(String key) {
    postgres.execute(
        "UPDATE idempotency_key SET created_at = now() - interval '2 minutes' WHERE key = '"
            + key
            + "'");
  }

  @Override
  public void close() {
    database.close().await();
    vertx.close().await();
  }

  private final class Vaulted implements PspDirectory {
    @Override
    public Psp psp(String accountId) {
      // Asked which tokens it knows; no money moves here.
      return new ScriptedPsp();
    }

    @Override
    public Optional<CardVault> vault(String accountId) {
      return switch (accountId) {
        case "acct_test" -> Optional.of(vault);
        case "acct_live" -> Optional.of(liveVault);
        default -> Optional.empty();
      };
    }
  }

  private static final class NoSender implements PspSender {
    @Override
    public Future<PspResult> send(Sending sending) {
      return Future.failedFuture("no money moves here");
    }

    @Override
    public Future<PspResult> lookup(Sending sending) {
      return Future.failedFuture("no money moves here");
    }
  }
}
