package flows;

import flows.Views.PaymentMethodView;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import payments.Answer;
import payments.Command;
import payments.PaymentMethod;
import payments.Refusal;
import payments.RequestContext;
import psp.CardVault.CardOnFile;
import psp.CardVault.VaultResult;

/** Unties a payment method from its customer, for good. */
final class DetachPaymentMethod {
  private static final Logger LOG = LoggerFactory.getLogger(DetachPaymentMethod.class);

  private final Services services;
  private final ClaimedWork claimed;
  private final Vaults vaults;

  DetachPaymentMethod(Services services) {
    this.services = services;
    this.claimed = new ClaimedWork(services);
    this.vaults = new Vaults(services);
  }

  Future<Answer> run(Command.DetachPaymentMethod command) {
    return claimed.run(command.context(), id -> detach(command, id));
  }

  private Future<Answer> detach(Command.DetachPaymentMethod command, UUID callId) {
    RequestContext context = command.context();
    String id = command.paymentMethodId();
    return services
        .methods()
        .find(context.merchantId(), context.livemode(), id)
        .compose(
            found -> {
              PaymentMethod method =
                  found.orElseThrow(() -> Vaults.missing(Refusal.Code.RESOURCE_MISSING, id));
              UUID owner = method.customerId();
              return owner == null
                  ? Future.failedFuture(unattached())
                  : untie(context, method, callId)
                      .compose(ignored -> Durably.afterwards(letGo(method, owner)));
            })
        .map(
            method ->
                services.renderer().paymentMethod(context, new PaymentMethodView(method, null)));
  }

  private Future<Void> untie(RequestContext context, PaymentMethod method, UUID callId) {
    Optional<Vaults.Place> place = vaults.of(context, method);
    if (place.isEmpty()) {
      return Future.succeededFuture();
    }
    Vaults.Place there = place.get();
    return there
        .vault()
        .detach(
            there.token(),
            PspKeys.ofVault(context, "detach", callId, there.accountId(), there.token()))
        .compose(result -> untied(context, method, result));
  }

  private static Future<Void> untied(
      RequestContext context, PaymentMethod method, VaultResult<CardOnFile> result) {
    return switch (result) {
      case VaultResult.Done<CardOnFile> ignored -> Future.succeededFuture();
      case VaultResult.NotFound<CardOnFile> ignored -> Future.succeededFuture();
      case VaultResult.Refused<CardOnFile> refused -> {
        // It is not tied there any more, by an earlier try or by hand: what is left is our own row.
        LOG.warn(
            "request_id={} {} is not tied at the PSP: {}",
            context.requestId(),
            method.id(),
            refused.decline().rawCode());
        yield Future.succeededFuture();
      }
      case VaultResult.Unavailable<CardOnFile> ignored -> Future.failedFuture(Vaults.unavailable());
    };
  }

  private Future<PaymentMethod> letGo(PaymentMethod method, UUID owner) {
    return services
        .methods()
        .detach(method, owner)
        .map(
            done -> {
              if (!done) {
                throw unattached();
              }
              return new PaymentMethod(
                  method.merchantId(),
                  method.livemode(),
                  method.id(),
                  method.createdAt(),
                  null,
                  method.card(),
                  method.checks(),
                  method.tokens(),
                  method.parameters());
            });
  }

  private static Refused unattached() {
    return new Refused(
        Refusal.of(
            Refusal.Code.PARAMETER_INVALID,
            "The payment method you provided is not attached to a customer so detachment is"
                + " impossible."));
  }
}
