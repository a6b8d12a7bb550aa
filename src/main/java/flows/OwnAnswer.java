package flows;

import io.vertx.core.Future;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.AnomalyKind;
import payments.Decline;
import payments.DeclineCode;
import payments.Operation;
import payments.OperationKind;
import psp.PspResult;
import psp.PspResult.Accepted;
import psp.PspResult.ActionRequired;
import psp.PspResult.Approved;
import psp.PspResult.Declined;
import psp.PspResult.Details;
import psp.PspResult.NotSent;
import psp.PspResult.Unknown;
import store.OperationLog;

/**
 * Holds an answer to the completion of an authentication against the charge that it completes. The
 * PSP finds the payment by what the customer brought, and that may be another payment's: one
 * authentication would pay for two orders. Such an answer says nothing of this charge, whatever it
 * says of the other one.
 */
final class OwnAnswer {
  private static final PspResult REFUSED =
      new Declined(
          new Decline(
              DeclineCode.AUTHENTICATION_FAILED,
              AnomalyKind.ANOTHER_PAYMENT.wire(),
              "what the customer came back with is another payment's",
              null,
              null),
          null,
          null,
          Details.NONE);

  private final Services services;

  OwnAnswer(Services services) {
    this.services = services;
  }

  /** The result, or that the details were refused where it is about another payment. */
  Future<PspResult> of(Operation operation, PspResult result) {
    String told = key(result);
    UUID chargeId = operation.chargeId();
    if (operation.kind() != OperationKind.COMPLETE_AUTHENTICATION
        || told == null
        || chargeId == null) {
      return Future.succeededFuture(result);
    }
    return services
        .reads()
        .operation(operation.merchantId(), operation.livemode(), chargeId)
        .map(Optional::orElseThrow)
        .compose(
            charge ->
                told.equals(charge.pspIdempotencyKey())
                    ? Future.succeededFuture(result)
                    : raised(operation, told).map(REFUSED));
  }

  private Future<Void> raised(Operation operation, String told) {
    var anomaly =
        new OperationLog.Anomaly(
            services.ids().next(),
            operation,
            AnomalyKind.ANOTHER_PAYMENT,
            "the customer came back with what is of " + told);
    return services
        .log()
        .raise(anomaly)
        .onSuccess(
            raised -> {
              if (raised) {
                EndedElsewhere.logged(anomaly);
              }
            })
        .mapEmpty();
  }

  private static @Nullable String key(PspResult result) {
    return switch (result) {
      case Approved approved -> approved.details().operationKey();
      case Declined declined -> declined.details().operationKey();
      case ActionRequired action -> action.details().operationKey();
      case Accepted accepted -> accepted.operationKey();
      case Unknown unknown -> unknown.operationKey();
      case NotSent ignored -> null;
    };
  }
}
