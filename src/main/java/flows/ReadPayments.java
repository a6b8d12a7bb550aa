package flows;

import flows.Views.ChargeView;
import flows.Views.PaymentView;
import flows.Views.RefundView;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import payments.Answer;
import payments.Command;
import payments.Command.Paged;
import payments.Operation;
import payments.OperationKind;
import payments.Payment;
import payments.PublicId;
import payments.Refusal;
import payments.RequestContext;
import store.PaymentReads.Shown;

/** Retrieves and lists payments, charges and refunds. */
final class ReadPayments {
  private final Services services;
  private final ViewLoader views;
  private final GuardedChange change;
  private final WakeChallenge wake;

  ReadPayments(Services services) {
    this.services = services;
    this.views = new ViewLoader(services);
    this.change = new GuardedChange(services);
    this.wake = new WakeChallenge(services);
  }

  Future<Answer> payment(Command.RetrievePayment command) {
    RequestContext context = command.context();
    return change
        .require(context, command.paymentId())
        .compose(
            payment -> {
              ConfirmPayment.requireSecret(context, payment, command.clientSecret());
              // Who asks has perhaps just seen the customer come back: the next answer should know.
              wake.of(payment);
              return views.load(context, payment);
            })
        .map(view -> services.renderer().payment(context, view));
  }

  Future<Answer> payments(Command.ListPayments command) {
    RequestContext context = command.context();
    return services
        .reads()
        .payments(context.merchantId(), context.livemode(), command.page(), command.customerId())
        .compose(
            page ->
                each(page.items(), payment -> views.load(context, payment))
                    .map(all -> new Paged<PaymentView>(all, page.hasMore())))
        .map(page -> services.renderer().payments(context, page));
  }

  Future<Answer> charge(Command.RetrieveCharge command) {
    RequestContext context = command.context();
    return operation(context, command.chargeId(), OperationKind.AUTHORIZE, "charge")
        .compose(charge -> chargeView(context, charge))
        .map(view -> services.renderer().charge(context, view));
  }

  Future<Answer> charges(Command.ListCharges command) {
    RequestContext context = command.context();
    return services
        .reads()
        .operations(
            context.merchantId(),
            context.livemode(),
            Shown.CHARGES,
            command.page(),
            command.paymentId(),
            null,
            command.customerId())
        .compose(
            page ->
                each(page.items(), charge -> chargeView(context, charge))
                    .map(all -> new Paged<ChargeView>(all, page.hasMore())))
        .map(page -> services.renderer().charges(context, page));
  }

  Future<Answer> refund(Command.RetrieveRefund command) {
    RequestContext context = command.context();
    return operation(context, command.refundId(), OperationKind.REFUND, "refund")
        .compose(refund -> refundView(context, refund))
        .map(view -> services.renderer().refund(context, view));
  }

  Future<Answer> refunds(Command.ListRefunds command) {
    RequestContext context = command.context();
    return services
        .reads()
        .operations(
            context.merchantId(),
            context.livemode(),
            Shown.REFUNDS,
            command.page(),
            command.paymentId(),
            command.chargeId(),
            null)
        .compose(
            page ->
                each(page.items(), refund -> refundView(context, refund))
                    .map(all -> new Paged<RefundView>(all, page.hasMore())))
        .map(page -> services.renderer().refunds(context, page));
  }

  /** An operation that is shown as such an object. */
  Future<Operation> operation(
      RequestContext context, UUID operationId, OperationKind kind, String what) {
    String publicId =
        (kind == OperationKind.REFUND ? PublicId.REFUND : PublicId.CHARGE).of(operationId);
    return services
        .reads()
        .operation(context.merchantId(), context.livemode(), operationId)
        .map(
            found ->
                found
                    .filter(it -> it.kind() == kind && !it.givesBack())
                    .orElseThrow(
                        () ->
                            new Refused(
                                Refusal.of(
                                    Refusal.Code.RESOURCE_MISSING,
                                    "No such " + what + ": '" + publicId + "'",
                                    what.equals("charge") ? "charge" : "id"))));
  }

  private Future<ChargeView> chargeView(RequestContext context, Operation charge) {
    return paymentOf(charge).compose(payment -> views.load(context, payment, charge));
  }

  Future<RefundView> refundView(RequestContext context, Operation refund) {
    return paymentOf(refund)
        .compose(payment -> views.load(context, payment))
        .map(view -> new RefundView(refund, view));
  }

  private Future<Payment> paymentOf(Operation operation) {
    return services
        .reads()
        .find(operation.merchantId(), operation.livemode(), operation.paymentId())
        .map(
            found ->
                found.orElseThrow(() -> new IllegalStateException("an operation has a payment")));
  }

  private interface Loading<A, B> {
    Future<B> load(A item);
  }

  /** One after the other: a page is at most a hundred, and must not take every connection. */
  private static <A, B> Future<List<B>> each(List<A> items, Loading<A, B> loading) {
    Future<List<B>> all = Future.succeededFuture(new ArrayList<>());
    for (A item : items) {
      all =
          all.compose(
              loaded ->
                  loading
                      .load(item)
                      .map(
                          one -> {
                            loaded.add(one);
                            return loaded;
                          }));
    }
    return all.map(List::copyOf);
  }
}
