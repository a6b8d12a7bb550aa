package flows;

import io.vertx.core.Future;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.Customer;
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
    return customerId == null
        ? Future.succeededFuture()
        : require(context, customerId, Refusal.Code.REFERENCE_MISSING, "customer").mapEmpty();
  }

  /**
   * The customer, as long as it is not deleted.
   *
   * @param missing what to say where it is not there: of the path's own object or of a parameter
   */
  Future<Customer> require(
      RequestContext context, UUID customerId, Refusal.Code missing, String param) {
    return services
        .customers()
        .find(context.merchantId(), context.livemode(), customerId)
        .map(
            found ->
                found
                    .filter(customer -> !customer.deleted())
                    .orElseThrow(() -> missing(customerId, missing, param)));
  }

  static Refused missing(UUID customerId, Refusal.Code code, String param) {
    return new Refused(
        Refusal.of(code, "No such customer: '" + PublicId.CUSTOMER.of(customerId) + "'", param));
  }
}
