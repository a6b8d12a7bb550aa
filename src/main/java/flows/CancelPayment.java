package flows;

import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Optional;
import payments.Answer;
import payments.Command;
import payments.Operation;
import payments.OperationKind;
import payments.Parameters;
import payments.Payment;
import payments.PaymentEvent;
import payments.PaymentStatus;
import payments.RequestContext;
import payments.Transitions;
import psp.PspCommand;
import store.Write;

/**
 * Cancels a payment: by itself while nothing is at a PSP, else by letting go of the hold or of the
 * open authentication there.
 */
final class CancelPayment {
  private final Services services;
  private final GuardedChange change;
  private final HeldCharge held;
  private final Durably durably;
  private final EndChallenge challenges;

  CancelPayment(Services services) {
    this.services = services;
    this.change = new GuardedChange(services);
    this.held = new HeldCharge(services);
    this.durably = new Durably(services);
    this.challenges = new EndChallenge(services);
  }

  Future<Answer> run(Command.CancelPayment command) {
    return change.run(command.context(), command.paymentId(), payment -> cancel(command, payment));
  }

  private Future<Optional<Answer>> cancel(Command.CancelPayment command, Payment payment) {
    if (payment.status() == PaymentStatus.PROCESSING) {
      return change.refuseWhileProcessing(command.context(), payment, "cancel");
    }
    if (Transitions.next(payment.status(), PaymentEvent.CANCELED).isPresent()) {
      return cancelHere(command, payment);
    }
    if (Transitions.next(payment.status(), PaymentEvent.VOID_BEGUN).isEmpty()) {
      return Future.failedFuture(GuardedChange.unexpectedState(payment, "cancel"));
    }
    if (payment.status() != PaymentStatus.REQUIRES_ACTION) {
      return held.charge(payment).compose(charge -> cancelThere(command, payment, charge));
    }
    return held.challenged(payment)
        .compose(
            charge ->
                challenges.endsHere(charge)
                    // Afterwards no PSP knows of the payment: it is looked at again.
                    ? challenges
                        .supersede(command.context(), payment, "cancel")
                        .map(Optional.empty())
                    : cancelThere(command, payment, charge));
  }

  private Future<Optional<Answer>> cancelHere(Command.CancelPayment command, Payment payment) {
    RequestContext context = command.context();
    Payment canceled =
        new PaymentDraft(payment).canceled(command.reason(), services.clock().instant()).payment();
    return new ViewLoader(services)
        .load(context, canceled)
        .compose(
            view -> {
              Answer answer = services.renderer().payment(context, view);
              var write =
                  new Write(
                      canceled,
                      payment.status(),
                      payment.version(),
                      null,
                      Write.KeyClaim.of(context, null, answer),
                      null,
                      new Write.Cause("canceled", context.requestId(), context.actor()));
              return durably
                  .begin(write)
                  .map(written -> written ? Optional.of(answer) : Optional.empty());
            });
  }

  private Future<Optional<Answer>> cancelThere(
      Command.CancelPayment command, Payment payment, Operation charge) {
    RequestContext context = command.context();
    var id = services.ids().next();
    String key = PspKeys.of(context, OperationKind.VOID, id, 0);
    var facts =
        Beginnings.Begun.on(
            charge,
            id,
            OperationKind.VOID,
            charge.amount(),
            key,
            new PspCommand.VoidHold(key, HeldCharge.reference(charge), command.reason()));
    Payment begun =
        new PaymentDraft(payment)
            .status(Transitions.require(payment.status(), PaymentEvent.VOID_BEGUN))
            .payment();
    var parameters = new LinkedHashMap<String, Object>();
    if (command.reason() != null) {
      parameters.put("reason", command.reason());
    }
    var cause = new Write.Cause("void_begun", context.requestId(), context.actor());
    return held.begin(context, payment, begun, facts, new Parameters(parameters), cause);
  }
}
