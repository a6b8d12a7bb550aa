package flows;

import flows.Views.PaymentView;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import payments.Answer;
import payments.CaptureMethod;
import payments.Command;
import payments.Command.Confirmation;
import payments.Payment;
import payments.PaymentEvent;
import payments.PaymentStatus;
import payments.Refusal;
import payments.RequestContext;
import payments.Transitions;
import store.Write;

/** Confirms a payment that was created before: begin, call, finish, as in {@link CreatePayment}. */
final class ConfirmPayment {
  private final Services services;
  private final GuardedChange change;
  private final MethodChoice methods;
  private final TakePayment taking;
  private final Durably durably;
  private final EndChallenge challenges;

  ConfirmPayment(Services services) {
    this.services = services;
    this.change = new GuardedChange(services);
    this.methods = new MethodChoice(services);
    this.taking = new TakePayment(services);
    this.durably = new Durably(services);
    this.challenges = new EndChallenge(services);
  }

  Future<Answer> run(Command.ConfirmPayment command) {
    long begunNanos = System.nanoTime();
    return change.run(
        command.context(), command.paymentId(), payment -> confirm(command, payment, begunNanos));
  }

  private Future<Optional<Answer>> confirm(
      Command.ConfirmPayment command, Payment payment, long begunNanos) {
    RequestContext context = command.context();
    requireSecret(context, payment, command.clientSecret());
    if (payment.status() == PaymentStatus.PROCESSING) {
      return change.refuseWhileProcessing(context, payment, "confirm");
    }
    boolean away = payment.status() == PaymentStatus.REQUIRES_ACTION;
    if (!away && Transitions.next(payment.status(), PaymentEvent.AUTHORIZE_BEGUN).isEmpty()) {
      return Future.failedFuture(
          payment.status() == PaymentStatus.SUCCEEDED
                  || payment.status() == PaymentStatus.REQUIRES_CAPTURE
              ? new Refused(alreadyConfirmed(payment), PaymentView.of(payment))
              : GuardedChange.unexpectedState(payment, "confirm"));
    }
    if (services.router().home(payment.merchantId(), payment.livemode()).isEmpty()) {
      return Future.failedFuture(GuardedChange.unexpectedState(payment, "confirm"));
    }
    Confirmation confirmation = command.confirmation();
    boolean names = confirmation.paymentMethod() != null || confirmation.cardToken() != null;
    var asked =
        new MethodChoice.Asked(
            names ? confirmation.paymentMethod() : payment.paymentMethodId(),
            confirmation.cardToken(),
            confirmation.billingDetails(),
            confirmation.parameters());
    return methods
        .choose(context, asked, payment.customerId())
        .compose(
            means ->
                means.isEmpty()
                    ? Future.failedFuture(new Refused(methodMissing(), PaymentView.of(payment)))
                    : begin(command, payment, means.get(), begunNanos));
  }

  private Future<Optional<Answer>> begin(
      Command.ConfirmPayment command, Payment payment, MethodChoice.Means means, long begunNanos) {
    if (payment.status() == PaymentStatus.REQUIRES_ACTION) {
      // The customer may still finish the authentication that is open: it ends first, then the
      // payment is looked at again.
      return challenges.supersede(command.context(), payment, "confirm").map(Optional.empty());
    }
    Confirmation confirmation = command.confirmation();
    CaptureMethod captureMethod = confirmation.captureMethod();
    Payment begun =
        new PaymentDraft(payment)
            .status(Transitions.require(payment.status(), PaymentEvent.AUTHORIZE_BEGUN))
            .captureMethod(captureMethod == null ? payment.captureMethod() : captureMethod)
            .method(means.method().id())
            .parameters(confirmation.parameters())
            .withoutError()
            .payment();
    RequestContext context = command.context();
    var checkout =
        new TakePayment.Checkout(
            context,
            means,
            confirmation,
            new Write.Cause("confirmed", context.requestId(), context.actor()),
            begunNanos);
    return taking.first(checkout, begun).compose(first -> take(payment, begun, first));
  }

  private Future<Optional<Answer>> take(Payment payment, Payment begun, TakePayment.First first) {
    TakePayment.Checkout checkout = first.checkout();
    var write =
        new Write(
            begun,
            payment.status(),
            payment.version(),
            first.begin(),
            Write.KeyClaim.of(checkout.context(), first.operation().id(), null),
            checkout.means().toStore(),
            checkout.cause());
    return durably
        .begin(write)
        .compose(
            ours ->
                ours
                    ? taking.answer(first, begun).map(Optional::of)
                    : Future.succeededFuture(Optional.empty()));
  }

  /** A browser's key may act on a payment only with the payment's own secret. */
  static void requireSecret(RequestContext context, Payment payment, @Nullable String secret) {
    if (!context.publishable() && secret == null) {
      return;
    }
    boolean matches =
        secret != null
            && MessageDigest.isEqual(
                secret.getBytes(StandardCharsets.UTF_8),
                payment.clientSecret().getBytes(StandardCharsets.UTF_8));
    if (!matches) {
      throw new Refused(
          Refusal.of(
              secret == null ? Refusal.Code.PARAMETER_MISSING : Refusal.Code.RESOURCE_MISSING,
              secret == null
                  ? "A publishable key needs the PaymentIntent's client_secret."
                  : "The client_secret provided does not match the client_secret associated with"
                      + " this PaymentIntent.",
              "client_secret"));
    }
  }

  private static Refusal alreadyConfirmed(Payment payment) {
    return Refusal.of(
        Refusal.Code.UNEXPECTED_STATE,
        "You cannot confirm this PaymentIntent because it has already succeeded after being"
            + " previously confirmed (status "
            + payment.status().wire()
            + ").");
  }

  private static Refusal methodMissing() {
    return Refusal.of(
        Refusal.Code.PARAMETER_MISSING,
        "You cannot confirm this PaymentIntent because it's missing a payment method. You can"
            + " either update the PaymentIntent with a payment method and then confirm it again, or"
            + " confirm it again directly with a payment method.",
        "payment_method");
  }
}
