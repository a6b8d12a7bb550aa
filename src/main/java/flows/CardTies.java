package flows;

import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.CardChecks;
import payments.Customer;
import payments.Parameters;
import payments.PaymentMethod;
import payments.PublicId;
import payments.Refusal;
import payments.RequestContext;
import psp.CardVault.CardOnFile;
import store.PaymentMethods.Attached;

/**
 * Ties payment methods to customers: first at the PSP that keeps the card, then in our own rows.
 */
final class CardTies {
  private final Services services;
  private final Vaults vaults;
  private final PspTwins twins;

  CardTies(Services services) {
    this.services = services;
    this.vaults = new Vaults(services);
    this.twins = new PspTwins(services);
  }

  /**
   * Which payment method is to be tied.
   *
   * @param id an id of ours or a PSP's token
   * @param freshId the id of ours for a test token, which stands for a new payment method
   * @param missing what to say where there is none: of the path's own object or of a parameter
   */
  record Asked(String id, UUID freshId, Refusal.Code missing) {}

  /** Ties a payment method to a customer at the PSP; our own row is left to {@link #keep}. */
  Future<PaymentMethod> tie(RequestContext context, Customer customer, Asked asked) {
    boolean isTestToken = MethodChoice.isTestToken(context, asked.id);
    String id = isTestToken ? PublicId.PAYMENT_METHOD.of(asked.freshId) : asked.id;
    return services
        .methods()
        .find(context.merchantId(), context.livemode(), id)
        .compose(
            found -> {
              if (found.isEmpty()) {
                return tieNew(context, customer, asked, id);
              }
              PaymentMethod method = found.get();
              UUID owner = method.customerId();
              if (owner != null) {
                return owner.equals(customer.id())
                    ? Future.succeededFuture(method)
                    : Future.failedFuture(taken());
              }
              return tieKnown(context, customer, asked, method);
            });
  }

  private Future<PaymentMethod> tieNew(
      RequestContext context, Customer customer, Asked asked, String id) {
    Optional<Vaults.Place> place = vaults.ofToken(context, asked.id);
    if (place.isEmpty()) {
      return Future.failedFuture(Vaults.missing(asked.missing, asked.id));
    }
    var method =
        new PaymentMethod(
            context.merchantId(),
            context.livemode(),
            id,
            services.clock().instant(),
            null,
            null,
            CardChecks.NONE,
            Map.of(),
            Parameters.EMPTY);
    return tieThere(context, customer, asked, method, place.get());
  }

  private Future<PaymentMethod> tieKnown(
      RequestContext context, Customer customer, Asked asked, PaymentMethod method) {
    if (method.tokens().isEmpty()) {
      return Future.failedFuture(MethodChoice.spent(method));
    }
    Optional<Vaults.Place> place = vaults.of(context, method);
    return place.isPresent()
        ? tieThere(context, customer, asked, method, place.get())
        // No PSP that knows it keeps cards: that it is the customer's is for us alone to know.
        : Future.succeededFuture(tied(method, customer, method.tokens(), null));
  }

  private Future<PaymentMethod> tieThere(
      RequestContext context,
      Customer customer,
      Asked asked,
      PaymentMethod method,
      Vaults.Place place) {
    return twins
        .of(customer, place)
        .compose(
            twin ->
                place
                    .vault()
                    .attach(
                        place.token(),
                        twin,
                        PspKeys.ofVault(
                            context,
                            "attach",
                            asked.freshId,
                            place.accountId(),
                            place.token(),
                            twin)))
        .map(
            result -> {
              CardOnFile card = Vaults.require(result, Vaults.missing(asked.missing, asked.id));
              var tokens = new LinkedHashMap<>(method.tokens());
              tokens.put(place.accountId(), card.token());
              return tied(method, customer, tokens, card);
            });
  }

  private static PaymentMethod tied(
      PaymentMethod method,
      Customer customer,
      Map<String, String> tokens,
      @Nullable CardOnFile card) {
    boolean told = card != null && card.card() != null;
    return new PaymentMethod(
        method.merchantId(),
        method.livemode(),
        method.id(),
        method.createdAt(),
        customer.id(),
        told && card != null ? card.card() : method.card(),
        told && card != null ? card.checks() : method.checks(),
        tokens,
        card == null ? method.parameters() : Cards.described(method.parameters(), card));
  }

  /** Keeps in our rows that a payment method is tied to its customer. */
  Future<PaymentMethod> keep(PaymentMethod method, UUID customerId) {
    return services
        .methods()
        .attach(method)
        .map(
            attached ->
                switch (attached) {
                  case Attached.Done done -> done.method();
                  case Attached.NoCustomer ignored ->
                      throw CustomerCheck.missing(
                          customerId, Refusal.Code.REFERENCE_MISSING, "customer");
                  case Attached.Taken ignored -> throw taken();
                });
  }

  private static Refused taken() {
    return new Refused(
        Refusal.of(
            Refusal.Code.PARAMETER_INVALID,
            "The payment method you provided has already been attached to a customer."));
  }
}
