package flows;

import io.vertx.core.Future;
import java.util.Optional;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.Answer;
import payments.CaptureMethod;
import payments.Command;
import payments.Payment;
import payments.PaymentEvent;
import payments.PaymentMethod;
import payments.PaymentStatus;
import payments.RequestContext;
import payments.Transitions;
import store.Write;

/**
 * Changes what a payment says. What would change the money is refused once it is, or may be, at a
 * PSP; while the customer is away to authenticate it ends that authentication.
 */
final class UpdatePayment {
  private final Services services;
  private final GuardedChange change;
  private final MethodChoice methods;
  private final Durably durably;
  private final CustomerCheck customers;
  private final EndChallenge challenges;

  UpdatePayment(Services services) {
    this.services = services;
    this.change = new GuardedChange(services);
    this.methods = new MethodChoice(services);
    this.durably = new Durably(services);
    this.customers = new CustomerCheck(services);
    this.challenges = new EndChallenge(services);
  }

  Future<Answer> run(Command.UpdatePayment command) {
    return change.run(command.context(), command.paymentId(), payment -> update(command, payment));
  }

  private Future<Optional<Answer>> update(Command.UpdatePayment command, Payment payment) {
    RequestContext context = command.context();
    boolean away = payment.status() == PaymentStatus.REQUIRES_ACTION && touchesMoney(command);
    boolean movable = away || movable(payment.status());
    if (!movable && touchesMoney(command)) {
      if (payment.status() == PaymentStatus.PROCESSING) {
        return change.refuseWhileProcessing(
            context, payment, "change the amount, method or customer of");
      }
      return Future.failedFuture(
          GuardedChange.unexpectedState(payment, "change the amount, method or customer of"));
    }
    if (!movable) {
      return write(command, payment, null);
    }
    if (services.router().home(payment.merchantId(), payment.livemode()).isEmpty()) {
      return Future.failedFuture(GuardedChange.unexpectedState(payment, "update"));
    }
    var asked =
        new MethodChoice.Asked(
            command.paymentMethod(),
            command.cardToken(),
            command.billingDetails(),
            command.parameters());
    var customerId = command.customerId() == null ? payment.customerId() : command.customerId();
    return customers
        .check(context, command.customerId())
        .compose(ignored -> methods.choose(context, asked, customerId))
        .compose(
            chosen ->
                away
                    ? endChallenge(command, payment)
                    : write(command, payment, chosen.orElse(null)));
  }

  /** What is asked for was checked; once the authentication is over it is looked at again. */
  private Future<Optional<Answer>> endChallenge(Command.UpdatePayment command, Payment payment) {
    WholeAmounts.require(amount(command, payment), "amount");
    return challenges.supersede(command.context(), payment, "update").map(Optional.empty());
  }

  private static boolean movable(PaymentStatus status) {
    return Transitions.next(status, PaymentEvent.METHOD_GIVEN).isPresent();
  }

  private static boolean touchesMoney(Command.UpdatePayment command) {
    return command.amountMinor() != null
        || command.currency() != null
        || command.captureMethod() != null
        || command.customerId() != null
        || command.paymentMethod() != null
        || command.cardToken() != null;
  }

  private Future<Optional<Answer>> write(
      Command.UpdatePayment command, Payment payment, MethodChoice.@Nullable Means chosen) {
    RequestContext context = command.context();
    Payment updated = updated(command, payment, chosen);
    WholeAmounts.require(updated.amount(), "amount");
    PaymentMethod toStore = chosen == null ? null : chosen.toStore();
    return new ViewLoader(services)
        .load(context, updated)
        .compose(
            view -> {
              Answer answer = services.renderer().payment(context, view);
              var write =
                  new Write(
                      updated,
                      payment.status(),
                      payment.version(),
                      null,
                      Write.KeyClaim.of(context, null, answer),
                      toStore,
                      new Write.Cause("updated", context.requestId(), context.actor()));
              return durably
                  .begin(write)
                  .map(written -> written ? Optional.of(answer) : Optional.empty());
            });
  }

  private static Money amount(Command.UpdatePayment command, Payment payment) {
    Long amount = command.amountMinor();
    String currency = command.currency();
    return Money.of(
        amount == null ? payment.amount().minor() : amount,
        currency == null ? payment.amount().currency().code() : currency);
  }

  private static Payment updated(
      Command.UpdatePayment command, Payment payment, MethodChoice.@Nullable Means chosen) {
    var draft = new PaymentDraft(payment).parameters(command.parameters());
    draft.amount(amount(command, payment));
    CaptureMethod captureMethod = command.captureMethod();
    if (captureMethod != null) {
      draft.captureMethod(captureMethod);
    }
    if (command.customerId() != null) {
      draft.customer(command.customerId());
    }
    if (chosen != null) {
      draft
          .method(chosen.method().id())
          .status(Transitions.require(payment.status(), PaymentEvent.METHOD_GIVEN));
    }
    return draft.payment();
  }
}
