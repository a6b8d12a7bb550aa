package flows;

import io.vertx.core.Future;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.PublicId;
import payments.Refusal;
import payments.RequestContext;

/** Whether a customer that a request names is there. */
final class CustomerCheck {
  private final Services services;

  CustomerCheck(Services services) {
    this.services = services;
  }

  Future<Void> check(RequestContext context, @Nullable UUID customerId) {
    if (customerId == null) {
      return Future.succeededFuture();
    }
    return services
        .customers()
        .find(context.merchantId(), context.livemode(), customerId)
        .compose(
            found ->
                found.isPresent() && !found.get().deleted()
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        new Refused(
                            Refusal.of(
                                Refusal.Code.REFERENCE_MISSING,
                                "No such customer: '" + PublicId.CUSTOMER.of(customerId) + "'",
                                "customer"))));
  }
}
