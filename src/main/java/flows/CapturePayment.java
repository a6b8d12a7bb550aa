package flows;

import flows.Views.PaymentView;
import io.vertx.core.Future;
import java.util.Optional;
import money.Money;
import payments.Answer;
import payments.Command;
import payments.Operation;
import payments.OperationKind;
import payments.Parameters;
import payments.Payment;
import payments.PaymentEvent;
import payments.PaymentStatus;
import payments.Refusal;
import payments.RequestContext;
import payments.Transitions;
import psp.PspCommand;
import store.Write;

/** Takes what an approved payment holds, or a part of it; the rest is let go. */
final class CapturePayment {
  private final Services services;
  private final GuardedChange change;
  private final HeldCharge held;

  CapturePayment(Services services) {
    this.services = services;
    this.change = new GuardedChange(services);
    this.held = new HeldCharge(services);
  }

  Future<Answer> run(Command.CapturePayment command) {
    return change.run(command.context(), command.paymentId(), payment -> capture(command, payment));
  }

  private Future<Optional<Answer>> capture(Command.CapturePayment command, Payment payment) {
    if (payment.status() == PaymentStatus.PROCESSING) {
      return change.refuseWhileProcessing(command.context(), payment, "capture");
    }
    if (Transitions.next(payment.status(), PaymentEvent.CAPTURE_BEGUN).isEmpty()) {
      return Future.failedFuture(GuardedChange.unexpectedState(payment, "capture"));
    }
    Long asked = command.amountMinor();
    long minor = asked == null ? payment.authorized() : asked;
    if (minor > payment.authorized()) {
      return Future.failedFuture(
          new Refused(
              Refusal.of(
                  Refusal.Code.CAPTURE_EXCEEDS,
                  "The requested capture amount is greater than the amount you can capture for this"
                      + " charge ("
                      + payment.authorized()
                      + ").",
                  "amount_to_capture"),
              PaymentView.of(payment)));
    }
    Money amount = payment.amount().withMinor(minor);
    if (asked != null) {
      WholeAmounts.require(amount, "amount_to_capture");
    }
    return held.charge(payment).compose(charge -> begin(command, payment, charge, amount));
  }

  private Future<Optional<Answer>> begin(
      Command.CapturePayment command, Payment payment, Operation charge, Money amount) {
    RequestContext context = command.context();
    var id = services.ids().next();
    String key = PspKeys.of(context, OperationKind.CAPTURE, id, 0);
    var facts =
        Beginnings.Begun.on(
            charge,
            id,
            OperationKind.CAPTURE,
            amount,
            key,
            new PspCommand.Capture(key, HeldCharge.reference(charge), amount));
    Payment begun =
        new PaymentDraft(payment)
            .status(Transitions.require(payment.status(), PaymentEvent.CAPTURE_BEGUN))
            .parameters(command.parameters())
            .payment();
    var cause = new Write.Cause("capture_begun", context.requestId(), context.actor());
    return held.begin(context, payment, begun, facts, Parameters.EMPTY, cause);
  }
}
