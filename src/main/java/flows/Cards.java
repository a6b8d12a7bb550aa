package flows;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import payments.CardChecks;
import payments.CardDetails;
import payments.Parameters;
import payments.PaymentMethod;
import payments.RequestContext;
import psp.CardVault.CardOnFile;
import psp.CardVault.VaultResult;

/**
 * The cards of payment methods as answers show them. One we do not know yet is asked of the PSP
 * that keeps it, as long as that is quick: a slow PSP must not keep anyone from reading.
 */
final class Cards {
  private static final Logger LOG = LoggerFactory.getLogger(Cards.class);
  private static final long WAIT_MS = 3_000;
  private static final int ASKED_PER_PAGE = 10;

  private final Services services;
  private final Vaults vaults;

  Cards(Services services) {
    this.services = services;
    this.vaults = new Vaults(services);
  }

  /** A payment method with its card, where that is to be had. */
  Future<PaymentMethod> withCard(RequestContext context, PaymentMethod method) {
    if (method.card() != null) {
      return Future.succeededFuture(method);
    }
    Optional<Vaults.Place> place = vaults.of(context, method);
    return place.isEmpty() ? Future.succeededFuture(method) : ask(context, method, place.get());
  }

  /** A page's payment methods with their cards; of those without one, the first few are asked. */
  Future<List<PaymentMethod>> withCards(RequestContext context, List<PaymentMethod> methods) {
    var all = new ArrayList<Future<PaymentMethod>>();
    int asked = 0;
    for (PaymentMethod method : methods) {
      boolean known = method.card() != null || asked == ASKED_PER_PAGE;
      asked += known ? 0 : 1;
      all.add(known ? Future.succeededFuture(method) : withCard(context, method));
    }
    return Future.all(all).map(done -> done.<PaymentMethod>list());
  }

  private Future<PaymentMethod> ask(
      RequestContext context, PaymentMethod method, Vaults.Place place) {
    return place
        .vault()
        .retrieve(place.token())
        .timeout(WAIT_MS, TimeUnit.MILLISECONDS)
        .compose(
            result -> {
              CardOnFile onFile =
                  result instanceof VaultResult.Done<CardOnFile> done ? done.value() : null;
              CardDetails card = onFile == null ? null : onFile.card();
              if (onFile == null || card == null) {
                return Future.succeededFuture(method);
              }
              return services
                  .methods()
                  .learnCard(method, card, onFile.checks())
                  .map(shown(method, card, onFile.checks()));
            })
        .otherwise(
            cause -> {
              LOG.info(
                  "request_id={} shows {} without its card: {}",
                  context.requestId(),
                  method.id(),
                  cause.getMessage());
              return method;
            });
  }

  private static PaymentMethod shown(PaymentMethod method, CardDetails card, CardChecks checks) {
    return new PaymentMethod(
        method.merchantId(),
        method.livemode(),
        method.id(),
        method.createdAt(),
        method.customerId(),
        card,
        checks,
        method.tokens(),
        method.parameters());
  }

  /**
   * What the merchant said of a payment method, with the PSP's billing details where it did not.
   */
  static Parameters described(Parameters said, CardOnFile card) {
    if (said.has("billing_details") || card.billingDetails().isEmpty()) {
      return said;
    }
    var described = new LinkedHashMap<>(said.values());
    described.put("billing_details", card.billingDetails());
    return new Parameters(described);
  }
}
