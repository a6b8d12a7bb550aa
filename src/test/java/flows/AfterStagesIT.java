package flows;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import payments.AttemptOutcome;
import payments.CardChecks;
import payments.Decline;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Payment;
import payments.PaymentStatus;
import psp.PspResult.Details;
import store.Batcher;
import store.Database;
import store.Finish;
import store.Finish.PaymentChange;
import store.PaymentReads;
import store.PaymentWrites;
import store.Write;
import support.TestDatabase;

/** An operation that ends in two stages: the database keeps what the first answer was made from. */
class AfterStagesIT {
  private static final Details TOLD =
      new Details(
          Given.CARD,
          new CardChecks(null, null, "pass"),
          new AttemptOutcome(
              "not_sent_to_network",
              "blocked",
              null,
              "normal",
              12,
              null,
              null,
              null,
              null,
              null,
              null));

  @Test
  void theDatabaseHoldsWhatTheAnswersWereRenderedFrom() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      Database database =
          Database.openForBatches(vertx, TestDatabase.create().options(), "test", 1);
      var writes =
          new PaymentWrites(
              vertx.getOrCreateContext(),
              database,
              new Batcher.Limits(8, 1, 8),
              Batcher.BatchObserver.NONE);
      Payment begun = Given.payment(PaymentStatus.PROCESSING);
      Operation sent = Given.operation(OperationKind.AUTHORIZE, OperationStatus.PENDING);
      await(
          writes.create(
              new Write(
                  begun, null, 0, new Write.Begin(sent, "node", 60_000), null, null, cause())));

      PaymentChange challenge =
          PaymentChange.move(PaymentStatus.PROCESSING, PaymentStatus.REQUIRES_ACTION)
              .nextAction("https://psp.example/3ds");
      Operation challenged = after(sent, OperationStatus.AWAITING_CUSTOMER, null, "psp_1", TOLD);
      await(writes.finish(finish(sent, challenged, challenge, TOLD)));

      PaymentChange decline =
          PaymentChange.move(PaymentStatus.REQUIRES_ACTION, PaymentStatus.REQUIRES_PAYMENT_METHOD)
              .error(Given.DECLINE);
      Operation declined =
          after(challenged, OperationStatus.FAILED, Given.DECLINE, null, Details.NONE);
      await(writes.finish(finish(challenged, declined, decline, Details.NONE)));

      Operation stored =
          await(new PaymentReads(database).operation("acme", false, Given.OPERATION)).orElseThrow();
      assertThat(stored).usingRecursiveComparison().ignoringFields("updatedAt").isEqualTo(declined);
    } finally {
      await(vertx.close());
    }
  }

  private static Operation after(
      Operation before,
      OperationStatus status,
      @Nullable Decline decline,
      @Nullable String reference,
      Details details) {
    return After.operation(before, status, decline, reference, null, details, Given.NOW);
  }

  private static Finish finish(
      Operation before, Operation after, PaymentChange change, Details details) {
    return new Finish(
        Given.NOW,
        before,
        after.status(),
        after.pspReference(),
        after.pspChargeReference(),
        details.card(),
        details.checks(),
        details.outcome(),
        after.decline(),
        null,
        null,
        change,
        null,
        null,
        null,
        null,
        cause(),
        null);
  }

  private static Write.Cause cause() {
    return new Write.Cause("told", "req_1", "key_1");
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
