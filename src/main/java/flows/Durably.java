package flows;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import payments.Operation;
import store.FailOver;
import store.Finish;
import store.Reservation;
import store.StoreException;
import store.Write;

/**
 * Writes that leave no doubt. When the connection is lost in the middle of a commit, the same row
 * is written again: its ids are the same, so a commit that did happen shows itself as a duplicate
 * or a closed guard, and a look by id tells whose it was.
 */
final class Durably {
  private static final int TRIES = 5;
  private static final long FIRST_WAIT_MS = 100;

  private final Services services;

  Durably(Services services) {
    this.services = services;
  }

  /** Whether the payment is now there because of this write. */
  Future<Boolean> create(Write write) {
    Supplier<Future<Boolean>> ours =
        () ->
            services
                .reads()
                .find(
                    write.payment().merchantId(), write.payment().livemode(), write.payment().id())
                .map(Optional::isPresent);
    return surely(() -> services.writes().create(write), ours, false, 1);
  }

  /** Whether the change was made by this write; false where the guard refused it. */
  Future<Boolean> begin(Write write) {
    Write.Begin begin = write.operation();
    Supplier<Future<Boolean>> ours =
        begin == null ? () -> Future.succeededFuture(false) : () -> exists(begin.operation());
    return surely(() -> services.writes().begin(write), ours, false, 1);
  }

  /** Whether the refund was reserved by this write; false where it does not fit. */
  Future<Boolean> reserve(Reservation reservation) {
    return surely(
        () -> services.writes().reserve(reservation),
        () -> exists(reservation.operation().operation()),
        false,
        1);
  }

  /**
   * Whether this wrote the operation's end or next stage; false where it was written already,
   * perhaps by this very write before an answer was lost.
   */
  Future<Boolean> finish(Finish finish) {
    return surely(
        () -> services.writes().finish(finish), () -> Future.succeededFuture(false), true, 1);
  }

  /**
   * The same for an end that nothing has brought about yet: false also where the payment has moved
   * on since it was decided, so that it is not to be.
   */
  Future<Boolean> finishUnlessOvertaken(Finish finish) {
    return finish(finish).recover(Durably::falseWhereOvertaken);
  }

  /** The same with what lets go of what may be left at the PSP, begun in the same commit. */
  Future<Boolean> finishUnlessOvertaken(Finish finish, Write.Begin beside) {
    return surely(
            () -> services.log().finishAndBegin(finish, beside),
            () -> Future.succeededFuture(false),
            true,
            1)
        .recover(Durably::falseWhereOvertaken);
  }

  /**
   * Whether the next operation is begun by this write; false where the one before it is not in its
   * request's hands any more, or its payment has changed.
   */
  Future<Boolean> failOver(FailOver failOver) {
    return surely(
            () -> services.writes().failOver(failOver),
            () -> exists(failOver.begin().operation()),
            true,
            1)
        .recover(Durably::falseWhereOvertaken);
  }

  private static Future<Boolean> falseWhereOvertaken(Throwable cause) {
    return cause.getCause() instanceof StoreException.Refused refused && refused.overtaken()
        ? Future.succeededFuture(false)
        : Future.failedFuture(cause);
  }

  private Future<Boolean> exists(Operation operation) {
    return services
        .reads()
        .operation(operation.merchantId(), operation.livemode(), operation.id())
        .map(Optional::isPresent);
  }

  /**
   * Writes until there is no doubt.
   *
   * @param promised whether the write must follow something that already happened, so that an
   *     absent database is waited for too
   */
  private Future<Boolean> surely(
      Supplier<Future<Optional<Long>>> write,
      Supplier<Future<Boolean>> ours,
      boolean promised,
      int attempt) {
    return write
        .get()
        .transform(
            done -> {
              if (done.succeeded()) {
                return done.result().isPresent()
                    ? Future.succeededFuture(true)
                    : afterwards(ours.get());
              }
              if (done.cause() instanceof StoreException.Refused refused && refused.duplicate()) {
                return afterwards(ours.get());
              }
              boolean again =
                  attempt < TRIES && again(done.cause(), promised, promised || attempt > 1);
              if (!again) {
                return Future.failedFuture(
                    promised || attempt > 1
                        ? new StoreException.InDoubt("the database did not come back", done.cause())
                        : done.cause());
              }
              return pause(FIRST_WAIT_MS << attempt)
                  .compose(ignored -> surely(write, ours, promised, attempt + 1));
            });
  }

  /**
   * Whether a write is worth another try. A database that hangs lets no one wait for it time after
   * time for what nothing has happened for yet: whoever asked is told that it is not known.
   *
   * @param maybeMade whether it follows something, which may be an earlier try of itself
   */
  private static boolean again(Throwable cause, boolean promised, boolean maybeMade) {
    return switch (cause) {
      case StoreException.InDoubt inDoubt -> promised || !inDoubt.timedOut();
      case StoreException.Refused refused -> refused.passing();
      case StoreException.Unavailable ignored -> maybeMade;
      default -> false;
    };
  }

  /**
   * What follows a write that was made, or may have been: from here on an absent database never
   * means that nothing was done.
   */
  static <T> Future<T> afterwards(Future<T> following) {
    return following.recover(
        cause ->
            Future.failedFuture(
                nothingDone(cause)
                    ? new StoreException.InDoubt("the database went away after a write", cause)
                    : cause));
  }

  /** Whether the database is away or not well, and nothing of a statement was done. */
  static boolean nothingDone(Throwable cause) {
    return switch (cause) {
      case StoreException.Unavailable ignored -> true;
      case StoreException.Refused refused -> refused.unwell();
      default -> false;
    };
  }

  /** A while, on the flow's own context. */
  static Future<Void> pause(long ms) {
    var context = Vertx.currentContext();
    if (context == null) {
      throw new IllegalStateException("flows run on a Vert.x context");
    }
    return Future.<Void>future(
        promise ->
            context
                .owner()
                .timer(ms, TimeUnit.MILLISECONDS)
                .onComplete(ignored -> promise.complete()));
  }
}
