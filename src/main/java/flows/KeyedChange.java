package flows;

import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Supplier;
import payments.Answer;
import payments.Refusal;
import payments.RequestContext;

/**
 * The frame of every guarded change: replay what the key stands for, else read, decide and write
 * over what was read. Where that changed in between, or the key was taken, the whole is done again
 * on what is there now, a bounded number of times.
 */
final class KeyedChange {
  private static final int TRIES = 8;

  private final KeyGate gate;

  KeyedChange(Services services) {
    this.gate = new KeyGate(services);
  }

  /**
   * Runs a change.
   *
   * @param object what it is about, for people: "Customer cus_..."
   * @param decision reads, decides and writes; empty where the write's guard refused
   */
  Future<Answer> run(
      RequestContext context, String object, Supplier<Future<Optional<Answer>>> decision) {
    return attempt(context, object, decision, 1);
  }

  private Future<Answer> attempt(
      RequestContext context,
      String object,
      Supplier<Future<Optional<Answer>>> decision,
      int number) {
    return gate.replay(context)
        .compose(
            replay ->
                replay.isPresent()
                    ? Future.succeededFuture(replay)
                    : decision
                        .get()
                        .recover(cause -> gate.replayOr(context, cause).map(Optional::of)))
        .compose(
            answer -> {
              if (answer.isPresent()) {
                return Future.succeededFuture(answer.get());
              }
              // What was decided before may have had an open authentication ended.
              return number < TRIES
                  ? Durably.afterwards(attempt(context, object, decision, number + 1))
                  : Future.failedFuture(new Refused(busy(object)));
            });
  }

  static Refusal busy(String object) {
    return Refusal.of(
        Refusal.Code.LOCK_TIMEOUT,
        "The "
            + object
            + " cannot be accessed right now because another API request or Sluice process is"
            + " currently accessing it. Try again in a moment.");
  }
}
