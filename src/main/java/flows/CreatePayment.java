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
import payments.Operation;
import payments.Payment;
import payments.PaymentMethod;
import payments.PaymentStatus;
import payments.PublicId;
import payments.Refusal;
import payments.RequestContext;
import psp.routing.Router;
import store.Write;

/**
 * Creates a payment and, where it is confirmed at once, takes it: the hot path. One commit before
 * the PSP is called, one after; between them only the call.
 */
final class CreatePayment {
  private final Services services;
  private final KeyGate gate;
  private final MethodChoice methods;
  private final Beginnings beginnings;
  private final OperationRunner runner;
  private final Durably durably;
  private final CustomerCheck customers;
  private final SavedCards savedCards;

  CreatePayment(Services services) {
    this.services = services;
    this.gate = new KeyGate(services);
    this.methods = new MethodChoice(services);
    this.beginnings = new Beginnings(services);
    this.runner = new OperationRunner(services);
    this.durably = new Durably(services);
    this.customers = new CustomerCheck(services);
    this.savedCards = new SavedCards(services);
  }

  Future<Answer> run(Command.CreatePayment command) {
    RequestContext context = command.context();
    String accountId = account(context).accountId();
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
                        .compose(
                            ignored ->
                                methods.choose(context, asked, command.customerId(), accountId))
                        .compose(chosen -> write(command, accountId, chosen.orElse(null))));
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

  private Router.Choice account(RequestContext context) {
    return services
        .router()
        .choose(context.merchantId(), context.livemode())
        .orElseThrow(
            () ->
                new Refused(
                    Refusal.of(
                        Refusal.Code.PARAMETER_INVALID,
                        "This merchant has no payment provider account for "
                            + (context.livemode() ? "live" : "test")
                            + " mode.")));
  }

  private Future<Answer> write(
      Command.CreatePayment command, String accountId, MethodChoice.@Nullable Chosen chosen) {
    if (!command.confirmed()) {
      return create(command, chosen);
    }
    if (chosen == null) {
      return Future.failedFuture(
          new Refused(
              Refusal.of(
                  Refusal.Code.PARAMETER_MISSING,
                  "You cannot confirm this PaymentIntent because it's missing a payment method."
                      + " Provide a `payment_method` or `payment_method_data` to confirm it.",
                  "payment_method")));
    }
    return savedCards
        .named(
            command.context(),
            chosen,
            command.customerId(),
            command.parameters().with(command.confirmation().parameters()),
            accountId)
        .compose(named -> take(command, accountId, named));
  }

  private Future<Answer> create(
      Command.CreatePayment command, MethodChoice.@Nullable Chosen chosen) {
    RequestContext context = command.context();
    PaymentStatus status =
        chosen == null
            ? PaymentStatus.REQUIRES_PAYMENT_METHOD
            : PaymentStatus.REQUIRES_CONFIRMATION;
    Payment payment = payment(command, status, chosen == null ? null : chosen.method().id());
    PaymentMethod method = chosen == null ? null : chosen.method();
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
                      chosen == null ? null : chosen.toStore(),
                      cause(context, "created"));
              return durably
                  .create(write)
                  .compose(
                      created -> created ? Future.succeededFuture(answer) : replayOnly(context));
            });
  }

  private Future<Answer> take(
      Command.CreatePayment command, String accountId, MethodChoice.Chosen chosen) {
    long startedNanos = System.nanoTime();
    RequestContext context = command.context();
    Payment payment = payment(command, PaymentStatus.PROCESSING, chosen.method().id());
    Operation operation =
        beginnings.authorize(context, payment, chosen, command.confirmation(), accountId);
    var write =
        new Write(
            payment,
            null,
            0,
            beginnings.begin(operation),
            Write.KeyClaim.of(context, operation.id(), null),
            chosen.toStore(),
            cause(context, "created_and_confirmed"));
    return durably
        .create(write)
        .compose(
            created ->
                created
                    ? runner.answer(
                        context,
                        payment,
                        chosen.method(),
                        operation,
                        cause(context, "confirmed"),
                        startedNanos)
                    : replayOnly(context));
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
