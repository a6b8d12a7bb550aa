package flows;

import flows.Views.PaymentView;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.Answer;
import payments.CaptureMethod;
import payments.Command;
import payments.Payment;
import payments.PaymentMethod;
import payments.PaymentStatus;
import payments.PublicId;
import payments.Refusal;
import payments.RequestContext;
import store.Write;

/**
 * Creates a payment and, where it is confirmed at once, takes it: the hot path. One commit before
 * the PSP is called, one after; between them only the call.
 */
final class CreatePayment {
  private final Services services;
  private final KeyGate gate;
  private final MethodChoice methods;
  private final Routing routing;
  private final TakePayment taking;
  private final Durably durably;
  private final CustomerCheck customers;

  CreatePayment(Services services) {
    this.services = services;
    this.gate = new KeyGate(services);
    this.methods = new MethodChoice(services);
    this.routing = new Routing(services);
    this.taking = new TakePayment(services);
    this.durably = new Durably(services);
    this.customers = new CustomerCheck(services);
  }

  Future<Answer> run(Command.CreatePayment command) {
    long begunNanos = System.nanoTime();
    RequestContext context = command.context();
    routing.requireAccount(context);
    var asked =
        new MethodChoice.Asked(
            command.confirmation().paymentMethod(),
            command.confirmation().cardToken(),
            command.confirmation().billingDetails(),
            command.parameters());
    return replayWhereStateIsRead(context, command)
        .compose(
            replay ->
                replay.isPresent()
                    ? Future.succeededFuture(replay.get())
                    : customers
                        .check(context, command.customerId())
                        .compose(ignored -> methods.choose(context, asked, command.customerId()))
                        .compose(means -> write(command, means.orElse(null), begunNanos)))
        .recover(cause -> gate.replayOr(context, cause));
  }

  /**
   * Reads that come before the write could refuse a retry of what was done already, so the key is
   * looked at first where there are any. Where there are none, the write itself finds the key.
   */
  private Future<Optional<Answer>> replayWhereStateIsRead(
      RequestContext context, Command.CreatePayment command) {
    String method = command.confirmation().paymentMethod();
    boolean reads =
        command.customerId() != null || (method != null && !method.startsWith("pm_card_"));
    return reads ? gate.replay(context) : Future.succeededFuture(Optional.empty());
  }

  private Future<Answer> write(
      Command.CreatePayment command, MethodChoice.@Nullable Means means, long begunNanos) {
    if (!command.confirmed()) {
      return create(command, means);
    }
    if (means == null) {
      return Future.failedFuture(
          new Refused(
              Refusal.of(
                  Refusal.Code.PARAMETER_MISSING,
                  "You cannot confirm this PaymentIntent because it's missing a payment method."
                      + " Provide a `payment_method` or `payment_method_data` to confirm it.",
                  "payment_method")));
    }
    Payment payment = payment(command, PaymentStatus.PROCESSING, means.method().id());
    var checkout =
        new TakePayment.Checkout(
            command.context(),
            means,
            command.confirmation(),
            cause(command.context(), "confirmed"),
            begunNanos);
    return taking.first(checkout, payment).compose(first -> take(payment, first));
  }

  private Future<Answer> create(Command.CreatePayment command, MethodChoice.@Nullable Means means) {
    RequestContext context = command.context();
    PaymentStatus status =
        means == null ? PaymentStatus.REQUIRES_PAYMENT_METHOD : PaymentStatus.REQUIRES_CONFIRMATION;
    Payment payment = payment(command, status, means == null ? null : means.method().id());
    PaymentMethod method = means == null ? null : means.method();
    return new ViewLoader(services)
        .load(context, payment)
        .compose(
            view -> {
              var shown = new PaymentView(payment, null, method, view.customer(), List.of());
              Answer answer = services.renderer().payment(context, shown);
              var write =
                  new Write(
                      payment,
                      null,
                      0,
                      null,
                      Write.KeyClaim.of(context, null, answer),
                      means == null ? null : means.toStore(),
                      cause(context, "created"));
              return durably
                  .create(write)
                  .compose(
                      created -> created ? Future.succeededFuture(answer) : replayOnly(context));
            });
  }

  private Future<Answer> take(Payment payment, TakePayment.First first) {
    RequestContext context = first.checkout().context();
    var write =
        new Write(
            payment,
            null,
            0,
            first.begin(),
            Write.KeyClaim.of(context, first.operation().id(), null),
            first.checkout().means().toStore(),
            cause(context, "created_and_confirmed"));
    return durably
        .create(write)
        .compose(created -> created ? taking.answer(first, payment) : replayOnly(context));
  }

  /** The key was there before us: the answer is what it stands for. */
  private Future<Answer> replayOnly(RequestContext context) {
    return gate.replay(context)
        .map(
            replay ->
                replay.orElseThrow(
                    () ->
                        new IllegalStateException("a create was refused without a key to blame")));
  }

  private Payment payment(
      Command.CreatePayment command, PaymentStatus status, @Nullable String methodId) {
    RequestContext context = command.context();
    UUID id = services.ids().next();
    CaptureMethod captureMethod = command.captureMethod();
    return new Payment(
        context.merchantId(),
        context.livemode(),
        id,
        status,
        1,
        command.amount(),
        captureMethod,
        0,
        0,
        0,
        0,
        0,
        command.customerId(),
        methodId,
        null,
        PublicId.PAYMENT.of(id) + "_secret_" + services.ids().secret(),
        command.parameters().with(command.confirmation().parameters()),
        null,
        null,
        null,
        null,
        1);
  }

  private static Write.Cause cause(RequestContext context, String event) {
    return new Write.Cause(event, context.requestId(), context.actor());
  }
}
