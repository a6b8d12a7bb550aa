package flows;

import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.UUID;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.Answer;
import payments.Command;
import payments.Operation;
import payments.OperationKind;
import payments.Parameters;
import payments.Payment;
import payments.PublicId;
import payments.Refusal;
import payments.RequestContext;
import psp.PspCommand;
import store.Finish;
import store.Reservation;
import store.Write;

/**
 * Gives back what was captured, or a part of it. Any number of refunds may run side by side: each
 * first reserves its amount in one conditional update, so together they never exceed the capture.
 */
final class RefundPayment {
  private final Services services;
  private final GuardedChange change;
  private final HeldCharge held;
  private final Beginnings beginnings;
  private final Durably durably;

  RefundPayment(Services services) {
    this.services = services;
    this.change = new GuardedChange(services);
    this.held = new HeldCharge(services);
    this.beginnings = new Beginnings(services);
    this.durably = new Durably(services);
  }

  Future<Answer> run(Command.RefundPayment command) {
    RequestContext context = command.context();
    return new KeyGate(services)
        .replay(context)
        .compose(
            replay ->
                replay.isPresent()
                    ? Future.succeededFuture(replay.get())
                    : paymentId(command)
                        .compose(
                            id -> change.run(context, id, payment -> refund(command, payment))));
  }

  /** The payment a refund is of, by itself or by its charge. */
  private Future<UUID> paymentId(Command.RefundPayment command) {
    UUID payment = command.paymentId();
    if (payment != null) {
      return services
          .reads()
          .find(command.context().merchantId(), command.context().livemode(), payment)
          .map(
              found ->
                  found
                      .map(Payment::id)
                      .orElseThrow(() -> missing("payment_intent", PublicId.PAYMENT.of(payment))));
    }
    UUID charge = command.chargeId();
    if (charge == null) {
      throw new IllegalStateException("a refund names a payment or a charge");
    }
    return services
        .reads()
        .operation(command.context().merchantId(), command.context().livemode(), charge)
        .map(
            found ->
                found
                    .filter(it -> it.kind() == OperationKind.AUTHORIZE)
                    .map(Operation::paymentId)
                    .orElseThrow(() -> missing("charge", PublicId.CHARGE.of(charge))));
  }

  private Future<Optional<Answer>> refund(Command.RefundPayment command, Payment payment) {
    UUID charge = command.chargeId();
    if (payment.captured() == 0
        || payment.latestCharge() == null
        || (charge != null && !charge.equals(payment.latestCharge()))) {
      return Future.failedFuture(
          new Refused(
              Refusal.of(
                  Refusal.Code.UNEXPECTED_STATE,
                  "This PaymentIntent ("
                      + payment.publicId()
                      + ") does not have a successful charge to refund.",
                  charge == null ? "payment_intent" : "charge")));
    }
    long left = payment.refundable();
    if (left == 0 && payment.refunded() + payment.refundReserved() > 0) {
      return Future.failedFuture(
          new Refused(
              Refusal.of(
                  Refusal.Code.CHARGE_ALREADY_REFUNDED,
                  "Charge "
                      + PublicId.CHARGE.of(payment.latestCharge())
                      + " has already been refunded.")));
    }
    Long asked = command.amountMinor();
    long minor = asked == null ? left : asked;
    if (minor > left) {
      return Future.failedFuture(
          new Refused(
              Refusal.of(
                  Refusal.Code.REFUND_EXCEEDS,
                  "Refund amount ("
                      + minor
                      + ") is greater than unrefunded amount on charge ("
                      + left
                      + ").",
                  "amount")));
    }
    Money amount = payment.amount().withMinor(minor);
    if (asked != null) {
      WholeAmounts.require(amount, "amount");
    }
    return held.charge(payment).compose(it -> reserve(command, payment, it, amount));
  }

  private Future<Optional<Answer>> reserve(
      Command.RefundPayment command, Payment payment, Operation charge, Money amount) {
    RequestContext context = command.context();
    var id = services.ids().next();
    String key = PspKeys.of(context, OperationKind.REFUND, id, 0);
    var facts =
        Beginnings.Begun.on(
            charge,
            id,
            OperationKind.REFUND,
            amount,
            key,
            new PspCommand.Refund(key, HeldCharge.reference(charge), amount, command.reason()));
    Operation refund =
        beginnings.operation(
            context, payment, facts, parameters(command.parameters(), command.reason()));
    var cause = new Write.Cause("refund_begun", context.requestId(), context.actor());
    var reservation =
        new Reservation(
            beginnings.begin(refund), Write.KeyClaim.of(context, refund.id(), null), cause);
    return durably
        .reserve(reservation)
        .compose(
            ours ->
                ours
                    ? held.run(context, reserved(payment, amount), refund, cause).map(Optional::of)
                    : Future.succeededFuture(Optional.empty()));
  }

  private Payment reserved(Payment payment, Money amount) {
    return After.payment(
        payment, Finish.PaymentChange.counters(amount.minor(), 0), services.clock().instant());
  }

  private static Parameters parameters(Parameters given, @Nullable String reason) {
    var all = new LinkedHashMap<>(given.values());
    if (reason != null) {
      all.put("reason", reason);
    }
    return new Parameters(all);
  }

  private static Refused missing(String what, String id) {
    return new Refused(
        Refusal.of(Refusal.Code.REFERENCE_MISSING, "No such " + what + ": '" + id + "'", what));
  }
}
