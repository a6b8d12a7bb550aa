package flows;

import flows.EventView.OfCharge;
import flows.EventView.OfDispute;
import flows.EventView.OfEndpoint;
import flows.EventView.OfPayment;
import flows.EventView.OfRefund;
import flows.EventView.Shown;
import flows.Views.ChargeView;
import flows.Views.PaymentView;
import flows.Views.RefundView;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;
import payments.Operation;
import payments.OperationKind;
import payments.RequestContext;
import payments.WebhookEndpoint;
import store.MerchantEvents.Told;

/** Which object an event shows is told by its type, and how it was by the change's records. */
final class EventViews {
  private final ViewLoader views;

  EventViews(Services services) {
    this.views = new ViewLoader(services);
  }

  /** Nobody asks: nothing is expanded and no key is involved. */
  static RequestContext context(Told told) {
    return new RequestContext(
        told.event().merchantId(), told.event().livemode(), "", "events", false, null, List.of());
  }

  Future<EventView> view(Told told) {
    WebhookEndpoint endpoint = told.endpoint();
    if (endpoint != null) {
      return Future.succeededFuture(
          new EventView(
              told.event(), new OfEndpoint(endpoint), null, null, told.pendingWebhooks()));
    }
    return views
        .load(context(told), required(told.payment(), told, "payment"))
        .map(payment -> view(told, shown(told, payment)));
  }

  private static EventView view(Told told, Shown shown) {
    String cause = told.cause();
    boolean asked = cause != null && cause.startsWith("req_");
    Operation operation = told.operation();
    return new EventView(
        told.event(),
        shown,
        asked ? cause : null,
        asked && operation != null ? operation.idempotencyKey() : null,
        told.pendingWebhooks());
  }

  static Shown shown(Told told, PaymentView payment) {
    String type = told.event().type();
    if (type.startsWith("charge.dispute.")) {
      return new OfDispute(required(told.dispute(), told, "dispute"), told.charge());
    }
    if (type.startsWith("refund.") || type.startsWith("charge.refund.")) {
      return new OfRefund(new RefundView(required(told.operation(), told, "refund"), payment));
    }
    if (type.startsWith("charge.")) {
      Operation charge = required(charge(told), told, "charge");
      return new OfCharge(
          new ChargeView(After.withTotals(charge, payment.payment()), payment, List.of()));
    }
    return new OfPayment(payment);
  }

  /** A capture or a refund changes the charge that it acts on. */
  private static @Nullable Operation charge(Told told) {
    Operation operation = told.operation();
    return operation != null && operation.kind() == OperationKind.AUTHORIZE
        ? operation
        : told.charge();
  }

  private static <T> T required(@Nullable T part, Told told, String what) {
    if (part == null) {
      throw new IllegalStateException(
          told.event().type() + " " + told.event().publicId() + " has no " + what);
    }
    return part;
  }
}
