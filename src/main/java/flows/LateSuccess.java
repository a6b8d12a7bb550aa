package flows;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import ledger.PostingRule;
import ledger.Transfer;
import money.Money;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import payments.AnomalyKind;
import payments.Answer;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Parameters;
import payments.Payment;
import payments.PaymentEvent;
import payments.PublicId;
import payments.Transitions;
import psp.PspCommand;
import psp.PspResult.Approved;
import store.Finish;
import store.Finish.PaymentChange;
import store.LateBooking;
import store.OperationLog;
import store.Write;

/**
 * A success that no payment may keep: it came after the customer has long gone, or for an operation
 * that was closed. What was taken is booked to suspense, an anomaly is raised, and what gives it
 * back begins, all in one commit. The PSP's own amount is given back, whatever we had asked for.
 */
public final class LateSuccess {
  private static final Logger LOG = LoggerFactory.getLogger(LateSuccess.class);
  private static final String EVENT = "late_success";

  /**
   * A parameter of what gives money back: whether all that the authorization took is reversed. The
   * PSP need not be through with what it took by itself, be it less than was asked for. What a
   * capture took it is through with, and of that a part can be refunded.
   */
  private static final String REVERSES = "reverses";

  private static final String GIVE_BACK = PspCommand.OUR_IDS + "give-back-";
  private static final String GIVE_BACK_TAKEN = GIVE_BACK + "taken-";

  private final Services services;

  /** How a late success took its money, which says how the PSP gives it back. */
  enum Taken {
    /** The authorization itself took it, or holds it. The PSP need not be through with that. */
    BY_ITSELF,
    /** A capture took it, perhaps of a part of a hold. */
    BY_CAPTURE
  }

  public LateSuccess(Services services) {
    this.services = services;
  }

  /**
   * Books a success for an operation that is still open, and cancels its payment.
   *
   * @param taken how, as it is told
   * @param answer the answer to the request that began it, stored where there is none yet
   * @param now when, as the answer shows it
   * @return whether it was booked now: false where someone else closed the operation first, and the
   *     success is in the books already
   */
  Future<Boolean> closeOpen(
      OperationRunner.Running running,
      Approved approved,
      Taken taken,
      @Nullable Answer answer,
      Instant now) {
    Operation operation = running.operation();
    Payment payment = running.payment();
    told(operation, approved);
    Finish finish =
        new Finish(
            now,
            operation,
            OperationStatus.CANCELED,
            approved.reference(),
            approved.chargeReference(),
            approved.details().card(),
            approved.details().checks(),
            approved.details().outcome(),
            null,
            null,
            null,
            canceled(payment),
            suspense(operation, approved),
            approved.methodToken(),
            null,
            answer,
            new Write.Cause(EVENT, running.cause().reference(), running.cause().actor()),
            running.also(OperationStatus.CANCELED));
    return services
        .log()
        .finishLate(
            finish,
            anomaly(AnomalyKind.LATE_SUCCESS, operation, approved),
            giveBack(GIVE_BACK, operation, approved, taken))
        .compose(
            done ->
                done
                    ? Future.succeededFuture(true)
                    : afterClose(operation, approved, taken, running.cause()));
  }

  /**
   * Books a success whose operation someone else has closed by now; does nothing where it is not
   * closed, or closed as the success it is.
   *
   * @param approved the PSP's answer about the authorization
   * @param cause who tells of it
   * @return whether it was booked now
   */
  Future<Boolean> afterClose(Operation operation, Approved approved, Write.Cause cause) {
    return afterClose(operation, approved, Taken.BY_ITSELF, cause);
  }

  private Future<Boolean> afterClose(
      Operation operation, Approved approved, Taken taken, Write.Cause cause) {
    return services
        .reads()
        .operation(operation.merchantId(), operation.livemode(), operation.id())
        .compose(
            now ->
                now.filter(LateSuccess::closedWithoutSuccess)
                    .map(closed -> forClosed(closed, approved, taken, cause))
                    .orElseGet(() -> Future.succeededFuture(false)));
  }

  static boolean closedWithoutSuccess(Operation operation) {
    return operation.status() == OperationStatus.FAILED
        || operation.status() == OperationStatus.CANCELED;
  }

  /** The payment as a late success leaves it. */
  static PaymentChange canceled(Payment payment) {
    return PaymentChange.move(
            payment.status(), Transitions.require(payment.status(), PaymentEvent.LATE_SUCCESS))
        .canceledFor("automatic");
  }

