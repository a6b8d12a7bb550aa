package flows;

import flows.Views.ChargeView;
import flows.Views.PaymentView;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import payments.Customer;
import payments.Operation;
import payments.OperationKind;
import payments.Payment;
import payments.PaymentMethod;
import payments.RequestContext;

/** Loads what belongs to a payment as far as an answer shows it. */
final class ViewLoader {
  private final Services services;

  ViewLoader(Services services) {
    this.services = services;
  }

  /** The payment with what the request expands and what its last error shows. */
  Future<PaymentView> load(RequestContext context, Payment payment) {
    return load(context, payment, payment.lastError() != null);
  }

  /**
   * The payment before an outcome that is still to be told: a decline will show the payment method,
   * which the payment does not show yet.
   */
  Future<PaymentView> loadForOutcome(RequestContext context, Payment payment) {
    return load(context, payment, true);
  }

  private Future<PaymentView> load(RequestContext context, Payment payment, boolean showsMethod) {
    return charge(context, payment)
        .compose(
            charge ->
                method(context, payment, charge, showsMethod)
                    .compose(
                        method ->
                            customer(context, payment)
                                .compose(
                                    customer ->
                                        refunds(context, payment)
                                            .map(
                                                refunds ->
                                                    new PaymentView(
                                                        payment,
                                                        charge.orElse(null),
                                                        method.orElse(null),
                                                        customer.orElse(null),
                                                        refunds)))));
  }

  /** A charge with its payment and, where shown, its refunds. */
  Future<ChargeView> load(RequestContext context, Payment payment, Operation charge) {
    return load(context, payment)
        .map(
            view -> {
              var refunds =
                  view.refunds().stream().filter(it -> charge.id().equals(it.chargeId())).toList();
              return new ChargeView(After.withTotals(charge, payment), view, refunds);
            });
  }

  static boolean expands(RequestContext context, String name) {
    return context.expand().stream().anyMatch(path -> List.of(path.split("\\.")).contains(name));
  }

  private Future<Optional<Operation>> charge(RequestContext context, Payment payment) {
    boolean shown =
        payment.lastError() != null
            || expands(context, "latest_charge")
            || expands(context, "charge");
    if (!shown || payment.latestCharge() == null) {
      return Future.succeededFuture(Optional.empty());
    }
    return services
        .reads()
        .operation(payment.merchantId(), payment.livemode(), payment.latestCharge())
        .map(found -> found.map(charge -> After.withTotals(charge, payment)));
  }

  private Future<Optional<PaymentMethod>> method(
      RequestContext context, Payment payment, Optional<Operation> charge, boolean showsMethod) {
    @Nullable String id = payment.paymentMethodId();
    if (id == null && payment.lastError() != null) {
      id = charge.map(Operation::paymentMethodId).orElse(null);
    }
    boolean shown = showsMethod || expands(context, "payment_method");
    return shown && id != null
        ? services.methods().find(payment.merchantId(), payment.livemode(), id)
        : Future.succeededFuture(Optional.empty());
  }

  private Future<Optional<Customer>> customer(RequestContext context, Payment payment) {
    return payment.customerId() != null && expands(context, "customer")
        ? services.customers().find(payment.merchantId(), payment.livemode(), payment.customerId())
        : Future.succeededFuture(Optional.empty());
  }

  private Future<List<Operation>> refunds(RequestContext context, Payment payment) {
    if (!expands(context, "refunds")) {
      return Future.succeededFuture(List.of());
    }
    return services
        .reads()
        .operationsOf(payment)
        .map(
            all ->
                all.stream()
                    .filter(it -> it.kind() == OperationKind.REFUND && !it.givesBack())
                    .toList());
  }
}
