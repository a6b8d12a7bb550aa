package flows;

import io.vertx.core.Future;
import java.util.Optional;
import java.util.UUID;
import payments.Answer;
import payments.OperationStatus;
import payments.Payment;
import payments.PublicId;
import payments.Refusal;
import payments.RequestContext;

/**
 * The frame of every command on an existing payment: replay what the key stands for, read the
 * payment, decide, write over what was read. Where the payment changed in between, the whole is
 * done again on what is there now, a bounded number of times.
 */
final class GuardedChange {
  private static final int TRIES = 8;

  private final Services services;
  private final KeyGate gate;

  GuardedChange(Services services) {
    this.services = services;
    this.gate = new KeyGate(services);
  }

  /**
   * Decides on a payment as it was read and writes over it; empty where the write's guard refused.
   */
  interface Decision {
    Future<Optional<Answer>> on(Payment payment);
  }

  Future<Answer> run(RequestContext context, UUID paymentId, Decision decision) {
    return attempt(context, paymentId, decision, 1);
  }

  private Future<Answer> attempt(
      RequestContext context, UUID paymentId, Decision decision, int number) {
    return gate.replay(context)
        .compose(
            replay ->
                replay.isPresent()
                    ? Future.succeededFuture(replay)
                    : require(context, paymentId).compose(decision::on))
        .compose(
            answer -> {
              if (answer.isPresent()) {
                return Future.succeededFuture(answer.get());
              }
              return number < TRIES
                  ? attempt(context, paymentId, decision, number + 1)
                  : Future.failedFuture(new Refused(busy(paymentId)));
            });
  }

  /** The payment a request is about, as it is now. */
  Future<Payment> require(RequestContext context, UUID paymentId) {
    return services
        .reads()
        .find(context.merchantId(), context.livemode(), paymentId)
        .map(
            found ->
                found.orElseThrow(
                    () ->
                        new Refused(
                            Refusal.of(
                                Refusal.Code.RESOURCE_MISSING,
                                "No such payment_intent: '" + PublicId.PAYMENT.of(paymentId) + "'",
                                "intent"))));
  }

  /**
   * What to say while an operation is open: 409 while it is being sent, and the state where its
   * outcome is not known.
   */
  <T> Future<T> refuseWhileProcessing(RequestContext context, Payment payment, String what) {
    return services
        .reads()
        .operationsOf(payment)
        .compose(
            operations -> {
              boolean beingSent =
                  operations.stream().anyMatch(it -> it.status() == OperationStatus.PENDING);
              return Future.failedFuture(
                  beingSent ? new Refused(busy(payment.id())) : unexpectedState(payment, what));
            });
  }

  static Refused unexpectedState(Payment payment, String what) {
    return new Refused(
        Refusal.of(
            Refusal.Code.UNEXPECTED_STATE,
            "You cannot "
                + what
                + " this PaymentIntent because it has a status of "
                + payment.status().wire()
                + "."),
        Views.PaymentView.of(payment));
  }

  private static Refusal busy(UUID paymentId) {
    return Refusal.of(
        Refusal.Code.LOCK_TIMEOUT,
        "The PaymentIntent "
            + PublicId.PAYMENT.of(paymentId)
            + " cannot be accessed right now because another API request or Sluice process is"
            + " currently accessing it. Try again in a moment.");
  }
}