  /**
   * Books a success that a PSP tells of an operation which we have closed as failed or canceled.
   * Told twice, it is booked once.
   *
   * @param taken how, as it is told
   * @param cause who tells of it
   * @return whether it was booked now
   */
  Future<Boolean> forClosed(
      Operation operation, Approved approved, Taken taken, Write.Cause cause) {
    if (!closedWithoutSuccess(operation)) {
      throw new IllegalArgumentException("the operation is " + operation.status().wire());
    }
    return book(operation, approved, taken, cause);
  }

  /**
   * Books money that a PSP took from a hold after its payment was canceled. Told twice, it is
   * booked once.
   *
   * @return whether it was booked now
   */
  Future<Boolean> forCanceled(Operation charge, Approved approved, Write.Cause cause) {
    return book(charge, approved, Taken.BY_CAPTURE, cause);
  }

  /**
   * Books money that a PSP took from a hold that came late and was about to be let go of: nothing
   * is left to let go of, and the money is refunded. Told twice, it is booked once.
   *
   * @param lettingGo what was to let go of the hold
   * @return whether it was booked now
   */
  Future<Boolean> takenFromHold(
      Operation charge, Approved approved, UUID lettingGo, Write.Cause cause) {
    return book(
        charge,
        approved,
        new LateBooking(
            charge,
            approved.reference(),
            suspense(charge, approved),
            anomaly(AnomalyKind.LATE_CAPTURE, charge, approved),
            giveBack(GIVE_BACK_TAKEN, charge, approved, Taken.BY_CAPTURE),
            lettingGo,
            named("late_capture_booked", cause)));
  }

  private Future<Boolean> book(
      Operation operation, Approved approved, Taken taken, Write.Cause cause) {
    return book(
        operation,
        approved,
        new LateBooking(
            operation,
            approved.reference(),
            suspense(operation, approved),
            anomaly(AnomalyKind.LATE_SUCCESS, operation, approved),
            giveBack(GIVE_BACK, operation, approved, taken),
            null,
            named("late_success_booked", cause)));
  }

  private Future<Boolean> book(Operation operation, Approved approved, LateBooking booking) {
    return services
        .log()
        .bookLate(booking)
        .onSuccess(
            booked -> {
              if (booked) {
                told(operation, approved);
              }
            });
  }

  private static Write.Cause named(String event, Write.Cause cause) {
    return new Write.Cause(event, cause.reference(), cause.actor());
  }

  private static void told(Operation operation, Approved approved) {
    LOG.error(
        "operation={} payment={} account={} late success of {}: it is given back",
        operation.publicId(),
        PublicId.PAYMENT.of(operation.paymentId()),
        operation.pspAccountId(),
        approved.amount());
  }

  private @Nullable Transfer suspense(Operation operation, Approved approved) {
    return approved.captured()
        ? PostingRule.LATE_CAPTURE.transfer(
            services.ids().next(), operation.id(), operation.pspAccountId(), approved.amount())
        : null;
  }

  private OperationLog.Anomaly anomaly(AnomalyKind kind, Operation operation, Approved approved) {
    String what =
        (approved.captured() ? "captured " : "held ")
            + approved.amount()
            + " as "
            + approved.reference();
    return new OperationLog.Anomaly(services.ids().next(), operation, kind, what);
  }

  /**
   * A hold is let go, money is refunded. The PSP's key comes from the operation, so the same
   * success is never given back twice.
   */
  private Write.Begin giveBack(String keys, Operation late, Approved approved, Taken taken) {
    String key = keys + PublicId.digits(late.id());
    String reference = approved.reference();
    Money amount = approved.amount();
    if (!approved.captured()) {
      var release = new PspCommand.VoidHold(key, reference, null);
      return new Beginnings(services)
          .beside(late, OperationKind.VOID, amount, key, release, Parameters.EMPTY);
    }
    boolean reverses = taken == Taken.BY_ITSELF || amount.equals(late.amount());
    return new Beginnings(services)
        .beside(
            late,
            OperationKind.REFUND,
            amount,
            key,
            reverses
                ? new PspCommand.Reverse(key, reference, amount)
                : new PspCommand.Refund(key, reference, amount, null),
            new Parameters(Map.of(REVERSES, reverses)));
  }
}
