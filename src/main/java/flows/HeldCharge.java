package flows;

import io.vertx.core.Future;
import java.util.Optional;
import java.util.UUID;
import payments.Answer;
import payments.Operation;
import payments.Parameters;
import payments.Payment;
import payments.RequestContext;
import store.Write;

/** The charge that captures, voids and refunds act on, and how an operation on it begins. */
final class HeldCharge {
  private final Services services;
  private final Beginnings beginnings;
  private final Durably durably;
  private final OperationRunner runner;

  HeldCharge(Services services) {
    this.services = services;
    this.beginnings = new Beginnings(services);
    this.durably = new Durably(services);
    this.runner = new OperationRunner(services);
  }

  /** The approved charge of a payment that holds or took money. */
  Future<Operation> charge(Payment payment) {
    UUID latest = payment.latestCharge();
    if (latest == null) {
      throw new IllegalStateException("a payment with money has a charge");
    }
    return services
        .reads()
        .operation(payment.merchantId(), payment.livemode(), latest)
        .map(
            found ->
                found.orElseThrow(() -> new IllegalStateException("the charge is in the log")));
  }

  /** The authorize operation that waits for the customer. */
  Future<Operation> challenged(Payment payment) {
    return EndChallenge.waiting(services, payment)
        .map(found -> found.orElseThrow(() -> GuardedChange.unexpectedState(payment, "cancel")));
  }

  /** The PSP's id of what a charge did. */
  static String reference(Operation charge) {
    String reference = charge.pspReference();
    if (reference == null) {
      throw new IllegalStateException("an approved charge has the PSP's reference");
    }
    return reference;
  }

  /**
   * Writes an exclusive operation over the payment as it was read, and runs it; empty where the
   * guard refused.
   */
  Future<Optional<Answer>> begin(
      RequestContext context,
      Payment before,
      Payment begun,
      Beginnings.Begun facts,
      Parameters parameters,
      Write.Cause cause) {
    Operation operation = beginnings.operation(context, begun, facts, parameters);
    var key = Write.KeyClaim.of(context, operation.id(), null);
    return durably
        .begin(beginnings.over(before, begun, operation, key, cause))
        .compose(
            ours ->
                ours
                    ? run(context, begun, operation, cause).map(Optional::of)
                    : Future.succeededFuture(Optional.empty()));
  }

  Future<Answer> run(
      RequestContext context, Payment begun, Operation operation, Write.Cause cause) {
    return runner.answer(context, begun, operation, cause);
  }
}
