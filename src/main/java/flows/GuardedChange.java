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

/** A change of an existing payment: decided on it as it was read, and written over just that. */
final class GuardedChange {
  private final Services services;
  private final KeyedChange change;

  GuardedChange(Services services) {
    this.services = services;
    this.change = new KeyedChange(services);
  }

  /**
   * Decides on a payment as it was read and writes over it; empty where the write's guard refused.
   */
  interface Decision {
    Future<Optional<Answer>> on(Payment payment);
  }

  Future<Answer> run(RequestContext context, UUID paymentId, Decision decision) {
    return change.run(
        context, name(paymentId), () -> require(context, paymentId).compose(decision::on));
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
                  beingSent
                      ? new Refused(KeyedChange.busy(name(payment.id())))
                      : unexpectedState(payment, what));
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

  private static String name(UUID paymentId) {
    return "PaymentIntent " + PublicId.PAYMENT.of(paymentId);
  }
}
