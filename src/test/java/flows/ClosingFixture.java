package flows;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import payments.IdSource;
import psp.CardVault;
import psp.Psp;
import psp.PspDirectory;
import psp.PspResult;
import psp.PspSender;
import psp.Sending;
import psp.routing.Router;
import store.Batcher;
import store.Customers;
import store.Database;
import store.HeldOperations;
import store.IdempotencyKeys;
import store.OperationLog;
import store.OperatorActions;
import store.PaymentMethods;
import store.PaymentReads;
import store.PaymentWrites;

/** Closing held operations, for tests of the edge before it. */
public final class ClosingFixture {
  private ClosingFixture() {}

  /** The use case over a database and no PSP. */
  public static CloseHeldOperation over(
      Vertx vertx, Database database, HeldOperations held, OperatorActions actions) {
    return new CloseHeldOperation(services(vertx, database), held, actions);
  }

  private static Services services(Vertx vertx, Database database) {
    return new Services(
        new PaymentWrites(
            vertx.getOrCreateContext(),
            database,
            new Batcher.Limits(10, 1, 100),
            Batcher.BatchObserver.NONE),
        new PaymentReads(database),
        new IdempotencyKeys(database),
        new OperationLog(database),
        new PaymentMethods(database),
        new Customers(database),
        new NoPsp(),
        new NoPsp(),
        new Router(List.of()),
        new PlainRenderer(),
        new IdSource(Clock.systemUTC(), new Random(1)),
        Clock.systemUTC(),
        RecoveryPlan.DEFAULT,
        CheckoutObserver.NONE,
        "test",
        Given.webhooks(database));
  }

  private static final class NoPsp implements PspSender, PspDirectory {
    @Override
    public Future<PspResult> send(Sending sending) {
      return Future.failedFuture("no PSP is asked");
    }

    @Override
    public Future<PspResult> lookup(Sending sending) {
      return Future.failedFuture("no PSP is asked");
    }

    @Override
    public Psp psp(String accountId) {
      throw new IllegalArgumentException("no PSP is asked");
    }

    @Override
    public Optional<CardVault> vault(String accountId) {
      return Optional.empty();
    }
  }
}
